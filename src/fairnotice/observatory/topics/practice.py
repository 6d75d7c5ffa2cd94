"""Who restricts what, on which ground, and how. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fairnotice.law.words import gettext_noop
from fairnotice.observatory.question import EACH, Question
from fairnotice.observatory.result import Cell, Result
from fairnotice.observatory.topics import labels, tally
from fairnotice.observatory.topics.model import Choice, Head, Part, Picture, Row, Table, Topic, Value, Words

_GROUNDS = (
    Head("illegal", Words(gettext_noop("Illegal content")), "share"),
    Head("terms", Words(gettext_noop("Against the terms")), "share"),
)
_FAMILIES = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_MOST_KEYWORDS = 30


def _by_ground(counted: Counter[Cell]) -> tuple[float | None, ...]:
    total = counted.total()
    return (
        tally.share(counted["DECISION_GROUND_ILLEGAL_CONTENT"], total),
        tally.share(counted["DECISION_GROUND_INCOMPATIBLE_CONTENT"], total),
    )


def _grounds(column: str, first: Words, results: Sequence[Result]) -> Table:
    groups = tally.crossed(results[0], column, "decision_ground")
    picture = Picture("bars", (0,), tally.MOST_BARS)
    return tally.table_of(groups, column, first, _GROUNDS, _by_ground, picture=picture)


def _of_families(choice: Choice) -> tuple[Question, ...]:
    return (choice.asks(_FAMILIES[0] + EACH), *(choice.asks(family) for family in _FAMILIES[1:]))


def _measures(_choice: Choice, results: Sequence[Result]) -> Table:
    # Every statement is in one row of the answer about payments, if only in that of none: its sum is all.
    total = tally.counts(results[1], _FAMILIES[1]).total()
    found: list[tuple[int, str, str]] = []
    for family, result in zip(_FAMILIES, results, strict=True):
        column = family + EACH if family == _FAMILIES[0] else family
        found += [(-size, str(one), family) for one, size in tally.counts(result, column).items() if one]
    rows = [
        Row(one, labels.label(family, one), (-less, tally.share(-less, total)))
        for less, one, family in sorted(found)
    ]
    heads = (tally.STATEMENTS, tally.SHARE_OF_ALL)
    note = Words(
        gettext_noop(
            "A statement can name several restrictions, so these shares can add up to more than all."
        )
    )
    return Table(
        Words(gettext_noop("Restriction")),
        heads,
        tuple(rows),
        Picture("bars", (0,), tally.MOST_BARS),
        (note,),
    )


def _keywords(_choice: Choice, results: Sequence[Result]) -> Table:
    counted = tally.counts(results[0], "category_specification" + EACH)
    total = tally.counts(results[1], "category").total()
    # Statements without a keyword stand first, whatever their number: the rest is to be read beside them.
    without = counted.pop(None, 0)
    rows = [Row(labels.UNSTATED_CODE, labels.UNSTATED, (without, tally.share(without, total)))]
    rows += [
        Row(str(code), labels.label("category_specification", str(code)), (size, tally.share(size, total)))
        for code, size in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))[:_MOST_KEYWORDS]
    ]
    heads = (tally.STATEMENTS, tally.SHARE_OF_ALL)
    note = Words(gettext_noop("A statement can name several keywords, and need not name any."))
    picture = Picture("bars", (0,), tally.MOST_BARS)
    return Table(Words(gettext_noop("Keyword")), heads, tuple(rows) if total else (), picture, (note,))


def _most_often(_choice: Choice, results: Sequence[Result]) -> Table:
    rows = []
    for platform, counted in tally.crossed(results[0], "platform", "category").items():
        found = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))[:2]
        cells: list[Value] = []
        for category, size in found:
            cells += [labels.label("category", tally.text(category)), tally.share(size, counted.total())]
        cells += [None] * (4 - len(cells))
        rows.append(Row(labels.code(platform), labels.label("platform", tally.text(platform)), tuple(cells)))
    heads = (
        Head("first", Words(gettext_noop("Most often")), "words"),
        Head("first_share", Words(gettext_noop("Share")), "share"),
        Head("second", Words(gettext_noop("Then")), "words"),
        Head("second_share", Words(gettext_noop("Share")), "share"),
    )
    return Table(tally.PLATFORM, heads, tuple(rows))


TOPIC = Topic(
    "practice",
    gettext_noop("What and why"),
    gettext_noop("Who restricts what, and on which ground"),
    gettext_noop(
        "How many decisions platforms report, about which kinds of problem, on which ground, and what they "
        "did."
    ),
    (
        gettext_noop(
            "A statement is one statement of reasons: what a platform told one user about one decision to "
            "restrict something of theirs, as it was sent to the European Commission’s database."
        ),
        gettext_noop(
            "The ground is what the platform named: content that it holds to be illegal, or content that is "
            "against its terms and conditions. The category is the one that the platform chose."
        ),
    ),
    (
        gettext_noop(
            "Platforms fill these in themselves and nobody checks them: the same post can be “illegal” with "
            "one and “against the terms” with another."
        ),
        gettext_noop(
            "Many statements do not mean strict rules: platforms differ in size, in what their users post, "
            "and in what they count as one decision. The data do not say how many users or posts there are."
        ),
        gettext_noop(
            "Micro and small companies need not send any, and none are needed for deceptive mass "
            "advertising, for orders of authorities, and where a platform has no way to reach the user."
        ),
    ),
    (
        Part(
            "platforms",
            gettext_noop("By platform"),
            gettext_noop("Statements by who sent them, and the share of each ground in them."),
            lambda choice: (choice.asks("platform", "decision_ground"),),
            lambda _choice, results: _grounds("platform", tally.PLATFORM, results),
        ),
        Part(
            "categories",
            gettext_noop("By kind of problem"),
            gettext_noop("Statements by their category, and the share of each ground in them."),
            lambda choice: (choice.asks("category", "decision_ground"),),
            lambda _choice, results: _grounds("category", tally.CATEGORY, results),
        ),
        Part(
            "measures",
            gettext_noop("What was done"),
            gettext_noop(
                "Statements that name a restriction: of visibility, of payments, of the service, of the "
                "account."
            ),
            _of_families,
            _measures,
        ),
        Part(
            "keywords",
            gettext_noop("Finer kinds of problem"),
            gettext_noop("Statements by the keywords that they name, the most frequent ones."),
            lambda choice: (
                choice.asks("category_specification" + EACH),
                choice.asks("category", "decision_ground"),
            ),
            _keywords,
        ),
        Part(
            "most-often",
            gettext_noop("What each platform restricts most often"),
            gettext_noop(
                "The two most frequent categories of each platform, and their share in its statements."
            ),
            lambda choice: (choice.asks("platform", "category"),),
            _most_often,
        ),
    ),
)
