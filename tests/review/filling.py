"""What a reviewer types into the decision form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.cases.making import SUMMARY


def decision(version: int, **changes: Any) -> dict[str, Any]:
    """A complete decision with one measure that is not severe; `changes` replace fields, None takes one out."""
    today = timezone.localdate()
    values: dict[str, Any] = {
        "version": version,
        "step": "send",
        "outcome": "measure",
        "measures-TOTAL_FORMS": "1",
        "measures-INITIAL_FORMS": "0",
        "measures-0-kind": "DECISION_VISIBILITY_CONTENT_DISABLED",
        "measures-0-start": today.isoformat(),
        "measures-0-review": (today + timedelta(days=180)).isoformat(),
        "measures-0-reversible": "yes",
        "measures-0-how_to_reverse": "The post is shown again.",
        "ground": "law",
        "law": "Section 186 of the Criminal Code",
        "facts": "Typed facts: the court found the opposite.",
        "explanation": "Typed explanation: a false statement of fact.",
        "necessity": "Typed necessity: the claim is repeated.",
        "milder_considered": "Typed milder: a label would leave it readable.",
        "paraphrase": "Typed paraphrase: a false claim of theft.",
        "content_types": ["CONTENT_TYPE_TEXT"],
        "content_date": (today - timedelta(days=3)).isoformat(),
        "content_language": "EN",
        "category": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "keywords": ["KEYWORD_DEFAMATION"],
        "source_type": "SOURCE_ARTICLE_16",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "reach_channel": "unreachable",
        "reach_reason": "The service holds no address of the author.",
        "summary": SUMMARY,
    }
    values.update(changes)
    return {name: value for name, value in values.items() if value is not None}
