"""Standing columns side by side: counts over time, or a distribution, whose columns touch. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.charts import frame
from fairnotice.charts.frame import NOTE, WIDTH
from fairnotice.charts.text import lines, width

HIGH = 150.0
_TOP, _STUB = 18.0, 12.0


@dataclass(frozen=True, slots=True)
class Column:
    """`name` stands below it; `words` is its value as it is read. `value` None: not shown, a broken frame
    says so."""

    name: str
    value: float | None
    words: str


def draw(
    columns: Sequence[Column], *, ident: str, title: str, description: str, touching: bool = False
) -> str:
    """The picture; "" for no columns. Raises ValueError for a negative or endless value, and for a bad
    ident."""
    frame.check(*(column.value for column in columns))
    if not columns:
        return ""
    marks = frame.ticks(max((column.value or 0.0 for column in columns), default=0.0))
    left = axis_room(marks)
    slot = (WIDTH - left - 2) / len(columns)
    wide = slot if touching else max(slot * 0.72, 1.0)
    parts = [axis(marks, left)]
    said = all(width(column.words, NOTE) <= slot for column in columns if column.value is not None)
    for at, column in enumerate(columns):
        x = left + slot * at + (slot - wide) / 2
        tall = _STUB if column.value is None else HIGH * column.value / marks[-1]
        kind = "chart-withheld" if column.value is None else "chart-part"
        filled = 'fill="none"' if column.value is None else frame.fill(ident, 0)
        place = f'x="{x:.1f}" y="{_TOP + HIGH - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
        parts.append(f'<rect class="{kind}" {place} {filled}/>')
        if said and column.value is not None:
            parts.append(frame.text(column.words, x + wide / 2, _TOP + HIGH - tall - 4, "note", "middle"))
    names, tall = below([column.name for column in columns], left, slot)
    parts.append(names)
    return frame.svg(
        "".join(parts),
        ident=ident,
        kind="columns",
        height=round(_TOP + HIGH + tall + 4, 1),
        title=title,
        description=description,
        defs=frame.patterns(ident, 1),
    )


def axis_room(marks: Sequence[float]) -> float:
    """How much an axis with these values takes at the left."""
    return max(width(frame.short(mark), NOTE) for mark in marks) + 8


def axis(marks: Sequence[float], left: float) -> str:
    """Lines across, with their values at the left."""
    parts = []
    for mark in marks:
        y = _TOP + HIGH * (1 - mark / marks[-1])
        kind = "chart-base" if mark == 0 else "chart-grid"
        parts.append(f'<path class="{kind}" d="M{left:.1f} {y:.1f}H{WIDTH - 2}"/>')
        parts.append(frame.text(frame.short(mark), left - 5, y + 4, "note", "end"))
    return "".join(parts)


def height_of(value: float, marks: Sequence[float]) -> float:
    """The y of a value."""
    return _TOP + HIGH * (1 - value / marks[-1])


def below(names: Sequence[str], left: float, slot: float) -> tuple[str, float]:
    """The names under their places, as many of them as have room, and the height of that."""
    every = 1
    widest = max((width(word, NOTE) for name in names for word in name.split()), default=0.0)
    while every < len(names) and widest + 4 > slot * every:
        every += 1
    parts, tall = [], 0.0
    for at in range(0, len(names), every):
        middle = left + slot * at + slot / 2
        room = min(slot * every, 2 * (WIDTH - middle))
        found = lines(names[at], room, NOTE)
        # The last one may find no room at the right: it is left to the table.
        if any(width(word, NOTE) > room for word in names[at].split()):
            continue
        for row, line in enumerate(found):
            y = _TOP + HIGH + NOTE * (1.3 + frame.STEP * row)
            parts.append(frame.text(line, middle, y, "note", "middle"))
        tall = max(tall, NOTE * (1.5 + frame.STEP * len(found)))
    return "".join(parts), tall
