"""The notation in which a rule is written once: questions about single fields, joined by and, or, not.

`holds` answers it for one statement in plain Python; `vector` reads the same tree and makes columns of it.
A fault is there where the whole is true.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from fairnotice.transparencydb.values import ABSENT

Question = Callable[[object], bool]
Measurement = Callable[[object], int]


class Predicate(ABC):
    """What a rule says. `fields`: the fields that it reads."""

    __slots__ = ()

    @abstractmethod
    def holds(self, statement: Mapping[str, object]) -> bool:
        """Whether it is so in this statement."""

    @abstractmethod
    def fields(self) -> Iterator[str]:
        """The fields that have to be there, or known to be absent, for an answer."""

    def needs(self) -> frozenset[str]:
        """Fields that all have to be given for a fault: where one is absent, `holds` is false."""
        return frozenset()

    def __and__(self, other: Predicate) -> Predicate:
        return Both(self, other)

    def __or__(self, other: Predicate) -> Predicate:
        return Either(self, other)

    def __invert__(self) -> Predicate:
        return Not(self)


@dataclass(frozen=True, slots=True)
class Ask(Predicate):
    """A question about one field. `name` tells the questions of a field apart. So that few texts are asked:
    `hint` is a pattern (in what Python and Rust read alike) that matches wherever the answer can be yes,
    `unless` one that matches nowhere where it can."""

    field: str
    name: str
    question: Question = dataclasses.field(compare=False)
    hint: str = ""
    unless: str = ""

    def holds(self, statement: Mapping[str, object]) -> bool:
        return self.question(statement.get(self.field, ABSENT))

    def fields(self) -> Iterator[str]:
        yield self.field

    def needs(self) -> frozenset[str]:
        return frozenset() if self.question(ABSENT) else frozenset({self.field})


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number that one field stands for: a day, a set of bits. 0: none."""

    field: str
    name: str
    measure: Measurement = dataclasses.field(compare=False)

    def of(self, statement: Mapping[str, object]) -> int:
        """The number in this statement."""
        return self.measure(statement.get(self.field, ABSENT))


@dataclass(frozen=True, slots=True)
class Later(Predicate):
    """One number is greater than another; never where one of them is 0."""

    one: Number
    other: Number

    def holds(self, statement: Mapping[str, object]) -> bool:
        one, other = self.one.of(statement), self.other.of(statement)
        return bool(one and other and one > other)

    def fields(self) -> Iterator[str]:
        yield from (self.one.field, self.other.field)

    def needs(self) -> frozenset[str]:
        return frozenset({self.one.field, self.other.field})


@dataclass(frozen=True, slots=True)
class Differs(Predicate):
    """Two numbers are not the same; never where one of them is 0."""

    one: Number
    other: Number

    def holds(self, statement: Mapping[str, object]) -> bool:
        one, other = self.one.of(statement), self.other.of(statement)
        return bool(one and other and one != other)

    def fields(self) -> Iterator[str]:
        yield from (self.one.field, self.other.field)

    def needs(self) -> frozenset[str]:
        return frozenset({self.one.field, self.other.field})


@dataclass(frozen=True, slots=True)
class Meets(Predicate):
    """Two sets of bits have one in common."""

    one: Number
    other: Number

    def holds(self, statement: Mapping[str, object]) -> bool:
        return bool(self.one.of(statement) & self.other.of(statement))

    def fields(self) -> Iterator[str]:
        yield from (self.one.field, self.other.field)

    def needs(self) -> frozenset[str]:
        return frozenset({self.one.field, self.other.field})


@dataclass(frozen=True, slots=True)
class Outside(Predicate):
    """A set of bits has one that is in none of the others."""

    one: Number
    others: tuple[Number, ...]

    def holds(self, statement: Mapping[str, object]) -> bool:
        rest = self.one.of(statement)
        for other in self.others:
            rest &= ~other.of(statement)
        return bool(rest)

    def fields(self) -> Iterator[str]:
        yield self.one.field
        yield from (other.field for other in self.others)

    def needs(self) -> frozenset[str]:
        return frozenset({self.one.field})


@dataclass(frozen=True, slots=True)
class Both(Predicate):
    """And."""

    one: Predicate
    other: Predicate

    def holds(self, statement: Mapping[str, object]) -> bool:
        return self.one.holds(statement) and self.other.holds(statement)

    def fields(self) -> Iterator[str]:
        yield from self.one.fields()
        yield from self.other.fields()

    def needs(self) -> frozenset[str]:
        return self.one.needs() | self.other.needs()


@dataclass(frozen=True, slots=True)
class Either(Predicate):
    """Or."""

    one: Predicate
    other: Predicate

    def holds(self, statement: Mapping[str, object]) -> bool:
        return self.one.holds(statement) or self.other.holds(statement)

    def fields(self) -> Iterator[str]:
        yield from self.one.fields()
        yield from self.other.fields()

    def needs(self) -> frozenset[str]:
        return self.one.needs() & self.other.needs()


@dataclass(frozen=True, slots=True)
class Not(Predicate):
    """Not."""

    one: Predicate

    def holds(self, statement: Mapping[str, object]) -> bool:
        return not self.one.holds(statement)

    def fields(self) -> Iterator[str]:
        yield from self.one.fields()
