"""Both sides are told, and the telling is what lets a measure take effect."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import affected_contact, bodies, carrying_out, codes, earlier, sealed, services
from fairnotice.cases.actions import inbox
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import (
    AppealOutcome,
    Decision,
    MeasureStatus,
    Notice,
    Statement,
    StatementStatus,
)
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.reach import Reach, check_reach
from fairnotice.cases.steps import step
from fairnotice.law.measures import NO_ACTION
from fairnotice.ledger import outbox
from fairnotice.ledger.append import Personal, append


def notifiers(decision: Decision, outcome: AppealOutcome | None = None) -> list[Notice]:
    """The notices that this decision answers; one that was withdrawn gets no letter, unless it is the answer
    to its own appeal."""
    asked = Q(pk=outcome.appeal.notice_id) if outcome else Q(pk=None)
    about = Notice.objects.filter(items__case=decision.case)
    return list(about.filter(asked | ~Q(state="withdrawn")).distinct().order_by("id"))


def tell_both_sides(decision: Decision, now: datetime, outcome: AppealOutcome | None = None) -> None:
    """Make the statements of a decision (or of the answer to an appeal) and send each on its way. Part of
    `decide`, `confirm` and `decide_appeal`: it runs inside their transaction."""
    make = bodies.for_outcome(outcome) if outcome else None
    before = [] if outcome else earlier.standing(decision.case, before=decision)
    if decision.no_action and outcome is None:
        _without_restriction(decision)
        earlier.take_the_place(decision, now)
    if before or _affected_is_told(decision, outcome):
        reach = sealed.read_many("decision", decision.ref, earlier.REACH)
        body = make or bodies.for_affected(decision, before)
        statement = _make(decision, outcome, "affected", None, body, now)
        _send_affected(statement, reach["channel"], reach["email"], reach["reason"], now)
    for notice in notifiers(decision, outcome):
        statement = _make(decision, outcome, "notifier", notice, make or bodies.for_notifier(decision), now)
        _send_notifier(statement, notice, now)
        if outcome is None:
            inbox.answer_with_decision(decision, notice)


def _affected_is_told(decision: Decision, outcome: AppealOutcome | None) -> bool:
    # Whose item stays as it was is not disturbed; who appealed or is restricted always gets the answer.
    return not decision.no_action or (outcome is not None and outcome.appeal.side == "affected")


def _without_restriction(decision: Decision) -> None:
    """ "No action" restricts nothing, so it waits for nobody."""
    for status in MeasureStatus.objects.filter(measure__decision=decision, measure__kind=NO_ACTION):
        if status.state == "proposed":
            status.state = step("measure", status.state, "close")
            status.save(update_fields=["state"])
            services.enqueue_effect(status.measure, "carry_out")


def _make(
    decision: Decision,
    outcome: AppealOutcome | None,
    audience: str,
    notice: Notice | None,
    body: dict[str, Any],
    now: datetime,
) -> Statement:
    key_id = notice.notifier_key if notice else decision.case.subject_key
    event = append(
        kind="statement.made",
        open={"audience": audience, "about": "appeal" if outcome else "decision"},
        personal=[Personal("body", body, key_id)],
        actor_id=None,
        case_ref=decision.case.ref,
        follows=(outcome or decision).event,
    )
    statement = Statement.objects.create(
        ref=new_ref(),
        decision=decision,
        outcome=outcome,
        audience=audience,
        notice=notice,
        made_at=now,
        key_id=key_id,
        body_commitment=event.commitment("body"),
        body_length=event.length("body"),
        event=event,
    )
    sealed.put_json("statement", statement.ref, key_id, "body", body)
    return statement


def _send_affected(statement: Statement, channel: str, email: str, reason: str, now: datetime) -> None:
    why = sealed.replace(
        "statement",
        statement.ref,
        statement.key_id,
        "unreachable_reason",
        reason if channel == "unreachable" else "",
    )
    status, _created = StatementStatus.objects.update_or_create(
        statement=statement,
        defaults={
            "channel": channel,
            "state": "queued",
            "printed_at": None,
            "unreachable_reason_length": why,
        },
    )
    if channel == "email":
        code = codes.mint(side="affected", case=statement.decision.case)
        outbox.enqueue(
            kind="statement",
            ref=statement.ref,
            payload={"statement": statement.ref, "to": email, "code": code},
            key_id=statement.key_id,
        )
    elif channel == "unreachable":
        status.state = "unreachable"
        status.save(update_fields=["state"])
        take_effect(statement, now)


def _send_notifier(statement: Statement, notice: Notice, now: datetime) -> None:
    if sealed.exists("notice", notice.ref, "email"):
        StatementStatus.objects.create(statement=statement, channel="email")
        code = codes.mint(side="notifier", notice=notice)
        outbox.enqueue(
            kind="statement",
            ref=statement.ref,
            payload={"statement": statement.ref, "notice": notice.ref, "code": code},
            key_id=notice.notifier_key,
        )
    else:
        # No address was given: it waits behind their code, and is delivered when they open it.
        StatementStatus.objects.create(
            statement=statement, channel="page", state="dispatched", dispatched_at=now
        )


def take_effect(statement: Statement, now: datetime) -> None:
    """The affected party has been told, or it is recorded why nobody can be: the measures that this statement
    is about come into force, from their first day on, and wait for the service to carry them out."""
    if statement.audience != "affected":
        return
    today = timezone.localdate(now)
    waiting = MeasureStatus.objects.filter(
        measure__decision=statement.decision, state="proposed", measure__start__lte=today
    ).exclude(measure__end__lt=today)
    # An answer to an appeal tells of the measures that it put in the place of others, and of no others.
    waiting = (
        waiting.filter(measure__replaces__changes__outcome=statement.outcome)
        if statement.outcome_id
        else waiting.filter(measure__replaces__isnull=True)
    )
    started = list(waiting.select_related("measure"))
    for status in started:
        status.state = step("measure", status.state, "put_in_force")
        status.in_force_at, status.statement, status.effect = now, statement, "pending"
        status.save()
        carrying_out.announce(status, now)
    if started:
        earlier.take_the_place(statement.decision, now)


@transaction.atomic
def dispatched(*, statement_ref: str) -> None:
    """The mail server took the letter: it counts as delivered, the time for appeal starts, measures take
    effect. Called by delivery in the transaction that finishes the outbox row; a second call changes
    nothing."""
    status = _status(statement_ref)
    if status.dispatched_at is not None:
        return
    _mark_sent(status, timezone.now())
    append(
        kind="statement.dispatched",
        open={"channel": status.channel},
        case_ref=status.statement.decision.case.ref,
    )


@transaction.atomic
def delivery_failed(*, statement_ref: str) -> None:
    """The letter could not be sent for good. It shows on the desk until somebody chooses another way; a
    notifier can read it behind their code all the same."""
    status = _status(statement_ref)
    if status.dispatched_at is not None:
        return
    if status.statement.audience == "notifier":
        status.channel, status.state, status.dispatched_at = "page", "dispatched", timezone.now()
    else:
        status.state = "failed"
    status.save()
    append(
        kind="statement.failed", open={"channel": status.channel}, case_ref=status.statement.decision.case.ref
    )


@transaction.atomic
def choose_channel(*, actor: Actor, statement_ref: str, reach: Reach) -> None:
    """Another way to tell the affected party, while the statement has not gone out."""
    require(actor, "inform")
    status = _status(statement_ref, actor)
    if status.dispatched_at is not None:
        raise Refused(_("This statement has gone out already."))
    if status.statement.audience != "affected":
        raise Refused(_("A notifier reads this behind their code; there is nothing to send."))
    faults = check_reach(reach)
    if faults:
        raise Invalid(faults)
    outbox.cancel(kind="statement", ref=statement_ref)
    decision = status.statement.decision
    for name in ("channel", "email", "reason"):
        sealed.drop("decision", decision.ref, name)
    chosen = {"channel": reach.channel, "reason": reach.reason.strip()}
    sealed.put("decision", decision.ref, decision.case.subject_key, chosen)
    affected_contact.put(decision.case, decision.ref, reach.email.strip())
    _send_affected(status.statement, reach.channel, reach.email.strip(), reach.reason, timezone.now())
    append(
        kind="statement.channel",
        open={"channel": reach.channel},
        actor_id=actor.user_id,
        case_ref=decision.case.ref,
    )


@transaction.atomic
def print_letter(*, actor: Actor, statement_ref: str) -> tuple[Statement, str, dict[str, Any]]:
    """A printable letter with a fresh code: the statement, the code, the body. The code is not kept
    readable."""
    require(actor, "inform")
    status = _status(statement_ref, actor)
    if status.statement.audience != "affected":
        raise Refused(_("Only the affected party gets a letter."))
    if status.channel != "letter":
        # A code opens the affected party's side: nobody prints one for whom another way reaches.
        raise Refused(_("This statement does not go out as a letter; choose that way first."))
    body = sealed.read_json("statement", statement_ref, "body")
    if body is None:
        raise NotFound(_("The text of this statement has been erased."))
    code = codes.mint(side="affected", case=status.statement.decision.case)
    StatementStatus.objects.filter(pk=status.pk).update(printed_at=timezone.now())
    append(
        kind="statement.letter",
        open={},
        actor_id=actor.user_id,
        case_ref=status.statement.decision.case.ref,
    )
    return status.statement, code, body


@transaction.atomic
def letter_sent(*, actor: Actor, statement_ref: str) -> None:
    """A person confirms that the printed letter went out."""
    require(actor, "inform")
    status = _status(statement_ref, actor)
    if status.channel != "letter" or status.dispatched_at is not None:
        raise Conflict(_("There is no letter waiting to be sent here."))
    if status.printed_at is None:
        raise Refused(_("Print the letter first; without it nobody has been told."))
    _mark_sent(status, timezone.now())
    append(
        kind="statement.dispatched",
        open={"channel": "letter"},
        actor_id=actor.user_id,
        case_ref=status.statement.decision.case.ref,
    )


@transaction.atomic
def opened(*, statement_ref: str) -> None:
    """First opening behind the code: counts as delivery where nothing else did before."""
    status = _status(statement_ref)
    if status.first_opened_at is not None:
        return
    now = timezone.now()
    status.first_opened_at = now
    status.delivered_at = status.delivered_at or now
    if status.dispatched_at is None:
        status.state, status.dispatched_at = "dispatched", now
        take_effect(status.statement, now)
    status.save()
    append(kind="statement.opened", open={}, case_ref=status.statement.decision.case.ref)


def _mark_sent(status: StatementStatus, now: datetime) -> None:
    status.state, status.dispatched_at = "dispatched", now
    status.delivered_at = status.delivered_at or now
    status.save()
    take_effect(status.statement, now)


def _status(statement_ref: str, actor: Actor | None = None) -> StatementStatus:
    rows = StatementStatus.objects.select_related("statement__decision__case")
    if actor is not None:
        rows = rows.filter(statement__decision__case__in=visible_cases(actor))
    found = rows.filter(statement__ref=statement_ref).first()
    if found is None:
        raise NotFound(_("There is no such statement."))
    return found
