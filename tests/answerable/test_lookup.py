"""The nearest holder on the day, and the chain from the registry to it."""

from __future__ import annotations

import socket
from datetime import date, timedelta

import pytest
from django.utils import timezone

from fairnotice.answerable.chains import Chain
from fairnotice.answerable.lookup import find, registrable_names
from tests.answerable.register import contact, plant

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 1)


def handles(location: str, at: date = DAY) -> list[str]:
    return [link.handle for link in find(location, at).links]


def test_the_most_specific_range_wins_and_the_chain_climbs_to_the_registry() -> None:
    plant("192.0.0.0/8", "LIR")
    plant("192.0.2.0/24", "HOST", giver="LIR", kind="assignment")
    plant("192.0.2.0/26", "SHOP", giver="HOST", kind="lease")
    plant("198.51.100.0/24", "OTHER")
    assert handles("192.0.2.17") == ["LIR", "HOST", "SHOP"]
    assert handles("http://192.0.2.17/page") == ["LIR", "HOST", "SHOP"]
    assert handles("192.0.2.64") == ["LIR", "HOST"]
    assert handles("192.0.2.0/25") == ["LIR", "HOST"]
    assert handles("192.0.3.1") == ["LIR"]
    assert handles("203.0.113.1") == []
    link = find("192.0.2.17", DAY).links[-1]
    assert (link.kind, link.resource, link.valid_from, link.source) == (
        "lease",
        "192.0.2.0/26",
        "2020-01-01",
        "test",
    )


def test_ipv6_and_ipv4_never_answer_for_each_other() -> None:
    plant("::/0", "EVERYTHING6")
    plant("2001:db8::/32", "SIX", giver="EVERYTHING6", kind="sub-allocation")
    assert handles("2001:db8::1") == ["EVERYTHING6", "SIX"]
    assert handles("192.0.2.1") == []
    plant("0.0.0.0/0", "EVERYTHING4")
    assert handles("192.0.2.1") == ["EVERYTHING4"]
    assert handles("2001:db8::1") == ["EVERYTHING6", "SIX"]


def test_who_held_it_depends_on_the_day() -> None:
    plant("192.0.2.0/24", "LIR", since="2020-01-01")
    plant("192.0.2.0/26", "FIRST", giver="LIR", kind="lease", since="2024-01-01", until="2025-01-01")
    plant("192.0.2.0/26", "SECOND", giver="LIR", kind="lease", since="2025-01-01")
    assert handles("192.0.2.1", date(2019, 12, 31)) == []
    assert handles("192.0.2.1", date(2023, 12, 31)) == ["LIR"]
    assert handles("192.0.2.1", date(2024, 12, 31)) == ["LIR", "FIRST"]
    assert handles("192.0.2.1", date(2025, 1, 1)) == ["LIR", "SECOND"]


def test_without_a_day_it_is_today() -> None:
    today = timezone.now().date()
    plant("192.0.2.0/24", "NOW", until=(today + timedelta(days=2)).isoformat())
    plant("198.51.100.0/24", "PAST", until=(today - timedelta(days=1)).isoformat())
    assert [link.handle for link in find("192.0.2.1").links] == ["NOW"]
    assert find("198.51.100.1").links == ()


def test_one_range_passed_on_whole_ends_at_the_last_who_received_it() -> None:
    plant("192.0.2.0/24", "USER", giver="BROKER", kind="sublease")
    plant("192.0.2.0/24", "BROKER", giver="LIR", kind="lease")
    plant("192.0.2.0/24", "LIR")
    assert handles("192.0.2.1") == ["LIR", "BROKER", "USER"]


def test_a_named_parent_decides_between_two_ways() -> None:
    plant("192.0.0.0/16", "LIR")
    old = plant("192.0.2.0/24", "HOST", giver="LIR", kind="assignment")
    plant("192.0.2.0/24", "HOST", giver="OTHER", kind="lease", since="2021-01-01")
    plant("192.0.2.0/26", "SHOP", giver="HOST", kind="lease", parent=old)
    plant("192.0.2.64/26", "SHOP", giver="HOST", kind="lease", since="2022-01-01")
    assert handles("192.0.2.1") == ["LIR", "HOST", "SHOP"]
    assert handles("192.0.2.65") == ["LIR", "OTHER", "HOST", "SHOP"]


def test_a_giver_whose_own_holding_is_unrecorded_still_stands_in_the_chain() -> None:
    plant("192.0.0.0/16", "LIR")
    plant("192.0.2.0/24", "SHOP", giver="BROKER", kind="lease")
    chain = find("192.0.2.1", DAY)
    assert [(link.handle, link.kind) for link in chain.links] == [
        ("LIR", "allocation"),
        ("BROKER", "unrecorded"),
        ("SHOP", "lease"),
    ]
    assert chain.links[1].valid_from is None


def test_two_who_pass_it_to_each_other_make_no_endless_chain() -> None:
    plant("192.0.2.0/24", "A", giver="B", kind="lease")
    plant("192.0.2.0/24", "B", giver="A", kind="lease")
    assert sorted(handles("192.0.2.1")) == ["A", "B"]


def test_as_numbers() -> None:
    plant("AS64496-AS64511", "LIR")
    plant("AS64500", "HOST", giver="LIR", kind="assignment")
    assert handles("AS64500") == ["LIR", "HOST"]
    assert handles("AS0.64501") == ["LIR"]
    assert handles("64512") == []


def test_domains_walk_up_but_not_into_the_public_suffix() -> None:
    plant("co.uk", "SUFFIX", kind="registrar")
    plant("example.co.uk", "REGISTRAR", kind="registrar")
    plant("shop.example.co.uk", "HOST", kind="hosting")
    plant("server:web1.shop.example.co.uk", "RACK", giver="HOST", kind="lease")
    assert handles("https://www.example.co.uk/x") == ["REGISTRAR"]
    assert handles("a.b.shop.example.co.uk") == ["REGISTRAR", "HOST"]
    assert handles("web1.shop.example.co.uk") == ["REGISTRAR", "HOST", "RACK"]
    assert handles("other.co.uk") == []
    assert handles("notexample.co.uk") == []
    assert handles("co.uk") == ["SUFFIX"]


def test_a_company_that_runs_a_suffix_answers_for_its_customers_sites() -> None:
    assert registrable_names("site.github.io") == ["site.github.io", "github.io"]
    assert registrable_names("www.example.co.uk") == ["www.example.co.uk", "example.co.uk"]
    assert registrable_names("localhost") == ["localhost"]


def test_on_one_domain_hosting_is_nearer_than_delivery_and_registration() -> None:
    plant("example.org", "CDN", kind="cdn")
    plant("example.org", "HOST", kind="hosting")
    plant("example.org", "REGISTRAR", kind="registrar")
    assert handles("example.org") == ["REGISTRAR", "CDN", "HOST"]


def test_internationalised_names_are_one_with_their_ascii_form() -> None:
    plant("bücher.example", "BOOKS", kind="hosting")
    assert handles("https://www.BÜCHER.example/") == ["BOOKS"]
    assert handles("xn--bcher-kva.example") == ["BOOKS"]


def test_nothing_known_and_nothing_meant_are_said_in_words() -> None:
    unknown = find("https://example.net/", DAY)
    assert unknown.links == ()
    assert unknown.contact is None
    assert unknown.reason == "No organisation is recorded here for this location."
    nowhere = find("the post with the blue picture", DAY)
    assert nowhere.target is None
    assert "web address" in nowhere.reason


def test_no_look_up_asks_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a reported name was asked for on the network")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "create_connection"):
        monkeypatch.setattr(socket, name, asked)
    monkeypatch.setattr(socket.socket, "connect", asked)
    plant("example.org", "HOST", kind="hosting")
    assert handles("https://www.example.org/") == ["HOST"]
    assert handles("http://192.0.2.1/") == []


def test_a_stored_chain_comes_back_the_same() -> None:
    plant("192.0.0.0/16", "LIR")
    plant("192.0.2.0/24", "SHOP", giver="LIR", kind="lease", until="2030-01-01", public=False)
    contact("LIR", "abuse@example.net")
    contact("SHOP", "abuse@example.org", own="192.0.2.0/24")
    for location in ("192.0.2.1", "example.org", "nothing at all"):
        chain = find(location, DAY)
        assert Chain.from_json(chain.to_json()) == chain
    stored = find("192.0.2.1", DAY).to_json()
    assert stored["contact"] == {"organisation": "SHOP", "channel": "mail", "address": "abuse@example.org"}


def test_the_public_sees_nothing_of_private_links_nor_of_what_hangs_below_them() -> None:
    plant("192.0.0.0/16", "LIR")
    plant("192.0.2.0/24", "BROKER", giver="LIR", kind="lease", public=False)
    plant("192.0.2.0/26", "SHOP", giver="BROKER", kind="sublease", public=True)
    contact("LIR", "abuse@example.net")
    contact("SHOP", "abuse@example.org")
    chain = find("192.0.2.1", DAY)
    assert [link.handle for link in chain.links] == ["LIR", "BROKER", "SHOP"]
    public = chain.public()
    assert [link.handle for link in public.links] == ["LIR"]
    assert public.contact is not None
    assert public.contact.address == "abuse@example.net"
    shown = str(public.to_json())
    assert not any(
        word in shown for word in ("BROKER", "SHOP", "192.0.2.0/24", "192.0.2.0/26", "example.org")
    )
