"""The people of the desk, each signed in with a browser of their own, and cases made by the real actions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from fairnotice.cases.permissions import ADMIN, APPEALS, AUDITOR, PUBLISHER, REVIEWER, SENIOR, Actor
from tests.cases import making

# Put where nobody at the desk may ever see it.
NAME_SENTINEL = "Sentinel Notifier Name"
EMAIL_SENTINEL = "sentinel.notifier@example.net"
# Put where only roles that see sealed fields may see it.
WHY_SENTINEL = "Sealed words of the notifier"
PLACE_SENTINEL = "https://sealed-place.example.org/post/7"


def with_purpose(client: Client, case_ref: str, purpose: str = "quality") -> Client:
    """The same browser, after its person has said why they open a case that is not theirs."""
    assert client.post(f"/desk/case/{case_ref}/purpose/", {"purpose": purpose}).status_code == 302
    return client


@pytest.fixture
def people(fn_db: None) -> dict[str, Actor]:
    """One account of every role, and a second reviewer."""
    roles = {
        "holder": REVIEWER,
        "other": REVIEWER,
        "senior": SENIOR,
        "appeals": APPEALS,
        "publisher": PUBLISHER,
        "admin": ADMIN,
        "auditor": AUDITOR,
    }
    return {name: making.account(f"desk-{name}", role) for name, role in roles.items()}


@pytest.fixture
def browser(people: dict[str, Actor]) -> Callable[[str], Client]:
    """A signed-in client for a person; it raises what the site lets through, so that a test sees it."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(get_user_model().objects.get(pk=people[name].user_id))
        return client

    return sign_in


@pytest.fixture
def reported(fn_db: None):
    """A notice with sentinels in every personal field."""
    return making.notice(
        PLACE_SENTINEL,
        why=WHY_SENTINEL,
        name=NAME_SENTINEL,
        email=EMAIL_SENTINEL,
        ground_kind="law",
        law="Law 1",
    )


@pytest.fixture
def case(reported):
    """Its open case."""
    return making.case_of(reported)
