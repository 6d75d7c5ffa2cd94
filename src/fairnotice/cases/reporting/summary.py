"""A report as people read it on a page: the figures that are not nothing, the texts, the notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from fairnotice.cases.reporting.profiles import applies
from fairnotice.harmonised.categories import TOTAL
from fairnotice.harmonised.indicators import SUMMARY
from fairnotice.harmonised.parts import PARTS
from fairnotice.law.taxonomy import CATEGORIES, keyword_label
from fairnotice.law.words import gettext_noop

Parts = dict[int, list[list[str]]]
#: Part -> (our column, what a page calls it).
_COLUMNS = {
    4: (
        ("notices", gettext_noop("Notices")),
        ("notices_tf", gettext_noop("Of trusted flaggers")),
        ("items", gettext_noop("Items")),
        ("median", gettext_noop("Median hours to action")),
        ("law", gettext_noop("Actions on the law")),
        ("terms", gettext_noop("Actions on our rules")),
    ),
    5: (("measures", gettext_noop("Measures")), ("automated", gettext_noop("Found by a machine"))),
    6: (("measures", gettext_noop("Measures")), ("automated", gettext_noop("Found by a machine"))),
}
_TITLES = {
    3: gettext_noop("Orders of authorities"),
    4: gettext_noop("Notices"),
    5: gettext_noop("Own initiative: illegal content"),
    6: gettext_noop("Own initiative: our rules"),
    7: gettext_noop("Complaints, disputes, suspensions"),
    8: gettext_noop("Automated means"),
    9: gettext_noop("People"),
    10: gettext_noop("Recipients"),
    11: gettext_noop("In words"),
}


@dataclass(slots=True)
class Section:
    """One part. `rows`: (label, (header, cell) for each column), the sum first; `texts`: (heading, text);
    `notes`: (about what, note); `applies`: whether anything of it does."""

    number: int
    title: str
    headers: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    applies: bool = True


def sections(parts: Parts, profile: str) -> list[Section]:
    """Parts 3 to 11."""
    return [_section(number, parts.get(number, []), profile) for number in _TITLES]


def front(parts: Parts) -> dict[str, str]:
    """Key of part 1 -> its value."""
    return {one.key: row[-1] for one, row in zip(SUMMARY, parts[1], strict=True)}


def _section(number: int, rows: list[list[str]], profile: str) -> Section:
    made = Section(number, _(_TITLES[number]))
    applying = [row for row in rows if applies(row[0], profile)]
    made.applies = bool(applying)
    if number in _COLUMNS:
        _by_category(made, applying)
    elif number == 11:
        made.texts = [(row[3].strip(), row[4]) for row in applying if row[4]]
    elif number != 3:
        made.headers = [_("Figure")]
        at = PARTS[number].at
        made.rows = [
            (
                f"{row[at('indicator')].strip()}: {row[at('scope')].strip()}",
                [(made.headers[0], row[at("value")])],
            )
            for row in applying
            if row[at("value")] not in ("", "0")
        ]
    for row in applying:
        made.notes += [
            (_about(number, row), cell)
            for column, cell in zip(PARTS[number].columns, row, strict=True)
            if column.kind == "note" and cell.strip()
        ]
    return made


def _by_category(made: Section, rows: list[list[str]]) -> None:
    at = PARTS[made.number].at
    columns = [(at(key), words) for key, words in _COLUMNS[made.number]]
    made.headers = [_(words) for _place, words in columns]
    category = at("category")
    for row in rows:
        cells = [row[place] for place, _words in columns]
        if row[category] == TOTAL or any(cell not in ("", "0") for cell in cells):
            made.rows.append((category_words(row[category]), list(zip(made.headers, cells, strict=True))))


def category_words(code: str) -> str:
    """A code of the first column in words; a sub-category is set off by a dash."""
    if code == TOTAL:
        return _("All together")
    if code in CATEGORIES:
        return _(CATEGORIES[code])
    return f"– {_(keyword_label(code))}" if code.startswith("KEYWORD_") else code


def _about(number: int, row: list[str]) -> str:
    words: Callable[[str], str] = category_words if number in (3, 4, 5, 6) else str.strip
    at = PARTS[number].at
    if number in (3, 4, 5, 6):
        return words(row[at("category")])
    return f"{row[at('indicator')].strip()}: {row[at('scope')].strip()}"
