"""Bars cut into parts, each bar as long as the others: how a whole divides. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.charts import frame
from fairnotice.charts.frame import LABEL, NOTE, PATTERNS, WIDTH
from fairnotice.charts.text import width

_BAR, _GAP = 24.0, 10.0


@dataclass(frozen=True, slots=True)
class Whole:
    """One bar: a value for each part. All None: not shown, a broken frame says so."""

    name: str
    values: tuple[float | None, ...]
    words: str = ""


def draw(wholes: Sequence[Whole], parts: Sequence[str], *, ident: str, title: str, description: str) -> str:
    """The picture of bars that divide into `parts`; "" for no bars or no parts.

    Raises ValueError for more parts than there are patterns, for bars of another length than `parts`, for
    negative and endless values, and for a bad ident.
    """
    if len(parts) > PATTERNS or any(len(whole.values) != len(parts) for whole in wholes):
        raise ValueError("a few parts, with a value for each in every bar")
    frame.check(*(value for whole in wholes for value in whole.values))
    if not wholes or not parts:
        return ""
    drawn: list[str] = []
    top = 0.0
    for whole in wholes:
        name, tall = frame.block(whole.name, 0, top, WIDTH, LABEL)
        drawn.append(name)
        top += tall + 4
        drawn.append(_bar(whole, ident, top))
        top += _BAR
        if whole.words:
            words, tall = frame.block(whole.words, 0, top, WIDTH, NOTE, "note")
            drawn.append(words)
            top += tall + 2
        top += _GAP
    key, tall = frame.legend(ident, parts, top)
    return frame.svg(
        "".join(drawn) + key,
        ident=ident,
        kind="stacked",
        height=round(top + tall + 2, 1),
        title=title,
        description=description,
        defs=frame.patterns(ident, len(parts)),
    )


def _bar(whole: Whole, ident: str, top: float) -> str:
    total = sum(value or 0.0 for value in whole.values)
    if all(value is None for value in whole.values) or total <= 0:
        size = f'width="{WIDTH - 2}" height="{_BAR:g}"'
        return f'<rect class="chart-withheld" x="1" y="{top:.1f}" {size} fill="none"/>'
    found, x = [], 1.0
    for number, value in enumerate(whole.values):
        if not value:
            continue
        long = (WIDTH - 2) * (value / total)
        found.append(
            f'<rect class="chart-part" x="{x:.1f}" y="{top:.1f}" width="{long:.1f}" height="{_BAR:g}"'
            f" {frame.fill(ident, number)}/>"
        )
        share = f"{100 * value / total:.0f} %"
        wide = width(share, NOTE, bold=True) + 6
        if wide <= long:
            # On a plate of its own, since no word can be read on hatching.
            middle = x + long / 2
            found.append(
                f'<rect class="chart-plate" x="{middle - wide / 2:.1f}" y="{top + 4:.1f}" width="{wide:.1f}"'
                f' height="{_BAR - 8:g}" rx="2"/>' + frame.text(share, middle, top + 16.5, "note", "middle")
            )
        x += long
    return "".join(found)
