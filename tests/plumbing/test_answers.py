"""Automatic letters are counted without knowing anybody, and none goes out where counting fails."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fairnotice.plumbing import answers


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_salt_day", None)
    monkeypatch.setattr(answers, "_lately", {})


def _may(address: str, **more: Any) -> bool:
    return answers.may_answer("receipt", address, **{"per_day": 1, "per_hour": 5, **more})


def test_one_a_day_for_each_address_however_it_is_written() -> None:
    assert _may("a@example.net")
    assert not _may("a@example.net") and not _may(" A@Example.NET") and not _may("a+tag@example.net")
    assert _may("b@example.net") and answers.may_answer("code", "a@example.net", per_day=1)


def test_so_many_an_hour_for_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [_may(f"{number}@example.net") for number in range(7)] == [True] * 5 + [False] * 2
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 3601)
    # Who was not answered lost nothing by it.
    assert _may("6@example.net") and not _may("0@example.net")


def test_none_where_none_is_wanted_or_counting_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _may("a@example.net", per_hour=0) and not _may("a\udcff@example.net")
    monkeypatch.setattr(answers, "MOST_ADDRESSES", 2)
    assert [_may(f"{number}@x") for number in range(3)] == [True, True, False]


def test_a_new_day_knows_nothing_of_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _may("a@example.net")
    key, counts = answers._salt, repr(answers._counts)
    assert "example" not in counts

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(UTC) + timedelta(days=1)

    monkeypatch.setattr(answers, "datetime", Tomorrow)
    assert _may("a@example.net") and answers._salt != key and len(answers._counts) == 1
