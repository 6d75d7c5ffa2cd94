"""In which countries a restriction applies. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from fairnotice.law.enums import TERRITORIES
from fairnotice.law.words import gettext_noop
from fairnotice.observatory import columns
from fairnotice.observatory.question import Question
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.topics import labels, tally
from fairnotice.observatory.topics.model import (
    Choice,
    Further,
    Head,
    Part,
    Picture,
    Row,
    Table,
    Topic,
    Words,
    words,
)

SCOPE: Final = "territorial_scope"
#: The European Economic Area without Iceland, Liechtenstein and Norway.
UNION: Final = frozenset(TERRITORIES) - {"IS", "LI", "NO"}

_SIZES = (
    ("none", labels.UNSTATED),
    ("one", Words(gettext_noop("One country"))),
    ("few", Words(gettext_noop("2 to 5 countries"))),
    ("some", Words(gettext_noop("6 countries or more, not the whole Union"))),
    ("union", Words(gettext_noop("The whole European Union"))),
)
_LIGHT = gettext_noop(
    "Light dumps do not say where: only the days with full dumps count here, %(full)s of %(all)s."
)
_ALL_LIGHT = gettext_noop(
    "These days are light dumps, which do not say where: their statements count as “not stated”."
)
_SHARES = (
    Head("one", Words(gettext_noop("One country")), "share"),
    Head("part", Words(gettext_noop("Some countries")), "share"),
    Head("union", Words(gettext_noop("Whole Union")), "share"),
    Head("none", Words(gettext_noop("Not stated")), "share"),
)


def countries(cell: Cell) -> frozenset[str]:
    """The countries of a combination."""
    return frozenset(str(cell).split(columns.SEPARATOR)) if cell else frozenset()


def size_of(cell: Cell) -> str:
    """How far a combination reaches: a code of the first table."""
    found = countries(cell)
    if found >= UNION:
        return "union"
    return "none" if not found else "one" if len(found) == 1 else "few" if len(found) <= 5 else "some"


def _notes(results: Sequence[Result]) -> tuple[Words, ...]:
    full, light = tally.full_and_light(results[:1])
    some = words(_LIGHT, full=len(full), all=len(full | light)) if full else Words(_ALL_LIGHT)
    return (some,) if light else ()


def _full(*by: str) -> Further:
    """Where some days are light: the same of the others."""

    def asks(choice: Choice, results: Sequence[Result]) -> tuple[Question, ...]:
        days = tally.full_days(results)
        return (choice.asks(*by, where=days),) if days else ()

    return asks


def _sizes(_choice: Choice, results: Sequence[Result]) -> Table:
    found: Counter[str] = Counter()
    for scope, size in tally.counts(results[-1], SCOPE).items():
        found[size_of(scope)] += size
    total = found.total()
    rows = [Row(code, label, (found[code], tally.share(found[code], total))) for code, label in _SIZES]
    heads = (tally.STATEMENTS, tally.SHARE_OF_ALL)
    first = Words(gettext_noop("How far it reaches"))
    picture = Picture("bars", (0,), len(_SIZES))
    return Table(first, heads, tuple(rows) if total else (), picture, _notes(results))


def _countries(_choice: Choice, results: Sequence[Result]) -> Table:
    alone: Counter[str] = Counter()
    part: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for scope, size in tally.counts(results[-1], SCOPE).items():
        found = countries(scope)
        for one in found:
            named[one] += size
            if not found >= UNION:
                part[one] += size
            if len(found) == 1:
                alone[one] += size
    heads = (
        Head("part", Words(gettext_noop("Not Union-wide"))),
        Head("alone", Words(gettext_noop("In this country alone"))),
        Head("named", Words(gettext_noop("With Union-wide ones"))),
    )
    rows = [
        Row(one, labels.label(SCOPE, one), (part[one], alone[one], named[one]))
        for one in sorted(named, key=lambda one: (-part[one], -named[one], one))
    ]
    first = Words(gettext_noop("Country"))
    picture = Picture("bars", (0,), tally.MOST_BARS)
    return Table(first, heads, tuple(rows), picture, _notes(results))


def _platforms(_choice: Choice, results: Sequence[Result]) -> Table:
    groups: dict[Cell, Counter[Cell]] = {}
    for platform, counted in tally.crossed(results[-1], "platform", SCOPE).items():
        groups[platform] = Counter()
        for scope, size in counted.items():
            groups[platform][size_of(scope)] += size

    def shares(counted: Counter[Cell]) -> tuple[float | None, ...]:
        total = counted.total()
        sizes = (counted["one"], counted["few"] + counted["some"], counted["union"], counted["none"])
        return tuple(tally.share(one, total) for one in sizes)

    picture = Picture("divided", (1, 2, 3, 4), tally.MOST_DIVIDED)
    return tally.table_of(
        groups,
        "platform",
        tally.PLATFORM,
        _SHARES,
        shares,
        picture=picture,
        of_all=False,
        together=True,
        notes=_notes(results),
    )


TOPIC = Topic(
    "where",
    gettext_noop("Where"),
    gettext_noop("Where"),
    gettext_noop("In which countries of the European Economic Area a restriction applies."),
    (
        gettext_noop(
            "The countries are those that the platform named as the territory of its decision. A statement "
            "that names all 27 Member States, with or without Iceland, Liechtenstein and Norway, counts as "
            "the whole Union."
        ),
    ),
    (
        gettext_noop(
            "This is where a restriction applies, not where the user or the audience is. Many platforms name "
            "every country always, also for what they removed worldwide."
        ),
        gettext_noop("To name the territory is optional, so “not stated” can mean everywhere."),
    ),
    (
        Part(
            "sizes",
            gettext_noop("How far decisions reach"),
            gettext_noop("Statements by how many countries they name."),
            lambda choice: (choice.asks(SCOPE),),
            _sizes,
            _full(SCOPE),
        ),
        Part(
            "countries",
            gettext_noop("By country"),
            gettext_noop(
                "Statements that name a country. Drawn are those that are not Union-wide, since the others "
                "are the same everywhere. One that names several countries counts in each of them."
            ),
            lambda choice: (choice.asks(SCOPE),),
            _countries,
            _full(SCOPE),
        ),
        Part(
            "platforms",
            gettext_noop("By platform"),
            gettext_noop("How far the decisions of each platform reach."),
            lambda choice: (choice.asks("platform", SCOPE),),
            _platforms,
            _full("platform", SCOPE),
        ),
    ),
)
