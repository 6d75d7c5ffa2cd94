"""What kind of content in which language. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fairnotice.law.words import gettext_noop
from fairnotice.observatory.question import EACH
from fairnotice.observatory.result import Result
from fairnotice.observatory.topics import labels, tally
from fairnotice.observatory.topics.model import Choice, Head, Part, Picture, Row, Table, Topic, Value, Words

LANGUAGE = "content_language"
_ACCOUNT = "account_type"


def _ranked(column: str, first: Words, results: Sequence[Result], *notes: Words) -> Table:
    """By one column, the largest first, with the share in all statements of the second result."""
    total = tally.counts(results[-1], _ACCOUNT).total()
    counted = tally.counts(results[0], column)
    rows = [
        Row(labels.code(one), labels.label(column, tally.text(one)), (size, tally.share(size, total)))
        for one, size in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    ]
    heads = (tally.STATEMENTS, tally.SHARE_OF_ALL)
    return Table(first, heads, tuple(rows), Picture("bars", (0,), tally.MOST_BARS), notes)


def _platforms(_choice: Choice, results: Sequence[Result]) -> Table:
    heads = (
        Head("unstated", Words(gettext_noop("No language stated")), "share"),
        Head("first", Words(gettext_noop("Most often")), "words"),
        Head("first_share", Words(gettext_noop("Share of those stated")), "share"),
        Head("languages", Words(gettext_noop("Languages"))),
    )
    rows = []
    for platform, counted in tally.crossed(results[0], "platform", LANGUAGE).items():
        total, without = counted.total(), counted.pop(None, 0)
        most = min(counted.items(), key=lambda item: (-item[1], str(item[0])), default=None)
        cells: tuple[Value, ...] = (tally.share(without, total), None, None, len(counted))
        if most:
            cells = (
                cells[0],
                labels.label(LANGUAGE, tally.text(most[0])),
                tally.share(most[1], counted.total()),
                len(counted),
            )
        rows.append(Row(labels.code(platform), labels.label("platform", tally.text(platform)), cells))
    return Table(tally.PLATFORM, heads, tuple(rows), Picture("bars", (0,), tally.MOST_BARS))


TOPIC = Topic(
    "content",
    gettext_noop("Content"),
    gettext_noop("Which content, in which language"),
    gettext_noop(
        "The language of what was restricted, and whether it was a text, a picture, a product or else."
    ),
    (
        gettext_noop(
            "The language is the one that the platform named for the content; it names one at most."
        ),
        gettext_noop(
            "The kind of content is one or more of the database’s list, and so is the kind of account."
        ),
    ),
    (
        gettext_noop(
            "To name the language is optional, and most statements do not: what is stated is no sample of "
            "what is not."
        ),
        gettext_noop(
            "A language is no country, and few statements in a language can mean few users, few reviewers "
            "who read it, or few violations."
        ),
    ),
    (
        Part(
            "languages",
            gettext_noop("By language"),
            gettext_noop("Statements by the language of the content."),
            lambda choice: (choice.asks(LANGUAGE), choice.asks(_ACCOUNT)),
            lambda _choice, results: _ranked(LANGUAGE, Words(gettext_noop("Language")), results),
        ),
        Part(
            "kinds",
            gettext_noop("By kind of content"),
            gettext_noop("Statements by kind of content; one with several kinds counts under each."),
            lambda choice: (choice.asks("content_type" + EACH), choice.asks(_ACCOUNT)),
            lambda _choice, results: _ranked(
                "content_type" + EACH, Words(gettext_noop("Kind of content")), results
            ),
        ),
        Part(
            "accounts",
            gettext_noop("By kind of account"),
            gettext_noop("Statements by whether the account is a business’s or a private one."),
            lambda choice: (choice.asks(_ACCOUNT),),
            lambda _choice, results: _ranked(_ACCOUNT, Words(gettext_noop("Account")), results),
        ),
        Part(
            "platforms",
            gettext_noop("Languages by platform"),
            gettext_noop(
                "Which share of a platform’s statements names no language, and the one named most often."
            ),
            lambda choice: (choice.asks("platform", LANGUAGE),),
            _platforms,
        ),
    ),
)
