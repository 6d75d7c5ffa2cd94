"""An appeal by either side, decided by somebody who had no part in the decision (article 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions.inform import tell_both_sides
from fairnotice.cases.drafts import Fault
from fairnotice.cases.earlier import undo
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import (
    AccessCode,
    Appeal,
    AppealOutcome,
    AppealStatus,
    Case,
    CaseInvolved,
    Decision,
    DecisionStatus,
    Measure,
    MeasureChange,
    MeasureStatus,
)
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.queries.recourse import appeal_window, decision_for
from fairnotice.cases.steps import STALE, move_appeal, move_case, reopen_case, step
from fairnotice.cases.texts import open_text_faults, text_faults
from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.law.rules import LATEST
from fairnotice.ledger.append import Personal, append
from fairnotice.vault import keys

MAX_REASONS = 10_000
ANSWER_WITHIN = timedelta(days=14)
OUTCOMES = {"upheld": "uphold", "partly_reversed": "partly_reverse", "reversed": "reverse"}


@dataclass(frozen=True)
class ChangeDraft:
    """What an appeal does to one measure: "keep", "reverse", "shorten" (to `new_end`), or "replace" by a
    milder measure of `kind` that ends on `new_end` or is reviewed then."""

    measure_ref: str
    change: str
    new_end: date | None = None
    kind: str = ""
    how_to_reverse: str = ""


@transaction.atomic
def lodge(*, access: AccessCode, decision_ref: str, reasons: str) -> Appeal:
    """Take an appeal in from whoever holds the code. Raises NotFound, Refused (too late, one already),
    Invalid."""
    decision = decision_for(access, decision_ref)
    window = appeal_window(access, decision)
    if not window.open:
        raise Refused(window.why)
    faults = text_faults("reasons", reasons, MAX_REASONS, _("Say why you think the decision is wrong."))
    if faults:
        raise Invalid(faults)
    case = decision.case
    # A key of its own: it goes when the appeal is over, the notice and the case stay longer.
    key_id = keys.new_key("subject")
    event = append(
        kind="appeal.received",
        open={"side": access.side},
        personal=[Personal("reasons", reasons.strip(), key_id)],
        case_ref=case.ref,
        follows=decision.event,
    )
    now = timezone.now()
    appeal = Appeal.objects.create(
        ref=new_ref(),
        decision=decision,
        side=access.side,
        notice=access.notice,
        received_at=now,
        key_id=key_id,
        reasons_commitment=event.commitment("reasons"),
        reasons_length=event.length("reasons"),
        event=event,
    )
    sealed.put("appeal", appeal.ref, key_id, {"reasons": reasons.strip()})
    AppealStatus.objects.create(appeal=appeal, due_at=now + ANSWER_WITHIN)
    # A case that a notifier's appeal sent back is with somebody already; this appeal waits beside it, since
    # the measure of the decision it is about may still be in force.
    if case.state not in ("appealed", *OPEN_STATES):
        move_case(case, state=step("case", case.state, "appeal"))
    return appeal


@transaction.atomic
def withdraw(*, access: AccessCode, appeal_ref: str) -> Appeal:
    """Whoever appealed takes it back while nobody has decided it."""
    appeal = Appeal.objects.filter(ref=appeal_ref, side=access.side, notice=access.notice).first()
    if appeal is None or (access.case_id and appeal.decision.case_id != access.case_id):
        raise NotFound(_("There is no such appeal."))
    move_appeal(appeal.status, state=step("appeal", appeal.status.state, "omit"))
    _settle_case(appeal.decision.case)
    append(kind="appeal.withdrawn", open={}, case_ref=appeal.decision.case.ref, follows=appeal.event)
    return appeal


@transaction.atomic
def claim_appeal(*, actor: Actor, appeal_ref: str, version: int) -> Appeal:
    """An appeals reviewer takes the appeal. Refused to whoever decided or confirmed the decision."""
    require(actor, "claim_appeal")
    appeal = appeal_of(actor, appeal_ref)
    _refuse_own(actor, appeal.decision)
    state = step("appeal", appeal.status.state, "claim") if appeal.status.version == version else "claimed"
    move_appeal(appeal.status, version=version, state=state, claimed_by_id=actor.user_id)
    append(kind="appeal.claimed", open={}, actor_id=actor.user_id, case_ref=appeal.decision.case.ref)
    return appeal


@transaction.atomic
def decide_appeal(
    *, actor: Actor, appeal_ref: str, version: int, outcome: str, reasons: str, changes: list[ChangeDraft]
) -> AppealOutcome:
    """Answer an appeal with reasons: "upheld", "partly_reversed" or "reversed".

    `changes` says, for a partial reversal, what becomes of each measure; a full one undoes them all. When a
    notifier's appeal is reversed the case goes back to the queue for somebody else to decide anew. Both sides
    get the answer.
    """
    require(actor, "decide_appeal")
    appeal = appeal_of(actor, appeal_ref)
    decision = appeal.decision
    _refuse_own(actor, decision)
    if appeal.status.version != version:
        raise Conflict(STALE)
    if appeal.status.claimed_by_id != actor.user_id:
        raise Refused(_("Take this appeal on before you decide it."))
    faults = check_outcome(appeal, outcome, reasons, changes)
    if faults:
        raise Invalid(faults)
    if outcome != "partly_reversed":
        changes = []  # only a partial reversal says something of each measure; nothing else may enter the log
    now = timezone.now()
    state = step("appeal", appeal.status.state, OUTCOMES[outcome])
    case = decision.case
    event = append(
        kind="appeal.decided",
        open={
            "outcome": outcome,
            "side": appeal.side,
            "month": now.strftime("%Y-%m"),
            "changes": [
                {"change": c.change, "kind": c.kind if c.change == "replace" else ""} for c in changes
            ],
        },
        personal=[Personal("reasons", reasons.strip(), case.subject_key)],
        actor_id=actor.user_id,
        case_ref=case.ref,
        follows=decision.event,
    )
    answer = AppealOutcome.objects.create(
        ref=new_ref(),
        appeal=appeal,
        outcome=outcome,
        decided_by_id=actor.user_id,
        first_decider_id=decision.decided_by_id,
        decided_at=now,
        reasons_commitment=event.commitment("reasons"),
        reasons_length=event.length("reasons"),
        event=event,
    )
    sealed.put("outcome", answer.ref, case.subject_key, {"reasons": reasons.strip()})
    move_appeal(appeal.status, version=version, state=state)
    _apply(answer, changes, now)
    tell_both_sides(decision, now, outcome=answer)
    decision.publication.stale = True
    decision.publication.save(update_fields=["stale"])
    return answer


def check_outcome(appeal: Appeal, outcome: str, reasons: str, changes: list[ChangeDraft]) -> list[Fault]:
    """Every fault of an answer to an appeal."""
    if outcome not in OUTCOMES:
        return [Fault("outcome", "missing", _("Choose whether the decision stands."))]
    faults = text_faults(
        "reasons", reasons, MAX_REASONS, _("Give the reasons of your answer; both sides read them.")
    )
    if outcome != "partly_reversed":
        return faults
    if appeal.side == "notifier":
        return [
            *faults,
            Fault("outcome", "choice", _("On a notifier's appeal the decision stands, or is made anew.")),
        ]
    current = {m.ref: m for m in current_measures(appeal.decision)}
    if not current:
        return [
            *faults,
            Fault("outcome", "choice", _("Nothing of it stands any more: uphold or reverse it.")),
        ]
    named = [c.measure_ref for c in changes]
    if sorted(named) != sorted(current):
        faults.append(Fault("changes", "missing", _("Say for each measure what becomes of it.")))
    for number, change in enumerate(changes):
        faults += _change_faults(f"changes.{number}", change, current.get(change.measure_ref))
    if changes and all(c.change == "keep" for c in changes):
        faults.append(Fault("changes", "nothing", _("Nothing changes here: then the decision is upheld.")))
    if changes and all(c.change == "reverse" for c in changes):
        faults.append(
            Fault("changes", "all", _("Every measure is undone here: then the decision is reversed."))
        )
    return faults


def _change_faults(path: str, change: ChangeDraft, measure: Measure | None) -> list[Fault]:
    today = timezone.localdate()
    if change.change not in ("keep", "reverse", "shorten", "replace") or measure is None:
        return [Fault(f"{path}.change", "choice", _("Choose keep, reverse, shorten or replace."))]
    if change.change in ("keep", "reverse"):
        return []
    if measure.status.state in ("expired", "lapsed"):
        return [Fault(f"{path}.change", "choice", _("This measure has ended already: keep or reverse it."))]
    if change.new_end is None or not today <= change.new_end <= LATEST:
        return [Fault(f"{path}.new_end", "date", _("Give the day on which it ends, today or later."))]
    last = last_day(measure)
    if change.change == "shorten" and last and change.new_end >= last:
        return [Fault(f"{path}.new_end", "date", _("Shorter means before the end that was set."))]
    if last and measure.end and change.new_end > last:
        return [Fault(f"{path}.new_end", "date", _("Who appeals is not restricted for longer than before."))]
    if change.change == "replace":
        kind = MEASURES.get(change.kind)
        if kind is None or kind.severe or kind.code in (NO_ACTION, measure.kind) or kind.needs_text:
            return [Fault(f"{path}.kind", "choice", _("Choose the milder measure that takes its place."))]
        return open_text_faults(
            f"{path}.how_to_reverse", change.how_to_reverse, 500, _("Say how the new measure can be undone.")
        )
    return []


def last_day(measure: Measure) -> date | None:
    """The day after which a measure is no longer in force: its end, its review or an end that an appeal set,
    whichever comes first."""
    return min((d for d in (measure.end, measure.review_day, measure.status.end_early) if d), default=None)


def current_measures(decision: Decision) -> list[Measure]:
    """The measures of a decision that were not replaced or undone; one that has ended can still have been
    wrong."""
    return list(
        decision.measures.filter(status__state__in=("proposed", "in_force", "expired", "lapsed")).order_by(
            "id"
        )
    )


def _apply(answer: AppealOutcome, changes: list[ChangeDraft], now: datetime) -> None:
    decision = answer.appeal.decision
    status, case = decision.status, decision.case
    by_ref = {c.measure_ref: c for c in changes}
    if answer.outcome == "reversed" and answer.appeal.side == "notifier":
        # A measure that was too mild stays until somebody else has decided anew; nobody decides it twice.
        _declare(status, "reverse")
        for user_id in filter(None, (decision.decided_by_id, status.second_id)):
            CaseInvolved.objects.get_or_create(case=case, user_id=user_id, defaults={"kind": "decided"})
    elif answer.outcome != "upheld":
        for measure in current_measures(decision):
            change = by_ref.get(measure.ref) if answer.outcome == "partly_reversed" else None
            _change(answer, measure, change or ChangeDraft(measure.ref, "reverse"), now)
        _declare(status, OUTCOMES[answer.outcome])
    _settle_case(case)


def _declare(status: DecisionStatus, act: str) -> None:
    # Both sides may appeal: the second answer can find the decision reversed already, and it stays so.
    if status.state != "reversed":
        status.state = step("decision", status.state, act)
        status.save(update_fields=["state"])


def _change(answer: AppealOutcome, measure: Measure, change: ChangeDraft, now: datetime) -> None:
    MeasureChange.objects.create(
        outcome=answer,
        measure=measure,
        change=change.change,
        new_end=change.new_end if change.change == "shorten" else None,
    )
    status = measure.status
    if change.change == "shorten":
        status.end_early = change.new_end
    elif change.change in ("reverse", "replace"):
        undo(status, now)
    status.save()
    if change.change == "replace":
        new = Measure.objects.create(
            decision=measure.decision,
            kind=change.kind,
            start=timezone.localdate(),
            end=change.new_end,
            reversible=True,
            how_to_reverse=change.how_to_reverse.strip(),
            replaces=measure,
        )
        MeasureStatus.objects.create(measure=new)


def _settle_case(case: Case) -> None:
    """Once no appeal is open any more the case is reviewed, and goes back to the queue where a notifier was
    right: the answers may have come in any order."""
    case.refresh_from_db()
    if case.state != "appealed":
        return
    waiting = AppealStatus.objects.filter(appeal__decision__case=case, state__in=("received", "claimed"))
    if waiting.exists():
        return
    answers = AppealOutcome.objects.filter(appeal__decision__case=case)
    move_case(case, state=step("case", case.state, "review" if answers.exists() else "omit_appeal"))
    last = case.decisions.order_by("-id").first()
    if answers.filter(appeal__decision=last, appeal__side="notifier", outcome="reversed").exists():
        reopen_case(case)


def _refuse_own(actor: Actor, decision: Decision) -> None:
    """Whoever decided or confirmed anything in this case is party to it, and so is whoever had it decided
    anew by their answer to an earlier appeal."""
    made = DecisionStatus.objects.filter(decision__case=decision.case_id)
    answered = AppealOutcome.objects.filter(
        appeal__decision__case=decision.case_id, decided_by_id=actor.user_id
    ).exclude(appeal__decision=decision)
    if made.filter(Q(decider_id=actor.user_id) | Q(second_id=actor.user_id)).exists() or answered.exists():
        raise Refused(_("You had a part in this decision; somebody else has to answer the appeal."))


def appeal_of(actor: Actor, ref: str) -> Appeal:
    """The appeal, or NotFound where the actor may not see its case."""
    appeal = Appeal.objects.filter(ref=ref, decision__case__in=visible_cases(actor)).first()
    if appeal is None:
        raise NotFound(_("There is no such appeal."))
    return appeal
