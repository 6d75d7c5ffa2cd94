"""What XARF has no field for, in one object of our own beside the standard's fields (docs/xarf.md).

The standard allows further fields at the top of a report and asks everybody to pass over those they do not
know. Ours is `x-fairnotice`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fairnotice.delivery.xarf.facts import ReportFacts
from fairnotice.plumbing.xarf_schemas import EXTENSION as NAME

__all__ = ["NAME", "VERSION", "extension", "moment"]

VERSION = 1


def extension(facts: ReportFacts) -> dict[str, Any]:
    """The object. What was not given, or may not go along, has no field at all."""
    said: dict[str, Any] = {
        "version": VERSION,
        "forward": facts.reference,
        "category": facts.category,
        "keyword": facts.keyword,
        "problem": facts.problem,
        "locations": list(facts.locations),
        "received_at": moment(facts.received_at),
        "recipients": list(facts.recipients),
        "ground": _ground(facts),
        "good_faith": facts.good_faith,
        "deadline": moment(facts.deadline),
        "answer": {"url": facts.answer_url, "token": facts.answer_token, "page": facts.answer_page},
        "text": facts.text,
        "notifier": {"name": facts.reporter_name, "email": facts.reporter_email},
    }
    for part in (said["answer"], said["notifier"]):
        for name in [name for name, value in part.items() if not value]:
            del part[name]
    return {name: value for name, value in said.items() if value not in ("", [], {}, None)}


def moment(value: datetime) -> str:
    """RFC 3339 in whole seconds, UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ground(facts: ReportFacts) -> dict[str, str]:
    ground = {"kind": facts.ground_kind, "law": facts.law, "clause": facts.clause}
    return {name: value for name, value in ground.items() if value}
