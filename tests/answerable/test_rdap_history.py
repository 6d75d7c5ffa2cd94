"""The history over RDAP: who held it from when until when, what organisations were called; and what this
server covers."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from fairnotice.answerable.actions.delegate import Terms, correct
from fairnotice.answerable.actions.organisations import rename_organisation
from fairnotice.answerable.models import OrganisationVersion
from fairnotice.answerable.rdap import history
from tests.answerable.rdap_reading import ask, by_role, lines, links
from tests.answerable.register import contact, hold, organisation

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture(autouse=True)
def _in_no_hurry(settings):
    settings.FN_RDAP_PER_MINUTE = 1_000_000


def told(found: dict) -> list[tuple[str, str, str, str]]:
    """(handle, holder, from, until) of each record."""
    return [
        (
            one["content"]["handle"],
            one["content"]["entities"][0]["handle"],
            one["applicableFrom"][:10],
            one.get("applicableUntil", "")[:10],
        )
        for one in found["records"]
    ]


def test_who_held_it_from_when_until_when_newest_first(client: Client) -> None:
    hold("192.0.2.0/24", "LIR-1", since="2015-06-01")
    hold("192.0.2.0/26", "SHOP-1", giver="LIR-1", kind="lease", since="2020-01-01", until="2021-01-01")
    hold("192.0.2.0/26", "CLUB-1", giver="LIR-1", kind="lease", since="2022-01-01", until="2999-01-01")
    hold("192.0.2.0/26", "NEXT-1", giver="LIR-1", kind="lease", since="2999-01-01")
    found = ask(client, "history/ip/192.0.2.1")
    assert found["rdapConformance"] == ["rdap_level_0", "cidr0", "history_version_0"]
    assert found["objectClassName"] == "history"
    assert told(found) == [
        ("192.0.2.0 - 192.0.2.63", "CLUB-1", "2022-01-01", ""),
        ("192.0.2.0 - 192.0.2.63", "SHOP-1", "2020-01-01", "2021-01-01"),
        ("192.0.2.0 - 192.0.2.255", "LIR-1", "2015-06-01", ""),
    ]
    assert [one["content"]["status"] for one in found["records"]] == [["active"], ["inactive"], ["active"]]
    assert told(ask(client, "history/ip/192.0.2.0/25")) == [
        ("192.0.2.0 - 192.0.2.255", "LIR-1", "2015-06-01", "")
    ]
    ask(client, "history/ip/192.0.0.0/16", 404)
    ask(client, "history/ip/192.0.2.1/16", 400)


def test_who_passes_all_of_it_on_has_it_again_afterwards(client: Client) -> None:
    hold("AS64496", "LIR-1", since="2015-01-01")
    hold("AS64496", "SHOP-1", giver="LIR-1", kind="assignment", since="2018-01-01", until="2019-01-01")
    assert told(ask(client, "history/autnum/64496")) == [
        ("AS64496", "LIR-1", "2019-01-01", ""),
        ("AS64496", "SHOP-1", "2018-01-01", "2019-01-01"),
        ("AS64496", "LIR-1", "2015-01-01", "2018-01-01"),
    ]


def test_a_correction_is_shown_and_what_was_said_before_is_not(client: Client) -> None:
    row = hold("example.org", "REG-1", kind="registrar", since="2020-01-01")
    terms = Terms(valid_from=date(2019, 1, 1), visibility="public", source="test")
    correct(actor_id=None, series=row.series, version=row.pk, terms=terms)
    assert told(ask(client, "history/domain/www.example.org")) == [("example.org", "REG-1", "2019-01-01", "")]


def test_the_past_names_no_contacts(client: Client) -> None:
    hold("192.0.2.0/24", "LIR-1")
    contact("LIR-1", "abuse@lir.example")
    assert "abuse@lir.example" not in json.dumps(ask(client, "history/ip/192.0.2.1"))


def test_what_an_organisation_was_called(client: Client) -> None:
    organisation("LIR-1", "First Name")
    version = OrganisationVersion.objects.get(organisation__handle="LIR-1")
    rename_organisation(
        actor_id=None, handle="LIR-1", version=version.pk, name="Second Name", url="https://lir.example/"
    )
    found = ask(client, "history/entity/LIR-1")
    assert [lines(one["content"], "fn") for one in found["records"]] == [["Second Name"], ["First Name"]]
    new, old = found["records"]
    assert old["applicableUntil"] == new["applicableFrom"]
    assert "applicableUntil" not in new
    ask(client, "history/entity/LIR-1~ABUSE", 404)
    ask(client, "history/entity/NOBODY", 404)


def test_a_long_history_is_cut_and_says_so(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(history, "MOST", 1)
    hold("server:ns1.example.org", "HOST-1", kind="hosting", since="2019-01-01", until="2020-01-01")
    short = ask(client, "history/nameserver/ns1.example.org")
    hold("server:ns1.example.org", "HOST-2", kind="hosting", since="2021-01-01")
    long = ask(client, "history/nameserver/ns1.example.org")
    assert [one[1] for one in told(long)] == ["HOST-2"]
    assert len(long["notices"][0]["description"]) == len(short["notices"][0]["description"]) + 1


def test_records_lead_to_the_objects(client: Client) -> None:
    hold("2001:db8::/32", "LIR-1")
    (record,) = ask(client, "history/ip/2001:db8::1")["records"]
    path = links(record["content"], "self")[0].partition("/rdap/")[2]
    assert ask(client, path)["handle"] == record["content"]["handle"]
    assert by_role(record["content"], "registrant")[0]["handle"] == "LIR-1"


def covered(client: Client, name: str) -> list:
    answer = client.get(f"/rdap/bootstrap/{name}.json")
    assert answer["Content-Type"] == "application/json"
    found = json.loads(answer.content)
    assert set(found) == {"version", "publication", "description", "services"}
    assert found["version"] == "1.0"
    assert found["publication"].endswith("Z")
    return found["services"]


def test_the_files_say_what_the_operator_holds_publicly(client: Client, settings) -> None:
    settings.FN_OWN_ORGANISATION = "OWN-1"
    hold("192.0.2.0/25", "OWN-1")
    hold("192.0.2.128/25", "OWN-1")
    hold("198.51.100.0-198.51.100.2", "OWN-1")
    hold("203.0.113.0/24", "OWN-1", until="2021-01-01")
    hold("2001:db8::/32", "OWN-1")
    hold("AS64496-AS64500", "OWN-1")
    hold("AS64501", "OWN-1")
    here = ["http://127.0.0.1:8000/rdap/"]
    assert covered(client, "ipv4") == [[["192.0.2.0/24", "198.51.100.0/31", "198.51.100.2/32"], here]]
    assert covered(client, "ipv6") == [[["2001:db8::/32"], here]]
    assert covered(client, "asn") == [[["64496-64501"], here]]
    assert covered(client, "dns") == []
    assert covered(client, "object-tags") == []
    ask(client, "bootstrap/everything.json", 404)
