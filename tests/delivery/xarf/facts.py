"""Facts of forwarded notices for the tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fairnotice.delivery.xarf import ReportFacts

RECEIVED = datetime(2026, 1, 11, 16, 22, 45, tzinfo=UTC)


def facts(**changes: Any) -> ReportFacts:
    """A phishing page that goes to its host."""
    values: dict[str, Any] = {
        "reference": "ABCDEFGH2345",
        "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "keyword": "KEYWORD_PHISHING",
        "problem": "phishing",
        "locations": ("https://shop.example.net/login",),
        "received_at": RECEIVED,
        "sender_name": "A forum",
        "sender_contact": "notices@forum.example.org",
        "sender_domain": "forum.example.org",
        "recipients": ("A host", "A network"),
        "deadline": RECEIVED + timedelta(hours=72),
        "answer_url": "https://forum.example.org/api/v1/forwards/answers",
        "answer_token": "t" * 43,
        "answer_page": "https://forum.example.org/forward/answer/",
        "ground_kind": "law",
        "law": "Section 263",
        "good_faith": True,
        **changes,
    }
    return ReportFacts(**values)
