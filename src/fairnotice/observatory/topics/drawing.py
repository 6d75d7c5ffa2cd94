"""The picture of a table, as SVG. Pure; `say` puts labels into the language of the reader."""

from __future__ import annotations

from collections.abc import Callable

from fairnotice.charts import bars, columns, curves, stacked
from fairnotice.law.words import gettext_noop
from fairnotice.observatory.topics.model import Kind, Label, Row, Table, Value, Words

Say = Callable[[Label], str]
Read = Callable[[Value, Kind], str]
"""A value as it is read."""

SAID = Words(gettext_noop("The table says the same in numbers."))


def draw(table: Table, *, key: str, title: str, say: Say, read: Read) -> str:
    """The `<svg>`, or "" where the table has no picture or nothing to draw."""
    picture = table.picture
    if picture is None:
        return ""
    rows = table.rows[-picture.rows :] if table.times else table.rows[: picture.rows]
    heads = [table.heads[at] for at in picture.columns]
    if not any(_drawn(row.values[at]) for row in rows for at in picture.columns):
        return ""
    named = {"ident": f"c-{key}", "title": title, "description": say(SAID)}
    first, head = picture.columns[0], heads[0]
    if picture.kind == "bars":
        found = [
            bars.Bar(say(row.label), _drawn(row.values[first]), read(row.values[first], row.read_as(head)))
            for row in rows
        ]
        return bars.draw(found, **named)
    if picture.kind == "paired":
        return bars.draw([bar for row in rows for bar in _pair(row, table, say, read)], **named)
    if picture.kind == "divided":
        wholes = [
            stacked.Whole(say(row.label), tuple(_drawn(row.values[at]) for at in picture.columns))
            for row in rows
        ]
        return stacked.draw(wholes, [say(one.label) for one in heads], **named)
    names = [say(row.label) for row in rows]
    if picture.kind == "lines":
        if len(rows) < 2:
            return ""
        lines = [
            curves.Curve(say(one.label), tuple(_drawn(row.values[at]) for row in rows))
            for at, one in zip(picture.columns, heads, strict=True)
        ]
        return curves.draw(lines, names, **named)
    standing = [
        columns.Column(name, _drawn(row.values[first]), read(row.values[first], row.read_as(head)))
        for name, row in zip(names, rows, strict=True)
    ]
    return columns.draw(standing, **named, touching=picture.kind == "spread")


def _drawn(value: Value) -> float | None:
    """A value as a length."""
    return float(value) if isinstance(value, int | float) else None


def _pair(row: Row, table: Table, say: Say, read: Read) -> list[bars.Bar]:
    """Two bars, one below the other: the name of the row with its own, that of the column with the other."""
    assert table.picture is not None  # noqa: S101 - it is what is drawn
    own, other = table.picture.columns
    return [
        bars.Bar(
            say(row.label), _drawn(row.values[own]), read(row.values[own], row.read_as(table.heads[own]))
        ),
        bars.Bar(
            say(table.heads[other].label),
            _drawn(row.values[other]),
            read(row.values[other], row.read_as(table.heads[other])),
            aside=True,
            level=1,
        ),
    ]
