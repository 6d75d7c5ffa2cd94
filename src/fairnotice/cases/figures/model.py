"""A table of numbers that is ready to be shown: on a page, as a picture, as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

#: "shown": the value is the number. "withheld": there is a number, which is not shown. "at least": a sum
#: some parts of which are not shown. "none": there is none, such as a median of nothing.
State = Literal["shown", "withheld", "at least", "none"]


NO_PICTURE = SafeString("")


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` for programs, `words` for people. A value that is no number is a code, such as "rising"."""

    value: float | str | None
    words: str
    state: State = "shown"

    @property
    def number(self) -> float | None:
        """The value where it is a number."""
        return None if isinstance(self.value, str) else self.value


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a code for programs, a label for people, and a cell for each column."""

    code: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A table. `key` is its name in addresses and files, `method` says in a sentence what is counted and
    how; `first` heads the column of labels, `heads` are (code, label) of the others. `picture` is an
    `<svg>`, "" for none. `wide`: its columns need the whole width of a page."""

    key: str
    title: str
    method: str
    first: str
    heads: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    picture: SafeString = NO_PICTURE
    notes: tuple[str, ...] = ()
    wide: bool = False


def number(value: float) -> str:
    """A number as it is read, to one place; a whole one without a point."""
    shown = round(value, 1)
    return decimal(shown, 0 if float(shown).is_integer() else 1)


def decimal(value: float, places: int = 0) -> str:
    """A number to so many places. Rounded here: `number_format` cuts off what is beyond."""
    return str(number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True))


def count(value: int | None) -> Cell:
    """A count, or that it is not shown."""
    return withheld() if value is None else Cell(value, number(value))


def withheld() -> Cell:
    return Cell(None, _("not shown"), "withheld")


def nothing() -> Cell:
    return Cell(None, "–", "none")


def together(cells: Iterable[Cell]) -> Cell:
    """The sum; "at least" where some of it is not shown."""
    found = list(cells)
    total = sum(cell.number or 0 for cell in found)
    if all(cell.state == "shown" for cell in found):
        return Cell(total, number(total))
    if not total:
        return withheld()
    return Cell(total, _("at least %(number)s") % {"number": number(total)}, "at least")
