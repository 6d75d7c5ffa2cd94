"""Files in the formats of registries and of NetBox: what of them goes in, and what never does."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fairnotice.answerable.imports.shape import Unusable
from fairnotice.answerable.lookup import find
from fairnotice.answerable.models import Contact, Organisation, OrganisationVersion
from tests.answerable.loading import TABLES, bad, counts, load, said
from tests.answerable.register import hold, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fn_db")]
DAY = date(2025, 6, 1)

STATISTICS = """\
#comment
2|ripencc|1764115199|7|19830705|20251125|+0000
ripencc|*|ipv4|*|4|summary
ripencc|*|asn|*|1|summary
ripencc|NL|ipv4|192.0.2.0|256|20100101|allocated|6a1fbc2e-0001|extension
ripencc|DE|ipv6|2001:db8::|32|20110101|allocated|6a1fbc2e-0001
ripencc|NL|asn|64500|2|20120101|assigned|6a1fbc2e-0002
ripencc|EU|ipv4|198.51.100.0|192|00000000|assigned|6a1fbc2e-0002
ripencc||ipv4|203.0.113.0|256||available|
ripencc||ipv4|203.0.113.0|256||reserved|
ripencc|NL|ipv4|203.0.113.0|256|20100101|allocated|
ripencc|NL|ipv4|203.0.113.0|256|20101301|allocated|6a1fbc2e-0003
ripencc|NL|ipv6|2001:db8::1|32|20100101|allocated|6a1fbc2e-0003
ripencc|NL|ipv4|255.255.255.0|257|20100101|allocated|6a1fbc2e-0003
arin|US|ipv4|203.0.113.0|256|20100101|allocated|6a1fbc2e-0003
ripencc|NL|ipv4|203.0.113.0|256|20100101|lent|6a1fbc2e-0003
ripencc|NL
"""

DUMP = """\
% A dump.

role:           Example Abuse Desk
address:        Sentinel Street 7f3a
phone:          +00 sentinel7f3a
nic-hdl:        EX1-RIPE
abuse-mailbox:  abuse@example.net
source:         RIPE # Filtered

person:         Sentinel7f3a Person
nic-hdl:        SP7-RIPE
abuse-mailbox:  person@sentinel7f3a.example
source:         RIPE

inetnum:        192.0.2.64 - 192.0.2.127
netname:        SENTINEL7F3A
org:            ORG-HOST1-RIPE
admin-c:        SP7-RIPE
status:         ASSIGNED PA
created:        2005-01-01T00:00:00Z

inetnum:        192.0.2.128 - 192.0.2.191
netname:        CUSTOMER
descr:          sentinel7f3a
status:         ASSIGNED PA

inetnum:        192.0.2.192 - 192.0.2.255
org:            ORG-LIR1-RIPE
status:         ASSIGNED PA

inetnum:        192.0.2.0 - 192.0.2.255
netname:        EXAMPLE
country:        NL
org:            ORG-LIR1-RIPE
status:         ALLOCATED PA
created:        2010-05-01T12:00:00Z
abuse-c:        EX1-RIPE

inetnum:        0.0.0.0 - 255.255.255.255
org:            ORG-IANA1-RIPE
status:         ALLOCATED UNSPECIFIED

inet6num:       2001:db8::/32
org:            ORG-LIR1-RIPE
status:         ALLOCATED-BY-RIR
created:        2012-01-01T00:00:00Z

aut-num:        AS64500
org:            ORG-LIR1-RIPE
status:         ASSIGNED

inetnum:        203.0.113.0 - 203.0.113.255
org:            ORG-HOST1-RIPE
status:         LENT
created:        2010-01-01T00:00:00Z

inetnum:        203.0.113.0 - 203.0.113.255
org:            ORG-HOST1-RIPE
status:         ASSIGNED PA

inet6num:       192.0.2.0/24
org:            ORG-HOST1-RIPE
status:         ALLOCATED-BY-RIR

organisation:   ORG-LIR1-RIPE
org-name:       Example
+               Network
org-type:       LIR
country:        NL
address:        Sentinel Street 7f3a
phone:          +00 sentinel7f3a
e-mail:         person@sentinel7f3a.example
abuse-c:        EX1-RIPE
mnt-by:         SENTINEL7F3A-MNT

organisation:   ORG-HOST1-RIPE
org-name:       Example Hosting B.V.
org-type:       OTHER
abuse-c:        SP7-RIPE

organisation:   ORG-IANA1-RIPE
org-name:       Registry of registries
org-type:       IANA
"""


def test_statistics_of_a_registry(tmp_path: Path) -> None:
    result = load(tmp_path, STATISTICS, as_of=DAY)
    assert (result.format, counts(result), result.left_out) == ("delegated", (5, 0, 0, 7), 4)
    assert said() == [
        ("192.0.2.0/24", "ripencc", "ripencc:6a1fbc2e-0001", "allocation", "2010-01-01", ""),
        ("198.51.100.0-198.51.100.191", "ripencc", "ripencc:6a1fbc2e-0002", "allocation", "2025-06-01", ""),
        ("2001:db8::/32", "ripencc", "ripencc:6a1fbc2e-0001", "allocation", "2011-01-01", ""),
        ("AS64500-AS64501", "ripencc", "ripencc:6a1fbc2e-0002", "allocation", "2012-01-01", ""),
    ]
    chain = find("192.0.2.1", DAY)
    assert [link.name for link in chain.links] == ["RIPE NCC", "Unnamed holder 6a1fbc2e-0001 (RIPE NCC)"]
    assert chain.links[0].registry and chain.contact is None
    assert [line.number for line in bad(result)] == list(range(11, 18))
    assert Contact.objects.count() == 0
    # On another day, what has no day of its own still is the same.
    again = load(tmp_path, STATISTICS + "\n", as_of=date(2025, 7, 1))
    assert counts(again) == (0, 0, 5, 7)


def test_a_dump_in_any_order(tmp_path: Path) -> None:
    result = load(tmp_path, gzip.compress(DUMP.encode("latin-1")), as_of=DAY, source="ripe")
    assert result.format == "rpsl"
    assert said() == [
        ("192.0.2.0/24", "", "ORG-LIR1-RIPE", "allocation", "2010-05-01", ""),
        # Its object is older than that of its giver, who cannot have given it before.
        ("192.0.2.64/26", "ORG-LIR1-RIPE", "ORG-HOST1-RIPE", "assignment", "2010-05-01", ""),
        ("2001:db8::/32", "", "ORG-LIR1-RIPE", "allocation", "2012-01-01", ""),
        ("AS64500", "", "ORG-LIR1-RIPE", "allocation", "2025-06-01", ""),
    ]
    chain = find("192.0.2.65", DAY)
    assert [(link.name, link.visibility, link.source) for link in chain.links] == [
        ("Example Network", "public", "ripe"),
        ("Example Hosting B.V.", "private", "ripe"),
    ]
    assert chain.contact is not None and chain.contact.address == "abuse@example.net"
    # A customer without an organisation, the holder's own use, and what stands under the registry's name.
    assert (result.left_out, result.bad) == (3, 3)
    reasons = [line.reason for line in bad(result)]
    assert ["status" in reasons[0], "class" in reasons[1], "No organisation" in reasons[2]] == [True] * 3
    assert counts(load(tmp_path, DUMP, as_of=date(2025, 7, 1), source="ripe")) == (0, 0, result.added, 3)


def test_nothing_of_a_person_is_read_from_a_dump(tmp_path: Path) -> None:
    kept = bad(load(tmp_path, DUMP))
    everything = [list(model._default_manager.values_list()) for model in TABLES]
    assert "sentinel7f3a" not in (repr(everything) + repr(kept)).lower()
    assert "sp7-ripe" not in (repr(everything) + repr(kept)).lower()
    assert set(Contact.objects.values_list("address", flat=True)) == {"abuse@example.net"}


def test_networks_of_listed_organisations_may_come_in_a_file_of_their_own(tmp_path: Path) -> None:
    organisations = DUMP[DUMP.index("organisation:") :]
    networks = "inetnum: 192.0.2.0/24\norg: ORG-LIR1-RIPE\nstatus: ALLOCATED PA\n"
    result = load(tmp_path, networks)
    assert [line.reason for line in bad(result)] == ["The organisation that holds it is not listed."]
    assert counts(load(tmp_path, organisations)) == (3, 0, 0, 0)
    assert counts(load(tmp_path, networks)) == (1, 0, 0, 0)


def test_json_lines(tmp_path: Path) -> None:
    good = {"organisation_handle": "ORG-NET", "organisation_name": "Nétwork", "country": "NL"}
    lines: list[object] = [
        good,
        {**good, "resource": "192.0.2.0/24", "delegation_kind": "allocation", "valid_from": "2020-01-01"},
        {
            "organisation_handle": "ORG-B",
            "organisation_name": "B",
            "contact_address": "abuse@example.org",
            "resource": "192.0.2.0/25",
            "from_handle": "ORG-NET",
            "delegation_kind": "lease",
            "valid_from": "2020-01-01",
            "valid_until": None,
            "shared": True,
            "answer_hours": 24,
        },
        {**good, "phone": "0"},
        {**good, "country": ["NL"]},
        ["organisation_handle"],
    ]
    text = "\n".join([*(json.dumps(line) for line in lines), "{", '{"organisation_handle": 1.5}', ""])
    result = load(tmp_path, text)
    assert (result.format, counts(result)) == ("jsonl", (3, 0, 0, 5))
    assert [line.number for line in bad(result)] == [4, 5, 6, 7, 8]
    assert find("192.0.2.1", DAY).links[-1].handle == "ORG-B"


@pytest.fixture
def own(settings: Settings) -> None:
    settings.FN_OWN_ORGANISATION = "OWN"
    hold("192.0.2.0/24", "OWN")
    organisation("ORG-CLUB", "Example Club")
    organisation("REG", "Example Registry")


@pytest.mark.usefixtures("own")
def test_netbox_lists_no_tenant(tmp_path: Path) -> None:
    prefixes = (
        "ID,Prefix,Status,Tenant,Comments\r\n"
        '1,192.0.2.0/26,Active,Example Club,"two\r\nlines"\r\n'
        "2,192.0.2.64/26,Active,A Private Customer,\r\n"
        "3,192.0.2.128/26,Active,,\r\n"
        "4,192.0.2.192/26,Deprecated,Example Club,\r\n"
        "5,198.51.100.0/24,Active,ORG-CLUB,\r\n"
        '6,192.0.2.0/26,Active,Example Club,"never ends\r\n'
    )
    result = load(tmp_path, prefixes, as_of=DAY)
    assert (result.format, counts(result), result.left_out) == ("netbox", (1, 0, 0, 3), 2)
    assert said()[1:] == [("192.0.2.0/26", "OWN", "ORG-CLUB", "assignment", "2025-06-01", "")]
    kept = bad(result)
    assert [line.number for line in kept] == [4, 7, 8]
    assert "is listed under the name of this tenant" in kept[0].reason and "not recorded" in kept[1].reason
    assert set(Organisation.objects.values_list("handle", flat=True)) == {"OWN", "ORG-CLUB", "REG"}
    assert not OrganisationVersion.objects.filter(name__contains="Customer").exists()
    assert counts(load(tmp_path, prefixes + "\r\n", as_of=date(2025, 7, 1))) == (0, 0, 1, 3)


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Aggregate,RIR,Tenant,Added\n203.0.113.0/24,Example Registry,,2015-03-01\n",
            ("203.0.113.0/24", "REG", "OWN", "allocation", "2015-03-01", ""),
        ),
        (
            "start_address,end_address,status,tenant\n192.0.2.10/24,192.0.2.20/24,active,ORG-CLUB\n",
            ("192.0.2.10-192.0.2.20", "OWN", "ORG-CLUB", "assignment", "2025-06-01", ""),
        ),
        (
            "ASN;RIR;Tenant\nAS64500;somebody else;Example Club\n",
            ("AS64500", "", "ORG-CLUB", "allocation", "2025-06-01", ""),
        ),
    ],
)
def test_netbox_aggregates_ranges_and_numbers(text: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    result = load(tmp_path, text, as_of=DAY)
    assert (result.format, counts(result)) == ("netbox", (1, 0, 0, 0))
    assert expected in said()


def test_netbox_needs_to_know_whose_it_is(tmp_path: Path, settings: Settings) -> None:
    settings.FN_OWN_ORGANISATION = ""
    with pytest.raises(Unusable, match="own_organisation"):
        load(tmp_path, "Prefix,Tenant\n192.0.2.0/24,X\n")


def test_a_format_can_be_said(tmp_path: Path) -> None:
    for format in ("delegated", "netbox", "csv"):
        with pytest.raises(Unusable):
            load(tmp_path, DUMP, format=format)
    with pytest.raises(Unusable):
        load(tmp_path, DUMP, format="xml")
    assert load(tmp_path, DUMP, format="rpsl").added
