"""What a reader of the register asked for: read from the address, which anyone may have written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairnotice.cases.models import PublicEntry
from fairnotice.cases.queries import public
from fairnotice.law.measures import MEASURES
from fairnotice.law.taxonomy import CATEGORIES

GROUNDS = ("law", "rules")
APPEALS = ("none", "upheld", "partly_reversed", "reversed")
LONGEST_WORDS, MOST_WORDS = 200, 10
PER_PAGE = 20

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_PAGE = re.compile(r"[0-9]{1,6}")

_KNOWN: dict[str, Callable[[str], object]] = {
    "category": CATEGORIES.__contains__,
    "ground": GROUNDS.__contains__,
    "measure": MEASURES.__contains__,
    "month": _MONTH.fullmatch,
    "appeal": APPEALS.__contains__,
}
PARAMETERS = ("q", *_KNOWN, "page")


@dataclass(frozen=True)
class Search:
    """A search that can be run. `chosen` holds the filters by parameter name, without empty ones; `faults`
    says per parameter in plain words what was not understood or was left out."""

    chosen: dict[str, str]
    page: int
    faults: dict[str, str] = field(default_factory=dict)

    def rows(self) -> QuerySet[PublicEntry]:
        """The entries that match, newest first."""
        found: dict[str, Any] = dict(self.chosen)
        return public.register(words=found.pop("q", ""), **found)

    def query(self, **more: object) -> str:
        """The filters as a query string, in one order, so that one search has one address."""
        return urlencode(
            [*((name, self.chosen[name]) for name in PARAMETERS if name in self.chosen), *more.items()]
        )


def read(given: Mapping[str, str]) -> Search:
    """Read query parameters. Never raises: what cannot be used is left out and named in `faults`."""
    faults: dict[str, str] = {}
    chosen: dict[str, str] = {}
    words = _words(given.get("q", ""), faults)
    if words:
        chosen["q"] = words
    for name, known in _KNOWN.items():
        value = given.get(name, "").strip()
        if value and known(value):
            chosen[name] = value
        elif value:
            faults[name] = _NOT_KNOWN[name]()
    page = given.get("page", "").strip()
    if page and (not _PAGE.fullmatch(page) or int(page) < 1):
        faults["page"] = _("That page number cannot be read, so this is the first page.")
        page = ""
    return Search(chosen, int(page or 1), faults)


def _words(text: str, faults: dict[str, str]) -> str:
    # A control character or half a character cannot be part of a word, and databases refuse some of them.
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    words = clean.split()
    kept = " ".join(words[:MOST_WORDS])
    if len(words) > MOST_WORDS or len(kept) > LONGEST_WORDS:
        faults["q"] = _(
            "Only the first %(words)s words, up to %(characters)s characters, were looked for."
        ) % {
            "words": MOST_WORDS,
            "characters": LONGEST_WORDS,
        }
    return kept[:LONGEST_WORDS].strip()


# Functions, because the language is that of the request.
_NOT_KNOWN: dict[str, Callable[[], str]] = {
    "category": lambda: _("There is no such kind of problem, so this was left out of the search."),
    "ground": lambda: _("There is no such kind of ground, so this was left out of the search."),
    "measure": lambda: _("There is no such measure, so this was left out of the search."),
    "month": lambda: _("A month looks like 2026-05; what was given was left out of the search."),
    "appeal": lambda: _("There is no such outcome of an appeal, so this was left out of the search."),
}
