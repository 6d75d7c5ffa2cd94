"""Every action is listed here, done once, and must leave exactly the events it says: none acts in silence."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType

import pytest
from django.utils import timezone

from fairnotice.cases import actions
from fairnotice.cases.actions import (
    appeal,
    claim,
    clock,
    confirm,
    decide,
    effect,
    housekeeping,
    inbox,
    inform,
    outgoing,
    publish,
    review,
    rules,
    submit,
    withdraw,
)
from fairnotice.cases.models import Decision, DecisionStatus, MeasureStatus, Statement
from fairnotice.cases.queries import desk
from fairnotice.ledger import outbox
from fairnotice.ledger.models import Event, OutboxRow
from tests.cases import (
    access_acts,
    client_acts,
    file_acts,
    forward_acts,
    making,
    received_acts,
    report_acts,
    retention_acts,
    sending_acts,
    table_acts,
)

pytestmark = pytest.mark.usefixtures("fn_db")
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"
LETTER = decide.Reach("letter")

# Public functions of the action modules that write nothing by themselves.
READERS = {
    submit.item_key,
    submit.all_faults,
    submit.sent_before,
    decide.check_decision,
    review.check_review,
    decide.check_reach,
    decide.check_summary,
    decide.clause_of,
    decide.ground_words,
    inform.notifiers,
    inbox.inbound_for,
    inbox.state_of,
    appeal.appeal_of,
    appeal.check_outcome,
    appeal.current_measures,
    appeal.last_day,
    publish.publication_of,
    publish.last_outcome,
    publish.measures_of,
    rules.parse_rules,
    rules.check_rules,
}
# Parts of another action's transaction, never called from outside one.
PARTS = {
    decide.put_in_force,
    inform.tell_both_sides,
    inform.take_effect,
    inbox.answer_with_decision,
    confirm.drop_proposed,
}


class Scene:
    """People and a case at hand."""

    def __init__(self) -> None:
        self.reviewer = making.account("reviewer", "reviewer")
        self.senior = making.account("senior", "senior_reviewer")
        self.appeals = making.account("appeals", "appeals_reviewer")
        self.publisher = making.account("publisher", "publisher")
        self.second = making.account("another senior", "senior_reviewer")
        self.admin = making.account("administrator", "administrator")
        self.sent = making.notice()
        self.case = making.case_of(self.sent)

    def decided(self, *kinds: str, reach: decide.Reach | None = None) -> Decision:
        return making.decided(self.sent, self.reviewer, *kinds, reach=reach)

    def told(self) -> str:
        return Statement.objects.get(audience="affected").ref

    def lodged(self) -> str:
        decision = self.decided()
        access = making.affected_access(decision)
        return appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.").ref

    def claimed(self) -> str:
        ref = self.lodged()
        appeal.claim_appeal(actor=self.appeals, appeal_ref=ref, version=1)
        return ref


def _release(s: Scene) -> None:
    case = claim.claim(actor=s.reviewer, case_ref=s.case.ref, version=s.case.version)
    events = Event.objects.count()
    claim.release(actor=s.reviewer, case_ref=case.ref, version=case.version)
    assert Event.objects.count() == events + 1


def _withdraw_appeal(s: Scene) -> None:
    ref = s.lodged()
    access = making.affected_access(Decision.objects.get())
    appeal.withdraw(access=access, appeal_ref=ref)


def _answer_sender(s: Scene) -> None:
    inbound = making.forwarded()
    inbox.answer_sender(actor=s.reviewer, inbound_ref=inbound.ref, answer="taken")


def _approved(s: Scene) -> None:
    decision = s.decided()
    publish.approve_publication(
        actor=s.publisher, publication_ref=decision.publication.ref, summary=making.SUMMARY
    )


def _batch(s: Scene) -> None:
    _approved(s)
    publish.publish_batch()


def _expire(s: Scene) -> None:
    s.decided()
    clock.expire_measures(now=timezone.now() + timedelta(days=400))


def _start(s: Scene) -> None:
    later = timezone.localdate() + timedelta(days=2)
    wanted = making.draft().measures
    wanted[0].start = later
    making.decided(s.sent, s.reviewer, measures=wanted)
    assert MeasureStatus.objects.get().state == "proposed"
    clock.start_measures(now=timezone.now() + timedelta(days=2))


def _close(s: Scene) -> None:
    s.decided("NO_ACTION", reach=decide.Reach())
    clock.close_finished(now=timezone.now() + timedelta(days=800))


def _lapse(s: Scene) -> None:
    s.decided(BAN)
    clock.lapse_unconfirmed(now=timezone.now() + timedelta(hours=73))


def _given_up(s: Scene) -> None:
    s.decided(reach=decide.Reach("email", "a@b.example"))
    OutboxRow.objects.filter(kind="statement").update(
        attempts=outbox.MAX_ATTEMPTS, leased_until=timezone.now()
    )
    assert outbox.lease() == [], "its last sender died in the middle"
    assert clock.fail_undelivered() == 1
    assert clock.fail_undelivered() == 0
    status = Statement.objects.get(audience="affected").status
    assert status.state == "failed" and status.statement in desk.statements_to_send(s.reviewer)


def _dead(s: Scene) -> int:
    making.notice("https://example.org/dead", email="a@b.example")
    OutboxRow.objects.update(dead=True, error_code="unreachable")
    return OutboxRow.objects.get().pk


def _tick(s: Scene) -> None:
    s.decided(BAN)
    clock.tick(timezone.now() + timedelta(hours=73))


# Action -> how it is done, and the kind of the event it leaves.
DONE: dict[Callable[..., object], tuple[Callable[[Scene], object], str]] = {
    submit.submit_notice: (lambda s: making.notice("https://example.org/other"), "notice.submitted"),
    withdraw.withdraw_notice: (
        lambda s: withdraw.withdraw_notice(access=making.notifier_access(s.sent)),
        "notice.withdrawn",
    ),
    claim.claim: (
        lambda s: claim.claim(actor=s.reviewer, case_ref=s.case.ref, version=s.case.version),
        "case.claimed",
    ),
    claim.release: (_release, "case.released"),
    claim.mark_involved: (
        lambda s: claim.mark_involved(actor=s.senior, case_ref=s.case.ref, user_id=s.reviewer.user_id),
        "case.involved",
    ),
    decide.decide: (lambda s: s.decided(), "decision.made"),
    confirm.confirm: (
        lambda s: confirm.confirm(actor=s.senior, decision_ref=s.decided(BAN).ref),
        "decision.confirmed",
    ),
    confirm.refuse: (
        lambda s: confirm.refuse(actor=s.senior, decision_ref=s.decided(BAN).ref, reason="No."),
        "decision.refused",
    ),
    confirm.lapse: (lambda s: confirm.lapse(decision_ref=s.decided(BAN).ref), "decision.lapsed"),
    inform.dispatched: (
        lambda s: (s.decided(reach=LETTER), inform.dispatched(statement_ref=s.told())),
        "statement.dispatched",
    ),
    inform.delivery_failed: (
        lambda s: (s.decided(reach=LETTER), inform.delivery_failed(statement_ref=s.told())),
        "statement.failed",
    ),
    inform.choose_channel: (
        lambda s: (
            s.decided(reach=LETTER),
            inform.choose_channel(
                actor=s.reviewer, statement_ref=s.told(), reach=decide.Reach("email", "a@b.example")
            ),
        ),
        "statement.channel",
    ),
    inform.print_letter: (
        lambda s: (s.decided(reach=LETTER), inform.print_letter(actor=s.reviewer, statement_ref=s.told())),
        "statement.letter",
    ),
    inform.letter_sent: (
        lambda s: (
            s.decided(reach=LETTER),
            inform.print_letter(actor=s.reviewer, statement_ref=s.told()),
            inform.letter_sent(actor=s.reviewer, statement_ref=s.told()),
        ),
        "statement.dispatched",
    ),
    inform.opened: (
        lambda s: (s.decided(), inform.opened(statement_ref=s.told())),
        "statement.opened",
    ),
    effect.report_effect: (
        lambda s: effect.report_effect(
            measure_ref=s.decided().measures.get().ref, effect="confirmed", actor=s.reviewer
        ),
        "measure.effect",
    ),
    review.review_measure: (
        lambda s: review.review_measure(
            actor=s.reviewer,
            measure_ref=s.decided().measures.get().ref,
            keep_until=timezone.localdate() + timedelta(days=90),
            reason="It is read every day.",
        ),
        "measure.reviewed",
    ),
    inbox.take_in: (lambda s: making.forwarded(), "notice.submitted"),
    inbox.answer_sender: (_answer_sender, "inbound.answered"),
    appeal.lodge: (lambda s: s.lodged(), "appeal.received"),
    appeal.withdraw: (_withdraw_appeal, "appeal.withdrawn"),
    appeal.claim_appeal: (lambda s: s.claimed(), "appeal.claimed"),
    appeal.decide_appeal: (
        lambda s: appeal.decide_appeal(
            actor=s.appeals,
            appeal_ref=s.claimed(),
            version=2,
            outcome="upheld",
            reasons="It stands.",
            changes=[],
        ),
        "appeal.decided",
    ),
    publish.approve_publication: (_approved, "publication.approved"),
    publish.withhold_publication: (
        lambda s: publish.withhold_publication(
            actor=s.publisher, publication_ref=s.decided().publication.ref, reason="It would lead to a child."
        ),
        "publication.withheld",
    ),
    publish.publish_batch: (_batch, "register.published"),
    rules.publish_rules: (
        lambda s: rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First."),
        "rules.published",
    ),
    outgoing.resend: (lambda s: outgoing.resend(actor=s.senior, number=_dead(s)), "outgoing.resent"),
    outgoing.put_away: (lambda s: outgoing.put_away(actor=s.senior, number=_dead(s)), "outgoing.put-away"),
    clock.tick: (_tick, "decision.lapsed"),
    clock.lapse_unconfirmed: (_lapse, "decision.lapsed"),
    clock.expire_measures: (_expire, "measure.ended"),
    clock.start_measures: (_start, "measure.started"),
    clock.close_finished: (_close, "case.closed"),
    clock.fail_undelivered: (_given_up, "statement.failed"),
}
DONE |= forward_acts.DONE | received_acts.DONE | table_acts.DONE | client_acts.DONE
DONE |= retention_acts.DONE
DONE |= file_acts.DONE | report_acts.DONE
# Housekeeping of a sealed answer to a retry: nobody relies on it, and an event would tell that a retry was possible.
# Nor does anybody rely on keys that open nothing.
SILENT = {clock.forget_answers, housekeeping.sweep_keys}
DONE |= access_acts.DONE
DONE |= sending_acts.DONE
SILENT |= (
    access_acts.SILENT | received_acts.SILENT | table_acts.SILENT | client_acts.SILENT | retention_acts.SILENT
)


def _modules() -> list[ModuleType]:
    return [
        importlib.import_module(m.name)
        for m in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}.")
    ]


def test_every_action_is_listed() -> None:
    public = {
        member
        for module in _modules()
        for name, member in inspect.getmembers(module, inspect.isfunction)
        if member.__module__ == module.__name__ and not name.startswith("_")
    }
    listed = set(DONE) | READERS | PARTS | SILENT | client_acts.READERS
    for acts in (
        access_acts,
        forward_acts,
        received_acts,
        report_acts,
        retention_acts,
        sending_acts,
        table_acts,
    ):
        listed |= acts.READERS | acts.PARTS
    assert {f.__qualname__ for f in public - listed} == set()


@pytest.mark.parametrize(
    "action", DONE, ids=lambda action: f"{action.__module__.rpartition('.')[2]}.{action.__name__}"
)
def test_the_action_leaves_its_event(action: Callable[..., object]) -> None:
    perform, kind = DONE[action]
    scene = Scene()
    before = Event.objects.filter(kind=kind).count()
    perform(scene)
    assert Event.objects.filter(kind=kind).count() == before + 1


def test_forgetting_answers_needs_no_event() -> None:
    making.submit_notice(
        draft=making.NoticeDraft(
            [making.ItemDraft("https://example.org/z")], "other", "Why.", good_faith=True
        ),
        door="json",
        idempotency_key="k" * 16,
    )
    events = Event.objects.count()
    assert clock.forget_answers(now=timezone.now() + timedelta(hours=25)) == 1
    assert Event.objects.count() == events
    assert not DecisionStatus.objects.exists()
    assert not MeasureStatus.objects.exists()
