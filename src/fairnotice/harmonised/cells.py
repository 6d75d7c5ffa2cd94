"""Single cells: plain numbers, text that must not run as a formula, texts compared as people see them."""

from __future__ import annotations

import re
from functools import lru_cache

#: A spreadsheet runs a cell that begins with one of these.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WHOLE = re.compile(r"\d{1,15}")
# A third, as programs write it, has seventeen decimals at most.
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,20})?")
_BLANKS = re.compile(r"\s+")


def inert(text: str) -> str:
    """A text cell that stays text: a quote stands before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(_RUNS) else text


def uninert(text: str) -> str:
    """`inert` taken back."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUNS) else text


def whole(text: str) -> int | None:
    """The whole number that the cell is, written plainly in digits ("0", "1204"); None for anything
    else."""
    return int(text) if _WHOLE.fullmatch(text) and text.isascii() else None


def number(text: str) -> float | None:
    """The number that the cell is, with a point before any decimals; None for anything else, also below
    zero."""
    return float(text) if _NUMBER.fullmatch(text) and text.isascii() else None


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """For comparing: no-break spaces and runs of blanks are one blank, none at the ends, no capitals, one
    kind of apostrophe and of dots."""
    text = text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "").replace("…", "...")
    for quote in "’‘`´":
        text = text.replace(quote, "'")
    for quote in "“”„«»":
        text = text.replace(quote, '"')
    return _BLANKS.sub(" ", text).strip().casefold()
