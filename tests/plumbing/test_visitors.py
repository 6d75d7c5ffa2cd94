"""Who asks, behind other servers: what a visitor says about themselves is never believed."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from fairnotice.plumbing import visitors

PROXIES = ("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48")
VISITOR = ipaddress.ip_address("192.0.2.7")


@pytest.fixture(autouse=True)
def named(settings: Settings) -> None:
    settings.FN_PROXY_NETWORKS = visitors.networks(PROXIES)


def asked(peer: str, said: str = "") -> Any:
    headers = {"X-Forwarded-For": said} if said else {}
    return visitors.address_of(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # not by a proxy: its word counts for nothing
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),  # what the visitor sent stands before
        ("127.0.0.1", "192.0.2.7, 10.1.2.3", "192.0.2.7"),
        ("::1", "192.0.2.7", "::1"),
        ("2001:db8:1::9", "[2001:db8:2::1]:443", "2001:db8:2::1"),
        ("127.0.0.1", "192.0.2.7:4711", "192.0.2.7"),
        ("127.0.0.1", "::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7, unknown", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
    ],
)
def test_it_is_read_from_its_end(peer: str, said: str, found: str) -> None:
    assert asked(peer, said) == ipaddress.ip_address(found)


def test_no_address_is_none() -> None:
    assert asked("") is None


@given(st.text(max_size=200))
def test_whatever_a_visitor_sends_before_changes_nothing(said: str) -> None:
    clean = said.replace("\r", "").replace("\n", "")
    assert asked("127.0.0.1", f"{clean}, {VISITOR}") == VISITOR


def test_what_is_no_network_is_named() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        visitors.networks(["127.0.0.1", "nonsense"])


@pytest.mark.parametrize(("peer", "status"), [("127.0.0.1", 200), ("10.9.9.9", 200), ("192.0.2.7", 421)])
def test_behind_proxies_nobody_else_is_answered(fn_db: None, peer: str, status: int) -> None:
    assert Client(REMOTE_ADDR=peer).get("/healthz").status_code == status


def test_without_proxies_everybody_is(fn_db: None, settings: Settings) -> None:
    settings.FN_PROXY_NETWORKS = ()
    assert Client(REMOTE_ADDR="192.0.2.7").get("/healthz").status_code == 200
