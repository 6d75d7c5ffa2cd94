"""What each side is told, as plain data: the body of a statement. Kept sealed as it was sent.

The notifier's identity is in neither body. The affected party reads the reviewer's paraphrase of what was
alleged; the notifier reads the outcome, the ground, the reasoning and the way to appeal, not the facts about
the other side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from fairnotice.cases import sealed
from fairnotice.cases.models import AppealOutcome, Decision, Measure

TEXTS = ("facts", "explanation", "necessity", "milder", "paraphrase")


def measure_body(measure: Measure) -> dict[str, Any]:
    """One measure in a statement."""
    return {
        "kind": measure.kind,
        "other_text": measure.other_text,
        "start": measure.start.isoformat(),
        "end": measure.end.isoformat() if measure.end else None,
        "review": measure.review_day.isoformat() if measure.review_day else None,
        "reversible": measure.reversible,
        "how_to_reverse": measure.how_to_reverse,
    }


def for_affected(decision: Decision, before: Sequence[Measure] = ()) -> dict[str, Any]:
    """The statement of reasons of article 17(3). `before`: measures of an earlier decision of the case that
    end because of this one."""
    case = decision.case
    texts = sealed.read_many("decision", decision.ref, TEXTS)
    return {
        "title": "statement",
        **_shared(decision),
        "location": sealed.read("case", case.ref, "location") or "",
        "facts": texts["facts"],
        "explanation": texts["explanation"],
        "necessity": texts["necessity"],
        "milder": texts["milder"],
        "before": [measure_body(measure) for measure in before],
        "paraphrase": "" if decision.paraphrase_withheld else texts["paraphrase"],
        "paraphrase_withheld": decision.paraphrase_withheld,
        "territorial_scope": decision.territorial_scope,
        "not_independently_reviewed": decision.status.not_independently_reviewed,
    }


def for_notifier(decision: Decision) -> dict[str, Any]:
    """The decision with redress of article 16(5)."""
    return {
        "title": "decision",
        **_shared(decision),
        "explanation": sealed.read("decision", decision.ref, "explanation") or "",
    }


def for_outcome(outcome: AppealOutcome) -> dict[str, Any]:
    """The reasoned answer of article 20(5), the same for both sides."""
    decision = outcome.appeal.decision
    return {
        "title": "answer",
        "decision": decision.ref,
        "date": outcome.decided_at.date().isoformat(),
        "side": outcome.appeal.side,
        "outcome": outcome.outcome,
        "reasons": sealed.read("outcome", outcome.ref, "reasons") or "",
        "changes": [
            {
                "measure": measure_body(change.measure),
                "change": change.change,
                "new_end": change.new_end.isoformat() if change.new_end else None,
                "replacement": _replacement(change.measure) if change.change == "replace" else None,
            }
            for change in outcome.changes.select_related("measure").order_by("measure_id")
        ],
        "dispute_bodies": list(settings.FN_OPERATOR["dispute_bodies"]),
    }


def _replacement(measure: Measure) -> dict[str, Any] | None:
    new = Measure.objects.filter(replaces=measure).first()
    return measure_body(new) if new else None


def _shared(decision: Decision) -> dict[str, Any]:
    clause = decision.clause
    return {
        "decision": decision.ref,
        "date": decision.decided_at.date().isoformat(),
        "no_action": decision.no_action,
        "measures": [measure_body(m) for m in decision.measures.filter(replaces__isnull=True)],
        "ground_kind": decision.ground_kind,
        "ground_text": decision.ground_text,
        "ground_url": decision.ground_url,
        "clause": {"version": clause.version.number, "reference": clause.reference, "text": clause.text}
        if clause
        else None,
        "category": decision.category,
        "source_type": decision.source_type,
        "automated_detection": decision.automated_detection,
        "automated_decision": decision.automated_decision,
        "appeal_months": decision.appeal_months,
        "dispute_bodies": list(settings.FN_OPERATOR["dispute_bodies"]),
    }
