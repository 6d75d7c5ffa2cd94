"""JSON Lines: one object per line, with the names that the columns of our table have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.cells import KNOWN, statement_of
from fairnotice.answerable.imports.opening import Line
from fairnotice.answerable.imports.shape import LONGEST_LINE, BadLine, Entry, Reading, Refused


def read(lines: Iterable[Line], reading: Reading) -> Iterator[Entry]:
    """A statement for each object. Raises nothing."""
    for line in lines:
        if not line.data.strip():
            continue
        text = line.text()
        try:
            if not line.whole or (text is not None and len(text) > LONGEST_LINE):
                raise Refused(_("The line is too long."))
            if text is None:
                raise Refused(_("The line is not UTF-8 text."))
            yield statement_of(line.number, text, _cells(text.removeprefix("\ufeff")))
        except Refused as fault:
            yield BadLine(line.number, line.shown, str(fault))


def _cells(text: str) -> dict[str, str]:
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_none, parse_float=_none)
    except (ValueError, RecursionError):
        raise Refused(_("The line is not one JSON object.")) from None
    if not isinstance(data, dict):
        raise Refused(_("The line is not one JSON object."))
    if not data.keys() <= KNOWN:
        raise Refused(_("The object has a name that is none of the columns."))
    return {
        name: _cell(name, value) for name, value in data.items() if value is not None or name == "valid_until"
    }


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _none(_text: str) -> Any:
    raise ValueError("only text, whole numbers, true, false and null are read")


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:d}" if abs(value) < 2**63 else "?"
    if not isinstance(value, str):
        raise Refused(_("%(name)s must be text.") % {"name": name})
    if not value.isprintable():
        raise Refused(_("The line holds control characters."))
    return value.strip()
