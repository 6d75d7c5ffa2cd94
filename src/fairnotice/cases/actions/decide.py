"""A person decides one case: on a cited ground, with facts, reasons, an end or review date, and a way to
appeal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import affected_contact, earlier, sealed
from fairnotice.cases.actions.inform import tell_both_sides
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import (
    Case,
    Decision,
    DecisionStatus,
    Measure,
    MeasureStatus,
    Publication,
    RulesClause,
)
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.people import case_for, cases_to_rest_on, refuse_second_decision
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.reach import Reach as Reach
from fairnotice.cases.reach import check_reach as check_reach
from fairnotice.cases.steps import STALE, move_case, step
from fairnotice.cases.texts import character_faults, identifying_faults, open_text_faults
from fairnotice.law.deadlines import SECOND_PERSON_HOURS
from fairnotice.law.measures import is_severe
from fairnotice.law.statement import Draft, MeasureDraft, check
from fairnotice.law.trusted import TRUSTED
from fairnotice.ledger.append import Personal, append

_REF = re.compile("[2-9A-HJ-NP-Z]{12}")
SEALED = ("facts", "explanation", "necessity", "milder", "paraphrase", "withheld")

REQUIRED = SEALED[:4]


def check_decision(draft: Draft, reach: Reach, summary: str) -> list[Any]:
    """Every fault: those of the law, of the way to tell people, and of the text meant for the public."""
    today = timezone.localdate()
    # The law speaks English; whoever decides reads its faults in their own language.
    faults = [Fault(found.path, found.code, _(found.message)) for found in check(draft, today)]
    if not draft.no_action:
        faults += check_reach(reach)
    if draft.ground == "rules" and clause_of(draft.ground_reference) is None:
        faults.append(Fault("ground_reference", "choice", _("Choose a clause of the published rules.")))
    faults += _stored_texts(draft)
    faults += check_summary(summary)
    return faults


def _stored_texts(draft: Draft) -> list[Fault]:
    """Whether each text can be stored as what it is: sealed, or in the clear and then for good."""
    faults: list[Fault] = []
    for name in ("facts", "explanation", "necessity", "milder_considered", "paraphrase"):
        faults += character_faults(name, getattr(draft, name))
    faults += character_faults("paraphrase_withheld_reason", draft.paraphrase_withheld_reason)
    faults += character_faults("ground_url", draft.ground_url)
    kept = {name: getattr(draft, name) for name in ("keyword_other", "content_type_other")}
    if draft.ground == "law":
        kept["ground_reference"] = draft.ground_reference
    for number, measure in enumerate(draft.measures):
        kept[f"measures.{number}.other_text"] = measure.other_text
        kept[f"measures.{number}.how_to_reverse"] = measure.how_to_reverse
    for path, text in kept.items():
        faults += character_faults(path, text) or identifying_faults(path, text)
    if not all(_REF.fullmatch(item) for item in draft.other_items):
        faults.append(
            Fault("other_items", "reference", _("Name decided cases by their references, nothing else."))
        )
    return faults


def _rests_on_faults(actor: Actor, case: Case, wanted: list[str]) -> list[Fault]:
    refs = [ref for ref in wanted if _REF.fullmatch(ref)]  # anything else is a fault of its own
    stands = set(cases_to_rest_on(actor, case).filter(ref__in=refs).values_list("ref", flat=True))
    missing = ", ".join(ref for ref in refs if ref not in stands)
    say = _("Not a decided case that a measure can rest on: %(cases)s") % {"cases": missing[:200]}
    return [Fault("other_items", "choice", say)] if missing else []


def _source_faults(case: Case, source: str) -> list[Fault]:
    """Only a notice whose sender's status was in force can have come from a trusted flagger."""
    if source != TRUSTED or case.items.filter(notice__source_type=TRUSTED).exists():
        return []
    return [Fault("source_type", "trusted", _("No trusted flagger sent a notice about this."))]


def check_summary(summary: str) -> list[Fault]:
    """The public summary: present, short, and without anything that leads to a person or a page."""
    if not summary.strip():
        return [Fault("summary", "missing", _("Write one or two sentences for the public register."))]
    return open_text_faults("summary", summary, 1000)


def clause_of(reference: str) -> RulesClause | None:
    """The clause cited as "version/reference", such as "1/3.2"."""
    number, _slash, name = reference.partition("/")
    if not number.isascii() or not number.isdigit() or len(number) > 9 or character_faults("", name):
        return None
    return RulesClause.objects.filter(version__number=int(number), reference=name).first()


@transaction.atomic
def decide(
    *, actor: Actor, case_ref: str, version: int, draft: Draft, reach: Reach, summary: str
) -> Decision:
    """Decide the case that the actor holds.

    A severe measure waits for a second person and lapses without one; everything else is told to both sides
    at once and takes effect when the affected party has been told. Raises Invalid with every fault, Conflict,
    Refused.
    """
    require(actor, "decide")
    case = case_for(actor, case_ref)
    refuse_second_decision(actor, case)
    if case.version != version:
        raise Conflict(STALE)
    if case.state != "claimed" or case.claimed_by_id != actor.user_id:
        raise Refused(_("Take this case on before you decide it."))
    faults = check_decision(draft, reach, summary)
    faults += _rests_on_faults(actor, case, draft.other_items)
    faults += _source_faults(case, draft.source_type)
    if draft.no_action and earlier.standing(case):
        # Who is restricted until now hears that it ends: the way they were told before, unless another is
        # named.
        if reach.channel:
            faults += check_reach(reach)
        else:
            reach = Reach(**earlier.reach_before(case))
    if faults:
        raise Invalid(faults)
    now = timezone.now()
    clause = clause_of(draft.ground_reference) if draft.ground == "rules" else None
    severe = is_severe(draft.codes)
    texts = {
        "facts": draft.facts,
        "explanation": draft.explanation,
        "necessity": draft.necessity,
        "milder": draft.milder_considered,
        "paraphrase": draft.paraphrase,
        # Why it is withheld can itself give the notifier away, and this row can never be erased.
        "withheld": draft.paraphrase_withheld_reason,
    }
    event = append(
        kind="decision.made",
        open=_open_fields(draft, clause, now),
        personal=[Personal(name, texts[name].strip(), case.subject_key) for name in SEALED],
        actor_id=actor.user_id,
        case_ref=case.ref,
    )
    proofs = {f"{n}_commitment": event.commitment(n) for n in REQUIRED}
    lengths = {f"{n}_length": event.length(n) for n in REQUIRED}
    decision = Decision.objects.create(
        case=case,
        decided_by_id=actor.user_id,
        decided_at=now,
        no_action=draft.no_action,
        severe=severe,
        clause=clause,
        event=event,
        **_columns(draft, clause),
        **proofs,
        **lengths,
    )
    sealed.put("decision", decision.ref, case.subject_key, {n: t.strip() for n, t in texts.items()})
    sealed.put("decision", decision.ref, case.subject_key, {"channel": reach.channel, "reason": reach.reason})
    affected_contact.put(case, decision.ref, reach.email.strip())
    for wanted in draft.measures:
        measure = Measure.objects.create(
            decision=decision,
            kind=wanted.kind,
            other_text=wanted.other_text.strip(),
            start=wanted.start or timezone.localdate(now),
            end=wanted.end,
            review=wanted.review,
            reversible=wanted.reversible,
            how_to_reverse=wanted.how_to_reverse.strip(),
        )
        MeasureStatus.objects.create(measure=measure)
    DecisionStatus.objects.create(
        decision=decision,
        decider_id=actor.user_id,
        lapses_at=now + timedelta(hours=SECOND_PERSON_HOURS) if severe else None,
        # Where one person runs everything, an ordinary measure stands but says so, also in public.
        not_independently_reviewed=settings.FN_SMALL_TEAM and not severe,
    )
    Publication.objects.create(decision=decision, summary=summary.strip(), drafted_by_id=actor.user_id)
    move_case(case, version=version, state=step("case", case.state, "decide"))
    if not severe:
        put_in_force(decision, now)
    return decision


def put_in_force(decision: Decision, now: datetime) -> None:
    """The decision stands: both sides are told, and with that its measures can take effect. Part of `decide`
    and `confirm`, never on its own."""
    status = decision.status
    status.state = step("decision", status.state, "confirm" if decision.severe else "put_in_force")
    status.save(update_fields=["state"])
    tell_both_sides(decision, now)


def _open_fields(draft: Draft, clause: RulesClause | None, now: datetime) -> dict[str, Any]:
    """The fields of the decision's leaf that say nothing about a person."""
    return {
        "month": now.strftime("%Y-%m"),
        "category": draft.category,
        "category_additions": list(draft.category_additions),
        "keywords": list(draft.keywords),
        "ground_kind": draft.ground,
        "ground_text": ground_words(draft, clause),
        "measures": [
            {
                "kind": m.kind,
                "start": m.start.isoformat() if m.start else None,
                "end": m.end.isoformat() if m.end else None,
                "review": m.review.isoformat() if m.review else None,
                "reversible": m.reversible,
            }
            for m in draft.measures
        ],
        # For the public: how long, but not from which day. The days above are for those it concerns.
        "measure_terms": [_term(m, now) for m in draft.measures],
        "content_types": list(draft.content_types),
        "content_language": draft.content_language,
        "territorial_scope": list(draft.territorial_scope),
        "source_type": draft.source_type,
        "automated_detection": draft.automated_detection,
        "automated_decision": draft.automated_decision,
        "appeal_months": 6,
    }


def _term(measure: MeasureDraft, now: datetime) -> dict[str, Any]:
    start = measure.start or timezone.localdate(now)
    last = measure.end or measure.review
    return {
        "kind": measure.kind,
        "days": (last - start).days if last else None,
        "then": "ends" if measure.end else "is reviewed" if measure.review else "",
        "reversible": measure.reversible,
    }


def ground_words(draft: Draft, clause: RulesClause | None) -> str:
    """How the ground is named in public: the law, or the clause with its version."""
    if clause is None:
        return draft.ground_reference.strip()
    return f"{clause.reference} {clause.title} (rules, version {clause.version.number})"


def _columns(draft: Draft, clause: RulesClause | None) -> dict[str, Any]:
    """The decision's plain columns, as the reviewer filled them."""
    return {
        "ref": new_ref(),
        "ground_kind": draft.ground,
        "ground_text": ground_words(draft, clause),
        "ground_url": draft.ground_url,
        "also_illegal": draft.also_illegal,
        "category": draft.category,
        "category_additions": list(draft.category_additions),
        "keywords": list(draft.keywords),
        "keyword_other": draft.keyword_other,
        "content_types": list(draft.content_types),
        "content_type_other": draft.content_type_other,
        "content_id_ean": draft.content_id_ean,
        "content_date": draft.content_date,
        "content_language": draft.content_language,
        "account_type": draft.account_type,
        "territorial_scope": list(draft.territorial_scope),
        "source_type": draft.source_type,
        "automated_detection": draft.automated_detection,
        "automated_decision": draft.automated_decision,
        "rests_on": list(draft.other_items),
        "paraphrase_withheld": bool(draft.paraphrase_withheld_reason.strip()),
    }
