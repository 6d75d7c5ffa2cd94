"""What both sides would read, made from a draft that nobody has sent yet."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.actions.decide import clause_of, ground_words
from fairnotice.cases.wording import Section, in_words
from fairnotice.law.deadlines import APPEAL_MONTHS
from fairnotice.law.draft import Draft, MeasureDraft
from fairnotice.law.redaction import defang


def both_sides(draft: Draft, location: str) -> tuple[list[Section], list[Section]]:
    """(for the affected party, for the notifier), in the shapes of `cases.bodies`. The location is defanged:
    this is a page of the desk. `draft` has passed every check."""
    shared = _shared(draft)
    affected = {
        "title": "statement",
        **shared,
        "location": defang(location),
        "facts": draft.facts,
        "necessity": draft.necessity,
        "milder": draft.milder_considered,
        "paraphrase": "" if draft.paraphrase_withheld_reason else draft.paraphrase,
        "paraphrase_withheld": bool(draft.paraphrase_withheld_reason),
        "territorial_scope": draft.territorial_scope,
        "not_independently_reviewed": False,
    }
    return in_words(affected), in_words({"title": "decision", **shared})


def _measure(measure: MeasureDraft) -> dict[str, Any]:
    return {key: v.isoformat() if hasattr(v, "isoformat") else v for key, v in asdict(measure).items()}


def _shared(draft: Draft) -> dict[str, Any]:
    clause = clause_of(draft.ground_reference) if draft.ground == "rules" else None
    return {
        "decision": _("(its reference)"),
        "date": timezone.localdate().isoformat(),
        "no_action": draft.no_action,
        "measures": [_measure(measure) for measure in draft.measures],
        "ground_kind": draft.ground,
        "ground_text": ground_words(draft, clause),
        "ground_url": draft.ground_url,
        "clause": {"version": clause.version.number, "reference": clause.reference, "text": clause.text}
        if clause
        else None,
        "explanation": draft.explanation,
        "category": draft.category,
        "source_type": draft.source_type,
        "automated_detection": draft.automated_detection,
        "automated_decision": draft.automated_decision,
        "appeal_months": APPEAL_MONTHS,
        "dispute_bodies": list(settings.FN_OPERATOR["dispute_bodies"]),
    }
