"""Reports of older formats, written as lines of `Name: value`, as notices of a program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from fairnotice.cases.drafts import MAX_ITEMS, MAX_NAME, MAX_WHY, ItemDraft, NoticeDraft, as_url, normalised
from fairnotice.intake.contact import without_contact
from fairnotice.intake.mail.receipt import nobodys

Fields = Mapping[str, list[str]]
_MAX_LINES = 500
_MAX_VALUE = 4_000
_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,60})[ \t]{0,9}:(?:[ \t]|$)(.*)")
_CUT = "\n[The letter goes on.]"


def read_fields(text: str) -> Fields:
    """The values by name in small letters; a line that is set in goes on with the value before it. Quotation
    marks around a value are left out. What is no field is passed over."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.split("\n")[:_MAX_LINES]:
        field = _LINE.match(line)
        if field:
            name = field[1].lower()
            found.setdefault(name, []).append(_unquoted(field[2]))
        elif name and line[:1] in (" ", "\t") and line.strip():
            values = found[name]
            values[-1] = f"{values[-1]} {_unquoted(line)}".strip()[:_MAX_VALUE]
    return found


def first(fields: Fields, name: str) -> str:
    """The first value of that name, "" where there is none."""
    return fields.get(name, [""])[0]


def draft_of(
    problem: str, places: Iterable[str], said: Iterable[str], text: str, name: str, email: str
) -> NoticeDraft:
    """The notice of a program: `said` are the lines that its fields make, `text` what it says in words.
    Places that are no web address, or come twice, are left out; so is an address that nobody reads."""
    urls = {normalised(place): place.strip() for place in places if as_url(place)}
    lines = [line for line in said if line]
    if text.strip():
        lines.append("The report in words:\n" + text.strip())
    return without_contact(
        NoticeDraft(
            items=[ItemDraft(url) for url in urls.values()],
            problem=problem,
            why=cut("\n".join(lines)),
            name=name[:MAX_NAME],
            email="" if nobodys(email) else email,
            source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
        )
    )


def cut(text: str, most: int = MAX_WHY) -> str:
    """The text, as far as it fits; it says where it was cut."""
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT


def too_many(draft: NoticeDraft) -> bool:
    """Whether it has more places than one notice takes; then only the first are kept in it."""
    more = len(draft.items) > MAX_ITEMS
    del draft.items[MAX_ITEMS:]
    return more


def _unquoted(value: str) -> str:
    value = value.strip()[:_MAX_VALUE]
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
