"""Codes in short: VIOLENCE for STATEMENT_CATEGORY_VIOLENCE, and back. Pure."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import Final

from fairnotice.observatory import columns
from fairnotice.observatory.question import EACH, QuestionError
from fairnotice.observatory.result import Cell

_PREFIXES: Final = {
    "category": ("STATEMENT_CATEGORY_",),
    "category_addition": ("STATEMENT_CATEGORY_",),
    "category_specification": ("KEYWORD_",),
    "source_type": ("SOURCE_TYPE_", "SOURCE_"),
    "decision_visibility": ("DECISION_VISIBILITY_",),
    "decision_monetary": ("DECISION_MONETARY_",),
    "decision_provision": ("DECISION_PROVISION_",),
    "decision_account": ("DECISION_ACCOUNT_",),
    "decision_ground": ("DECISION_GROUND_",),
    "account_type": ("ACCOUNT_TYPE_",),
    "content_type": ("CONTENT_TYPE_",),
    "automated_decision": ("AUTOMATED_DECISION_",),
}
_SHOWN: Final = 12


def short(column: str, cell: Cell) -> Cell:
    """A cell of a column or dimension as a person reads it: each code without what all of its column begin
    with. Anything else stays."""
    prefixes = _PREFIXES.get(column.removesuffix(EACH))
    if prefixes is None or not isinstance(cell, str):
        return cell
    return columns.SEPARATOR.join(_without(prefixes, one) for one in cell.split(columns.SEPARATOR))


def full(column: str, text: str) -> str:
    """The code that a person means: short or whole, in any case, blanks for low lines; a code of v1 that was
    renamed is its name of v2, as the store has it. Raises QuestionError, with the nearest codes."""
    wanted = re.sub(r"[\s-]+", "_", text.strip()).upper()
    known = _known(column)
    if wanted in known:
        return known[wanted]
    shorts = sorted({str(short(column, code)) for code in known.values()})
    near = get_close_matches(wanted, known, n=3, cutoff=0.6)
    meant = list(dict.fromkeys(str(short(column, known[one])) for one in near))
    if meant:
        hint = f"did you mean {' or '.join(meant)}?"
    elif len(shorts) <= _SHOWN:
        hint = f"there are: {', '.join(shorts)}"
    else:
        hint = f"`ask --codes {column}` lists all {len(shorts)}"
    raise QuestionError(
        f"{column} has no code {text!r}; {hint} (in quotation marks any text is taken as it is)"
    )


def codes(column: str) -> list[str]:
    """The codes of both versions that a column of CHOICES or LISTS can have, by name."""
    return sorted(set(_known(column).values()))


@cache
def _known(column: str) -> dict[str, str]:
    """Every way to write a code, in capitals -> the code."""
    renamed = columns.renamed()
    every = columns.allowed(column) | columns.allowed(column, "v1")
    found: dict[str, str] = {}
    # The codes themselves come first: where a short form is another code's name, the name counts.
    for name in (str.__str__, lambda code: str(short(column, code))):
        for code in sorted(every):
            found.setdefault(name(code).upper(), renamed.get(code, code))
    return found


def _without(prefixes: tuple[str, ...], code: str) -> str:
    for prefix in prefixes:
        if code.startswith(prefix) and len(code) > len(prefix):
            return code.removeprefix(prefix)
    return code
