"""A view in the language of the reader, as the tables and pictures that all pages of numbers have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairnotice.cases.figures.model import Cell, Figure, Line, decimal, number
from fairnotice.observatory.store import missing_days
from fairnotice.observatory.topics.drawing import draw
from fairnotice.observatory.topics.model import Answer, Kind, Label, Table, Value, View, Words
from fairnotice.observatory.topics.plain import shown

#: So many rows of a table stand on a page; its files have all.
ROWS = 25
#: A space at which no line is broken.
_STAYS = "\u00a0"


def say(label: Label) -> str:
    """A label in the language of the reader."""
    if isinstance(label, Words):
        text = _(label.text)
        return text % {name: say(value) for name, value in label.values} if label.values else text
    if isinstance(label, date):
        return date_format(label, "j M Y").replace(" ", _STAYS)
    return decimal(label, 0) if isinstance(label, int) else label


def read(value: Value, kind: Kind) -> str:
    """A value as it is read."""
    if value is None:
        return "–"
    if isinstance(value, str | date | Words):
        return say(value)
    if kind == "share":
        return percent(value)
    if kind == "change":
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + percent(abs(value))
    return decimal(value, 1) if kind == "mean" else number(value)


def figures(view: View) -> list[Figure]:
    """A figure for each part."""
    found: list[Figure] = []
    for wide, group in groupby(map(_figure, view.answers), key=lambda one: one.wide):
        some = list(group)
        # One or two beside a wide one would leave a hole: they take the whole width as well.
        few = not wide and len(some) < 3 and len(some) < len(view.answers)
        found += [replace(one, wide=True) if few else one for one in some]
    return found


def about_days(view: View) -> list[str]:
    """What has to be known of the days that the figures rest on."""
    inputs = {one for answer in view.answers for result in answer.results for one in result.inputs}
    found = []
    if missing := missing_days(one.day for one in inputs):
        text = ngettext(
            "One day between the first and the last is not there; its statements are not counted.",
            "%(n)s days between the first and the last are not there; their statements are not counted.",
            len(missing),
        )
        found.append(text % {"n": decimal(len(missing), 0)})
    if broken := {one.day for one in inputs if not one.whole}:
        text = ngettext(
            "Of one day a part could not be read, so it shows too few statements.",
            "Of %(n)s days a part could not be read, so they show too few statements.",
            len(broken),
        )
        found.append(text % {"n": decimal(len(broken), 0)})
    if any(one.kind == "light" for one in inputs):
        found.append(_("Some days are light dumps: they have no explanations, no facts and no territories."))
    if any(one.scope != "global" for one in inputs):
        found.append(_("Some days hold chosen platforms only, so not all platforms can be compared."))
    if len({one.version for one in inputs}) > 1:
        found.append(
            _(
                "The codes changed on 1 July 2025. Renamed ones stand under their new name, dropped ones as "
                "they were."
            )
        )
    return found


def _figure(answer: Answer) -> Figure:
    part, table = answer.part, answer.table
    rows = shown(table, ROWS)
    lines = tuple(
        Line(
            row.code,
            say(row.label),
            tuple(
                _cell(value, row.read_as(head)) for value, head in zip(row.values, table.heads, strict=True)
            ),
        )
        for row in rows
    )
    title = _(part.title)
    svg = draw(table, key=part.key, title=title, say=say, read=read)
    return Figure(
        part.key,
        title,
        _(part.method),
        say(table.first),
        tuple((head.code, say(head.label)) for head in table.heads),
        lines,
        mark_safe(svg),  # noqa: S308 - charts escapes every word that it is given
        (*_cut(table, len(rows)), *(say(note) for note in table.notes)),
        wide=len(table.heads) > 4 or sum(head.kind == "words" for head in table.heads) > 1,
    )


def _cut(table: Table, there: int) -> list[str]:
    if there == len(table.rows):
        return [] if there else [say(table.empty)]
    names = {"n": decimal(there, 0), "all": decimal(len(table.rows), 0)}
    if table.times:
        return [_("Listed are the last %(n)s of %(all)s; the files have all.") % names]
    return [_("Listed are the first %(n)s of %(all)s; the files have all.") % names]


def _cell(value: Value, kind: Kind) -> Cell:
    if value is None:
        return Cell(None, read(value, kind), "none")
    return Cell(say(value) if isinstance(value, Words | date) else value, read(value, kind))


def percent(share: float) -> str:
    """A share as it is read, on one line."""
    return (_("%(n)s %%") % {"n": decimal(100 * share, 1)}).replace(" ", _STAYS)
