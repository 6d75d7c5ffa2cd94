"""A view as plain English text for a terminal: tables, with a small bar beside what is drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from textwrap import wrap

from fairnotice.observatory.output import printable
from fairnotice.observatory.topics.model import Answer, Kind, Label, Row, Table, Value, View, Words, english

ROWS, WIDE, _BAR, _LABEL = 25, 110, 20, 44


def say(label: Label) -> str:
    """A label in English, without what would steer a terminal: names are others' texts."""
    return printable(english(label))


def read(value: Value, kind: Kind) -> str:
    """A value as it is read."""
    if value is None:
        return "–"
    if isinstance(value, str | date | Words):
        return say(value)
    if kind == "share":
        return f"{100 * value:.1f} %"
    if kind == "change":
        return f"{100 * value:+,.1f} %"
    whole = kind != "mean" and float(value).is_integer()
    return f"{value:,.0f}" if whole else f"{value:,.1f}"


def lines(view: View, most: int | None = ROWS) -> Iterator[str]:
    """The whole view; of each table the `most` rows that matter, None for all of them."""
    who = say(view.choice.platform) if view.choice.platform is not None else "all platforms"
    span = f"{view.first} to {view.last}" if view.first else "no days"
    yield f"{view.topic.title}: {who}, {span}"
    yield from _paragraph(view.topic.about)
    for answer in view.answers:
        yield ""
        yield from _part(answer, most)
    for heading, texts in (
        ("What is meant", view.topic.definition),
        ("What these figures cannot say", view.topic.limits),
        ("Notes", view.notes),
    ):
        if texts:
            yield ""
            yield f"{heading}:"
            for text in texts:
                yield from _paragraph(text, "- ")


def shown(table: Table, most: int | None) -> tuple[Row, ...]:
    """The rows there is room for: the last ones where they are times, else the first."""
    if most is None or len(table.rows) <= most:
        return table.rows
    return table.rows[-most:] if table.times else table.rows[:most]


def _paragraph(text: str, mark: str = "") -> list[str]:
    return wrap(text, WIDE, initial_indent=mark, subsequent_indent=" " * len(mark))


def _part(answer: Answer, most: int | None) -> Iterator[str]:
    table = answer.table
    yield f"## {answer.part.title}"
    yield from _paragraph(answer.part.method)
    for note in table.notes:
        yield from _paragraph(say(note), "- ")
    if not table.rows:
        yield from _paragraph(say(table.empty))
        return
    rows = shown(table, most)
    cells = [
        [
            _cut(say(row.label)),
            *(read(value, row.read_as(head)) for value, head in zip(row.values, table.heads, strict=True)),
        ]
        for row in rows
    ]
    heads = [say(table.first), *(say(head.label) for head in table.heads)]
    wide = [max(len(line[at]) for line in (heads, *cells)) for at in range(len(heads))]
    bars = _bars(table, rows)
    yield ""
    for line, bar in ((heads, ""), *zip(cells, bars, strict=True)):
        named, *figures = (
            text.ljust(size) if at == 0 or table.heads[at - 1].kind == "words" else text.rjust(size)
            for at, (text, size) in enumerate(zip(line, wide, strict=True))
        )
        yield "  ".join((named, *figures, bar)).rstrip()
    if len(rows) < len(table.rows):
        which = "last" if table.times else "first"
        yield f"({which} {len(rows)} of {len(table.rows)}; --all shows all)"


def _bars(table: Table, rows: tuple[Row, ...]) -> list[str]:
    """A bar for each row, of what its picture draws first."""
    if table.picture is None or table.picture.kind == "divided":
        return [""] * len(rows)
    values = [row.values[table.picture.columns[0]] for row in rows]
    sizes = [float(value) if isinstance(value, int | float) else 0.0 for value in values]
    largest = max(sizes, default=0.0)
    return ["█" * max(1, round(_BAR * size / largest)) if size else "" for size in sizes]


def _cut(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
