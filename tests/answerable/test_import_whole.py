"""A whole dump: what its source said before and says no longer has ended, what others said has not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fairnotice.answerable.actions import imports as action
from fairnotice.answerable.imports.ending import TooMuch
from fairnotice.answerable.lookup import find
from fairnotice.answerable.models import Contact, Delegation, ImportRun
from tests.answerable.loading import HEADER, Seen, bad, counts, load, rows, said
from tests.answerable.register import hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fn_db")]
DAY = date(2025, 6, 1)


def line(number: int, since: str = "2020-01-01") -> str:
    return f"ORG-{number},Network {number},,,,,198.51.100.{number}/32,,allocation,{since},,,"


LINES = [HEADER, *(line(number) for number in range(10))]


def whole(folder: Path, lines: list[str], **options: object) -> action.ImportResult:
    return load(folder, lines, source="dump", **{"whole": True, "as_of": DAY, **options})


def test_what_is_missing_ends_on_that_day(tmp_path: Path) -> None:
    whole(tmp_path, LINES)
    load(tmp_path, [HEADER, line(77)], source="other")
    seen = Seen()
    result = whole(tmp_path, LINES[:-2], watch=seen)
    assert (counts(result), result.ended) == ((0, 0, 8, 0), 2)
    assert {row[5] for row in said() if row[2] in ("ORG-8", "ORG-9")} == {"2025-06-01"}
    assert {row[5] for row in said() if row[2] not in ("ORG-8", "ORG-9")} == {""}
    assert [difference.what for difference in seen.differences] == ["ended", "ended"]
    before = Delegation.objects.filter(to_org__handle="ORG-9").order_by("pk")[0]
    assert find("198.51.100.9", date(2025, 7, 1), before.recorded_from).links
    assert not find("198.51.100.9", date(2025, 7, 1)).links
    state = rows()
    assert whole(tmp_path, LINES[:-2]).ended == 0
    assert rows() == state
    assert counts(whole(tmp_path, LINES, yes=True)) == (0, 2, 8, 0)


def test_a_dry_run_ends_nothing_and_says_the_same(tmp_path: Path) -> None:
    whole(tmp_path, LINES)
    state = rows()
    tried, done = Seen(), Seen()
    dry = whole(tmp_path, LINES[:-2], dry_run=True, watch=tried)
    assert rows() == state
    wet = whole(tmp_path, LINES[:-2], watch=done)
    assert (dry.ended, tried.differences) == (wet.ended, done.differences)


def test_more_than_a_fifth_is_refused_unless_somebody_says_yes(tmp_path: Path) -> None:
    whole(tmp_path, LINES)
    state = rows()
    with pytest.raises(TooMuch, match="3 of the 10"):
        whole(tmp_path, LINES[:-3])
    assert rows() == state
    assert "3 of the 10" in whole(tmp_path, LINES[:-3], dry_run=True).too_much
    assert whole(tmp_path, LINES[:-3], yes=True).ended == 3


def test_children_end_before_their_parents_and_what_others_said_keeps_a_parent(tmp_path: Path) -> None:
    below = [
        "HOST-1,Host,,,,,198.51.100.1/32,ORG-1,lease,2021-01-01,,,",
        "SHOP-1,Shop,,,,,198.51.100.1/32,HOST-1,sublease,2022-01-01,,,",
        "HOST-2,Host 2,,,,,198.51.100.2/32,ORG-2,lease,2021-01-01,,,",
    ]
    whole(tmp_path, [*LINES, *below])
    hold("198.51.100.2", "CLUB", giver="HOST-2", kind="sublease", since="2023-01-01")
    left = [one for one in LINES if not one.startswith(("ORG-1,", "ORG-2,"))]
    result = whole(tmp_path, left, yes=True)
    assert (result.ended, result.bad) == (3, 2)
    ended = {row[2]: row[5] for row in said()}
    assert {ended[one] for one in ("ORG-1", "HOST-1", "SHOP-1")} == {"2025-06-01"}
    assert {ended[one] for one in ("ORG-2", "HOST-2", "CLUB")} == {""}
    assert [one.text for one in bad(result)] == [
        "198.51.100.2 lease to HOST-2 from ORG-2",
        "198.51.100.2 allocation to ORG-2",
    ]
    assert {(one.number, "was not ended" in one.reason) for one in bad(result)} == {(0, True)}


def test_what_began_later_never_was_and_a_contact_that_is_gone_is_none(tmp_path: Path) -> None:
    contact = "ORG-0,Network 0,,abuse,mail,abuse@example.org,,,,,,,"
    others = [f"ORG-{n},Network {n},,,,abuse@n{n}.example,,,,,,," for n in range(1, 10)]
    whole(tmp_path, [*LINES, *others, contact, line(50, "2025-09-01")])
    assert whole(tmp_path, [*LINES, *others]).ended == 2
    assert not Delegation.objects.filter(to_org__handle="ORG-50", recorded_until=None).exists()
    assert Contact.objects.get(address="abuse@example.org").recorded_until is not None
    assert Contact.objects.filter(recorded_until=None).count() == 9


def test_one_that_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole(tmp_path, LINES)
    monkeypatch.setattr(action, "BATCH", 1)
    lines = [*LINES[:-1], line(60), line(61)]

    class Broken(Exception):
        pass

    class Breaks(Seen):
        def moved(self, position: int, lines: int) -> None:
            if lines == 10:
                raise Broken

    with pytest.raises(Broken):
        whole(tmp_path, lines, watch=Breaks())
    result = whole(tmp_path, lines)
    assert (counts(result), result.ended) == ((2, 0, 9, 0), 1)
    assert ImportRun.objects.count() == 2
