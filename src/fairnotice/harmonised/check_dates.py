"""Part 1, and the period that every row repeats."""

from __future__ import annotations

from collections import Counter
from datetime import date

from fairnotice.harmonised import dates
from fairnotice.harmonised.cells import plain
from fairnotice.harmonised.indicators import DATE, PERIOD
from fairnotice.harmonised.views import Row, View

_FIRST = date(2025, 7, 1)
_DATES = ("published", "previous", "start", "end")


def check_dates(views: dict[int, View]) -> dict[str, date]:
    """Check all dates; gives those of part 1 by our keys (`start`, `end`, `published`, `previous`), as far
    as they are known, the period from the other parts where part 1 does not say it."""
    known = _part_1(views[1]) if 1 in views else {}
    said = _said(views)
    if ("start" not in known or "end" not in known) and said is not None:
        known.setdefault("start", said[0])
        known.setdefault("end", said[1])
    if "start" in known and "end" in known and known["start"] <= known["end"]:
        for view in views.values():
            _periods(view, known["start"], known["end"])
    else:
        for view in views.values():
            _periods(view, None, None)
    return known


def _part_1(view: View) -> dict[str, date]:
    rows = view.by_key()
    known: dict[str, date] = {}
    name = rows.get("name")
    if name is not None and not name.text("value"):
        view.fault("provider-missing", name, "value")
    american = dates.month_first(rows[key].text("value") for key in _DATES if key in rows)
    for key in _DATES:
        row = rows.get(key)
        if row is None:
            continue
        day = _one(view, row, key, american=american)
        if day is not None:
            known[key] = day
    _between(view, rows, known)
    return known


def _one(view: View, row: Row, key: str, *, american: bool) -> date | None:
    text = row.text("value")
    if not text:
        # The first report of a service follows none.
        if key != "previous":
            view.fault("date-missing", row, "value")
        return None
    if plain(text) == plain(DATE):
        return None
    if dates.looks_iso(text):
        day = dates.iso(text)
        if day is None:
            view.fault("date-impossible", row, "value")
        return day
    meant = dates.meant(text, american=american)
    if key == "previous" and meant is None and plain(text) in ("n/a", "na", "none", "-", "not applicable"):
        view.fault("date-format", row, "value")
        return None
    view.fault("date-format", row, "value", suggestion=meant.isoformat() if meant else "")
    return meant


def _between(view: View, rows: dict[str, Row], known: dict[str, date]) -> None:
    start, end, published, previous = (known.get(key) for key in ("start", "end", "published", "previous"))
    if start and end:
        if end < start:
            view.fault("period-order", rows["end"], "value")
        elif not dates.usual(start, end):
            view.fault("period-unusual", rows["end"], "value", found=dates.written(start, end))
        if start < _FIRST:
            view.fault("period-early", rows["start"], "value")
    if end and published:
        latest = dates.two_months_after(end)
        if published <= end:
            view.fault("published-early", rows["published"], "value")
        elif published > latest:
            # The day is a fact: to suggest another one would be to ask for a false one.
            view.fault("published-late", rows["published"], "value", found=f"{published} > {latest}")
    if published and previous and previous >= published:
        view.fault("previous-late", rows["previous"], "value")


def _said(views: dict[int, View]) -> tuple[date, date] | None:
    """The period that most rows say."""
    counted: Counter[tuple[date, date]] = Counter()
    texts: Counter[str] = Counter(
        row.text("period") for view in views.values() if view.number not in (1, 2) for row in view.rows
    )
    for text, times in texts.most_common(200):
        found = dates.period(text)
        if found is not None and found[0] <= found[1]:
            counted[found] += times
    return counted.most_common(1)[0][0] if counted else None


def _periods(view: View, start: date | None, end: date | None) -> None:
    source = view.report.sources.get(view.number)
    if view.number in (1, 2) or (source and "period" in source.missing):
        return
    right = dates.written(start, end) if start and end else ""
    for row in view.rows:
        text = row.text("period")
        if text == right and text:
            continue
        if not text:
            view.fault("period-missing", row, "period", suggestion=right)
        elif plain(text) == plain(PERIOD):
            view.fault("placeholder", row, "period", suggestion=right)
        else:
            _period(view, row, text, right)


def _period(view: View, row: Row, text: str, right: str) -> None:
    halves = text.split("/")
    if len(halves) == 2 and all(dates.looks_iso(half) for half in halves):
        days = [dates.iso(half) for half in halves]
        if days[0] is None or days[1] is None:
            view.fault("date-impossible", row, "period", suggestion=right)
        elif days[1] < days[0]:
            view.fault("period-order", row, "period", suggestion=right)
        elif right:
            view.fault("period-differs", row, "period", suggestion=right)
        return
    meant = dates.period(text)
    view.fault("period-format", row, "period", suggestion=dates.written(*meant) if meant else right)
