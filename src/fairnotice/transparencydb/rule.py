"""One rule of the table, and what a broken one is reported as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fairnotice.transparencydb.predicates import Predicate

Level = Literal["database", "ours"]

# Where a rule was read. The first three are the database's own code and documentation.
STORE = "StatementStoreRequest"
BULK = "GroupedSubmissionsService"
API = "API documentation"
DSA = "DSA article "
GAP = "left open by the database"


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` and `field` together name it. `level`: "database" refuses the statement, "ours" is stricter.
    `message`: plain English, callers translate it. A statement breaks it where `broken` holds."""

    id: str
    field: str
    level: Level
    source: str
    message: str
    broken: Predicate

    @property
    def key(self) -> str:
        """`id/field`."""
        return f"{self.id}/{self.field}"

    @property
    def reads(self) -> frozenset[str]:
        """All fields whose values it needs."""
        return frozenset(self.broken.fields())


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing amiss in a statement. `found`: what stands there, cut short; of free text only what kind of
    thing was found and where, never the words, so that a list of faults may be passed on."""

    field: str
    rule: str
    level: Level
    message: str
    found: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A rule about no single field: about a statement as a whole, or about a call with many."""

    id: str
    level: Level
    source: str
    message: str

    def fault(self, field: str, found: str = "") -> Fault:
        """It was broken, at `field` if any."""
        return Fault(field, self.id, self.level, self.message, found)


def database(name: str, field: str, source: str, message: str, broken: Predicate) -> Rule:
    """A rule that the database itself holds to."""
    return Rule(name, field, "database", source, message, broken)


def ours(name: str, field: str, source: str, message: str, broken: Predicate) -> Rule:
    """A rule that is stricter than the database."""
    return Rule(name, field, "ours", source, message, broken)
