"""One platform beside its peers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from fairnotice.law.words import gettext_noop
from fairnotice.observatory import columns
from fairnotice.observatory.question import Question
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.topics import automation, labels, tally
from fairnotice.observatory.topics.model import (
    Choice,
    Head,
    Kind,
    Part,
    Picture,
    Row,
    Table,
    Topic,
    Value,
    Words,
    words,
)

#: A platform with fewer statements is no peer: its shares would be chance.
ENOUGH: Final = 100
_ON_NOTICE = ("SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER")
_REMOVED = ("DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_VISIBILITY_CONTENT_DISABLED")
_ACCOUNT = ("DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED")

Figures = dict[Cell, float | None]


def _share_of(result: Result, column: str, *wanted: str) -> Figures:
    groups = tally.crossed(result, "platform", column)
    return {
        one: tally.share(sum(counted[code] for code in wanted), counted.total())
        for one, counted in groups.items()
    }


def _share_with(result: Result, column: str, wanted: Sequence[str]) -> Figures:
    """The share of statements whose combination has one of the codes."""
    found: Figures = {}
    for platform, counted in tally.crossed(result, "platform", column).items():
        size = sum(
            one
            for cell, one in counted.items()
            if cell is not None and not set(wanted).isdisjoint(str(cell).split(columns.SEPARATOR))
        )
        found[platform] = tally.share(size, counted.total())
    return found


def _median_of(result: Result) -> Figures:
    return {one: tally.number(days) for one, days in tally.picked(result, "platform", "median")}


_MEASURES: tuple[tuple[str, Words, Kind, int, Callable[[Result], Figures]], ...] = (
    ("illegal", Words(gettext_noop("On the ground that it is illegal")), "share", 0,
     lambda result: _share_of(result, "decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT")),
    ("found", Words(gettext_noop("Found automatically")), "share", 1,
     lambda result: _share_of(result, "automated_detection", "Yes")),
    ("fully", Words(gettext_noop("Decided fully automatically")), "share", 1,
     lambda result: _share_of(result, "automated_decision", automation.FULLY)),
    ("notices", Words(gettext_noop("On a notice (Article 16, trusted flaggers)")), "share", 2,
     lambda result: _share_of(result, "source_type", *_ON_NOTICE)),
    ("removed", Words(gettext_noop("Content removed or disabled")), "share", 3,
     lambda result: _share_with(result, "decision_visibility", _REMOVED)),
    ("account", Words(gettext_noop("Account suspended or closed")), "share", 4,
     lambda result: _share_of(result, "decision_account", *_ACCOUNT)),
    ("decision", Words(gettext_noop("Days until the decision (median)")), "days", 5, _median_of),
    ("publication", Words(gettext_noop("Days until the publication (median)")), "days", 6, _median_of),
)  # fmt: skip


def _questions(choice: Choice) -> tuple[Question, ...]:
    everybody = choice.everybody
    return (
        everybody.asks("platform", "decision_ground"),
        everybody.asks("platform", "automated_detection", "automated_decision"),
        everybody.asks("platform", "source_type"),
        everybody.asks("platform", "decision_visibility"),
        everybody.asks("platform", "decision_account"),
        everybody.asks("platform", measure=columns.DELAYS[0]),
        everybody.asks("platform", measure=columns.DELAYS[1]),
    )


def _peers(platform: str | None, result: Result) -> list[Cell]:
    """The other platforms that have enough statements."""
    sizes = tally.counts(result, "platform")
    return [one for one, size in sizes.items() if size >= ENOUGH and one != platform]


def _measured(choice: Choice, results: Sequence[Result]) -> Table:
    peers = _peers(choice.platform, results[0])
    rows = []
    for code, label, kind, at, figures_of in _MEASURES:
        figures = figures_of(results[at])
        own = figures.get(choice.platform)
        theirs = sorted(one for one in (figures.get(peer) for peer in peers) if one is not None)
        place: Value = None
        if own is not None and theirs:
            place = words(
                gettext_noop("%(place)s of %(all)s"),
                place=1 + sum(one > own for one in theirs),
                all=len(theirs) + 1,
            )
        span = (theirs[0], theirs[-1]) if theirs else (None, None)
        rows.append(Row(code, label, (own, tally.middle(theirs), *span, place), kind))
    heads = (
        Head("own", choice.platform or labels.UNSTATED, "row"),
        Head("median", Words(gettext_noop("Median of the others")), "row"),
        Head("least", Words(gettext_noop("Lowest")), "row"),
        Head("most", Words(gettext_noop("Highest")), "row"),
        Head("place", Words(gettext_noop("Place, from the highest")), "words"),
    )
    size = tally.counts(results[0], "platform")[choice.platform]
    notes = [
        words(
            gettext_noop("%(platform)s has %(n)s statements in these days. Platforms beside it: %(peers)s."),
            platform=choice.platform or "",
            n=size,
            peers=len(peers),
        )
    ]
    if size < ENOUGH:
        notes.append(Words(gettext_noop("So few statements that shares can be chance.")))
    return Table(Words(gettext_noop("What")), heads, tuple(rows) if size else (), None, tuple(notes))


def _categories(choice: Choice, results: Sequence[Result]) -> Table:
    groups = tally.crossed(results[0], "platform", "category")
    own = groups.get(choice.platform, Counter())
    peers = [groups[one] for one in _peers(choice.platform, results[0])]
    pooled: Counter[Cell] = Counter()
    for counted in groups.values():
        pooled.update(counted)
    pooled.subtract(own)
    rows = []
    for category in sorted(own.keys() | pooled.keys(), key=lambda one: (-own[one], -pooled[one], str(one))):
        share = tally.share(own[category], own.total())
        rest = tally.share(pooled[category], pooled.total())
        usual = tally.middle(tally.share(counted[category], counted.total()) for counted in peers)
        label = labels.label("category", tally.text(category))
        rows.append(Row(labels.code(category), label, (share, usual, rest)))
    heads = (
        Head("own", choice.platform or labels.UNSTATED, "share"),
        Head("median", Words(gettext_noop("Median of the others")), "share"),
        Head("pooled", Words(gettext_noop("All others, together")), "share"),
    )
    picture = Picture("paired", (0, 1), 8)
    return Table(tally.CATEGORY, heads, tuple(rows) if own.total() else (), picture)


TOPIC = Topic(
    "peers",
    gettext_noop("Peers"),
    gettext_noop("One platform beside its peers"),
    gettext_noop("What one platform reports, beside the others in the same days."),
    (
        gettext_noop(
            "The others are all platforms with at least 100 statements in these days. Their median is the "
            "platform in the middle, so that the largest does not speak for all."
        ),
        gettext_noop("All figures are shares in a platform’s own statements, or medians of whole days."),
    ),
    (
        gettext_noop(
            "Platforms that differ are not by that better or worse: a marketplace, an app store and a social "
            "network meet different things. The data do not say what kind of service a platform is."
        ),
        gettext_noop("Each platform states these things itself, and reads the terms in its own way."),
    ),
    (
        Part(
            "measures",
            gettext_noop("How it decides"),
            gettext_noop(
                "The platform’s own figure, the median of the others, their range, and its place among them."
            ),
            _questions,
            _measured,
        ),
        Part(
            "categories",
            gettext_noop("What it is about"),
            gettext_noop(
                "The share of each kind of problem in the platform’s statements. Below each, hatched: the "
                "median of the others’ shares."
            ),
            lambda choice: (choice.everybody.asks("platform", "category"),),
            _categories,
        ),
    ),
    of_one=True,
)
