"""A measure with a review date is kept by a person with a reason, or ends; it never goes on by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases import bodies
from fairnotice.cases.actions import claim, clock, confirm
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.actions.review import review_measure
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import DecisionStatus, Measure, MeasureStatus
from fairnotice.cases.permissions import ROLES, Forbidden
from fairnotice.cases.queries import desk
from fairnotice.ledger.models import Event
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
SEVERE = "DECISION_PROVISION_TOTAL_SUSPENSION"
WHY = "The claim is still repeated; sentinel words."
DAY = timedelta(days=1)


def test_what_is_kept_lasts_until_its_new_day_and_no_longer() -> None:
    reviewer = making.account("r", "reviewer")
    measure = making.decided(making.notice(), reviewer).measures.get()
    until = timezone.localdate() + 300 * DAY
    review_measure(actor=reviewer, measure_ref=measure.ref, keep_until=until, reason=WHY)
    assert clock.expire_measures(now=timezone.now() + 299 * DAY) == 0, "its first review date was day 180"
    measure = Measure.objects.get()
    assert bodies.measure_body(measure)["review"] == until.isoformat()
    assert measure.review != until, "what was decided stays as it was decided"
    assert desk.staff_text(reviewer, "measure", measure.ref, "review_reason") == WHY
    event = Event.objects.get(kind="measure.reviewed")
    assert event.open == {"kept": True, "until": until.isoformat()} and WHY not in str(event.personal)
    assert clock.expire_measures(now=timezone.now() + 302 * DAY) == 1
    assert MeasureStatus.objects.get().state == "lapsed"


def test_what_is_ended_has_to_be_undone() -> None:
    reviewer = making.account("r", "reviewer")
    measure = making.decided(making.notice(), reviewer).measures.get()
    review_measure(actor=reviewer, measure_ref=measure.ref, keep_until=None, reason="It was corrected.")
    status = MeasureStatus.objects.get()
    assert (status.state, status.effect) == ("reversed", "restoring")
    assert DecisionStatus.objects.get().state == "lapsed"
    with pytest.raises(Conflict):
        review_measure(actor=reviewer, measure_ref=measure.ref, keep_until=None, reason="Again.")


def test_a_severe_measure_is_looked_at_by_somebody_else() -> None:
    reviewer, senior = making.account("r", "reviewer"), making.account("s", "senior_reviewer")
    decision = making.decided(making.notice(), reviewer, SEVERE)
    confirm.confirm(actor=senior, decision_ref=decision.ref)
    ref = decision.measures.get().ref
    until = timezone.localdate() + 30 * DAY
    for day in (until, None):
        with pytest.raises(Refused, match="somebody else"):
            review_measure(actor=reviewer, measure_ref=ref, keep_until=day, reason=WHY)
    other = making.account("o", "reviewer")
    assert review_measure(actor=other, measure_ref=ref, keep_until=until, reason=WHY).reviewed_by_id


@pytest.mark.parametrize(
    ("days", "reason", "path"),
    [(0, WHY, "keep_until"), (-1, WHY, "keep_until"), (366, WHY, "keep_until"), (30, " ", "reason"),
     (30, "y" * 1001, "reason"), (None, "", "reason"), (30, "a\x00", "reason")],
)  # fmt: skip
def test_faults(days: int | None, reason: str, path: str) -> None:
    reviewer = making.account("r", "reviewer")
    ref = making.decided(making.notice(), reviewer).measures.get().ref
    until = None if days is None else timezone.localdate() + days * DAY
    with pytest.raises(Invalid) as refused:
        review_measure(actor=reviewer, measure_ref=ref, keep_until=until, reason=reason)
    assert [fault.path for fault in refused.value.faults] == [path]
    assert MeasureStatus.objects.get().review_again is None


def test_nothing_is_kept_beyond_its_end() -> None:
    reviewer = making.account("r", "reviewer")
    wanted = making.draft().measures
    wanted[0].end = timezone.localdate() + 200 * DAY
    ref = making.decided(making.notice(), reviewer, measures=wanted).measures.get().ref
    with pytest.raises(Invalid):
        review_measure(
            actor=reviewer, measure_ref=ref, keep_until=timezone.localdate() + 201 * DAY, reason=WHY
        )
    review_measure(actor=reviewer, measure_ref=ref, keep_until=wanted[0].end, reason=WHY)


def test_only_what_is_in_force_and_has_a_review_is_looked_at_again() -> None:
    reviewer = making.account("r", "reviewer")
    waiting = making.decided(making.notice(), reviewer, reach=Reach("letter")).measures.get()
    with pytest.raises(Conflict):
        review_measure(actor=reviewer, measure_ref=waiting.ref, keep_until=None, reason=WHY)
    wanted = making.draft().measures
    wanted[0].end, wanted[0].review = wanted[0].review, None
    ends = making.decided(making.notice("https://example.org/2"), reviewer, measures=wanted).measures.get()
    with pytest.raises(Refused):
        review_measure(actor=reviewer, measure_ref=ends.ref, keep_until=None, reason=WHY)


def test_who_may_not_look_at_it_again() -> None:
    reviewer, outsider = making.account("r", "reviewer"), making.account("o", "reviewer")
    decision = making.decided(making.notice(), reviewer)
    ref = decision.measures.get().ref
    for role in set(ROLES) - {"reviewer", "senior_reviewer"}:
        with pytest.raises(Forbidden):
            review_measure(
                actor=making.account(f"u-{role}", role), measure_ref=ref, keep_until=None, reason=WHY
            )
    claim.mark_involved(actor=reviewer, case_ref=decision.case.ref, user_id=outsider.user_id)
    with pytest.raises(NotFound):
        review_measure(actor=outsider, measure_ref=ref, keep_until=None, reason=WHY)


def test_the_list_holds_what_is_due_within_thirty_days_by_its_latest_day() -> None:
    reviewer = making.account("r", "reviewer")
    for days, place in ((29, "soon"), (60, "later"), (31, "just-not")):
        wanted = making.draft().measures
        wanted[0].review = timezone.localdate() + days * DAY
        making.decided(making.notice(f"https://example.org/{place}"), reviewer, measures=wanted)
    due = list(desk.to_review(reviewer))
    assert [m.review_day for m in due] == [timezone.localdate() + 29 * DAY]
    until = timezone.localdate() + 90 * DAY
    review_measure(actor=reviewer, measure_ref=due[0].ref, keep_until=until, reason=WHY)
    assert not desk.to_review(reviewer).exists()
