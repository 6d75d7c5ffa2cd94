"""What is said about the spans: some numbers for each delegation. Pure.

What many delegations share stands once: days and moments in `Times`; kind, source and visibility in
`manners`.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from fairnotice.answerable.snapshot.layers import Numbers, days, numbers_of
from fairnotice.answerable.snapshot.rows import NEVER, NOW, Given

#: In `above`: the rules must be asked; nothing is above; only the giver is, who is not known to hold it.
ASK, TOP, GIVER = -1, -2, -3

Manner = tuple[str, str, str]


@dataclass(slots=True)
class Times:
    """Days and moments, each combination once."""

    valid_from: array[int] = field(default_factory=lambda: array("i"))
    valid_until: array[int] = field(default_factory=lambda: array("i"))
    said_from: array[int] = field(default_factory=lambda: array("q"))
    said_until: array[int] = field(default_factory=lambda: array("q"))
    # The days once more, but none for what is no longer said: one comparison less for questions of now. Both
    # stand in one word, the first day in its upper half: reading from memory costs more than taking it apart.
    now: array[int] = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self.valid_from)

    def days(self) -> Numbers:
        """The days of each for `layers.Layer`, as they are now."""
        sides = numbers_of(self.valid_from), numbers_of(self.valid_until)
        said = (numbers_of(self.said_from) <= NOW) & (numbers_of(self.said_until) > NOW)
        return days(*sides, said)

    def add(self, given: Given) -> None:
        """Append those of this row."""
        self.valid_from.append(given.valid_from)
        self.valid_until.append(given.valid_until)
        self.said_from.append(given.said_from)
        self.said_until.append(given.said_until)
        said = given.said_from <= NOW < given.said_until
        self.now.append(given.valid_from << 32 | given.valid_until if said else NEVER << 32)


@dataclass(slots=True)
class Columns:
    """One value per row in each; the rows are in the order of the spans, then of their numbers in the
    database.

    `giver` is 0 for none. `above` is the row by which the giver held the resource, for rows that are still
    said and where that row holds all of it, all of the time; else ASK, TOP or GIVER. `parents` has the
    parents of rows to ask about.
    """

    times: Times
    manners: list[Manner]
    time: array[int]
    manner: array[int]
    series: array[int]
    pk: array[int]
    giver: array[int]
    holder: array[int]
    above: array[int]
    parents: dict[int, int]

    def holds(self, row: int, day: int, known: int) -> bool:
        """Whether a row was so on that day, as the register knew it at that moment."""
        time, times = self.time[row], self.times
        return (
            times.valid_from[time] <= day < times.valid_until[time]
            and times.said_from[time] <= known < times.said_until[time]
        )

    def parent(self, row: int) -> int | None:
        """The series by which its giver held it."""
        above = self.above[row]
        return self.series[above] if above >= 0 else self.parents.get(row)
