"""What is said about the spans: a number or two for each delegation. Pure.

Most of a large register came in by imports, where many delegations share their dates, their source and who
gave them. What they share stands once, in `Terms`.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from fairnotice.answerable.snapshot.rows import NEVER, NOW, Given

Shared = tuple[int | None, str, int, int, str, str, int, int]

#: In `above`: the rules must be asked; nothing is above; only the giver is, who is not known to hold it.
ASK, TOP, GIVER = -1, -2, -3


@dataclass(slots=True)
class Terms:
    """Giver, kind, days, source, visibility and moments, each combination once."""

    shared: list[Shared] = field(default_factory=list)
    valid_from: array[int] = field(default_factory=lambda: array("i"))
    valid_until: array[int] = field(default_factory=lambda: array("i"))
    said_from: array[int] = field(default_factory=lambda: array("q"))
    said_until: array[int] = field(default_factory=lambda: array("q"))
    # The days once more, but none for what is no longer said: one comparison less for questions of now.
    now_from: array[int] = field(default_factory=lambda: array("i"))
    now_until: array[int] = field(default_factory=lambda: array("i"))

    def add(self, given: Given) -> Shared:
        """Append what this row says; `shared` then ends with it."""
        self.shared.append(shared_of(given))
        self.valid_from.append(given.valid_from)
        self.valid_until.append(given.valid_until)
        self.said_from.append(given.said_from)
        self.said_until.append(given.said_until)
        said = given.said_from <= NOW < given.said_until
        self.now_from.append(given.valid_from if said else NEVER)
        self.now_until.append(given.valid_until if said else 0)
        return self.shared[-1]


def shared_of(given: Given) -> Shared:
    """What a row may have in common with others."""
    return (
        given.giver,
        given.kind,
        given.valid_from,
        given.valid_until,
        given.source,
        given.visibility,
        given.said_from,
        given.said_until,
    )


@dataclass(slots=True)
class Columns:
    """One value per row in each; the rows are in the order of the spans, then of their numbers in the
    database.

    `above` is the row by which the giver held the resource, for rows that are still said and where that row
    holds all of it, all of the time; else ASK, TOP or GIVER. `parents` has the parents of rows to ask about.
    """

    terms: Terms
    term: array[int]
    series: array[int]
    pk: array[int]
    holder: array[int]
    above: array[int]
    parents: dict[int, int]

    def holds(self, row: int, day: int, known: int) -> bool:
        """Whether a row was so on that day, as the register knew it at that moment."""
        term, terms = self.term[row], self.terms
        return (
            terms.valid_from[term] <= day < terms.valid_until[term]
            and terms.said_from[term] <= known < terms.said_until[term]
        )

    def parent(self, row: int) -> int | None:
        """The series by which its giver held it."""
        above = self.above[row]
        return self.series[above] if above >= 0 else self.parents.get(row)
