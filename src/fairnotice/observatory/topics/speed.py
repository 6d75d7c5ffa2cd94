"""How fast platforms decide, and how soon they publish. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fairnotice.law.words import gettext_noop
from fairnotice.observatory import columns
from fairnotice.observatory.question import Question
from fairnotice.observatory.result import Result
from fairnotice.observatory.topics import labels, tally
from fairnotice.observatory.topics.model import Choice, Head, Part, Picture, Row, Table, Topic, Words, words

DECISION, PUBLICATION = columns.DELAYS

#: From each of these whole days to the next; below the first are impossible ones.
EDGES: Final = (0, 1, 2, 8, 31, 91, 366)
STEPS: Final = (
    ("0", Words(gettext_noop("the same day"))),
    ("1", Words(gettext_noop("1 day"))),
    ("2-7", Words(gettext_noop("2 to 7 days"))),
    ("8-30", Words(gettext_noop("8 to 30 days"))),
    ("31-90", Words(gettext_noop("31 to 90 days"))),
    ("91-365", Words(gettext_noop("91 to 365 days"))),
    ("366-", Words(gettext_noop("more than a year"))),
)
_HEADS = (
    Head("statements", Words(gettext_noop("With both dates"))),
    Head("negative", Words(gettext_noop("Impossible"))),
    Head("median", Words(gettext_noop("Half within, days")), "days"),
    Head("p90", Words(gettext_noop("Nine in ten within, days")), "days"),
    Head("mean", Words(gettext_noop("Mean, days")), "days"),
)


def _spread(_choice: Choice, results: Sequence[Result]) -> Table:
    counted = tally.counts(results[0], DECISION)
    below, *found = tally.binned(counted, EDGES)
    total = sum(found)
    rows = [
        Row(code, label, (size, tally.share(size, total)))
        for (code, label), size in zip(STEPS, found, strict=True)
    ]
    notes = []
    if below:
        notes.append(
            words(
                gettext_noop("Left out: %(n)s statements whose decision is dated before their content."),
                n=below,
            )
        )
    if missing := counted[None]:
        notes.append(
            words(gettext_noop("Left out: %(n)s statements without one of the two dates."), n=missing)
        )
    heads = (tally.STATEMENTS, Head("share", Words(gettext_noop("Share of these")), "share"))
    first = Words(gettext_noop("Time until the decision"))
    return Table(
        first, heads, tuple(rows) if total else (), Picture("spread", (0,), len(STEPS)), tuple(notes)
    )


def _measured(column: str, first: Words, results: Sequence[Result]) -> Table:
    names = [head.code for head in _HEADS]
    found = sorted(
        tally.picked(results[0], column, *names), key=lambda cells: (-tally.whole(cells[1]), str(cells[0]))
    )
    rows = [
        Row(labels.code(one), labels.label(column, tally.text(one)), tuple(map(tally.number, figures)))
        for one, *figures in found
    ]
    return Table(first, _HEADS, tuple(rows), Picture("bars", (2,), tally.MOST_BARS))


def _part(key: str, title: str, method: str, column: str, first: Words, measure: str = DECISION) -> Part:
    def questions(choice: Choice) -> tuple[Question, ...]:
        return (choice.asks(column, measure=measure),)

    return Part(key, title, method, questions, lambda _choice, results: _measured(column, first, results))


_FROM_CONTENT = gettext_noop(
    "Whole days from the date of the content to the date of the decision. Bars: within how many days half "
    "were made."
)

TOPIC = Topic(
    "speed",
    gettext_noop("How fast"),
    gettext_noop("How fast"),
    gettext_noop(
        "How long it took from the content to the decision, and from the decision to its publication."
    ),
    (
        gettext_noop(
            "Until the decision: from the day on which the content was posted or made to the day from which "
            "the restriction applies, both as the platform stated them, in whole days. Statement by "
            "statement."
        ),
        gettext_noop(
            "Until the publication: from the day from which the restriction applies to the day on which the "
            "database took the statement in (UTC)."
        ),
        gettext_noop(
            "“Half within” is the median and “nine in ten within” the 90th percentile: the nearest whole day "
            "of an actual statement. A statement whose order of dates is impossible takes no part in them."
        ),
    ),
    (
        gettext_noop(
            "This is no time of reaction: content can stand for years before anybody complains about it, and "
            "the day on which a notice came in is not in the data."
        ),
        gettext_noop(
            "For an account the date of the content is often the day on which the account was opened. Some "
            "platforms give the day of the decision as that of the content, which makes them look fast."
        ),
    ),
    (
        Part(
            "spread",
            gettext_noop("From the content to the decision"),
            gettext_noop("Statements by how many whole days lie between the two dates."),
            lambda choice: (choice.asks(DECISION),),
            _spread,
        ),
        _part(
            "platforms",
            gettext_noop("Until the decision, by platform"),
            _FROM_CONTENT,
            "platform",
            tally.PLATFORM,
        ),
        _part(
            "categories",
            gettext_noop("Until the decision, by kind of problem"),
            _FROM_CONTENT,
            "category",
            tally.CATEGORY,
        ),
        _part(
            "sources",
            gettext_noop("Until the decision, by what led to it"),
            _FROM_CONTENT,
            "source_type",
            Words(gettext_noop("What led to it")),
        ),
        _part(
            "ways",
            gettext_noop("Until the decision, by who decided"),
            _FROM_CONTENT,
            "automated_decision",
            Words(gettext_noop("Who decided")),
        ),
        _part(
            "publication",
            gettext_noop("From the decision to its publication, by platform"),
            gettext_noop(
                "Whole days from the date of the decision to the day on which the database took the "
                "statement in. Bars: within how many days half were published."
            ),
            "platform",
            tally.PLATFORM,
            PUBLICATION,
        ),
    ),
)
