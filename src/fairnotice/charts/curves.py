"""Lines over time, at most `MOST` in one picture: each with dashes and marks of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.charts import columns, frame
from fairnotice.charts.frame import NOTE, WIDTH

#: More lines than that cannot be told apart.
MOST = 4
_DASHES = ("", "7 4", "2 3", "9 3 2 3")


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: a value for each place, None where none is shown; there the line has a gap."""

    name: str
    values: tuple[float | None, ...]


def draw(curves: Sequence[Curve], names: Sequence[str], *, ident: str, title: str, description: str) -> str:
    """The picture over places called `names`; "" for no lines or no places. Raises ValueError for more
    lines than `MOST`, for lines of another length than `names`, for negative and endless values, and for a
    bad ident."""
    if len(curves) > MOST or any(len(curve.values) != len(names) for curve in curves):
        raise ValueError("a few lines, with a value or a gap for each place")
    values = [value for curve in curves for value in curve.values]
    frame.check(*values)
    if not curves or not names:
        return ""
    marks = frame.ticks(max((value or 0.0 for value in values), default=0.0))
    left = columns.axis_room(marks)
    slot = (WIDTH - left - 2) / len(names)
    parts = [columns.axis(marks, left)]
    for number, curve in enumerate(curves):
        places = [
            None if value is None else (left + slot * (at + 0.5), columns.height_of(value, marks))
            for at, value in enumerate(curve.values)
        ]
        parts.append(f'<path class="chart-line chart-line-{number}"{_dashes(number)} d="{_way(places)}"/>')
        parts += [mark(number, *place) for place in places if place]
    under, tall = columns.below(names, left, slot)
    parts.append(under)
    top = columns.height_of(0, marks) + tall + 8
    for number, curve in enumerate(curves):
        parts.append(
            f'<path class="chart-line chart-line-{number}"{_dashes(number)} d="M1 {top + 9:.1f}H33"/>'
            + mark(number, 17, top + 9)
        )
        drawn, high = frame.block(curve.name, 40, top, WIDTH - 40, NOTE, "note")
        parts.append(drawn)
        top += max(high, 18.0) + 3
    return frame.svg(
        "".join(parts),
        ident=ident,
        kind="curves",
        height=round(top + 2, 1),
        title=title,
        description=description,
    )


def _dashes(number: int) -> str:
    return f' stroke-dasharray="{_DASHES[number]}"' if _DASHES[number] else ""


def _way(places: Sequence[tuple[float, float] | None]) -> str:
    found, begun = [], False
    for place in places:
        if place is not None:
            found.append(f"{'L' if begun else 'M'}{place[0]:.1f} {place[1]:.1f}")
        begun = place is not None
    return "".join(found) or "M0 0"


def mark(number: int, x: float, y: float) -> str:
    """The mark of a line: a disc, a square, a triangle or a diamond."""
    shapes = (
        f"M{x - 3.5:.1f} {y:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
        f"M{x - 3.2:.1f} {y - 3.2:.1f}h6.4v6.4h-6.4z",
        f"M{x:.1f} {y - 4:.1f}l4 7h-8z",
        f"M{x:.1f} {y - 4.5:.1f}l4.5 4.5-4.5 4.5-4.5-4.5z",
    )
    return f'<path class="chart-mark-{number}" d="{shapes[number % MOST]}"/>'
