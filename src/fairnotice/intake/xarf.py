"""XARF v4 reports (xarf.org) as notices.

A report says what software saw. It has no statement of good faith, so it is no notice in the full sense of
article 16(2)(d): it enters as SOURCE_TYPE_OTHER_NOTIFICATION with `good_faith` None, and a person looks at it
like at any other. What no field of a notice holds (kind, moments, evidence) stands in `report`
(`report_facts`). A notice that another Fair Notice forwards says more, in an extension (`xarf_extension`).
docs/machine-reports.md has what becomes of each type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from fairnotice.cases.drafts import MAX_NOTE, MAX_WHY, ItemDraft, NoticeDraft, check_email
from fairnotice.intake import report_facts, xarf_extension
from fairnotice.intake.contact import without_contact
from fairnotice.intake.unreadable import Unreadable
from fairnotice.law.problems import problem_for_xarf
from fairnotice.plumbing import xarf_schemas
from fairnotice.plumbing.xarf_schemas import EXTENSION as NAME

Json = dict[str, Any]
_ITEM_CATEGORIES = frozenset({"content", "copyright"})
# Where the reported thing is, nearest first; `source_identifier` is in every report.
_PLACES = ("url", "infringing_url", "source_identifier")
# Fields that say where more exactly, and belong into the note of the item.
_NOTED = ("source_port", "newsgroup", "uploader_id")
_NOT_DETAILS = frozenset(
    {
        "xarf_version", "report_id", "timestamp", "reporter", "sender", "category", "type", "evidence",
        "tags", "description", "_internal", "legacy_version", "evidence_source", NAME, *_PLACES, *_NOTED,
    }
)  # fmt: skip
_CUT = "\n[The report goes on.]"


def to_draft(report: Json) -> NoticeDraft:
    """The draft that a report stands for. Raises Unreadable where it breaks the schemas of its version, and
    NotAnItem where it is sound but about nothing that a notice can be about."""
    if not str(report.get("xarf_version")).startswith("4."):
        raise Unreadable("Only XARF version 4 is read.", "/xarf_version")
    _check(report)
    if not about_an_item(report):
        raise NotAnItem(*_kind(report))
    reporter = report["reporter"]
    problem = problem_for_xarf(report["category"], report["type"])
    forwarded = xarf_extension.read(report)
    if forwarded is not None:
        draft = xarf_extension.to_draft(forwarded, report, problem)
        return without_contact(replace(draft, report=_facts(report)))
    place = next(name for name in _PLACES if report.get(name))
    return without_contact(
        NoticeDraft(
            items=[ItemDraft(str(report[place]).strip(), _cut(_note(report, place), MAX_NOTE))],
            problem=problem.slug,
            why=_cut(_why(report), MAX_WHY),
            # The contact of an organisation's abuse desk: optional as for anybody else.
            name=reporter["org"].strip(),
            email=reporter["contact"].strip() if check_email(reporter["contact"]) else "",
            good_faith=None,
            source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
            report=_facts(report),
        )
    )


def about_an_item(report: Json) -> bool:
    """Whether a report says where something stands that a person can look at, by its category and type.

    Attacks, scans, infected machines, open services and reputation are about traffic or a machine; messages
    were received and stand nowhere. A type that our copy of the schemas does not know counts by its category,
    and whatever names a `url` is about that.
    """
    if report["category"] in _ITEM_CATEGORIES or report.get("url"):
        return True
    return NAME in report


class NotAnItem(Unreadable):
    """A sound report of something that is no item. `kind` is its category and type."""

    def __init__(self, category: str, type: str) -> None:
        self.kind = (category, type)
        known = f" ({category}/{type})" if self.kind in xarf_schemas.kinds() else ""
        super().__init__(
            f"This report{known} is about network traffic, a machine or a message, not about an item that "
            "stands somewhere. Such reports are passed on, not decided here.",
            "/type",
        )


def _check(report: Json) -> None:
    """Against the schema of the type, or of all reports where the type is newer than our copy. Formats (of
    dates, addresses) are not checked: a sloppy sender may still be right."""
    try:
        fault = xarf_schemas.core_fault(report)
        if fault is None:
            fault = xarf_schemas.type_fault(report)
            if fault and not fault.pointer and _kind(report) not in xarf_schemas.kinds():
                return
    except xarf_schemas.TooDeep:
        raise Unreadable("This report is nested too deeply.") from None
    if fault is not None:
        raise Unreadable(f"This breaks the XARF schema: {fault.message}.", fault.pointer)


def _kind(report: Json) -> tuple[str, str]:
    return report["category"], report["type"]


def _facts(report: Json) -> Json:
    return report_facts.facts(
        "xarf-4",
        "/".join(_kind(report)),
        id=report["report_id"],
        seen_at=report["timestamp"],
        first_seen=report.get("first_seen"),
        last_seen=report.get("last_seen"),
        source=report.get("evidence_source"),
        evidence=(
            report_facts.evidence(
                one.get("content_type"),
                one.get("description"),
                one.get("payload"),
                encoded=True,
                hash=one.get("hash"),
            )
            for one in report.get("evidence", [])
        ),
    )


def _note(report: Json, place: str) -> str:
    parts = [f"{_words(name)}: {report[name]}" for name in _NOTED if report.get(name)]
    message, swarm = report.get("message_info"), report.get("swarm_info")
    if isinstance(message, dict) and message.get("message_id"):
        parts.append(f"Message: {message['message_id']}")
    if isinstance(swarm, dict) and swarm.get("info_hash"):
        parts.append(f"Info hash: {swarm['info_hash']}")
    if place == "source_identifier":
        # Who used an address is a question of the moment.
        parts.append(f"Seen at {report['timestamp']}")
    return "; ".join(parts)


def _why(report: Json) -> str:
    """A sentence and the report's plain fields, one a line: its senders leave out any text of their own."""
    source = (
        f", found by {_words(report['evidence_source']).lower()}" if report.get("evidence_source") else ""
    )
    lines = [
        f"A program reports {_words(report['type']).lower()} (category {report['category']}), "
        f"seen at {report['timestamp']}{source}."
    ]
    if report.get("description"):
        lines.append(report["description"])
    lines.extend(_details(report))
    return "\n".join(lines)


def _details(report: Json) -> Iterator[str]:
    for name, value in report.items():
        if name in _NOT_DETAILS:
            continue
        values = value if isinstance(value, list) else [value]
        plain = [_plain(one) for one in values if isinstance(one, str | int | float)]
        if plain and len(plain) == len(values):
            yield f"{_words(name)}: {', '.join(plain)}"


def _plain(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        return str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return "a very large number"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT
