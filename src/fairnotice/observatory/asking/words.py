"""A question as a person types it, for the command line. Pure.

    by         platform,category          columns of `question.DIMENSIONS`, commas between them
    where      category = VIOLENCE, ANIMAL_WELFARE      one of these; also `category is ...`
               category != VIOLENCE                     none of these; also `category not ...`
               territorial_scope has DE                 a list with this in it, or with any of several
               territorial_scope lacks DE, FR           a list without any of these
               content_language = none                  nothing is given there; also `content_language =`
               content_type = TEXT|VIDEO                exactly this list
               platform = "Shop, Ltd", "A ""B"" C"      any text as it is, a quotation mark doubled in it

Codes may be short and in any case. Several conditions hold together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, cast

from fairnotice.observatory import columns
from fairnotice.observatory.asking.codes import full
from fairnotice.observatory.question import (
    DIMENSIONS,
    EACH,
    MEASURES,
    NOTHING,
    Condition,
    QuestionError,
    Test,
)

_CONDITION: Final = re.compile(r"\s*([\w.]+)\s*(?:(!=|=)|\s(is|not|has|lacks)(?=\s|$))\s*(.*?)\s*", re.S)
_VALUE: Final = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^",]*))(,|$)', re.S)
_TESTS: Final = {"=": "is", "!=": "not"}
_NONE: Final = "none"


def dimensions(text: str) -> tuple[str, ...]:
    """What to group by. Raises QuestionError, with the nearest names."""
    names = tuple(one.strip() for one in text.split(",") if one.strip())
    return tuple(_known(name, DIMENSIONS, "to group by") for name in names)


def measure(text: str) -> str:
    """A measure. Raises QuestionError, with the nearest names."""
    return _known(text.strip(), tuple(MEASURES), "to measure")


def condition(text: str) -> Condition:
    """One condition. Raises QuestionError, which says what is wrong with it."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise QuestionError(
            f"{text!r} is no condition; write COLUMN = VALUE, COLUMN != VALUE, COLUMN has VALUE or "
            "COLUMN lacks VALUE, with commas between several values"
        )
    name, sign, word, rest = found.groups()
    column = _known(name, tuple(one for one in DIMENSIONS if not one.endswith(EACH)), "to ask about")
    test = cast("Test", _TESTS.get(sign, word))
    values = list(_values(rest, text))
    if len(values) > 1 and ("", False) in values:
        raise QuestionError(
            f"{text!r}: there is no value at one of the commas; for what is not given write {_NONE}"
        )
    return Condition(column, test, tuple(_meant(column, test, *one) for one in values))


def _values(rest: str, text: str) -> Iterator[tuple[str, bool]]:
    """Each value, and whether it stood in quotation marks."""
    place = 0
    while True:
        found = _VALUE.match(rest, place)
        if found is None:
            raise QuestionError(f"{text!r}: a quotation mark stands alone, or no comma follows one")
        quoted, plain, end = found.groups()
        yield (plain.strip(), False) if quoted is None else (quoted.replace('""', '"'), True)
        place = found.end()
        if not end:
            return


def _meant(column: str, test: Test, value: str, quoted: bool) -> str:
    if quoted:
        return value
    if not value or value.casefold() == _NONE:
        return NOTHING
    if column == "version" and value not in ("v1", "v2"):
        raise QuestionError(f"there is no version {value!r}; there are: v1, v2")
    if column in columns.LISTS:
        parts = value.split(columns.SEPARATOR)
        if len(parts) > 1 and test in ("has", "lacks"):
            raise QuestionError(f"{column} {test} takes single codes; put commas between several: {value!r}")
        return columns.SEPARATOR.join(sorted({full(column, one) for one in parts}))
    return full(column, value) if column in columns.CHOICES else value


def _known(name: str, there: tuple[str, ...], for_what: str) -> str:
    if name in there:
        return name
    near = get_close_matches(name.lower(), there, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(there)}"
    raise QuestionError(f"there is no {name!r} {for_what}; {hint}")
