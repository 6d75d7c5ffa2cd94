"""The tables of the desk: exact counts, by month, narrowed by everything that was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from fairnotice.cases.figures import pictures, rising, words
from fairnotice.cases.figures.model import Cell, Figure, Line, count, nothing, number
from fairnotice.cases.figures.public import counted, spread_of
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import statistics, statistics_desk, statistics_orders
from fairnotice.cases.queries.statistics import Counts
from fairnotice.cases.queries.statistics_desk import Span
from fairnotice.law.durations import STEPS, percentile, step_of
from fairnotice.law.suppression import FEW

Count = Callable[[date, date, Actor | None], Counts]
# Subject of a page -> (what is counted, by what it is shown besides over time).
_PAGES: dict[str, tuple[tuple[str, Count, tuple[str, ...]], ...]] = {
    "notices": (("notices", statistics.notices, ("category", "source", "language", "door")),),
    "decisions": (
        ("decisions", statistics.decisions, ("result", "ground", "category", "source", "language")),
    ),
    "measures": (("measures", statistics.measures, ("kind", "category", "source", "language")),),
    "appeals": (
        ("appeals", statistics.appeals, ("side", "category")),
        ("answers", statistics.answers, ("outcome", "side", "category")),
    ),
    "orders": (("orders", statistics_orders.orders, ("order", "state", "authority")),),
}


def figures(subject: str, *, actor: Actor, span: Span, chosen: Mapping[str, str]) -> list[Figure]:
    """The tables of one page; empty where there is nothing."""
    if subject == "time":
        return _time(actor, span, chosen)
    if subject == "trends":
        return _trends(actor, span)
    found: list[Figure] = []
    for name, counts_of, dims in _PAGES.get(subject, ()):
        counts = statistics_desk.narrowed(counts_of(span.begin, span.end, actor), chosen)
        if counts.total:
            found.append(_over_time(name, counts, span))
            found += [_by(name, counts, dim) for dim in dims if dim not in chosen]
    if subject == "appeals" and found:
        found.append(_after(actor, span, chosen))
    return found


def _over_time(name: str, counts: Counts, span: Span) -> Figure:
    by = counts.of("month")
    lines = tuple(Line(month, words.month(month), (count(by.get(month, 0)),)) for month in span.months)
    title = _("%(what)s, over time") % {"what": counted(name)}
    key = f"{name}-over-time"
    picture = pictures.standing(
        [line.label for line in lines], [line.cells[0] for line in lines], key=key, title=title
    )
    method = _("Counted by the month in which it happened (UTC). The present month is not over.")
    return Figure(key, title, method, _("Time"), (("count", counted(name)),), lines, picture)


def _by(name: str, counts: Counts, dim: str) -> Figure:
    by = sorted(counts.of(dim).items(), key=lambda one: (-one[1], one[0]))
    total = counts.total
    lines = tuple(
        Line(code, words.label(dim, code), (count(n), Cell(round(n / total, 4), _share(n, total))))
        for code, n in by
    )
    title = _("%(what)s, by: %(by)s") % {"what": counted(name), "by": words.dimension(dim)}
    key = f"{name}-by-{dim}"
    heads = (("count", counted(name)), ("share", _("Share")))
    if dim == "outcome":
        parts = [line.label for line in lines]
        whole = [(counted(name), [line.cells[0] for line in lines])]
        picture = pictures.divided(whole, parts, key=key, title=title)
    else:
        picture = pictures.lying(lines, 0, key=key, title=title)
    return Figure(key, title, _("Each counts once."), words.dimension(dim), heads, lines, picture)


def _share(part: int, total: int) -> str:
    return _("%(share)s %%") % {"share": number(round(100 * part / total, 1))}


def _time(actor: Actor, span: Span, chosen: Mapping[str, str]) -> list[Figure]:
    took = statistics_desk.took(actor, span, chosen)
    if not took.all:
        return []
    spread = [0] * STEPS
    for hours in took.all:
        spread[step_of(hours)] += 1
    title = _("How long decisions took")
    found = [spread_of([(step, step + 1) for step in range(STEPS)], spread, title)]
    rows = [("all", _("All"), took.all)]
    rows += [(month, words.month(month), took.by["month"].get(month, [])) for month in span.months]
    found.append(_halves("time-by-month", _("Month by month"), _("Time"), rows))
    for dim in ("category", "source", "language"):
        if dim not in chosen:
            several = sorted(took.by[dim].items(), key=lambda one: (-len(one[1]), one[0]))
            rows = [(code, words.label(dim, code), hours) for code, hours in several]
            found.append(_halves(f"time-by-{dim}", words.dimension(dim), words.dimension(dim), rows))
    return found


def _halves(key: str, title: str, first: str, rows: Sequence[tuple[str, str, list[float]]]) -> Figure:
    heads = (
        ("count", counted("decisions")),
        ("half", _("Median, hours")),
        ("ninety", _("90th percentile, hours")),
    )
    lines = tuple(
        Line(code, label, (count(len(hours)), _at(hours, 0.5), _at(hours, 0.9)))
        for code, label, hours in rows
    )
    method = _(
        "Half took no longer than the median, nine in ten no longer than the 90th percentile. Of fewer than "
        "%(few)s neither says much."
    ) % {"few": FEW}
    return Figure(key, title, method, first, heads, lines)


def _at(hours: Sequence[float], share: float) -> Cell:
    found = percentile(hours, share)
    return nothing() if found is None else Cell(round(found, 1), number(round(found, 1)))


def _after(actor: Actor, span: Span, chosen: Mapping[str, str]) -> Figure:
    found = statistics_desk.after(actor, span, chosen)
    stages = [
        ("decisions", counted("decisions"), found.decisions, 0),
        ("appealed", _("Decisions appealed against"), found.appealed, 1),
        ("appeals", counted("appeals"), found.appeals, 1),
        ("waiting", _("Waiting for an answer"), found.waiting, 2),
        ("withdrawn", _("Withdrawn"), found.withdrawn, 2),
    ]
    stages += [
        (code, words.label("outcome", code), found.outcomes.get(code, 0), 2)
        for code in ("upheld", "partly_reversed", "reversed")
    ]
    stages += [
        ("restoring", _("Measures being undone"), found.restoring, 3),
        ("restored", counted("restored"), found.restored, 3),
    ]
    lines = tuple(Line(code, label, (count(n),)) for code, label, n, _level in stages)
    title = _("What happens after an appeal")
    levels = [level for _code, _label, _n, level in stages]
    return Figure(
        "after-appeal",
        title,
        _("Decisions made in the time shown, followed until today."),
        _("Stage"),
        (("count", _("Number")),),
        lines,
        pictures.lying(lines, 0, key="after-appeal", title=title, levels=levels),
    )


def _trends(actor: Actor, span: Span) -> list[Figure]:
    first = statistics.first_day()
    if first is None:
        return []
    by = statistics.notices(span.begin, span.end, actor).by("month", "category")
    counts = [(month, {code: n for (when, code), n in by.items() if when == month}) for month in span.months]
    return rising.of_months(counts, f"{first:%Y-%m}")
