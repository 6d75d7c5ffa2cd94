"""Limits count visitors without knowing them."""

from __future__ import annotations

import gc
import ipaddress
import pickle
import time
from datetime import date

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from fairnotice.plumbing import limits


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until a test moves it, and an empty memory."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    limits._full_again.clear()
    return now


def visit(address: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address)


def test_the_allowance_is_used_at_once_and_refills_evenly(clock: list[float]) -> None:
    request = visit("192.0.2.1")
    assert [limits.limit("notice", request, 3) for _ in range(5)] == [False, False, False, True, True]
    clock[0] += 20
    assert [limits.limit("notice", request, 3) for _ in range(2)] == [False, True]
    clock[0] += 60
    assert [limits.limit("notice", request, 3) for _ in range(4)] == [False, False, False, True]


def test_doors_and_visitors_are_counted_apart() -> None:
    assert not limits.limit("notice", visit("192.0.2.1"), 1)
    assert limits.limit("notice", visit("192.0.2.1"), 1)
    assert not limits.limit("status", visit("192.0.2.1"), 1)
    assert not limits.limit("notice", visit("192.0.2.2"), 1)


def test_a_household_with_a_whole_ipv6_network_is_one_visitor() -> None:
    assert not limits.limit("notice", visit("2001:db8::1"), 1)
    assert limits.limit("notice", visit("2001:db8::ffff:1"), 1)
    assert not limits.limit("notice", visit("2001:db8:0:1::1"), 1)
    assert not limits.limit("notice", visit("::ffff:192.0.2.9"), 1)
    assert limits.limit("notice", visit("192.0.2.9"), 1)


@pytest.mark.parametrize("address", ["", "not an address", "/run/socket"])
def test_who_cannot_be_counted_is_let_in(address: str, caplog: pytest.LogCaptureFixture) -> None:
    assert [limits.limit("notice", visit(address), 1) for _ in range(3)] == [False, False, False]
    assert not address or address not in caplog.text


@pytest.mark.parametrize("address", ["198.51.100.77", "2001:db8:1234:5678:9abc::77"])
def test_no_address_stays_in_memory(address: str) -> None:
    limits.limit("notice", visit(address), 5)
    gc.collect()
    held = pickle.dumps(
        {name: value for name, value in vars(limits).items() if isinstance(value, dict | bytes | list | str)}
        | {"__builtins__": None}
    )
    packed = ipaddress.ip_address(address).packed
    assert len(limits._full_again) == 1
    assert address.encode() not in held
    assert packed not in held
    assert packed[:8] not in held


def test_the_salt_changes_daily_and_takes_the_counts_with_it() -> None:
    limits._change_salt(date(2026, 1, 1))
    salt = limits._salt
    limits.limit("notice", visit("192.0.2.1"), 1)
    limits._change_salt(date(2026, 1, 2))
    assert limits._salt != salt
    assert not limits._full_again


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_VISITORS", 10)
    for last in range(30):
        limits.limit("notice", visit(f"203.0.113.{last}"), 1)
    assert len(limits._full_again) == 10


def test_the_decorator_answers_429_and_when_to_come_back() -> None:
    @limits.limited("notice", per_minute=1)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    assert view(visit("192.0.2.1")).status_code == 200
    refused = view(visit("192.0.2.1"))
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
