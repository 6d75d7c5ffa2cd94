"""What all pictures have in common: the `<svg>` around them, words that are safe in it, patterns, and an
axis.

Pictures are `WIDTH` wide, so that their words can be read on a phone. Nothing is told by colour alone:
parts differ by pattern, lines by dashes and marks, and each value stands beside what it belongs to or in
the table. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from math import isfinite

from fairnotice.charts.text import lines

WIDTH = 360
LABEL, NOTE = 13.0, 12.0
STEP = 1.35
#: How many patterns there are; parts and lines beyond that begin again.
PATTERNS = 6
# What XML 1.0 (section 2.2) has no place for.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IDENT = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_SHORT = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k"))
# The lines of each pattern in a square of eight; the first is plain.
_DRAWN = (
    "",
    "M-2 2 2-2M0 8 8 0M6 10 10 6",
    "M4 0V8",
    "M-2 6 2 10M0 0 8 8M6-2 10 2",
    "M0 4H8",
    "M4 0V8M0 4H8",
)


def clean(text: str) -> str:
    """A text as it can stand inside an element or a quoted attribute."""
    return escape(_NO_XML.sub("\ufffd", text))


def check(*numbers: float | None) -> None:
    """Raises ValueError for what cannot be drawn: below zero, endless, not a number."""
    if any(number is not None and (not isfinite(number) or number < 0) for number in numbers):
        raise ValueError("only numbers from zero on can be drawn")


def svg(
    body: str, *, ident: str, kind: str, height: float, title: str, description: str, defs: str = ""
) -> str:
    """The picture. `title` and `description` are read out in its place. Raises ValueError for an ident that
    is not made of letters, digits and hyphens: it makes ids that are the picture's own on the page."""
    if not _IDENT.fullmatch(ident):
        raise ValueError("an ident begins with a letter and has letters, digits and hyphens")
    within = f"<defs>{defs}</defs>" if defs else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{kind}" viewBox="0 0 {WIDTH} {height:g}"'
        f' role="img" aria-labelledby="{ident}-title" aria-describedby="{ident}-desc">'
        f'<title id="{ident}-title">{clean(title)}</title>'
        f'<desc id="{ident}-desc">{clean(description)}</desc>{within}{body}</svg>'
    )


def patterns(ident: str, count: int) -> str:
    """The definitions of the first `count` patterns; `fill` names one."""
    found = []
    for number in range(min(count, PATTERNS)):
        lines_ = f'<path class="chart-hatch" d="{_DRAWN[number]}"/>' if _DRAWN[number] else ""
        found.append(
            f'<pattern id="{ident}-p{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect class="chart-tone-{number}" width="8" height="8"/>{lines_}</pattern>'
        )
    return "".join(found)


def fill(ident: str, number: int) -> str:
    """The attribute that fills a shape with a pattern."""
    return f'fill="url(#{ident}-p{number % PATTERNS})"'


def text(words: str, x: float, y: float, kind: str = "label", anchor: str = "") -> str:
    """One line of words on its base line. `anchor` is SVG's: "middle", "end"."""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="chart-{kind}" x="{x:.1f}" y="{y:.1f}"{placed}>{clean(words)}</text>'


def block(
    words: str, x: float, top: float, room: float, size: float, kind: str = "label"
) -> tuple[str, float]:
    """Words in as many lines as they need, and the height of that."""
    found = lines(words, room, size)
    drawn = [text(line, x, top + size * (1 + STEP * at), kind) for at, line in enumerate(found)]
    return "".join(drawn), size * STEP * len(found)


def ticks(largest: float) -> list[float]:
    """Round whole values from 0 to at least `largest`, at most six of them."""
    if largest <= 1:
        return [0.0, 1.0]
    size = 1.0
    while size * 10 <= largest:
        size *= 10
    step = max(1.0, next(size * factor for factor in (0.2, 0.5, 1, 2) if size * factor * 5 >= largest))
    found = [0.0]
    while found[-1] < largest:
        found.append(len(found) * step)
    return found


def short(number: float) -> str:
    """A number for an axis: 950, 8,000, 12k, 1.5M."""
    for size, letter in _SHORT:
        if number >= size:
            part = number / (1e3 if letter == "k" else size)
            return f"{part:.3g}{letter}"
    return f"{number:.3g}" if number < 100 else f"{number:,.0f}"


def legend(ident: str, names: Sequence[str], top: float) -> tuple[str, float]:
    """What the patterns mean, a line for each, and its height."""
    parts, height = [], 0.0
    for number, name in enumerate(names):
        parts.append(
            f'<rect class="chart-part" x="1" y="{top + height + 3:.1f}" width="16" height="12"'
            f" {fill(ident, number)}/>"
        )
        drawn, tall = block(name, 24, top + height, WIDTH - 24, NOTE, "note")
        parts.append(drawn)
        height += max(tall, 16.0) + 3
    return "".join(parts), height
