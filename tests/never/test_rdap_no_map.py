"""RDAP never tells that something private is recorded, what it is, or whose; and never what somebody holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from fairnotice.answerable.actions.delegate import Terms, correct, retract
from tests.answerable.register import contact, hold, organisation, plant

pytestmark = pytest.mark.usefixtures("fn_db")
SECRET = "SECRET-1"
NAMES = ("ip", "autnum", "domain", "nameserver", "entity", "history/ip", "history/autnum", "history/domain",
         "history/nameserver", "history/entity")  # fmt: skip
ASKED = {
    "ip": ["192.0.2.1", "192.0.2.0/26", "192.0.2.0/24", "192.0.2.64/26", "192.0.0.0/16", "198.51.100.1", "0.0.0.0/0",
           "198.51.100.0/24", "2001:db8::1", "2001:db8::/32", "2001:db8:1::/48"],
    "autnum": ["64496", "64500", "65536"],
    "domain": ["example.org", "forum.example.org", "secret.example", "www.secret.example"],
    "nameserver": ["ns1.example.org", "ns1.secret.example"],
    "entity": ["LIR", SECRET, f"{SECRET}~ABUSE", "OWN", "NOBODY"],
}  # fmt: skip
PATHS = [f"{name}/{one}" for name in NAMES for one in ASKED[name.rpartition("/")[2]]] + [
    "help", "entities?fn=*", "domains?name=*", "ip/192.0.2.1/24", "bootstrap/ipv4.json", "bootstrap/ipv6.json",
    "bootstrap/asn.json", "bootstrap/dns.json", "bootstrap/object-tags.json",
]  # fmt: skip
Answers = dict[str, tuple[int, bytes, dict[str, str]]]
Scene = Callable[[], object]


@pytest.fixture(autouse=True)
def register(settings) -> None:
    """What is public, and an organisation that is listed and holds nothing that is."""
    settings.FN_RDAP_PER_MINUTE = 1_000_000
    settings.FN_OWN_ORGANISATION = "OWN"
    hold("192.0.2.0/24", "LIR")
    hold("192.0.2.64/26", "OWN", giver="LIR", kind="assignment")
    hold("2001:db8::/32", "OWN", until="2999-01-01")
    hold("AS64496", "OWN")
    hold("example.org", "REG", kind="registrar")
    hold("server:ns1.example.org", "LIR", kind="hosting")
    contact("LIR", "abuse@lir.example")
    organisation(SECRET)


def answers(client: Client) -> Answers:
    found = {}
    for path in PATHS:
        answer = client.get(f"/rdap/{path}")
        headers = {name: value for name, value in answer.items() if name != "Date"}
        found[path] = (answer.status_code, answer.content, headers)
    return found


def _below_and_above() -> None:
    hold("198.51.100.0/24", "LIR", public=False)
    hold("198.51.100.0/26", SECRET, giver="LIR", kind="lease", public=True)


PRIVATE: dict[str, Scene] = {
    "a lease below a public network": lambda: hold("192.0.2.0/26", SECRET, giver="LIR", kind="lease", public=False),
    "a lease of a whole public network": lambda: hold(
        "192.0.2.0/24", SECRET, giver="LIR", kind="lease", public=False
    ),
    "an allocation inside one": lambda: hold("192.0.2.0/26", SECRET, public=False),
    "an allocation around one": lambda: hold("192.0.0.0/16", SECRET, public=False),
    "one where nothing is public": lambda: hold("198.51.100.0/24", SECRET, public=False),
    "one that is over": lambda: hold(
        "192.0.2.0/26", SECRET, giver="LIR", kind="lease", public=False, since="2021-01-01", until="2022-01-01"
    ),
    "one that is to come": lambda: hold(
        "192.0.2.0/26", SECRET, giver="LIR", kind="lease", public=False, since="2998-01-01"
    ),
    "a public lease below a private network": _below_and_above,
    "an AS number": lambda: hold("AS64500", SECRET, public=False),
    "a block of AS numbers around a public one": lambda: hold("AS64490-AS64510", SECRET, public=False),
    "a domain": lambda: hold("secret.example", SECRET, kind="registrar", public=False),
    "hosting below a public domain": lambda: hold("forum.example.org", SECRET, kind="hosting", public=False),
    "a server": lambda: hold("server:ns1.secret.example", SECRET, kind="hosting", public=False),
    "the hosting of a public server": lambda: plant(
        "server:ns1.example.org", SECRET, giver="LIR", kind="reseller", public=False
    ),
    "what the operator itself has": lambda: hold("203.0.113.0/24", "OWN", public=False),
    "what the operator passed on": lambda: hold(
        "2001:db8:1::/48", SECRET, giver="OWN", kind="sub-allocation", public=False, until="2998-01-01"
    ),
    "a contact for what is private": lambda: contact(SECRET, "net@secret.example", own="192.0.2.0/26"),
}  # fmt: skip


def test_no_answer_changes_with_what_is_private(client: Client) -> None:
    before = answers(client)
    for name, scene in PRIVATE.items():
        with transaction.atomic():
            scene()
            after = answers(client)
            transaction.set_rollback(True)
        assert [path for path in PATHS if after[path] != before[path]] == [], name


def test_what_becomes_private_leaves_no_trace(client: Client) -> None:
    before = answers(client)
    row = hold("192.0.2.0/26", SECRET, giver="LIR", kind="lease", since="2021-01-01")
    below = hold("192.0.2.0/27", "CLUB", giver=SECRET, kind="sublease", since="2021-01-01")
    seen = answers(client)
    assert SECRET.encode() in seen["ip/192.0.2.1"][1] + seen["history/ip/192.0.2.1"][1]
    terms = Terms(valid_from=date(2021, 1, 1), visibility="private", source="test")
    correct(actor_id=None, series=row.series, version=row.pk, terms=terms)
    after = answers(client)
    assert after == before
    assert below.visibility == "public"


def test_what_was_recorded_in_error_leaves_no_trace(client: Client) -> None:
    before = answers(client)
    row = hold("192.0.2.0/26", SECRET, giver="LIR", kind="lease")
    retract(actor_id=None, series=row.series, version=row.pk)
    assert answers(client) == before


def test_what_is_public_does_change_answers(client: Client) -> None:
    """So the tests above can fail."""
    before = answers(client)
    hold("192.0.2.0/26", SECRET, giver="LIR", kind="lease")
    after = answers(client)
    changed = {path for path in PATHS if after[path] != before[path]}
    assert changed == {
        "ip/192.0.2.1", "ip/192.0.2.0/26", "history/ip/192.0.2.1", "history/ip/192.0.2.0/26",
    }  # fmt: skip


def test_an_entity_says_the_same_whatever_it_holds(client: Client) -> None:
    paths = [path for path in PATHS if "entity/" in path]
    before = answers(client)
    hold("203.0.113.0/24", SECRET)
    hold("AS65536", SECRET)
    hold("secret.example", SECRET, kind="registrar")
    after = answers(client)
    assert [path for path in paths if after[path] != before[path]] == []
    assert after["history/domain/secret.example"][0] == 200


def test_the_bootstrap_files_list_nobody_but_the_operator(client: Client, settings) -> None:
    listed = {path: found[1] for path, found in answers(client).items() if path.startswith("bootstrap/")}
    assert b'"192.0.2.64/26"' in listed["bootstrap/ipv4.json"]
    assert b"192.0.2.0/24" not in listed["bootstrap/ipv4.json"]
    hold("203.0.113.0/24", SECRET)
    hold("own.example", "OWN", kind="registrar")
    hold("customer.example", "OWN", kind="hosting")
    again = {path: found[1] for path, found in answers(client).items() if path.startswith("bootstrap/")}
    assert again == listed
    settings.FN_OWN_ORGANISATION = ""
    for path, found in answers(client).items():
        assert not path.startswith("bootstrap/") or b'"services": []' in found[1]
