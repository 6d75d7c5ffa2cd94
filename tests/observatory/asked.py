"""A store to ask: five days of v1 and v2, with platforms, lists, dates and texts of every kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fairnotice.observatory.store import Store
from tests.observatory import made

LAST = date(2025, 7, 5)
STRANGE = 'it\'s \\ "Ünï" 100%'
"""The name of a platform that no engine may take for anything else."""

_ODD = {
    "territorial_scope": "",
    "content_date": "2031-01-01 00:00:00",
    "category": "STATEMENT_CATEGORY_NEVER_HEARD_OF",
    "category_specification": '["KEYWORD_PHISHING","KEYWORD_OTHER"]',
    "decision_visibility": '["DECISION_VISIBILITY_CONTENT_DEMOTED","DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED"]',
    "decision_account": "DECISION_ACCOUNT_SUSPENDED",
    "platform_name": STRANGE,
}
_ILLEGAL = {
    "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
    "territorial_scope": '["DE"]',
    "end_date_visibility_restriction": "2025-07-04 00:00:00",
    "content_language": "DE",
}


def store(folder: Path) -> Store:
    """Makes it in `folder`: 247 statements, of which 27 of the last day; 3 have no content date."""
    from fairnotice.observatory.ingest.building import build

    found = made.store(folder, days=4, count=40)
    some = [
        *made.rows(6, LAST, 100, **_ILLEGAL),
        *made.rows(9, LAST),
        *made.rows(9, LAST, 200, **_ODD),
        *made.rows(3, LAST, 300, content_date=""),
    ]
    build(found, made.of_rows(folder / "dumps", some, LAST))
    return found
