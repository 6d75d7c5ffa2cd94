"""Lying bars, one below another: a name, below it the bar with its value. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.charts import frame
from fairnotice.charts.frame import LABEL, WIDTH
from fairnotice.charts.text import lines, width

_BAR, _GAP, _LEAST = 15.0, 9.0, 120.0


@dataclass(frozen=True, slots=True)
class Bar:
    """`words` is the value as it is read; `value` None: not shown, there is no bar. `aside`: something else
    than the others, such as "all others", drawn with another pattern. `level` moves it in, for what is part
    of the one above."""

    name: str
    value: float | None
    words: str
    aside: bool = False
    level: int = 0


def draw(bars: Sequence[Bar], *, ident: str, title: str, description: str) -> str:
    """The picture; "" for no bars. Raises ValueError for a negative or endless value, and for a bad ident."""
    frame.check(*(bar.value for bar in bars))
    if not bars:
        return ""
    largest = max((bar.value or 0.0 for bar in bars), default=0.0)
    room = max(_LEAST, WIDTH - 8 - max(width(bar.words, LABEL, bold=True) for bar in bars))
    parts: list[str] = []
    top = 0.0
    for bar in bars:
        left = 14.0 * min(max(bar.level, 0), 3)
        drawn, tall = frame.block(bar.name, left, top, WIDTH - left, LABEL)
        parts.append(drawn)
        top += tall + 4
        long = (room - left) * (bar.value or 0.0) / largest if largest else 0.0
        if bar.value is not None:
            long = max(long, 1.5 if bar.value else 0.0)
            parts.append(
                f'<rect class="chart-part" x="{left:.1f}" y="{top:.1f}" width="{long:.1f}" height="{_BAR:g}"'
                f" {frame.fill(ident, 1 if bar.aside else 0)}/>"
            )
        # Words that find no room beside the bar stand below it, in lines.
        if left + long + 6 + width(bar.words, LABEL, bold=True) <= WIDTH:
            parts.append(frame.text(bar.words, left + long + 6, top + _BAR - 3, "value"))
        else:
            for line in lines(bar.words, WIDTH - left, LABEL, bold=True):
                top += LABEL * frame.STEP
                parts.append(frame.text(line, left, top + _BAR - 3, "value"))
        top += _BAR + _GAP
    return frame.svg(
        "".join(parts),
        ident=ident,
        kind="bars",
        height=round(top, 1),
        title=title,
        description=description,
        defs=frame.patterns(ident, 2),
    )
