"""Passing on, giving back, correcting, taking back: the rules hold, and what was known before stays to be seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from fairnotice.answerable.actions.delegate import Terms, correct, give_back, retract
from fairnotice.answerable.errors import Changed, Unfit, Unknown
from fairnotice.answerable.lookup import find
from fairnotice.answerable.models import Delegation
from fairnotice.ledger.models import Event
from tests.answerable.register import hold

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 1)


@pytest.fixture
def block() -> Delegation:
    return hold("192.0.2.0/24", "LIR")


def fault(error: pytest.ExceptionInfo[Unfit]) -> str:
    return error.value.faults[0].code


def holder(at: date = DAY, known_on: datetime | None = None) -> str | None:
    found = find("192.0.2.1", at, known_on).holder
    return found.handle if found else None


def terms(row: Delegation, **changed: object) -> Terms:
    names = ("valid_from", "valid_until", "visibility", "shared", "answer_hours", "source")
    return Terms(**{**{name: getattr(row, name) for name in names}, **changed})


@pytest.mark.parametrize(
    ("text", "giver", "since", "until"),
    [
        ("192.0.2.0/26", "NOBODY", "2024-01-01", None),
        ("192.0.0.0/22", "LIR", "2024-01-01", None),
        ("198.51.100.0/26", "LIR", "2024-01-01", None),
        ("192.0.2.0/26", "LIR", "2019-12-31", None),
    ],
)
def test_nobody_passes_on_what_they_do_not_hold(block, text, giver, since, until) -> None:
    with pytest.raises(Unfit) as error:
        hold(text, "SHOP", giver=giver, kind="lease", since=since, until=until)
    assert fault(error) == "not-held"


def test_a_lease_outlasting_its_giver_is_refused() -> None:
    hold("192.0.2.0/24", "LIR", until="2026-01-01")
    hold("192.0.2.0/26", "SHOP", giver="LIR", kind="lease", until="2026-01-01")
    with pytest.raises(Unfit) as error:
        hold("192.0.2.64/26", "SHOP", giver="LIR", kind="lease", until="2026-01-02")
    assert fault(error) == "not-held"


def test_the_parent_is_the_narrowest_by_which_the_giver_holds_it(block) -> None:
    inner = hold("192.0.2.0/25", "HOST", giver="LIR", kind="assignment")
    outer = hold("192.0.2.0/24", "HOST", giver="LIR", kind="assignment", since="2021-01-01")
    assert (inner.parent, outer.parent) == (block.series, block.series)
    assert hold("192.0.2.0/26", "SHOP", giver="HOST", kind="lease").parent == inner.series
    assert (
        hold("192.0.2.128/26", "SHOP", giver="HOST", kind="lease", since="2022-01-01").parent == outer.series
    )


def test_leases_beside_each_other_do_not_overlap_unless_they_are_shared(block) -> None:
    hold("192.0.2.0/26", "SHOP", giver="LIR", kind="lease", until="2022-01-01")
    hold("192.0.2.0/26", "CLUB", giver="LIR", kind="lease", since="2022-01-01")
    with pytest.raises(Unfit) as error:
        hold("192.0.2.32/27", "NEXT", giver="LIR", kind="lease", since="2023-01-01")
    assert fault(error) == "overlap"
    hold("192.0.2.32/27", "NEXT", giver="LIR", kind="lease", since="2023-01-01", shared=True)
    hold("192.0.2.64/26", "NEXT", giver="LIR", kind="lease")
    hold("192.0.2.32/27", "HOST", giver="LIR", kind="hosting", since="2023-01-01")


def test_what_stands_already_is_not_recorded_twice(block) -> None:
    with pytest.raises(Unfit) as error:
        hold("192.0.2.0/24", "LIR")
    assert fault(error) == "taken"


def test_giving_back_ends_it_and_what_was_known_before_can_be_seen(block) -> None:
    lease = hold("192.0.2.0/26", "SHOP", giver="LIR", kind="lease")
    before = lease.recorded_from
    give_back(actor_id=7, series=lease.series, version=lease.pk, on=date(2025, 1, 1))
    assert (holder(date(2024, 12, 31)), holder(date(2025, 1, 1))) == ("SHOP", "LIR")
    assert holder(DAY, before) == "SHOP"
    assert holder(DAY, before - timedelta(microseconds=1)) == "LIR"
    assert holder(DAY, timezone.now()) == "LIR"
    assert Delegation.objects.filter(series=lease.series).count() == 2
    event = Event.objects.get(kind="answerable.given-back")
    assert event.actor_id == 7 and event.open["valid_until"] == "2025-01-01"


def test_giving_back_what_was_passed_on_further(block) -> None:
    lease = hold("192.0.2.0/25", "HOST", giver="LIR", kind="lease")
    below = hold("192.0.2.0/26", "SHOP", giver="HOST", kind="sublease")
    hold("192.0.2.64/26", "CLUB", giver="HOST", kind="sublease", until="2022-01-01")
    with pytest.raises(Unfit) as error:
        give_back(actor_id=None, series=lease.series, version=lease.pk, on=date(2025, 1, 1))
    assert fault(error) == "below" and error.value.faults[0].series == (below.series,)
    done = give_back(
        actor_id=None, series=lease.series, version=lease.pk, on=date(2025, 1, 1), with_below=True
    )
    assert [row.to_org.handle for row in done] == ["SHOP", "HOST"]
    assert holder() == "LIR"
    assert Event.objects.get(kind="answerable.given-back").open["below"] == 1


def test_what_was_passed_on_later_is_taken_back_first(block) -> None:
    lease = hold("192.0.2.0/25", "HOST", giver="LIR", kind="lease")
    hold("192.0.2.0/26", "SHOP", giver="HOST", kind="sublease", since="2025-06-01")
    with pytest.raises(Unfit) as error:
        give_back(actor_id=None, series=lease.series, version=lease.pk, on=date(2025, 1, 1), with_below=True)
    assert fault(error) == "later"


@pytest.mark.parametrize(("on", "code"), [("2020-01-01", "before"), ("2024-06-01", "ended")])
def test_days_on_which_it_cannot_go_back(block, on, code) -> None:
    lease = hold("192.0.2.0/26", "SHOP", giver="LIR", kind="lease", until="2024-06-01")
    with pytest.raises(Unfit) as error:
        give_back(actor_id=None, series=lease.series, version=lease.pk, on=date.fromisoformat(on))
    assert fault(error) == code


def test_a_correction_is_said_from_now_on(block) -> None:
    lease = hold("192.0.2.0/26", "SHOP", giver="LIR", kind="lease", since="2025-01-01")
    new = correct(
        actor_id=None, series=lease.series, version=lease.pk, terms=terms(lease, valid_from=date(2024, 1, 1))
    )
    assert holder(date(2024, 6, 1)) == "SHOP"
    assert holder(date(2024, 6, 1), lease.recorded_from) == "LIR"
    assert new.series == lease.series and new.pk != lease.pk
    with pytest.raises(Changed):
        correct(actor_id=None, series=lease.series, version=lease.pk, terms=terms(lease, shared=True))
    with pytest.raises(Unfit) as error:
        correct(actor_id=None, series=new.series, version=new.pk, terms=terms(new))
    assert fault(error) == "same"


def test_a_correction_keeps_what_hangs_below_inside(block) -> None:
    lease = hold("192.0.2.0/25", "HOST", giver="LIR", kind="lease")
    hold("192.0.2.0/26", "SHOP", giver="HOST", kind="sublease", since="2021-01-01")
    for changed in ({"valid_from": date(2022, 1, 1)}, {"valid_until": date(2025, 1, 1)}):
        with pytest.raises(Unfit) as error:
            correct(actor_id=None, series=lease.series, version=lease.pk, terms=terms(lease, **changed))
        assert fault(error) == "below"
    assert Delegation.objects.filter(series=lease.series).count() == 1


def test_what_was_recorded_in_error_is_gone_from_now_on(block) -> None:
    lease = hold("192.0.2.0/26", "SHOP", giver="LIR", kind="lease")
    with pytest.raises(Unfit):
        retract(actor_id=None, series=block.series, version=block.pk)
    retract(actor_id=None, series=lease.series, version=lease.pk)
    assert holder() == "LIR" and holder(DAY, lease.recorded_from) == "SHOP"
    with pytest.raises(Changed):
        retract(actor_id=None, series=lease.series, version=lease.pk)
    with pytest.raises(Unknown):
        retract(actor_id=None, series=1, version=1)


def test_no_organisation_stands_above_itself() -> None:
    hold("192.0.2.0/24", "A")
    b = hold("192.0.2.0/24", "B", giver="A", kind="assignment", since="2021-01-01")
    again = hold("192.0.2.0/24", "A", giver="B", kind="assignment", since="2022-01-01")
    hold("192.0.2.0/25", "C", giver="A", kind="assignment", since="2022-01-01")
    assert again.parent == b.series
    chain = [link.handle for link in find("192.0.2.1", DAY).links]
    assert len(chain) == len(set(chain))
