"""The queries that every figure comes from, for SQLite and PostgreSQL alike.

Each reads facts by their own moment, never by a state that changes. None reads a sealed or an erasable
column.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.law.trusted import TRUSTED

_CHUNK = 2_000


class NoticeFact(NamedTuple):
    """Notices received, of one kind: how many, and how many items they name."""

    category: str
    keyword: str
    trusted: bool
    other: bool
    notices: int
    items: int


class MeasureFact(NamedTuple):
    """One measure that took effect. `notice_*` are those of the notice it answers, "" without one; `seconds`
    is the time from that notice's receipt."""

    kind: str
    ground: str
    source: str
    automated_detection: bool
    automated_decision: str
    category: str
    keywords: str
    notice_category: str
    notice_keyword: str
    seconds: int | None


class AppealFact(NamedTuple):
    """Complaints received, or decided, about one kind of decision."""

    basis: str
    outcome: str
    seconds: int


# Which notices a report counts as notices is decided in `counts`, by the kind of source that is read here.
NOTICES = """
SELECT n.category, n.keyword, n.source_type, COUNT(*), SUM(
    (SELECT COUNT(*) FROM cases_noticeitem i WHERE i.notice_id = n.id))
FROM cases_notice n
WHERE n.received_at >= %s AND n.received_at < %s
GROUP BY n.category, n.keyword, n.source_type
"""

# The notice that a measure answers: the first about the item that had come in when it was decided; where the
# decision answers a trusted flagger, the first of theirs. A measure that an appeal put in the place of
# another is not counted again.
MEASURES_IN_FORCE = """
SELECT m.kind, d.ground_kind, d.source_type, d.automated_detection, d.automated_decision, d.category,
d.keywords, n.category, n.keyword, {seconds}
FROM cases_measurestatus s
JOIN cases_measure m ON m.id = s.measure_id
JOIN cases_decision d ON d.id = m.decision_id
LEFT JOIN cases_notice n ON n.id = (
    SELECT x.id FROM cases_noticeitem i JOIN cases_notice x ON x.id = i.notice_id
    WHERE i.case_id = d.case_id AND x.received_at <= d.decided_at
        AND (d.source_type <> '{trusted}' OR x.source_type = '{trusted}')
    ORDER BY x.received_at, x.id LIMIT 1)
WHERE s.in_force_at >= %s AND s.in_force_at < %s AND m.replaces_id IS NULL AND m.kind <> '{none}'
"""

# One kind for each complaint, so that none counts twice: of a decision with several measures the
# farthest-reaching.
_BASIS = """CASE WHEN a.side = 'notifier' THEN
    CASE WHEN n.source_type = '{trusted}' THEN 'no_action_tf' ELSE 'no_action' END
ELSE CASE (SELECT MIN({rank}) FROM cases_measure m WHERE m.decision_id = a.decision_id)
    WHEN 1 THEN 'account' WHEN 2 THEN 'service' WHEN 3 THEN 'monetary' ELSE 'visibility' END END"""

APPEALS_RECEIVED = """
SELECT {basis}, '', 0 FROM cases_appeal a LEFT JOIN cases_notice n ON n.id = a.notice_id
WHERE a.received_at >= %s AND a.received_at < %s
"""

APPEALS_DECIDED = """
SELECT {basis}, o.outcome, {seconds}
FROM cases_appealoutcome o
JOIN cases_appeal a ON a.id = o.appeal_id
LEFT JOIN cases_notice n ON n.id = a.notice_id
WHERE o.decided_at >= %s AND o.decided_at < %s
"""

# Taking a complaint back has no row of its own; its event has the moment.
APPEALS_WITHDRAWN = """
SELECT COUNT(*) FROM ledger_event e WHERE e.kind = 'appeal.withdrawn' AND e.at >= %s AND e.at < %s
"""

# After a notifier was right, somebody else decided anew.
IMPOSED = """
SELECT COUNT(DISTINCT m.id)
FROM cases_appealoutcome o
JOIN cases_appeal a ON a.id = o.appeal_id AND a.side = 'notifier'
JOIN cases_decision d ON d.id = a.decision_id
JOIN cases_decision later ON later.case_id = d.case_id AND later.decided_at > o.decided_at
JOIN cases_measure m ON m.decision_id = later.id AND m.replaces_id IS NULL AND m.kind <> '{none}'
JOIN cases_measurestatus s ON s.measure_id = m.id
WHERE o.outcome = 'reversed' AND s.in_force_at >= %s AND s.in_force_at < %s
"""

_FAMILIES = {"account": 1, "provision": 2, "monetary": 3, "visibility": 4, "none": 5}


def notices(start: datetime, end: datetime) -> Iterator[NoticeFact]:
    """Notices received in [start, end), by category, keyword and kind of sender, day after day."""
    # SQLite sorts what it groups in memory, so a day at a time and not a year.
    while start < end:
        until = min(start + timedelta(days=1), end)
        for category, keyword, source, count, items in _rows(NOTICES, start, until):
            other = source not in ("SOURCE_ARTICLE_16", TRUSTED)
            yield NoticeFact(category, keyword, source == TRUSTED, other, count, int(items))
        start = until


def measures(start: datetime, end: datetime) -> Iterator[MeasureFact]:
    """Measures that took effect in [start, end), one after the other."""
    sql = MEASURES_IN_FORCE.format(
        seconds=_seconds("s.in_force_at", "n.received_at"), trusted=TRUSTED, none=NO_ACTION
    )
    for row in _rows(sql, start, end):
        seconds = None if row[9] is None else max(0, int(row[9]))
        yield MeasureFact._make((*row[:7], row[7] or "", row[8] or "", seconds))


def appeals_received(start: datetime, end: datetime) -> Iterator[AppealFact]:
    """Complaints received in [start, end)."""
    return (AppealFact(*row) for row in _rows(APPEALS_RECEIVED.format(basis=_basis()), start, end))


def appeals_decided(start: datetime, end: datetime) -> Iterator[AppealFact]:
    """Complaints decided in [start, end), with the time from their receipt."""
    sql = APPEALS_DECIDED.format(basis=_basis(), seconds=_seconds("o.decided_at", "a.received_at"))
    for basis, outcome, seconds in _rows(sql, start, end):
        yield AppealFact(basis, outcome, max(0, int(seconds)))


def appeals_withdrawn(start: datetime, end: datetime) -> int:
    """Complaints taken back in [start, end)."""
    return int(next(_rows(APPEALS_WITHDRAWN, start, end))[0])


def imposed(start: datetime, end: datetime) -> int:
    """Restrictions that took effect in [start, end) and are the result of a notifier's complaint."""
    return int(next(_rows(IMPOSED.format(none=NO_ACTION), start, end))[0])


def _basis() -> str:
    arms = " ".join(f"WHEN '{code}' THEN {_FAMILIES[one.family]}" for code, one in MEASURES.items())
    return _BASIS.format(trusted=TRUSTED, rank=f"CASE m.kind {arms} ELSE 4 END")


def _seconds(later: str, earlier: str) -> str:
    """Whole seconds between two columns."""
    if connection.vendor == "postgresql":
        return f"FLOOR(EXTRACT(EPOCH FROM {later}))::bigint - FLOOR(EXTRACT(EPOCH FROM {earlier}))::bigint"
    return f"CAST(strftime('%%s', {later}) AS INTEGER) - CAST(strftime('%%s', {earlier}) AS INTEGER)"


def _rows(sql: str, start: datetime, end: datetime) -> Iterator[tuple[Any, ...]]:
    """The rows one after the other, never all in memory."""
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (start, end)]
    with _cursor() as cursor:
        cursor.execute(sql, moments)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


@contextmanager
def _cursor() -> Iterator[Any]:
    # On PostgreSQL one that stays on the server; there, outside of a transaction, it is declared WITH HOLD.
    cursor = connection.chunked_cursor()
    try:
        yield cursor
    finally:
        cursor.close()
