"""A chain of organisations, drawn from top to bottom: one box below another, an arrow between two.

From top to bottom on every screen, so that it reads in the same order as the table beside it, and fits on
a phone without a second form. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.charts.frame import WIDTH, clean, svg
from fairnotice.charts.text import lines

TITLE, LINE, MARK = 15.0, 13.5, 13.0
_PAD, _GAP, _STEP = 14.0, 32.0, 1.4
_EDGE = 1.5  # keeps a thick frame inside the picture
TONES = frozenset({"", "registry", "private", "answers"})


@dataclass(frozen=True, slots=True)
class Box:
    """One organisation: its name, facts in a line each, and marks (short words that set it apart).

    `tones` are classes for the style sheet: "registry", "private" (a broken frame), "answers". A tone never
    says anything that no word says.
    """

    title: str
    facts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    size: float
    kind: str


def draw(boxes: Sequence[Box], *, ident: str, title: str, description: str) -> str:
    """The chain as one `<svg>`, from the first box down; "" for no boxes.

    `ident` makes ids that are the picture's own on the page: letters, digits and hyphens. `title` and
    `description` are read out in place of the picture. Raises ValueError for any other ident, and for a tone
    that the style sheet does not know.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", ident):
        raise ValueError("an ident begins with a letter and has letters, digits and hyphens")
    if not boxes:
        return ""
    parts: list[str] = []
    top = _EDGE
    for number, box in enumerate(boxes):
        if not TONES.issuperset(box.tones):
            raise ValueError("unknown tone")
        if number:
            parts.append(_arrow(top, ident))
            top += _GAP
        drawn, height = _box(box, top)
        parts.append(drawn)
        top += height
    height = round(top + _EDGE, 1)
    head = (
        f'<marker id="{ident}-tip" class="chart-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z"/></marker>'
    )
    return svg(
        "".join(parts),
        ident=ident,
        kind="chain",
        height=height,
        title=title,
        description=description,
        defs=head,
    )


def _rows(box: Box) -> list[_Row]:
    room = WIDTH - 2 * (_EDGE + _PAD)
    rows = [_Row(line, TITLE, "title") for line in lines(box.title, room, TITLE, bold=True)]
    rows += [_Row(line, LINE, "fact") for fact in box.facts for line in lines(fact, room, LINE)]
    rows += [_Row(line, MARK, "mark") for mark in box.marks for line in lines(mark, room, MARK, bold=True)]
    return rows


def _box(box: Box, top: float) -> tuple[str, float]:
    """The box with its upper edge at `top`, and its height."""
    texts: list[str] = []
    base = top + _PAD - 3
    for row in _rows(box):
        base += row.size * _STEP
        place = f'x="{_EDGE + _PAD:g}" y="{base - row.size * 0.2:.1f}"'
        texts.append(f'<text class="chart-{row.kind}" {place}>{clean(row.text)}</text>')
    height = base + _PAD - 3 - top
    classes = " ".join(["chart-box", *(f"chart-{tone}" for tone in box.tones if tone)])
    frame = f'<rect x="{_EDGE:g}" y="{top:.1f}" width="{WIDTH - 2 * _EDGE:g}" height="{height:.1f}" rx="7"/>'
    return f'<g class="{classes}">{frame}{"".join(texts)}</g>', height


def _arrow(top: float, ident: str) -> str:
    middle = WIDTH / 2
    line = f'd="M{middle:g} {top + 3:.1f}V{top + _GAP - 4:.1f}"'
    return f'<path class="chart-arrow" {line} marker-end="url(#{ident}-tip)"/>'
