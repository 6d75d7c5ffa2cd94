"""The rows of a dump checked block by block: what came out, and the engine in plain Python.

`vector` has the other engine; both give the same answers, and this one is always there.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from fairnotice.transparencydb import check, dump, values
from fairnotice.transparencydb.reading import Bad, records
from fairnotice.transparencydb.rule import Rule
from fairnotice.transparencydb.schema import Version

Wanted = Literal["v1", "v2", "auto"]

MOST_EXAMPLES = 1000


@dataclass(slots=True)
class Example:
    """One place where a rule is broken: the row (the first after the header is 1) and what stands there."""

    row: int
    found: str


@dataclass(slots=True)
class Outcome:
    """What was found in one block. `rows` counts the unreadable ones too; `faulty`, those with any fault.
    `used`, `used_rows`: a number for each identifier and its row, by which one that comes twice is found."""

    rows: int = 0
    faulty: int = 0
    bad: list[Bad] = field(default_factory=list)
    versions: Counter[Version] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    used: array[int] = field(default_factory=lambda: array("Q"))
    used_rows: array[int] = field(default_factory=lambda: array("Q"))


class Engine(Protocol):
    """Checks the blocks of one file, one after the other. Never raises for what they hold."""

    name: str

    def outcomes(self, pieces: Iterator[bytes]) -> Iterator[Outcome]:
        """What each block of whole records holds; the first row is 1."""
        ...


class Plain:
    """Row by row, with nothing but Python's standard library."""

    name = "plain"

    def __init__(self, columns: tuple[str, ...], wanted: Wanted = "auto", most_examples: int = 5) -> None:
        self._columns, self._wanted, self._most = columns, wanted, most_examples
        self._absent = dump.absent(columns)

    def outcomes(self, pieces: Iterator[bytes]) -> Iterator[Outcome]:
        """See `Engine`."""
        row = 1
        for data in pieces:
            outcome = self.block(data, row)
            row += outcome.rows
            yield outcome

    def block(self, data: bytes, first_row: int) -> Outcome:
        """Check one block, whose first record has this place."""
        outcome = Outcome()
        row = first_row
        for record in records(data, len(self._columns), first_row):
            outcome.rows += 1
            if isinstance(record, Bad):
                outcome.bad.append(record)
            else:
                self._one(outcome, dict(zip(self._columns, record, strict=True)), row)
            row += 1
        return outcome

    def _one(self, outcome: Outcome, cells: Mapping[str, str], row: int) -> None:
        statement = dump.to_statement(cells)
        version = check.version_of(statement) if self._wanted == "auto" else self._wanted
        outcome.versions[version] += 1
        statement.pop("created_at", None)
        rules = check.broken(statement, version, self._absent)
        outcome.faulty += bool(rules)
        for rule in rules:
            note(outcome, rule, row, statement.get(rule.field), self._most)
        puid = values.text(statement.get("puid"))
        if not values.missing(puid):
            outcome.used.append(number_of(cells.get("platform_name", ""), puid))
            outcome.used_rows.append(row)


def note(outcome: Outcome, rule: Rule, row: int, value: object, most: int) -> None:
    """Count one fault, and keep it as an example as long as there are few."""
    outcome.counts[rule.key] += 1
    examples = outcome.examples.setdefault(rule.key, [])
    if len(examples) < most:
        examples.append(Example(row, check.found(rule, value)))


def number_of(platform: str, puid: str) -> int:
    """64 bits for one identifier of one platform."""
    digest = hashlib.blake2b(f"{platform}\0{puid}".encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big")
