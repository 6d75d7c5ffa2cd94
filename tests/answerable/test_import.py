"""A file goes in line by line: the good lines once, the bad ones kept with their reason."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from fairnotice.answerable.actions import imports as action
from fairnotice.answerable.imports import bad as bad_lines
from fairnotice.answerable.imports.deciding import Decision
from fairnotice.answerable.imports.opening import digest_of
from fairnotice.answerable.imports.running import Work
from fairnotice.answerable.imports.scratch import alone
from fairnotice.answerable.imports.shape import Entry, Unusable
from fairnotice.answerable.imports.watch import Stopped, Watch
from fairnotice.answerable.lookup import find
from fairnotice.answerable.models import (
    Change,
    Contact,
    Delegation,
    ImportBadLine,
    ImportRun,
    Organisation,
    OrganisationVersion,
)
from fairnotice.ledger.models import Event
from tests.answerable.loading import FILE, HEADER, Seen, bad, counts, load, rows
from tests.answerable.register import organisation, plant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fn_db")]


def test_what_goes_in_is_found(tmp_path: Path) -> None:
    assert counts(load(tmp_path, FILE)) == (5, 0, 0, 0)
    chain = find("192.0.2.17", date(2025, 1, 1))
    assert [(link.handle, link.visibility) for link in chain.links] == [
        ("ORG-NET", "public"),
        ("ORG-HOST", "private"),
    ]
    assert [link.source for link in chain.links] == ["registry", "csv"]
    assert chain.contact is not None
    assert chain.contact.own
    lease, block = Delegation.objects.get(kind="lease"), Delegation.objects.get(source="registry")
    assert lease.parent == block.series
    shop = find("https://www.bücher.example/", date(2025, 1, 1)).links[0]
    assert (shop.name, shop.contacts[0].channel) == ("Shop, Example", "form")
    assert Change.objects.filter(what="bulk").count() == 1


def test_a_second_time_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path, FILE)
    before = rows()
    for batch in (2000, 1, 2):
        monkeypatch.setattr(action, "BATCH", batch)
        assert counts(load(tmp_path, FILE)) == (0, 0, 5, 0)
        assert rows() == before


def test_the_size_of_a_batch_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "BATCH", 1)
    seen = Seen()
    assert counts(load(tmp_path, FILE, watch=seen)) == (5, 0, 0, 0)
    assert seen.moves == [1, 2, 3, 4, 5]
    chain = find("192.0.2.17", date(2025, 1, 1))
    assert [link.handle for link in chain.links] == ["ORG-NET", "ORG-HOST"]


def test_what_a_line_says_anew_is_closed_and_said_anew(tmp_path: Path) -> None:
    load(tmp_path, FILE)
    before = Delegation.objects.get(kind="lease")
    seen = Seen()
    again = [
        HEADER,
        "ORG-NET,New Name,,,,,,,,,,,",
        "ORG-HOST,Example Hosting,,,,,192.0.2.0/26,ORG-NET,lease,2024-06-01,,,",
    ]
    assert counts(load(tmp_path, again, watch=seen)) == (0, 2, 0, 0)
    network = OrganisationVersion.objects.get(organisation__handle="ORG-NET", recorded_until=None)
    assert (network.name, network.country) == ("New Name", "NL")
    old, new = Delegation.objects.filter(kind="lease").order_by("pk")
    assert (old.pk, old.series, old.valid_until) == (before.pk, new.series, date(2999, 1, 1))
    assert (new.valid_until, new.visibility, old.recorded_until) == (None, "private", new.recorded_from)
    known = find("192.0.2.1", date(2999, 6, 1), before.recorded_from)
    assert [link.handle for link in known.links] == ["ORG-NET"]
    assert [(d.what, d.number) for d in seen.differences] == [("changed", 2), ("changed", 3)]
    assert "until 2999-01-01" in seen.differences[1].before and "until" not in seen.differences[1].after


def test_a_column_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    load(tmp_path, FILE)
    short = "organisation_handle,organisation_name,resource,from_handle,delegation_kind,valid_from"
    again = [short, "ORG-HOST,Example Hosting,192.0.2.0/26,ORG-NET,lease,2024-06-01"]
    assert counts(load(tmp_path, again)) == (0, 0, 1, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Batches of one: each is decided upon what the ones before would have written.
    monkeypatch.setattr(action, "BATCH", 1)
    dry_seen, seen = Seen(), Seen()
    lines = [*FILE, "ORG-X,,,,,,,,,,,,"]
    before = rows()
    dry = load(tmp_path, lines, dry_run=True, watch=dry_seen)
    assert rows() == before
    assert (Event.objects.count(), ImportRun.objects.count()) == (0, 0)
    assert counts(dry) == counts(load(tmp_path, lines, watch=seen)) == (5, 0, 0, 1)
    assert dry_seen.differences == seen.differences
    assert dry_seen.lines == seen.lines
    assert counts(load(tmp_path, lines, dry_run=True)) == (0, 0, 5, 1)


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
        ("ORG-X,Example,,,,,192.0.2.0/25,ORG-NET,lease,2019-01-01,,,", "not recorded as holding"),
        ("ORG-X,Example,,,,,,,,2020-01-01,,,", "resource is missing"),
        ("ORG-NET,Another Name,,,,,,,,,,,", "Line 2 of this file says otherwise"),
        ("ORG-X," + "x" * 20_000 + ",,,,,,,,,,,", "too long"),
        ("ORG-X," + "x" * 200_000 + ",,,,,,,,,,,", "too long"),
    ],
)
def test_a_bad_line_is_kept_with_its_reason_and_the_good_ones_go_in(
    line: str, reason: str, tmp_path: Path
) -> None:
    result = load(tmp_path, [*FILE[:2], line, FILE[2]])
    assert counts(result) == (2, 0, 0, 1)
    (kept,) = bad(result)
    assert kept.number == 3
    assert kept.text == line[:16_384]
    assert reason in kept.reason
    assert Organisation.objects.count() == 1


def test_the_text_of_a_bad_line_is_sealed_and_can_be_removed(tmp_path: Path) -> None:
    result = load(tmp_path, [HEADER, "sentinel7f3a,,,,,,,,,,,,", "=CMD(),,,,,,,,,,,,"])
    run, row = ImportRun.objects.get(), ImportBadLine.objects.order_by("pk")[0]
    assert b"sentinel7f3a" not in bytes(row.blob) and "sentinel7f3a" not in row.reason
    assert [line.text[:6] for line in bad(result)] == ["sentin", "=CMD()"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBadLine.objects.update(reason="x")
    assert bad_lines.erase(run) == 2
    assert bad(result) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRun.objects.update(bad=0)


def test_a_line_in_another_encoding_is_kept_readable(tmp_path: Path) -> None:
    line = FILE[2].replace("Network", "Netwörk").encode("latin-1")
    result = load(tmp_path, b"\n".join([HEADER.encode(), line, FILE[1].encode()]))
    assert result.added == 1
    (kept,) = bad(result)
    assert kept.reason == "The line is not UTF-8 text."
    assert "Netw\\xf6rk" in kept.text


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_separators_byte_order_mark_line_ends_and_zips_are_all_the_same(sign: str, tmp_path: Path) -> None:
    text = f"\ufeff{HEADER.replace(',', sign).upper()}\r\n" + FILE[2].replace(",", sign) + "\r\n"
    result = load(tmp_path, gzip.compress(text.encode()))
    assert (result.format, counts(result)) == ("csv", (1, 0, 0, 0))
    assert find("192.0.2.1", date(2025, 1, 1)).links[0].handle == "ORG-NET"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"organisation_handle,organisation_name,resource,valid_from\n", "Missing columns: delegation_kind."),
        (f"{HEADER},phone\n".encode(), "Unknown columns: phone."),
        (f"{HEADER},country\n".encode(), "Columns that stand twice: country."),
        (b"", "empty"),
        (b"hello\n", "not known"),
        (HEADER.encode("utf-16"), "UTF-8|not known"),
        (gzip.compress(HEADER.encode())[:-12], "damaged"),
    ],
)
def test_a_file_that_does_not_fit_is_explained_and_nothing_goes_in(
    content: bytes, problem: str, tmp_path: Path
) -> None:
    before = rows()
    with pytest.raises(Unusable, match=problem):
        load(tmp_path, content)
    assert rows() == before
    assert (Event.objects.count(), ImportRun.objects.count()) == (0, 0)


def test_one_event_tells_the_counts(tmp_path: Path) -> None:
    result = load(tmp_path, [*FILE, "ORG-X,,,,,,,,,,,,"], source="example list")
    event = Event.objects.get()
    assert event.kind == "answerable.imported"
    assert event.open == {
        "run": result.run,
        "digest": digest_of(tmp_path / "taken-in"),
        "format": "csv",
        "source": "example list",
        "whole": False,
        "lines": 6,
        "added": 5,
        "changed": 0,
        "unchanged": 0,
        "ended": 0,
        "bad": 1,
        "left_out": 0,
    }


class _StopAt(Watch):
    def __init__(self, lines: int) -> None:
        self._lines = lines

    def moved(self, position: int, lines: int) -> None:
        if lines >= self._lines:
            raise Stopped


def test_what_was_cut_off_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "BATCH", 2)
    lines = [*FILE[:3], "ORG-X,,,,,,,,,,,,", *FILE[3:], "ORG-NET,Another Name,,,,,,,,,,,"]
    with pytest.raises(Stopped):
        load(tmp_path, lines, watch=_StopAt(4))
    run = ImportRun.objects.get()
    assert (run.position, run.added, run.bad, run.state) == (4, 3, 1, "running")
    assert Event.objects.count() == 0
    with pytest.raises(Unusable, match="as of the same day"):
        load(tmp_path, lines, as_of=date(2020, 1, 1))
    result = load(tmp_path, lines)
    assert (result.run, counts(result)) == (run.pk, (5, 0, 0, 2))
    # What was said before the cut is still known.
    assert [line.reason for line in bad(result)][1] == "Line 2 of this file says otherwise."
    assert Event.objects.get().open["added"] == 5
    assert ImportRun.objects.count() == 1


def test_one_import_at_a_time(tmp_path: Path) -> None:
    with alone(), pytest.raises(Unusable, match="Another import"):
        load(tmp_path, FILE)
    assert counts(load(tmp_path, FILE)) == (5, 0, 0, 0)


def test_what_somebody_wrote_meanwhile_is_taken_as_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = Work.decide
    once: list[bool] = []

    def meanwhile(work: Work, entries: list[Entry]) -> Decision:
        decided = decide(work, entries)
        if not once:
            once.append(True)
            organisation("ORG-NET", "Example Network")
            plant("192.0.2.0/24", "ORG-NET")
        return decided

    monkeypatch.setattr(Work, "decide", meanwhile)
    result = load(tmp_path, [HEADER, FILE[2].replace("NL", "").replace("registry", "")])
    assert counts(result) == (0, 0, 1, 0)
    assert Delegation.objects.count() == 1


def test_each_batch_is_its_own_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "BATCH", 2)
    outside = len(connection.savepoint_ids)
    depths: list[int] = []

    class Depth(Watch):
        def moved(self, position: int, lines: int) -> None:
            depths.append(len(connection.savepoint_ids))

    load(tmp_path, FILE, watch=Depth())
    assert depths == [outside] * 3


def test_basis_shared_and_hours_are_read(tmp_path: Path) -> None:
    header = f"{HEADER},basis,shared,answer_hours"
    lines = [
        header,
        "ORG-A,A,,,,,192.0.2.0/24,,allocation,2020-01-01,,,,registry,,",
        "ORG-B,B,,,,,192.0.2.0/25,ORG-A,lease,2020-01-01,,,,agreed,yes,24",
        "ORG-C,C,,,,,192.0.2.0/25,ORG-A,lease,2020-01-01,,,,agreed,no,",
        "ORG-D,D,,,,,192.0.2.0/26,ORG-A,lease,2020-01-01,,,,agreed,no,",
        "ORG-B,B,,,,,,,,,,,,registry,,",
        "ORG-E,E,,,,,192.0.2.128/25,ORG-A,lease,2020-01-01,,,,,perhaps,",
        "ORG-E,E,,,,,192.0.2.128/25,ORG-A,lease,2020-01-01,,,,,,9000",
    ]
    result = load(tmp_path, lines)
    assert counts(result) == (3, 0, 0, 4)
    lease = Delegation.objects.get(to_org__handle="ORG-B")
    assert (lease.shared, lease.answer_hours, lease.to_org.basis) == (True, 24, "agreed")
    kept = bad(result)
    assert [line.number for line in kept] == [5, 6, 7, 8]
    expected = ["Another lease", "another basis", "shared must be one of", "answer_hours must be"]
    for line, words in zip(kept, expected, strict=True):
        assert words in line.reason
    assert Contact.objects.count() == 0
