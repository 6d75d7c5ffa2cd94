"""The picture above a table: one chart for each kind, in the words of the table."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from fairnotice.cases.figures.model import Cell, Line
from fairnotice.charts import bars, columns, curves, stacked

#: More bars than that make a picture that nobody reads; the table has them all.
MOST_BARS, MOST_COLUMNS = 14, 36


def _said() -> str:
    return _("The table below says the same in numbers.")


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 - charts escapes every word that it is given


def lying(lines: Sequence[Line], at: int, *, key: str, title: str, levels: Sequence[int] = ()) -> SafeString:
    """A bar for each line, of its cell `at`; "" where none has a value."""
    shown = list(lines[:MOST_BARS])
    if not any(line.cells[at].number for line in shown):
        return SafeString("")
    drawn = [
        bars.Bar(
            line.label,
            line.cells[at].number,
            line.cells[at].words,
            aside=not line.code,
            level=levels[number] if number < len(levels) else 0,
        )
        for number, line in enumerate(shown)
    ]
    return _safe(bars.draw(drawn, ident=f"c-{key}", title=title, description=_said()))


def standing(
    names: Sequence[str], cells: Sequence[Cell], *, key: str, title: str, touching: bool = False
) -> SafeString:
    """A column for each place; "" where none has a value."""
    if not any(cell.number for cell in cells):
        return SafeString("")
    drawn = [
        columns.Column(name, cell.number, cell.words)
        for name, cell in list(zip(names, cells, strict=True))[-MOST_COLUMNS:]
    ]
    return _safe(columns.draw(drawn, ident=f"c-{key}", title=title, description=_said(), touching=touching))


def lines_over(
    names: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]], *, key: str, title: str
) -> SafeString:
    """A line for each row over the places; "" where there is nothing to join."""
    chosen = [row for row in rows if sum(cell.number is not None for cell in row[1]) > 1][: curves.MOST]
    if not chosen or len(names) < 2:
        return SafeString("")
    cut = slice(-MOST_COLUMNS, None)
    drawn = [curves.Curve(name, tuple(cell.number for cell in cells[cut])) for name, cells in chosen]
    made = curves.draw(drawn, list(names)[cut], ident=f"c-{key}", title=title, description=_said())
    return _safe(made)


def divided(
    wholes: Sequence[tuple[str, Sequence[Cell]]], parts: Sequence[str], *, key: str, title: str
) -> SafeString:
    """A bar for each whole, cut into its parts; "" where none has anything."""
    if not any(cell.number for _name, cells in wholes for cell in cells):
        return SafeString("")
    drawn = [stacked.Whole(name, tuple(cell.number for cell in cells)) for name, cells in wholes]
    return _safe(stacked.draw(drawn, parts, ident=f"c-{key}", title=title, description=_said()))
