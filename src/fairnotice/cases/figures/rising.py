"""Kinds of problem that rise against their own past: for the public from what is released, for the desk by
month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from fairnotice.cases.figures import pictures, words
from fairnotice.cases.figures.model import Cell, Figure, Line, count, nothing, number
from fairnotice.cases.queries.statistics_public import Release
from fairnotice.law.suppression import FEW
from fairnotice.law.taxonomy import CATEGORIES
from fairnotice.law.trends import FACTOR, LEAST, LINE, Trend, trend

#: How many periods before are looked at, and how many there must be at least: quarters, and months.
QUARTERS, FEWEST_QUARTERS = 8, 4
MONTHS, FEWEST_MONTHS = 12, 6


def method() -> str:
    """The rule in plain words; the same for both."""
    return _(
        "Usual is the median of the periods before. A kind of problem is rising where it now counts at least "
        "%(least)s, at least %(factor)s times its usual number, and lies above it by at least %(line)s times "
        "what chance and its own ups and downs explain: the larger of the square root of usual and the "
        "median distance from usual, times 1.48."
    ) % {"least": LEAST, "factor": number(FACTOR), "line": number(LINE)}


def limits() -> str:
    return _(
        "More notices do not mean that more is wrong: a campaign, a new door or a longer opening can do the "
        "same. With many kinds looked at each time, one may cross the line by chance."
    )


def of_release(release: Release) -> list[Figure]:
    """By the newest quarter. A quarter in which a kind is not listed counts as one less than the smallest
    figure that is: more is not known of it here."""
    periods = release.of("notices")
    if not periods or periods[-1].total is None:
        return []
    counts = [one.tables["category"].listed if one.tables else {} for one in periods]
    before = counts[-1 - QUARTERS : -1]
    judged = {
        code: trend([past.get(code, FEW - 1) for past in before], now, fewest=FEWEST_QUARTERS)
        for code, now in counts[-1].items()
    }
    rows = {code: [past.get(code) for past in counts[-1 - QUARTERS :]] for code in judged}
    names = [words.period(one.period) for one in periods[-1 - QUARTERS :]]
    note = _("A quarter in which a kind of problem is not listed counts as nine.")
    return [_figure(judged, rows, names, note)] if judged else []


def of_months(counts: Sequence[tuple[str, Mapping[str, int]]], began: str) -> list[Figure]:
    """By month, oldest first, the last one being judged; (month, kind -> count). Months before `began`,
    when the first notice came, say nothing."""
    known = [(month, by) for month, by in counts if month >= began][-1 - MONTHS :]
    if not known:
        return []
    codes = [code for code in CATEGORIES if any(by.get(code) for _month, by in known)]
    judged = {
        code: trend(
            [by.get(code, 0) for _m, by in known[:-1]], known[-1][1].get(code, 0), fewest=FEWEST_MONTHS
        )
        for code in codes
    }
    rows: dict[str, list[int | None]] = {code: [by.get(code, 0) for _m, by in known] for code in codes}
    return [_figure(judged, rows, [words.month(month) for month, _by in known], "")] if judged else []


def _figure(
    judged: Mapping[str, Trend], rows: Mapping[str, Sequence[int | None]], names: Sequence[str], note: str
) -> Figure:
    order = sorted(judged, key=lambda code: (judged[code].word != "rising", -judged[code].now, code))
    lines = tuple(Line(code, words.label("category", code), _cells(judged[code])) for code in order)
    drawn = [code for code in order if judged[code].word == "rising"] or order
    title = _("Kinds of problem against their own past, %(when)s") % {"when": names[-1]}
    picture = pictures.lines_over(
        names,
        [(words.label("category", code), [count(value) for value in rows[code]]) for code in drawn],
        key="trends",
        title=title,
    )
    heads = (
        ("trend", _("Trend")),
        ("now", names[-1]),
        ("usual", _("Usual")),
        ("line", _("Rising from")),
    )
    notes = tuple(text for text in (limits(), note) if text)
    return Figure("trends", title, method(), words.dimension("category"), heads, lines, picture, notes)


def _cells(found: Trend) -> tuple[Cell, ...]:
    word = {
        "rising": _("rising"),
        "steady": _("as usual"),
        "unknown": _("too little past to say"),
    }[found.word]
    if found.usual is None or found.line is None:
        return Cell(found.word, word), count(found.now), nothing(), nothing()
    return (
        Cell(found.word, word),
        count(found.now),
        Cell(found.usual, number(found.usual)),
        Cell(round(found.line, 1), number(round(found.line, 1))),
    )
