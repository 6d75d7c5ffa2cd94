"""Millions of locations, one per line, answered in order with bounded memory.

The register is read into memory once, as it is when the run begins. Answers hold organisations and contacts,
and of the chain only what the public may see, unless everything is asked for.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import IO, NamedTuple, TextIO

from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.chains import Chain
from fairnotice.answerable.resources import LONGEST, NotALocation, parse
from fairnotice.answerable.snapshot.batch import nearest_texts
from fairnotice.answerable.snapshot.load import everything as whole_register
from fairnotice.answerable.snapshot.quick import NOBODY
from fairnotice.answerable.snapshot.rows import asked_moment
from fairnotice.answerable.snapshot.view import Links, View

#: Lines that are looked up together.
CHUNK = 10_000
_REMEMBERED = 50_000
_CELLS = ("handle", "name", "kind", "resource")


class Line(NamedTuple):
    """A line of the file by number, from 1; `text` is None where it is no text. `size` in bytes."""

    number: int
    text: str | None
    size: int


class Answer(NamedTuple):
    """What a line is answered with: what was read, or what is wrong; and the chain."""

    number: int
    given: str
    target: str
    problem: str
    chain: Chain


class JsonAnswers:
    """Writes one JSON object per line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, answer: Answer) -> None:
        """One line."""
        chain = answer.chain
        row = {
            "line": answer.number,
            "given": answer.given,
            "target": answer.target or None,
            "problem": answer.problem,
            "chain": [
                {
                    "handle": link.handle,
                    "name": link.name,
                    "country": link.country,
                    "kind": link.kind,
                    "resource": link.resource,
                    "valid_from": link.valid_from,
                    "valid_until": link.valid_until,
                }
                for link in chain.links
            ],
            "contact": chain.contact_json(),
        }
        self._out.write(json.dumps(row, ensure_ascii=False) + "\n")


class CsvAnswers:
    """Writes CSV, the columns named in the first line. No cell begins as a formula does."""

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out, lineterminator="\n")
        self._rows.writerow(
            [
                "line",
                "given",
                "target",
                "problem",
                *(f"holder_{name}" for name in _CELLS),
                "chain",
                "contact_organisation",
                "contact_channel",
                "contact_address",
            ]
        )

    def write(self, answer: Answer) -> None:
        """One line."""
        chain = answer.chain
        holder, answering, contact = chain.holder, chain.answering, chain.contact
        cells = [answer.given, answer.target, answer.problem]
        cells += [getattr(holder, name) if holder else "" for name in _CELLS]
        cells.append(" > ".join(link.handle for link in chain.links))
        cells += [answering.handle, contact.channel, contact.address] if answering and contact else [""] * 3
        self._rows.writerow([answer.number, *map(inert, cells)])


def inert(text: str) -> str:
    """Spreadsheets run cells that begin with these signs; a quote in front keeps them text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def answer(
    lines: IO[bytes],
    writer: JsonAnswers | CsvAnswers,
    *,
    at: date | None = None,
    known_on: datetime | None = None,
    everything: bool = False,
    on_progress: Callable[[int], object] = lambda size: None,
) -> int:
    """Answer each line in its place; how many of them name no place.

    `at` and `known_on` as in `lookup.find`. `everything`: links that are not public, too. `on_progress` is
    told how many bytes were worked through.
    """
    day = at or timezone.now().date()
    questions = _Questions(View(whole_register()), day, asked_moment(known_on), everything)
    bad = 0
    numbered = read(lines)
    while chunk := list(islice(numbered, CHUNK)):
        for given in questions.answers(chunk):
            bad += bool(given.problem)
            writer.write(given)
        on_progress(sum(line.size for line in chunk))
    return bad


def read(lines: IO[bytes]) -> Iterator[Line]:
    """The lines of a file in UTF-8; of one that is too long to be a location, only the beginning is kept."""
    number = 0
    longest = 4 * LONGEST
    while raw := lines.readline(longest):
        number += 1
        size, last = len(raw), raw
        while not last.endswith(b"\n") and (last := lines.readline(longest)):
            size += len(last)
            raw = raw[:longest] if len(raw) >= longest else raw + last
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            # What is cut off in the middle of a letter is too long anyway.
            text = raw.decode("utf-8", "ignore" if size >= longest else "strict").strip()
        except UnicodeDecodeError:
            yield Line(number, None, size)
        else:
            yield Line(number, text, size)


class _Questions:
    """A view, a day and a moment, and the chains found so far."""

    def __init__(self, view: View, day: date, known: int, everything: bool) -> None:
        self._view, self._day, self._known, self._all = view, day, known, everything
        self._chains: dict[int, Chain] = {}

    def answers(self, chunk: list[Line]) -> Iterator[Answer]:
        texts = [line.text or "" for line in chunk]
        rows = nearest_texts(self._view.base, texts, self._day.toordinal(), self._known).tolist()
        for line, row in zip(chunk, rows, strict=True):
            if line.text is None:
                problem = _("This line is not text in UTF-8.")
                yield Answer(line.number, "", "", problem, Chain(self._day, problem=problem))
            else:
                yield self._answer(line.number, line.text, row)

    def _answer(self, number: int, text: str, row: int) -> Answer:
        if row == NOBODY and ":" not in text:
            return Answer(number, text, text, "", Chain(self._day))
        known = self._chains.get(row)
        if known is not None and ":" not in text:
            return Answer(number, text, text, "", known)
        try:
            target = parse(text)
        except NotALocation as problem:
            # A text that is too long is not said once more.
            given = text if len(text) <= LONGEST else ""
            return Answer(number, given, "", str(problem), Chain(self._day, problem=str(problem)))
        if known is None:
            known = self._chain(self._view.links(target, self._day.toordinal(), self._known))
            # All addresses whose nearest row is the same have the same chain; ASK says nothing about one.
            if row >= 0:
                if len(self._chains) >= _REMEMBERED:
                    self._chains.clear()
                self._chains[row] = known
        return Answer(number, text, target.text, "", known)

    def _chain(self, links: Links) -> Chain:
        chain = Chain(self._day, links=links)
        return chain if self._all else chain.public()
