"""What a ready-made view is: a topic with its definition and limits, the questions it asks, and the tables
and pictures that their answers become. Pure; words are English here, and whoever shows them translates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from fairnotice.law.words import gettext_noop
from fairnotice.observatory.question import NOTHING, Condition, Question
from fairnotice.observatory.result import Result


@dataclass(frozen=True, slots=True)
class Words:
    """A text to be translated, marked where it is written; `%(name)s` in it stands for one of `values`."""

    text: str
    values: tuple[tuple[str, Label], ...] = ()

    def __str__(self) -> str:
        """In English."""
        return self.text % {name: english(value) for name, value in self.values} if self.values else self.text


def english(label: Label) -> str:
    """A label in English."""
    return f"{label:,}" if isinstance(label, int) else str(label)  # a date as 2025-07-01


Label = str | int | date | Words
"""What is shown: `Words` are translated; a text is shown as it stands (a name, an unknown code)."""

Value = int | float | str | date | Words | None

#: How the values of a column are read: "count" and "days" are numbers, "mean" is a mean of counts, "share" is
#: 0 to 1, "change" a share with its sign, "words" is text; "row": each row says it.
Kind = Literal["count", "mean", "share", "days", "change", "words", "row"]


def words(text: str, **values: Label) -> Words:
    """A marked text with what it names: `words(gettext_noop("%(n)s days"), n=3)`."""
    return Words(text, tuple(values.items()))


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table: its name for programs, and for people."""

    code: str
    label: Label
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a code for programs, a label for people, and for each column a value, or None.
    `kind`: of its values in columns of the kind "row"."""

    code: str
    label: Label
    values: tuple[Value, ...]
    kind: Kind = "count"

    def read_as(self, head: Head) -> Kind:
        """How its value in this column is read."""
        return self.kind if head.kind == "row" else head.kind


@dataclass(frozen=True, slots=True)
class Picture:
    """How a table is drawn. `columns` are positions among its heads.

    "bars": a lying bar for each row, of one column; "paired": one for each of two columns. "divided": a bar
    for each row, cut into the columns. "columns": a standing column for each row, of one column; "spread":
    the same, touching. "lines": a line for each column over the rows. `rows`: only so many of them.
    """

    kind: Literal["bars", "paired", "divided", "columns", "spread", "lines"]
    columns: tuple[int, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Table:
    """`first` heads the labels of the rows. `times`: the rows are times, in order: where there is room for
    some of them only, the last ones are shown, else the first. `empty` is said where there is no row."""

    first: Label
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    picture: Picture | None = None
    notes: tuple[Label, ...] = ()
    times: bool = False
    empty: Label = Words(gettext_noop("There is nothing to show."))


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody asked to see: one platform or all, and days, both included."""

    platform: str | None = None
    since: date | None = None
    until: date | None = None

    def asks(self, *by: str, where: Sequence[Condition] = (), measure: str = "statements") -> Question:
        """A question within what was chosen."""
        chosen = (
            (Condition("platform", "is", (self.platform or NOTHING,)),) if self.platform is not None else ()
        )
        return Question(by, (*chosen, *where), measure, self.since, self.until)

    @property
    def everybody(self) -> Choice:
        """The same days of all platforms."""
        return Choice(None, self.since, self.until)


Further = Callable[[Choice, Sequence[Result]], tuple[Question, ...]]
"""What is asked once the days are known that the first answers rest on."""


def nothing_more(_choice: Choice, _results: Sequence[Result]) -> tuple[Question, ...]:
    """Most parts know all that they ask beforehand."""
    return ()


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a topic. `method` says what is counted and how. `make` gets a result for each of its
    `questions`, then for each `further` one."""

    key: str
    title: str
    method: str
    questions: Callable[[Choice], tuple[Question, ...]]
    make: Callable[[Choice, Sequence[Result]], Table]
    further: Further = nothing_more


@dataclass(frozen=True, slots=True)
class Topic:
    """A ready-made view. `short`: its title where there is little room. `about`: a sentence under its title.
    `definition`: what its words mean. `limits`: what its figures cannot say. `of_one`: it is about one
    platform, and shows nothing without."""

    name: str
    short: str
    title: str
    about: str
    definition: tuple[str, ...]
    limits: tuple[str, ...]
    parts: tuple[Part, ...]
    of_one: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A part with its table, and the results that this was made of: without their rows, which can be many."""

    part: Part
    table: Table
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A topic, answered. `first` and `last` are the days that the answers rest on; None: on none at all."""

    topic: Topic
    choice: Choice
    answers: tuple[Answer, ...]
    first: date | None
    last: date | None
    notes: tuple[str, ...]

    def part(self, key: str) -> View:
        """The same with one table only."""
        return replace(self, answers=tuple(one for one in self.answers if one.part.key == key))


def show(topic: Topic, choice: Choice, ask: Callable[[Question], Result]) -> View:
    """Ask all that a topic asks, each question once, and make its tables.

    A topic about one platform asks nothing without one. Raises what `ask` raises.
    """
    known: dict[Question, Result] = {}

    def found(questions: Sequence[Question]) -> list[Result]:
        for question in questions:
            if question not in known:
                known[question] = ask(question)
        return [known[question] for question in questions]

    answers = []
    for part in topic.parts:
        if topic.of_one and choice.platform is None:
            continue
        results = found(part.questions(choice))
        results += found(part.further(choice, results))
        asked = tuple(replace(result, rows=()) for result in results)
        answers.append(Answer(part, part.make(choice, results), asked))
    days = [one.day for result in known.values() for one in result.inputs]
    notes = dict.fromkeys(note for result in known.values() for note in result.notes)
    return View(topic, choice, tuple(answers), min(days, default=None), max(days, default=None), tuple(notes))
