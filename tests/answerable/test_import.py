"""A CSV file goes in line by line: the good lines once, the bad ones kept with their reason."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from fairnotice.answerable import actions
from fairnotice.answerable.actions import import_csv, mark_contact
from fairnotice.answerable.csv_rows import ImportFormatError
from fairnotice.answerable.lookup import find
from fairnotice.answerable.models import Contact, Delegation, Organisation, Resource
from fairnotice.answerable.queries import overview_counts
from fairnotice.ledger.models import Event

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

HEADER = (
    "organisation_handle,organisation_name,country,contact_role,contact_channel,contact_address,resource,"
    "from_handle,delegation_kind,valid_from,valid_until,visibility,source"
)
FILE = [
    HEADER,
    "ORG-NET,Example Network,nl,abuse,mail,abuse@example.net,,,,,,,",
    "ORG-NET,Example Network,NL,,,,192.0.2.0/24,,allocation,2020-01-01,,,registry",
    "ORG-HOST,Example Hosting,DE,,,abuse@example.org,192.0.2.0/26,ORG-NET,lease,2024-06-01,2999-01-01,,",
    'ORG-SHOP,"Shop, Example",,abuse,form,https://example.org/abuse,bücher.example,,hosting,2024-06-01,,public,',
    "ORG-NET,Example Network,,,,,AS64500-AS64501,,allocation,2020-01-01,,,",
    "",
]


def load(lines: list[str], **options: object) -> actions.ImportResult:
    return import_csv([f"{line}\n".encode() for line in lines], actor_id=None, **options)  # type: ignore[arg-type]


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Organisation, Contact, Resource, Delegation))


def rows() -> list[object]:
    models = (Organisation, Contact, Resource, Delegation)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_what_goes_in_is_found() -> None:
    result = load(FILE)
    assert (result.added, result.changed, result.unchanged, result.bad) == (5, 0, 0, [])
    assert counts() == (3, 3, 4, 4)
    chain = find("192.0.2.17", date(2025, 1, 1))
    assert [(link.handle, link.visibility) for link in chain.links] == [
        ("ORG-NET", "public"),
        ("ORG-HOST", "private"),
    ]
    assert [link.source for link in chain.links] == ["registry", "csv"]
    assert chain.contact is not None
    assert chain.contact.own
    assert Delegation.objects.get(kind="lease").parent == Delegation.objects.get(
        kind="allocation", resource__kind="ip"
    )
    shop = find("https://www.bücher.example/", date(2025, 1, 1)).links[0]
    assert (shop.name, shop.contacts[0].channel) == ("Shop, Example", "form")


def test_a_second_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    load(FILE)
    before = rows()
    for batch in (500, 1, 2):
        monkeypatch.setattr(actions, "BATCH", batch)
        result = load(FILE)
        assert (result.added, result.changed, result.unchanged, result.bad) == (0, 0, 5, [])
        assert rows() == before


def test_the_size_of_a_batch_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 1)
    load(FILE)
    one_by_one = rows()
    Delegation.objects.all().delete()
    Contact.objects.all().delete()
    Resource.objects.all().delete()
    Organisation.objects.all().delete()
    monkeypatch.setattr(actions, "BATCH", 500)
    load(FILE)
    assert [len(table) for table in rows()] == [len(table) for table in one_by_one]  # type: ignore[arg-type]
    assert Delegation.objects.get(kind="lease").parent is not None


def test_what_a_line_says_anew_is_changed_and_what_it_leaves_empty_is_kept() -> None:
    load(FILE)
    result = load(
        [
            HEADER,
            "ORG-NET,New Name,,,,,,,,,,,",
            "ORG-HOST,Example Hosting,,,,,192.0.2.0/26,ORG-NET,lease,2024-06-01,,,",
        ]
    )
    assert (result.added, result.changed, result.unchanged) == (0, 2, 0)
    network = Organisation.objects.get(handle="ORG-NET")
    assert (network.name, network.country) == ("New Name", "NL")
    lease = Delegation.objects.get(kind="lease")
    assert (lease.valid_until, lease.visibility) == (None, "private")


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    dry = load(FILE, dry_run=True)
    assert counts() == (0, 0, 0, 0)
    assert Event.objects.count() == 0
    wet = load(FILE)
    assert dry == wet
    assert (load(FILE, dry_run=True).unchanged, Event.objects.count()) == (5, 1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ORG-X,Example,,,,,192.0.2.0/24,,allocation,2020-01-01,,", "12 cells, the header has 13"),
        ('ORG-X,"Example,,,,,192.0.2.0/24,,allocation,2020-01-01,,,', "quotation marks"),
        (",Example,,,,,,,,,,,", "organisation_handle"),
        ("ORG X,Example,,,,,,,,,,,", "organisation_handle"),
        ("ORG-X,,,,,,,,,,,,", "organisation_name"),
        ("ORG-X,Exam\x07ple,,,,,,,,,,,", "control characters"),
        ("ORG-X,Example,NLD,,,,,,,,,,", "country"),
        ("ORG-X,Example,,abuse,,,,,,,,,", "contact_address is missing"),
        ("ORG-X,Example,,abuse,mail,nobody,,,,,,,", "not a mail address"),
        ("ORG-X,Example,,abuse,form,abuse@example.org,,,,,,,", "not a web address"),
        ("ORG-X,Example,,boss,mail,abuse@example.org,,,,,,,", "contact_role must be one of"),
        ("ORG-X,Example,,abuse,fax,abuse@example.org,,,,,,,", "contact_channel must be one of"),
        ("ORG-X,Example,,,,,192.0.2.1/24,,allocation,2020-01-01,,,", "bits set beyond"),
        ("ORG-X,Example,,,,,https://example.org/,,hosting,2020-01-01,,,", "not a URL"),
        ("ORG-X,Example,,,,,192.0.2.0/24,,gift,2020-01-01,,,", "delegation_kind must be one of"),
        ("ORG-X,Example,,,,,192.0.2.0/24,,,2020-01-01,,,", "delegation_kind must be one of"),
        ("ORG-X,Example,,,,,192.0.2.0/24,,registrar,2020-01-01,,,", "does not go with"),
        ("ORG-X,Example,,,,,192.0.2.0/24,,allocation,,,,", "valid_from must be a day"),
        ("ORG-X,Example,,,,,192.0.2.0/24,,allocation,2020-02-30,,,", "valid_from must be a day"),
        ("ORG-X,Example,,,,,192.0.2.0/24,,allocation,2020-01-01,2020-01-01,,", "later than valid_from"),
        ("ORG-X,Example,,,,,192.0.2.0/24,,allocation,2020-01-01,,secret,", "visibility must be one of"),
        ("ORG-X,Example,,,,,192.0.2.0/24,ORG-Y,lease,2020-01-01,,,", "not known"),
        ("ORG-X,Example,,,,,192.0.2.0/24,ORG-X,lease,2020-01-01,,,", "are the same"),
        ("ORG-X,Example,,,,,,,,2020-01-01,,,", "resource is missing"),
        ("ORG-NET,Another Name,,,,,,,,,,,", "Line 2 of this file says otherwise"),
        ("ORG-X," + "x" * 20_000 + ",,,,,,,,,,,", "too long"),
    ],
)
def test_a_bad_line_is_kept_with_its_reason_and_the_good_ones_go_in(line: str, reason: str) -> None:
    result = load([*FILE[:2], line, FILE[2]])
    assert result.added == 2
    (bad,) = result.bad
    assert bad.number == 3
    assert bad.text == line[:16_384]
    assert reason in bad.reason
    assert Organisation.objects.count() == 1


def test_a_line_in_another_encoding_is_kept_readable() -> None:
    line = FILE[2].replace("Network", "Netwörk").encode("latin-1")
    result = import_csv([HEADER.encode(), line, FILE[1].encode()], actor_id=None)
    assert result.added == 1
    assert result.bad[0].reason == "The line is not UTF-8 text."
    assert "Netw\\xf6rk" in result.bad[0].text


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_separators_byte_order_mark_and_line_ends_are_all_the_same(sign: str) -> None:
    text = f"\ufeff{HEADER.replace(',', sign).upper()}\r\n" + FILE[2].replace(",", sign) + "\r\n"
    result = import_csv(text.encode().splitlines(keepends=True), actor_id=None)
    assert (result.added, result.bad) == (1, [])
    assert find("192.0.2.1", date(2025, 1, 1)).links[0].handle == "ORG-NET"


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("organisation_handle,organisation_name,resource,valid_from", "Missing columns: delegation_kind."),
        (HEADER + ",phone", "Unknown columns: phone."),
        (HEADER + ",country", "Columns that stand twice: country."),
        ("", "Missing columns: organisation_handle"),
    ],
)
def test_a_header_that_does_not_fit_is_explained_and_nothing_goes_in(header: str, problem: str) -> None:
    with pytest.raises(ImportFormatError, match=problem):
        load([header, *FILE[1:]])
    assert counts() == (0, 0, 0, 0)
    assert Event.objects.count() == 0


def test_an_empty_file_and_one_in_utf16_are_explained() -> None:
    with pytest.raises(ImportFormatError, match="empty"):
        import_csv([], actor_id=None)
    with pytest.raises(ImportFormatError, match="UTF-8"):
        import_csv([HEADER.encode("utf-16")], actor_id=None)


def test_one_event_tells_the_counts() -> None:
    load([*FILE, "ORG-X,,,,,,,,,,,,"], source="example list")
    event = Event.objects.get()
    assert event.kind == "answerable.imported"
    assert event.open == {
        "source": "example list",
        "rows": 6,
        "added": 5,
        "changed": 0,
        "unchanged": 0,
        "bad": 1,
    }


def test_rows_that_another_import_wrote_meanwhile_are_taken_as_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile() -> bytes:
        # Runs after the first import has looked at the register, before it writes.
        load(FILE[:3])
        return FILE[2].encode()

    lines = (make() for make in (HEADER.encode, FILE[1].encode, meanwhile, FILE[3].encode))
    result = import_csv(lines, actor_id=None)
    assert (result.added, result.unchanged, result.bad) == (1, 2, [])
    assert counts() == (2, 2, 2, 2)


def test_progress_counts_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    seen: list[int] = []
    load(FILE, on_progress=seen.append)
    assert seen == [2, 4, 5]


def test_each_batch_is_its_own_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    outside = len(connection.savepoint_ids)
    depths: list[int] = []
    load(FILE, on_progress=lambda _lines: depths.append(len(connection.savepoint_ids)))
    assert depths == [outside] * 3


def test_a_contact_marked_bad_is_passed_over_until_it_works_again() -> None:
    load(FILE)
    contact = Contact.objects.get(address="abuse@example.org")
    mark_contact(contact_id=contact.pk, works=False, actor_id=7)
    at = date(2025, 1, 1)
    assert find("192.0.2.1", at).to_json()["contact"] == {
        "organisation": "ORG-NET",
        "channel": "mail",
        "address": "abuse@example.net",
    }
    mark_contact(contact_id=contact.pk, works=True, actor_id=7)
    found = find("192.0.2.1", at).contact
    assert found is not None
    assert (found.address, found.verified) == ("abuse@example.org", True)
    kinds = [(event.kind, event.actor_id) for event in Event.objects.order_by("pk")]
    assert kinds == [("answerable.imported", None)] + [("answerable.contact-marked", 7)] * 2


def test_overview_counts() -> None:
    load(FILE)
    mark_contact(contact_id=Contact.objects.get(address="abuse@example.org").pk, works=False, actor_id=None)
    load([HEADER, "ORG-OLD,Old,,,,,198.51.100.0/24,,allocation,2001-01-01,2002-01-01,,"])
    assert overview_counts() == {
        "organisations": 4,
        "without_working_contact": 2,
        "contacts": 3,
        "contacts_verified": 0,
        "contacts_known_bad": 1,
        "ip_ranges": 3,
        "as_ranges": 1,
        "domains": 1,
        "servers": 0,
        "delegations_current": 4,
        "delegations_ended": 1,
    }
