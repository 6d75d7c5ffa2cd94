"""Whether programs or people find and decide. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fairnotice.law.words import gettext_noop
from fairnotice.observatory import columns
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.topics import labels, tally
from fairnotice.observatory.topics.model import Choice, Head, Part, Picture, Row, Table, Topic, Words

FULLY, PARTLY, PEOPLE = (
    "AUTOMATED_DECISION_FULLY",
    "AUTOMATED_DECISION_PARTIALLY",
    "AUTOMATED_DECISION_NOT_AUTOMATED",
)
_DECIDED = (
    Head("fully", Words(gettext_noop("Fully automated")), "share"),
    Head("partly", Words(gettext_noop("Partly")), "share"),
    Head("people", Words(gettext_noop("Not automated")), "share"),
)
_FOUND = (
    Head("found", Words(gettext_noop("Found automatically")), "share"),
    Head("alone", Words(gettext_noop("Found and decided without a person")), "share"),
)


def decided(counted: Counter[Cell]) -> tuple[float | None, ...]:
    """The shares of each way of deciding."""
    return tuple(tally.share(counted[one], counted.total()) for one in (FULLY, PARTLY, PEOPLE))


def _by(column: str, first: Words, results: Sequence[Result]) -> Table:
    groups = tally.crossed(results[0], column, "automated_decision")
    picture = Picture("divided", (1, 2, 3), tally.MOST_DIVIDED)
    return tally.table_of(
        groups, column, first, _DECIDED, decided, picture=picture, of_all=False, together=True
    )


def _detection(_choice: Choice, results: Sequence[Result]) -> Table:
    groups: dict[Cell, Counter[Cell]] = {}
    names = ("platform", "automated_detection", "automated_decision", columns.COUNT)
    for platform, found, way, size in tally.picked(results[0], *names):
        counted = groups.setdefault(platform, Counter())
        counted["all"] += tally.whole(size)
        counted["found"] += tally.whole(size) if found == "Yes" else 0
        counted["alone"] += tally.whole(size) if found == "Yes" and way == FULLY else 0
    rows = [
        Row(
            labels.code(platform),
            labels.label("platform", tally.text(platform)),
            (counted["all"], *(tally.share(counted[one], counted["all"]) for one in ("found", "alone"))),
        )
        for platform, counted in sorted(groups.items(), key=lambda item: (-item[1]["all"], str(item[0])))
    ]
    picture = Picture("bars", (1,), tally.MOST_BARS)
    return Table(tally.PLATFORM, (tally.STATEMENTS, *_FOUND), tuple(rows), picture)


TOPIC = Topic(
    "automation",
    gettext_noop("Automation"),
    gettext_noop("Automated or by people"),
    gettext_noop("How often a program found what was restricted, and how often a program decided."),
    (
        gettext_noop(
            "“Fully automated” means that no person took part in the decision, “partly” that a program and a "
            "person did, as the platform stated it. What counts as one or the other is not defined more "
            "closely anywhere."
        ),
        gettext_noop(
            "“Found automatically” means that the platform said that automated means detected the content."
        ),
    ),
    (
        gettext_noop("How a decision was made does not tell whether it was right."),
        gettext_noop(
            "A person who agrees to every proposal of a program counts as “partly” or “not automated”. The "
            "view of data quality shows how many decisions would have fallen to each person."
        ),
    ),
    (
        Part(
            "decision",
            gettext_noop("Who decided, by platform"),
            gettext_noop("The share of each way of deciding in the statements of a platform."),
            lambda choice: (choice.asks("platform", "automated_detection", "automated_decision"),),
            lambda _choice, results: _by("platform", tally.PLATFORM, results),
        ),
        Part(
            "detection",
            gettext_noop("Who found it, by platform"),
            gettext_noop(
                "The share of statements whose content was found automatically, and of those that besides "
                "were decided fully automatically."
            ),
            lambda choice: (choice.asks("platform", "automated_detection", "automated_decision"),),
            _detection,
        ),
        Part(
            "categories",
            gettext_noop("Who decided, by kind of problem"),
            gettext_noop("The share of each way of deciding in the statements of a category."),
            lambda choice: (choice.asks("category", "automated_decision"),),
            lambda _choice, results: _by("category", tally.CATEGORY, results),
        ),
        Part(
            "sources",
            gettext_noop("Who decided, by what led to it"),
            gettext_noop(
                "The share of each way of deciding, by whether a notice or the platform’s own initiative led "
                "to it."
            ),
            lambda choice: (choice.asks("source_type", "automated_decision"),),
            lambda _choice, results: _by("source_type", Words(gettext_noop("What led to it")), results),
        ),
    ),
)
