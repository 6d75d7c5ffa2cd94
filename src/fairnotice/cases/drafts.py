"""The one shape that every door translates into, and the rules it must meet (article 16(2))."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

import ada_url
from django.utils.translation import gettext as _

from fairnotice.law.enums import SOURCE_TYPES
from fairnotice.law.problems import LIFE, PROBLEM_BY_SLUG
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS

MAX_ITEMS = 50
MAX_LOCATION = 2000
MAX_NOTE = 1000
MAX_WHY = 10_000
MAX_LAW = 500
MAX_NAME = 200
MAX_EMAIL = 254
MAX_INVOLVED = 500
#: Doors without a box of their own for it: there the kind of problem says that a life may be in danger.
DANGER_BY_PROBLEM = frozenset({"xarf", "mail", "forward", "mastodon", "flag", "discourse"})
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\\x00-\x1f]{1,64}@[^@\s<>,;:\"()\[\]\\\x00-\x1f]{1,189}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# Lone surrogates and NUL reach us through JSON escapes; neither can be stored as text.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a draft: `path` as in "items.0.location", and what to do about it."""

    path: str
    code: str
    message: str


@dataclass
class ItemDraft:
    """One exact location: a URL, or words that say exactly where (a post number, a message id)."""

    location: str = ""
    note: str = ""


@dataclass
class NoticeDraft:
    """What a notifier says. Name and e-mail are optional at every door, and no setting can require them.

    `report`: what a program's report says beside this (docs/machine-reports.md), as plain JSON; None where a
    person wrote. `files`: handles of files that wait for it (`cases.uploads`).
    """

    items: list[ItemDraft] = field(default_factory=list)
    problem: str = ""
    why: str = ""
    ground_kind: str = "unsure"
    law: str = ""
    clause: str = ""
    name: str = ""
    email: str = ""
    good_faith: bool | None = None
    staff_involved: bool = False
    # Who at the service it is, as far as they say: words, and one of `cases.involved.choices`.
    involved: str = ""
    involved_role: str = ""
    # They say that somebody's life or safety is in danger now.
    life_in_danger: bool = False
    language: str = ""
    source_type: str = "SOURCE_ARTICLE_16"
    category: str = ""
    keyword: str = ""
    report: dict[str, Any] | None = None
    files: list[str] = field(default_factory=list)

    def digest(self) -> bytes:
        """SHA-256 over the whole draft: the same key with other words, or other files, is not a retry. Files
        count by what they hold: sent once more, they have another reference."""
        said = {name: value for name, value in asdict(self).items() if value is not None or name != "report"}
        if files := said.pop("files"):
            said["files"] = [handle.partition(".")[2] for handle in files]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass")).digest()


def says_danger(draft: NoticeDraft, door: str) -> bool:
    """Whether whoever sent this says that somebody's life or safety is in danger. What they say counts alone:
    no words are ever looked at."""
    problem = PROBLEM_BY_SLUG.get(draft.problem)
    by_problem = door in DANGER_BY_PROBLEM and problem is not None and LIFE in problem.flags
    return draft.life_in_danger or by_problem


def check_email(text: str) -> bool:
    """Whether this can be an address a mail server takes; whether it exists, only a letter shows."""
    address = text.strip()
    return (
        len(address) <= MAX_EMAIL
        and _EMAIL.fullmatch(address) is not None
        and UNSTORABLE.search(address) is None
    )


def as_url(location: str) -> str | None:
    """The URL as browsers read it (WHATWG, through ada), without its fragment, or None where it is not
    one."""
    text = location.strip()
    if not _SCHEME.match(text):
        return None
    try:
        url = ada_url.URL(text)
        url.hash = ""
    except ValueError:
        return None
    return str(url.href)


def normalised(location: str) -> str:
    """What two notices about one item have in common: the browser's reading of the URL, or the folded
    words."""
    return as_url(location) or " ".join(location.split()).casefold()


def check_notice(draft: NoticeDraft, *, machine: bool = False) -> list[Fault]:
    """Every fault of a draft, in the order of the form. `machine` spares a report whose format has no
    statement of good faith from giving one; people are always asked."""
    faults: list[Fault] = []

    def say(path: str, code: str, message: str) -> None:
        faults.append(Fault(path, code, message))

    def text(path: str, value: str, most: int) -> None:
        if len(value) > most:
            say(
                path,
                "too_long",
                _("This is %(length)s characters long; at most %(most)s fit here.")
                % {"length": len(value), "most": most},
            )
        if UNSTORABLE.search(value):
            say(
                path, "characters", _("This contains characters that cannot be stored. Please take them out.")
            )

    if not draft.items:
        say("items", "missing", _("Say where the item is: give at least one address or exact location."))
    if len(draft.items) > MAX_ITEMS:
        say(
            "items",
            "too_many",
            _("One notice takes at most %(most)s items; please send a second notice.") % {"most": MAX_ITEMS},
        )
    seen: dict[str, int] = {}
    for number, item in enumerate(draft.items[:MAX_ITEMS]):
        path = f"items.{number}.location"
        location = item.location.strip()
        if len(location) < 3:
            say(path, "missing", _("Say exactly where this item is."))
        text(path, item.location, MAX_LOCATION)
        text(f"items.{number}.note", item.note, MAX_NOTE)
        if len(location) <= MAX_LOCATION and not UNSTORABLE.search(location):
            if _SCHEME.match(location) and as_url(location) is None:
                say(
                    path,
                    "url",
                    _("This looks like a web address but cannot be read as one. Please check it."),
                )
            key = normalised(location)
            if key and key in seen:
                say(
                    path, "twice", _("This is the same place as item %(number)s.") % {"number": seen[key] + 1}
                )
            seen.setdefault(key, number)
    if draft.problem not in PROBLEM_BY_SLUG:
        say("problem", "missing", _("Choose what kind of problem this is."))
    # These come from a door's own table, never typed; they stand in the clear and in the log, so only codes.
    if draft.category and draft.category not in CATEGORIES:
        say("category", "choice", _("There is no such category."))
    if draft.keyword and not any(draft.keyword in group for group in KEYWORDS.values()):
        say("keyword", "choice", _("There is no such keyword."))
    if draft.source_type not in SOURCE_TYPES:
        say("source_type", "choice", _("There is no such kind of source."))
    if draft.ground_kind not in ("law", "rules", "unsure"):
        say("ground_kind", "choice", _("Choose law, rules, or unsure."))
    if draft.ground_kind == "rules" and not draft.clause:
        say("clause", "missing", _("Choose which rule it breaks."))
    if not draft.why.strip():
        say("why", "missing", _("Say in your own words why this is illegal or breaks a rule."))
    text("why", draft.why, MAX_WHY)
    text("law", draft.law, MAX_LAW)
    text("name", draft.name, MAX_NAME)
    text("email", draft.email, MAX_EMAIL)
    text("clause", draft.clause, 40)
    text("involved", draft.involved, MAX_INVOLVED)
    if draft.email and not check_email(draft.email):
        say("email", "email", _("This does not look like an e-mail address. You can also leave it empty."))
    if len(draft.language) > 8 or (not draft.language.replace("-", "").isalnum() and draft.language):
        say("language", "language", _("Give the language as a short code such as 'en'."))
    if draft.good_faith is False or (draft.good_faith is None and not machine):
        say(
            "good_faith",
            "missing",
            _("Please confirm that you believe what you say here is accurate and complete."),
        )
    return faults
