"""The files that people take home: the receipt of a notice, and the evidence of a statement."""

from __future__ import annotations

from typing import Any

from fairnotice.cases import files, sealed
from fairnotice.cases.actions.publish import OPENED
from fairnotice.cases.models import Notice, Statement
from fairnotice.ledger import evidence
from fairnotice.vault.errors import Erased

_ANSWER = ("outcome", "side", "month", "changes")


def receipt_of(notice: Notice) -> dict[str, Any]:
    """The receipt, made anew: all that the notifier said, opened, with the promise and, once there is
    one, the proof. Name and e-mail stay closed: only a letter to them is addressed with these. What was
    erased can no longer be opened; the rest still can."""
    names = ("why", "law")
    values: dict[str, Any] = {name: text for name in names if (text := _read("notice", notice.ref, name))}
    rows = list(notice.items.order_by("position"))
    locations = [_read("item", row.ref, "location") for row in rows]
    notes = [_read("item", row.ref, "note") for row in rows]
    if None not in locations:
        values["items"] = locations
    # An item without a note has no sealed note, so only the notifier's key tells an erased note from none.
    if values.get("why"):
        values["notes"] = [note or "" for note in notes]
        if "files" in notice.event.personal and (said := files.said_by(notice)):
            values["files"] = said
    return evidence.build("receipt", [(notice.event, None, values)], promise=True)


def statement_paper(statement: Statement, body: dict[str, Any]) -> dict[str, Any]:
    """A statement, word for word, and the public fields of what it is about."""
    records: list[Any] = [(statement.event, None, {"body": body}), (statement.decision.event, OPENED, {})]
    if statement.outcome:
        records.append((statement.outcome.event, _ANSWER, {}))
    return evidence.build("statement", records, promise=True)


def _read(owner: str, row: str, name: str) -> str | None:
    try:
        return sealed.read(owner, row, name)
    except Erased:
        return None
