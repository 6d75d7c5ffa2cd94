"""What time does: measures begin and end, decisions end with them, cases close, keys that open nothing go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fairnotice.cases.actions import appeal, clock, decide, effect, housekeeping, inform, publish
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Appeal, Case, DecisionStatus, MeasureStatus, Statement
from fairnotice.vault import keys, sealing
from fairnotice.vault.models import Key
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
DAY = timedelta(days=1)


def with_dates(**dates: Any) -> dict[str, Any]:
    """A draft's measures with other dates."""
    measures = making.draft().measures
    for name, value in dates.items():
        setattr(measures[0], name, value)
    return {"measures": measures}


def now_is(days: int) -> Any:
    return timezone.now() + days * DAY


def test_a_decision_ends_with_its_last_measure_and_asks_to_restore() -> None:
    today = timezone.localdate()
    dates = with_dates(end=today + 5 * DAY, review=None)
    decision = making.decided(making.notice(), making.account("r", "reviewer"), **dates)
    assert clock.expire_measures(now=now_is(5)) == 0, "its last day is a day in force"
    assert clock.expire_measures(now=now_is(6)) == 1
    assert clock.expire_measures(now=now_is(6)) == 0
    status = MeasureStatus.objects.get()
    assert (status.state, status.effect) == ("expired", "restoring")
    assert DecisionStatus.objects.get(decision=decision).state == "expired"


def test_a_review_that_nobody_made_ends_a_measure_that_has_an_end_too() -> None:
    today = timezone.localdate()
    dates = with_dates(end=today + 50 * DAY, review=today + 5 * DAY)
    decision = making.decided(making.notice(), making.account("r", "reviewer"), **dates)
    clock.expire_measures(now=now_is(6))
    assert MeasureStatus.objects.get().state == "lapsed"
    assert DecisionStatus.objects.get(decision=decision).state == "lapsed"


def test_no_measure_before_its_first_day_nor_without_its_statement() -> None:
    today = timezone.localdate()
    reviewer = making.account("r", "reviewer")
    making.decided(
        making.notice(), reviewer, reach=decide.Reach("letter"), **with_dates(start=today + 2 * DAY)
    )
    assert clock.tick(now_is(2))["started"] == 0, "nobody has been told"
    inform.opened(statement_ref=Statement.objects.get(audience="affected").ref)
    assert MeasureStatus.objects.get().state == "proposed", "told, but its day has not come"
    assert clock.tick(now_is(1))["started"] == 0
    assert clock.tick(now_is(2))["started"] == 1
    assert clock.tick(now_is(2))["started"] == 0
    assert (MeasureStatus.objects.get().state, MeasureStatus.objects.get().effect) == ("in_force", "pending")


def test_told_too_late_is_never_in_force() -> None:
    today = timezone.localdate()
    reviewer = making.account("r", "reviewer")
    dates = with_dates(end=today + 3 * DAY, review=None)
    making.decided(making.notice(), reviewer, reach=decide.Reach("letter"), **dates)
    assert clock.expire_measures(now=now_is(4)) == 1
    inform.opened(statement_ref=Statement.objects.get(audience="affected").ref)
    status = MeasureStatus.objects.get()
    assert (status.state, status.effect, status.in_force_at) == ("lapsed", "", None)


def _lodged(decision: Any) -> tuple[Appeal, Any]:
    other = making.account("a", "appeals_reviewer")
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    return lodged, other


def test_what_was_restored_is_not_restored_again_by_a_late_reversal() -> None:
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer)
    clock.expire_measures(now=now_is(400))
    ref = decision.measures.get().ref
    effect.report_effect(measure_ref=ref, effect="restored", actor=reviewer)
    assert MeasureStatus.objects.get().effect == "restored"
    lodged, other = _lodged(decision)
    appeal.decide_appeal(
        actor=other, appeal_ref=lodged.ref, version=2, outcome="reversed", reasons="Wrong.", changes=[]
    )
    status = MeasureStatus.objects.get()
    assert (status.state, status.effect) == ("reversed", "restored")


def test_a_reversal_with_a_failed_effect_still_asks_for_restoration() -> None:
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer)
    ref = decision.measures.get().ref
    effect.report_effect(measure_ref=ref, effect="failed", actor=reviewer)
    lodged, other = _lodged(decision)
    appeal.decide_appeal(
        actor=other, appeal_ref=lodged.ref, version=2, outcome="reversed", reasons="Wrong.", changes=[]
    )
    assert MeasureStatus.objects.get().effect == "restoring"
    effect.report_effect(measure_ref=ref, effect="restore_failed", actor=reviewer)
    effect.report_effect(measure_ref=ref, effect="restored", actor=reviewer)
    assert MeasureStatus.objects.get().effect == "restored"


@pytest.mark.parametrize("late", ["confirmed", "failed"])
def test_a_late_report_of_carrying_out_is_not_taken_for_the_undoing(late: str) -> None:
    reviewer = making.account("r", "reviewer")
    ref = making.decided(making.notice(), reviewer).measures.get().ref
    with pytest.raises(Conflict, match="not to be undone"):
        effect.report_effect(measure_ref=ref, effect="restored", actor=reviewer)
    clock.expire_measures(now=now_is(400))
    with pytest.raises(Conflict, match="to be undone"):
        effect.report_effect(measure_ref=ref, effect=late, actor=reviewer)
    assert MeasureStatus.objects.get().effect == "restoring", "nobody has undone it yet"
    effect.report_effect(measure_ref=ref, effect="restored", actor=reviewer)
    with pytest.raises(Conflict):
        effect.report_effect(measure_ref=ref, effect=late, actor=reviewer)
    assert effect.report_effect(measure_ref=ref, effect="restored", actor=reviewer).effect == "restored"


@pytest.mark.parametrize(("change", "days"), [("shorten", 90), ("shorten", 5), ("replace", 91)])
def test_who_appeals_is_not_restricted_for_longer(change: str, days: int) -> None:
    today = timezone.localdate()
    dates = with_dates(end=today + 90 * DAY, review=None)
    decision = making.decided(making.notice(), making.account("r", "reviewer"), **dates)
    lodged, other = _lodged(decision)
    if days == 5:
        clock.expire_measures(now=now_is(91))
    label = "DECISION_VISIBILITY_CONTENT_LABELLED" if change == "replace" else ""
    draft = appeal.ChangeDraft(
        decision.measures.get().ref, change, today + days * DAY, label, "It is undone."
    )
    with pytest.raises(Invalid):
        appeal.decide_appeal(
            actor=other,
            appeal_ref=lodged.ref,
            version=2,
            outcome="partly_reversed",
            reasons="A bit.",
            changes=[draft],
        )


def test_shortened_then_ended() -> None:
    today = timezone.localdate()
    decision = making.decided(making.notice(), making.account("r", "reviewer"))
    lodged, other = _lodged(decision)
    draft = appeal.ChangeDraft(decision.measures.get().ref, "shorten", today + 3 * DAY)
    appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="partly_reversed",
        reasons="A bit.",
        changes=[draft],
    )
    assert clock.expire_measures(now=now_is(3)) == 0
    assert clock.expire_measures(now=now_is(4)) == 1
    assert MeasureStatus.objects.get().state == "expired"
    assert DecisionStatus.objects.get(decision=decision).state == "expired"


def test_a_case_closes_only_when_all_of_it_is_restored_and_the_time_is_over() -> None:
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer, reach=decide.Reach("letter"))
    for statement in Statement.objects.all():
        inform.opened(statement_ref=statement.ref)
    assert clock.close_finished(now=now_is(178)) == 0
    clock.expire_measures(now=now_is(300))
    assert clock.close_finished(now=now_is(300)) == 0, "not restored yet"
    effect.report_effect(measure_ref=decision.measures.get().ref, effect="restored", actor=reviewer)
    assert clock.close_finished(now=now_is(300)) == 1
    assert Case.objects.get().state == "closed"


def test_fresh_cases_cost_the_clock_nothing() -> None:
    reviewer = making.account("r", "reviewer")
    counted = []
    for number in range(4):
        with CaptureQueriesContext(
            connection,
        ) as found:
            clock.close_finished(now=timezone.now())
        counted.append(len(found))
        sent = making.notice(f"https://example.org/{number}")
        making.decided(sent, reviewer, "NO_ACTION", reach=decide.Reach())
    assert len(set(counted)) == 1


def test_nothing_is_published_before_the_affected_party_was_told() -> None:
    reviewer, publisher = making.account("r", "reviewer"), making.account("p", "publisher")
    decision = making.decided(making.notice(), reviewer, reach=decide.Reach("letter"))
    ref = decision.publication.ref
    with pytest.raises(Refused):
        publish.approve_publication(actor=publisher, publication_ref=ref, summary=making.SUMMARY)
    inform.opened(statement_ref=Statement.objects.get(audience="affected").ref)
    publish.approve_publication(actor=publisher, publication_ref=ref, summary=making.SUMMARY)


def test_nobody_keeps_their_own_decision_out_of_the_register() -> None:
    reviewer = making.account("r", "reviewer", "publisher")
    decision = making.decided(making.notice(), reviewer)
    with pytest.raises(Refused):
        publish.withhold_publication(
            actor=reviewer, publication_ref=decision.publication.ref, reason="Nobody need know."
        )


def test_keys_of_what_was_rolled_back_go_and_all_others_stay() -> None:
    reviewer = making.account("r", "reviewer")
    sent = making.notice(email="me@example.org")
    decision = making.decided(sent, reviewer, reach=decide.Reach("email", "author@example.net"))
    appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons="No.")
    left = keys.new_key("subject")
    young = keys.new_key("subject")
    Key.objects.exclude(pk=young).update(created_at=timezone.now() - 2 * DAY)
    before = set(Key.objects.values_list("id", flat=True))
    assert housekeeping.sweep_keys() == 1
    assert before - set(Key.objects.values_list("id", flat=True)) == {left}
    with pytest.raises(sealing.UnknownKey):
        keys.is_destroyed(left)


def test_every_column_that_names_a_key_is_known_to_the_sweep() -> None:
    # A key id has 32 characters; so have the record of an event and the one that it follows, and some names.
    others = {("Event", "record"), ("Event", "follows"), ("Key", "id"), ("EvidenceFile", "original")}
    others.add(("Filing", "call"))
    named = {
        (model.__name__, column.name)
        for model in apps.get_models()
        if model.__module__.startswith("fairnotice.")
        for column in model._meta.fields
        if column.name.endswith(("key_id", "_key"))
        or (isinstance(column, models.CharField) and column.max_length == 32)
    }
    codes = {
        (name, column)
        for name, column in named
        if column in ("error_code", "item_key", "role", "involved_role")
    }
    known = {(model.__name__, column) for model, column in housekeeping.KEY_COLUMNS}
    assert named - others - codes == known
