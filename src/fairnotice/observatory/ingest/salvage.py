"""Records out of a CSV that a fast reader stumbles over: each good one is read, each other kept as it is.

A statement begins on a line with its identifier, so a fault in one does not reach the next; a line of a text
may begin so too. The dumps of
2024-03-23 to 04-02 and 04-09 to 04-16 have quotation marks with a backslash before them that are not
doubled, as PHP's own writer leaves them; those are understood. Pure.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fairnotice.transparencydb import reading

_BEGINS = re.compile(rb'\n(?="?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"?,)')
#: A mark that PHP did not double: a fast reader may find the cells right, but not what stands in them.
ESCAPED: Final = re.compile(rb'\\"(?![",\r\n])')
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", re.ASCII)

_PLAIN = re.compile(r'[^",\n]*')
_MARK = re.compile(r'(\\*)"')
#: A record with so many doubtful marks is not puzzled over any longer.
_MOST_TRIES: Final = 2000
#: So many lines of one text may begin as a record does.
_MOST_LINES: Final = 64


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that is none. `row`: its place after the header, the first being 1. `raw`: its bytes."""

    row: int
    reason: str
    raw: bytes


def records(body: bytes, names: tuple[str, ...]) -> Iterator[list[str] | Lost]:
    """The records behind the header: a cell for each of `names`, or what was lost and why. Never raises."""
    for row, raw in enumerate(pieces(body, names), 1):
        found = one(raw, names)
        yield Lost(row, found, raw) if isinstance(found, str) else found


def doubtful(raw: bytes) -> bool:
    """Whether a record shows at first sight that no fast reader should be given it."""
    if raw.count(b'"') % 2 or ESCAPED.search(raw):
        return True
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def one(raw: bytes, names: tuple[str, ...]) -> list[str] | str:
    """The cells of one record, or the reason why it is none."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "bytes that are no UTF-8"
    try:
        lines = list(csv.reader([text], strict=True))
        cells = lines[0] if len(lines) == 1 else []
        if len(cells) == len(names):
            return cells
        reason = f"{len(cells)} cells instead of {len(names)}"
    except csv.Error as error:
        reason = reading.csv_reason(error)
    return php(text, names) or reason


def php(text: str, names: tuple[str, ...]) -> list[str]:
    """The cells of a record whose quotation marks PHP escaped, or nothing where that cannot be told: there
    have to be as many as `names`, the last a time."""
    if '\\"' not in text:
        return []
    return _Php(text).cells(0, len(names)) or []


class _Php:
    """A quotation mark behind a backslash is one of the text, or ends it: only one of both leads to a record
    with the right number of cells."""

    def __init__(self, text: str) -> None:
        self._text, self._tries = text, 0

    def cells(self, at: int, left: int) -> list[str] | None:
        """`left` cells from `at` to the end of the record; None where there is no way."""
        for cell, end in self._cell(at):
            self._tries += 1
            if self._tries > _MOST_TRIES:
                return None
            if left == 1:
                if end == len(self._text) and _TIME.fullmatch(cell):
                    return [cell]
            elif self._text.startswith(",", end) and (rest := self.cells(end + 1, left - 1)) is not None:
                return [cell, *rest]
        return None

    def _cell(self, at: int) -> Iterator[tuple[str, int]]:
        """Each way to read the cell that begins at `at`: its text, and where it ends."""
        text = self._text
        if not text.startswith('"', at):
            if match := _PLAIN.match(text, at):
                yield match[0], match.end()
            return
        seek = at + 1
        while match := _MARK.search(text, seek):
            end = match.end()
            if match[1]:
                if text[end : end + 1] in ("", ","):
                    yield text[at + 1 : end - 1].replace('""', '"'), end
                seek = end
            elif text.startswith('"', end):
                seek = end + 1
            else:
                yield text[at + 1 : end - 1].replace('""', '"'), end
                return


def pieces(body: bytes, names: tuple[str, ...]) -> Iterator[bytes]:
    """The bytes of each record, without the line break behind it; blank lines are none."""
    if names[:1] != ("uuid",):
        yield from _by_marks(body, len(names))
        return
    cut = _by_identifiers(body)
    ahead: deque[tuple[int, int]] = deque()
    while span := ahead.popleft() if ahead else next(cut, None):
        start, end = span
        if piece := body[start:end].strip(b"\r\n"):
            whole = _reaching(piece, body, start, cut, ahead, names)
            yield whole or piece


def _by_identifiers(body: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(body):
        match = _BEGINS.search(body, at)
        end = match.start() if match else len(body)
        yield at, end
        at = end + 1


def _reaching(
    piece: bytes,
    body: bytes,
    start: int,
    cut: Iterator[tuple[int, int]],
    ahead: deque[tuple[int, int]],
    names: tuple[str, ...],
) -> bytes | None:
    """The record that goes on behind a piece of it, where a line of a text begins as a record does. It has to
    be sound, and what is taken in must be no record of its own. `ahead`: spans that were cut already."""
    if piece.count(b'"') % 2 == 0 or not isinstance(one(piece, names), str):
        return None
    for place in range(_MOST_LINES):
        if place == len(ahead):
            span = next(cut, None)
            if span is None:
                return None
            ahead.append(span)
        first, last = ahead[place]
        if body.count(b'"', first, last) % 2 == 0:
            continue
        whole = body[start:last].strip(b"\r\n")
        parts = [body[slice(*ahead[number])].strip(b"\r\n") for number in range(place + 1)]
        if not _is_sound(whole, names) or any(_is_sound(part, names) for part in parts):
            return None
        for _ in parts:
            ahead.popleft()
        return whole
    return None


def _is_sound(raw: bytes, names: tuple[str, ...]) -> bool:
    cells = one(raw, names)
    return not isinstance(cells, str) and ("created_at", True) in zip(
        names, map(bool, map(_TIME.fullmatch, cells)), strict=True
    )


def _by_marks(body: bytes, width: int) -> Iterator[bytes]:
    """Where no identifier shows where a record begins: line by line, as far as the marks are even."""
    held = b""
    for line in body.split(b"\n"):
        held = held + b"\n" + line if held else line
        if held.count(b'"') % 2 == 0 or line.count(b",") >= width - 1:
            if piece := held.strip(b"\r\n"):
                yield piece
            held = b""
    if piece := held.strip(b"\r\n"):
        yield piece
