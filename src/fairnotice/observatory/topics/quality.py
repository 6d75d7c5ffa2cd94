"""What is missing, impossible or thrown together in the data, and what no person could have decided. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from fairnotice.law.words import gettext_noop
from fairnotice.observatory import columns
from fairnotice.observatory.question import NOTHING, Condition, Question
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.topics import automation, labels, tally
from fairnotice.observatory.topics.model import (
    Choice,
    Head,
    Part,
    Picture,
    Row,
    Table,
    Topic,
    Words,
    words,
)

#: What one person is taken to decide in a working day: eight hours, one decision a minute.
A_DAYS_WORK: Final = 480
#: From so many statements on in one second to the next.
_PACE: Final = (10, 100, 1000)

_LIGHT = gettext_noop(
    "Light dumps leave out explanations, facts and territories: these three shares are of the days with full "
    "dumps, %(full)s of %(all)s."
)
_ALL_LIGHT = gettext_noop(
    "These days are light dumps, which leave out explanations, facts and territories: they are not shown."
)
_UNKNOWN_PLACE = (Condition("territorial_scope", "is", (NOTHING,)),)
_UNKNOWN_LANGUAGE = (Condition("content_language", "is", (NOTHING,)),)
_BY_PEOPLE = (Condition("automated_decision", "is", (automation.PEOPLE,)),)


def says(said: Cell, column: str) -> bool:
    """Whether the bits of `columns.SAID` have this column."""
    return bool(tally.whole(said) >> columns.SAID_OF.index(column) & 1)


def _asks_missing(choice: Choice) -> tuple[Question, ...]:
    return (
        choice.asks("platform", "decision_ground", columns.SAID),
        choice.asks("platform", where=_UNKNOWN_LANGUAGE),
        choice.asks("platform", where=_UNKNOWN_PLACE),
    )


def _asks_full_days(choice: Choice, results: Sequence[Result]) -> tuple[Question, ...]:
    """Where some days are light: the same of the others, for what light dumps do not say."""
    days = tally.full_days(results)
    if not days:
        return ()
    return (
        choice.asks("platform", "decision_ground", columns.SAID, where=days),
        choice.asks("platform", where=(*_UNKNOWN_PLACE, *days)),
    )


def _lacking(result: Result) -> dict[Cell, Counter[str]]:
    """Of each platform, how many statements there are, and how many lack each thing."""
    found: dict[Cell, Counter[str]] = {}
    names = ("platform", "decision_ground", columns.SAID, columns.COUNT)
    for platform, ground, said, number in tally.picked(result, *names):
        counted, size = found.setdefault(platform, Counter()), tally.whole(number)
        counted["all"] += size
        counted["facts"] += 0 if says(said, "decision_facts") else size
        kind = {
            "DECISION_GROUND_ILLEGAL_CONTENT": "illegal_content",
            "DECISION_GROUND_INCOMPATIBLE_CONTENT": "incompatible_content",
        }.get(str(ground))
        if kind:
            clause = (
                "illegal_content_legal_ground" if kind == "illegal_content" else "incompatible_content_ground"
            )
            counted["clause"] += 0 if says(said, clause) else size
            counted["why"] += 0 if says(said, f"{kind}_explanation") else size
            counted["grounded"] += size
    return found


def _missing(_choice: Choice, results: Sequence[Result]) -> Table:
    found, fully = _lacking(results[0]), _lacking(results[3] if len(results) > 3 else results[0])
    languages, places = (tally.counts(result, "platform") for result in (results[1], results[-1]))
    full, light = tally.full_and_light(results)

    rows = []
    for platform, counted in sorted(found.items(), key=lambda item: (-item[1]["all"], str(item[0]))):
        told = fully.get(platform, Counter()) if full else Counter()
        cells = (
            counted["all"],
            tally.share(counted["clause"], counted["grounded"]),
            tally.share(told["why"], told["grounded"]),
            tally.share(told["facts"], told["all"]),
            tally.share(languages[platform], counted["all"]),
            tally.share(places[platform], told["all"]),
        )
        rows.append(Row(labels.code(platform), labels.label("platform", tally.text(platform)), cells))
    heads = (
        tally.STATEMENTS,
        Head("clause", Words(gettext_noop("No law or clause")), "share"),
        Head("why", Words(gettext_noop("No explanation")), "share"),
        Head("facts", Words(gettext_noop("No facts")), "share"),
        Head("language", Words(gettext_noop("No language")), "share"),
        Head("place", Words(gettext_noop("No territory")), "share"),
    )
    picture = Picture("bars", (4,), tally.MOST_BARS)
    some = words(_LIGHT, full=len(full), all=len(full | light)) if full else Words(_ALL_LIGHT)
    return Table(tally.PLATFORM, heads, tuple(rows), picture, (some,) if light else ())


def _dates(_choice: Choice, results: Sequence[Result]) -> Table:
    total = tally.counts(results[0], "platform")
    measured = [
        {one: (tally.whole(had), tally.whole(below)) for one, had, below in picked}
        for picked in (tally.picked(result, "platform", "statements", "negative") for result in results[1:3])
    ]
    rows = []
    for platform, size in sorted(total.items(), key=lambda item: (-item[1], str(item[0]))):
        (had, before_content), (_had, before_decision) = (one.get(platform, (0, 0)) for one in measured)
        cells = (
            size,
            before_content,
            tally.share(before_content, size),
            before_decision,
            tally.share(before_decision, size),
            size - had,
        )
        rows.append(Row(labels.code(platform), labels.label("platform", tally.text(platform)), cells))
    heads = (
        tally.STATEMENTS,
        Head("before_content", Words(gettext_noop("Decided before the content was there"))),
        Head("before_content_share", Words(gettext_noop("Share")), "share"),
        Head("before_decision", Words(gettext_noop("Published before the decision"))),
        Head("before_decision_share", Words(gettext_noop("Share")), "share"),
        Head("undated", Words(gettext_noop("No date, or none that can be read"))),
    )
    return Table(tally.PLATFORM, heads, tuple(rows), Picture("bars", (1,), tally.MOST_BARS))


_OTHERS = (
    ("category", "is", "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"),
    ("category_specification", "has", "KEYWORD_OTHER"),
    ("content_type", "has", "CONTENT_TYPE_OTHER"),
    ("decision_visibility", "has", "DECISION_VISIBILITY_OTHER"),
)


def _asks_others(choice: Choice) -> tuple[Question, ...]:
    conditions = (Condition(column, test, (code,)) for column, test, code in _OTHERS)  # type: ignore[arg-type]
    return (
        choice.asks("platform", "category"),
        *(choice.asks("platform", where=(one,)) for one in conditions),
    )


def _others(_choice: Choice, results: Sequence[Result]) -> Table:
    total, *parts = (tally.counts(result, "platform") for result in results)
    rows = [
        Row(
            labels.code(platform),
            labels.label("platform", tally.text(platform)),
            (size, *(tally.share(part[platform], size) for part in parts)),
        )
        for platform, size in sorted(total.items(), key=lambda item: (-item[1], str(item[0])))
    ]
    heads = (
        tally.STATEMENTS,
        Head("category", Words(gettext_noop("Category: other breach of the terms")), "share"),
        Head("keyword", Words(gettext_noop("Keyword: not captured")), "share"),
        Head("content", Words(gettext_noop("Content: other")), "share"),
        Head("visibility", Words(gettext_noop("Restriction: other")), "share"),
    )
    return Table(tally.PLATFORM, heads, tuple(rows), Picture("bars", (1,), tally.MOST_BARS))


def _pace(_choice: Choice, results: Sequence[Result]) -> Table:
    largest: Counter[Cell] = Counter()
    for platform, day, number in tally.picked(results[1], "platform", "day", columns.COUNT):
        if isinstance(day, date):
            largest[platform] = max(largest[platform], tally.whole(number))
    rows = []
    for platform, counted in tally.crossed(results[0], "platform", columns.PER_SECOND).items():
        total = counted.total()
        _few, *many = tally.binned(counted, _PACE)
        reached = [sum(many[at:]) for at in range(len(_PACE))]
        people = -(-largest[platform] // A_DAYS_WORK)
        cells = (
            total,
            max((tally.whole(one) for one in counted), default=0),
            *(tally.share(size, total) for size in reached),
            largest[platform],
            people,
        )
        rows.append(Row(labels.code(platform), labels.label("platform", tally.text(platform)), cells))
    heads = (
        Head("statements", Words(gettext_noop("Said to be decided by people"))),
        Head("most", Words(gettext_noop("Most in one second"))),
        Head("ten", Words(gettext_noop("In seconds with 10 or more")), "share"),
        Head("hundred", Words(gettext_noop("With 100 or more")), "share"),
        Head("thousand", Words(gettext_noop("With 1,000 or more")), "share"),
        Head("day", Words(gettext_noop("Most in one day"))),
        Head("people", Words(gettext_noop("People needed that day"))),
    )
    return Table(tally.PLATFORM, heads, tuple(rows), Picture("bars", (6,), tally.MOST_BARS))


TOPIC = Topic(
    "quality",
    gettext_noop("Data quality"),
    gettext_noop("Quality of the data"),
    gettext_noop(
        "What platforms leave out, what cannot be true, what they put under “other”, and how many came at "
        "once."
    ),
    (
        gettext_noop(
            "Missing is an empty cell. Law or clause, explanation and facts are required; language and "
            "territory are optional."
        ),
        gettext_noop(
            "Impossible is a decision dated before its content, and a statement that the database took in "
            "before the day from which its restriction applies."
        ),
        gettext_noop(
            "People needed: the statements of the platform’s busiest day that are said to be “not "
            "automated”, at one decision a minute for eight hours, which is fast: 480 a day for each person."
        ),
    ),
    (
        gettext_noop(
            "That a cell is filled does not mean that it says something: many platforms send the same "
            "sentence always."
        ),
        gettext_noop(
            "The second is the one in which the database took a statement in. Platforms may send many at "
            "once, so a crowded second alone proves nothing; a day that would have needed thousands of "
            "people says more."
        ),
        gettext_noop(
            "A restriction can be set to begin later than it was decided, so a statement published before "
            "its date can be right."
        ),
    ),
    (
        Part(
            "missing",
            gettext_noop("What is missing"),
            gettext_noop(
                "The share of a platform’s statements without each of these. Drawn is the language."
            ),
            _asks_missing,
            _missing,
            _asks_full_days,
        ),
        Part(
            "dates",
            gettext_noop("Impossible dates"),
            gettext_noop(
                "Statements whose dates cannot all be true. Drawn are those decided before their content."
            ),
            lambda choice: (
                choice.asks("platform", "category"),
                *(choice.asks("platform", measure=one) for one in columns.DELAYS),
            ),
            _dates,
        ),
        Part(
            "other",
            gettext_noop("“Other” as a dustbin"),
            gettext_noop(
                "The share of a platform’s statements that chose “other” where there is a list. Drawn is the "
                "category."
            ),
            _asks_others,
            _others,
        ),
        Part(
            "pace",
            gettext_noop("More than people can decide"),
            gettext_noop(
                "Statements said to be decided without automation: how many came in one second, and how many "
                "people their busiest day would have needed. Those people are drawn."
            ),
            lambda choice: (
                choice.asks("platform", columns.PER_SECOND, where=_BY_PEOPLE),
                choice.asks("platform", "day", where=_BY_PEOPLE),
            ),
            _pace,
        ),
    ),
)
