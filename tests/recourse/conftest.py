"""Browsers of the two sides, and how they get in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from fairnotice.cases import codes
from fairnotice.cases.models import Decision
from fairnotice.plumbing import limits

Enter = Callable[[str], Client]


@pytest.fixture(autouse=True)
def no_earlier_visits() -> None:
    limits._full_again.clear()


@pytest.fixture
def enter(fn_db: None) -> Enter:
    """A browser that has typed this code."""

    def inner(code: str) -> Client:
        client = Client()
        answer = client.post("/status/", {"code": code})
        assert (answer.status_code, answer["Location"]) == (303, "/status/view/")
        return client

    return inner


@pytest.fixture
def affected(enter: Enter) -> Callable[[Decision], Client]:
    """A browser of the affected party, with the code of a letter."""
    return lambda decision: enter(codes.mint(side="affected", case=decision.case))
