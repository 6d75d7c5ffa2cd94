"""Why somebody at the desk may look at what is sealed, and what kinds of sealed fields there are: the words
of the access log. Standard library only.

GDPR article 5(1)(b) and (2): for stated purposes, and so that it can be shown. Article 32(4): people who act
under the controller look at personal data only as their work asks.
"""

from __future__ import annotations

from collections.abc import Mapping

from fairnotice.law.words import gettext_noop

#: What was opened: its reference is one of these.
ABOUT: dict[str, str] = {
    "case": gettext_noop("case"),
    "notice": gettext_noop("notice"),
    "message": gettext_noop("message"),
    "letter": gettext_noop("letter of another organisation"),
    "table": gettext_noop("table"),
}

#: Purposes that follow from the page and from who holds the case.
OWN_PURPOSES: dict[str, str] = {
    "triage": gettext_noop("see whether to take it on"),
    "decide": gettext_noop("decide"),
    "confirm": gettext_noop("confirm as the second person"),
    "appeal": gettext_noop("answer an appeal"),
    "publish": gettext_noop("look at it before publication"),
    "read": gettext_noop("read what came in"),
    "inform": gettext_noop("tell the affected party"),
    "carry-out": gettext_noop("carry out or review a measure"),
    "forward": gettext_noop("ask who answers for the place"),
    "table": gettext_noop("take in a table of notices"),
    "emergency": gettext_noop("somebody's life may be in danger"),
    "two-people": gettext_noop("agree, or not, as the second of two people"),
    "export": gettext_noop("write the file of a case"),
}

#: Purposes that a person names before they see anything.
ASKED: dict[str, str] = {
    "asked": gettext_noop("whoever holds it asked me for advice"),
    "stand-in": gettext_noop("whoever holds it is away, and I stand in for them"),
    "related": gettext_noop("I work on another case that this one bears on"),
    "question": gettext_noop("somebody concerned has a question or a complaint about it"),
    "follow-up": gettext_noop("I took part in it, and something has come up since"),
    "quality": gettext_noop("check how cases are decided here"),
}
PURPOSES: dict[str, str] = OWN_PURPOSES | ASKED

#: Kinds of sealed fields, never their values.
KINDS: dict[str, str] = {
    "place": gettext_noop("the place"),
    "words": gettext_noop("the notifier's words"),
    "report": gettext_noop("the report of a program"),
    "network": gettext_noop("who answers for the place"),
    "decision": gettext_noop("texts of a decision"),
    "appeal": gettext_noop("an appeal or its answer"),
    "statement": gettext_noop("a statement of reasons"),
    "notes": gettext_noop("notes of the desk"),
    "message": gettext_noop("a message as it came in"),
    "answers": gettext_noop("answers of other organisations"),
    "table": gettext_noop("lines of a table"),
    "file": gettext_noop("a file that came with a notice"),
    "wish": gettext_noop("what somebody asked to have erased"),
    "other": gettext_noop("other sealed fields"),
}

# (owner, field) of a sealed value -> its kind; field "" is every other one of that owner.
_KIND_OF: Mapping[tuple[str, str], str] = {
    ("case", "location"): "place",
    ("item", "location"): "place",
    ("item", "note"): "words",
    ("item", "chain"): "network",
    ("notice", "report"): "report",
    ("correction", ""): "words",
    ("hold", ""): "notes",
    ("erasure-request", ""): "wish",
    ("evidence", ""): "file",
    ("notice", ""): "words",
    ("decision", "second_reason"): "notes",
    ("decision", ""): "decision",
    ("appeal", ""): "appeal",
    ("outcome", ""): "appeal",
    ("filing", "reason"): "notes",
    ("filing", ""): "statement",
    ("statement", "body"): "statement",
    ("statement", ""): "notes",
    ("measure", ""): "notes",
    ("publication", ""): "notes",
    ("emergency", ""): "notes",
    ("proposal", ""): "notes",
    ("received", ""): "message",
    ("inbound", ""): "answers",
    ("forward-answer", ""): "answers",
    ("forward-letter", ""): "answers",
    ("table", ""): "table",
    ("table-line", ""): "table",
    ("table-mapping", ""): "table",
}

#: What no page of the desk ever opens: delivery alone does, to write to them.
CONTACT = frozenset(
    {("notice", "name"), ("notice", "email"), ("subscriber", "address"), ("subscriber", "token")}
)


def kind_of(owner: str, field: str) -> str:
    """The slug in KINDS for a sealed value."""
    return _KIND_OF.get((owner, field)) or _KIND_OF.get((owner, ""), "other")
