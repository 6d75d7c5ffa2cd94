"""Figures of two sides beside each other, and how far apart they are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from fairnotice.harmonised.categories import TOTAL
from fairnotice.law.words import gettext_noop
from fairnotice.observatory.comparing.definitions import COMPARED, SHARES, Agreement, Share
from fairnotice.observatory.comparing.measures import Cell

Level = Literal["alike", "differs", "far", "open"]
Unit = Literal["count", "share"]

DIFFERS, FAR = Fraction(5, 100), Fraction(20, 100)
"""Past 5 % of the reported figure they differ, past 20 % they are far apart; of shares, past so many
percentage points."""

#: Level -> (a shape to know it by without colour, in words).
SIGNS: Final[dict[Level, tuple[str, str]]] = {
    "alike": ("●", gettext_noop("alike")),
    "differs": ("▲", gettext_noop("differs")),
    "far": ("■", gettext_noop("far apart")),
    "open": ("○", gettext_noop("not judged")),
}
BLANK = gettext_noop("The report leaves it blank.")
NOT_ENOUGH = gettext_noop("The report leaves blank what it is made of.")
NOTHING = gettext_noop("There is nothing of which this would be a share.")
DAYS_MISSING = gettext_noop("Days are missing, so the public data can only have fewer.")

_SHARES_SHOWN = ("share.automated", "share.own", "share.law", "share.detected")
_OF_KINDS = ("visibility_", "monetary_", "service_", "account_")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `reported` and `derived`: a count, or a share from 0 to 1; `difference`: derived minus
    reported, of counts as a part of the reported one (None where that is 0), of shares in shares. `why`: for
    "open", why it is not judged."""

    id: str
    row: str
    part: int
    unit: Unit
    reported: int | float | None
    derived: int | float | None
    difference: float | None
    level: Level
    agreement: Agreement
    why: str = ""

    @property
    def important(self) -> bool:
        """Whether it is shown even where nothing is amiss with it: totals, and the shares of all measures."""
        if self.unit == "share":
            return self.id in _SHARES_SHOWN
        return self.row in ("", TOTAL) and not self.id.rpartition(".")[2].startswith(_OF_KINDS)


def worth_showing(found: Iterable[Line], *, everything: bool) -> list[Line]:
    """What is amiss, and what is important."""
    return [one for one in found if everything or one.level in ("differs", "far") or one.important]


def lines(reported: Mapping[Cell, int], derived: Mapping[Cell, int], *, whole: bool) -> list[Line]:
    """Every figure that either side has, counts first; what is zero on both sides is left out. `whole`:
    whether the public data has every day of the period."""
    return [*_counts(reported, derived, whole=whole), *_shares(reported, derived)]


def share_of(figures: Mapping[Cell, int], share: Share) -> Fraction | None:
    """None where it would be one of nothing, or where a figure is missing that it needs."""
    if any(cell not in figures for cell in {*share.whole, *share.part_of}):
        return None
    whole = sum(figures[cell] for cell in share.whole)
    return Fraction(sum(figures[cell] for cell in share.part_of), whole) if whole else None


def complete(figures: Mapping[Cell, int]) -> dict[Cell, int]:
    """Figures in which what is missing is 0: for a side that has counted everything."""
    needed = {cell for share in SHARES for cell in (*share.whole, *share.part_of)}
    return {**dict.fromkeys(needed, 0), **figures}


def judged(reported: Fraction, derived: Fraction, unit: Unit) -> tuple[Level, Fraction | None]:
    """How far apart two figures are, and their difference."""
    apart = derived - reported
    if unit == "count":
        if not reported:
            return ("far", None) if derived else ("alike", Fraction(0))
        apart /= reported
    size = abs(apart)
    return ("far" if size > FAR else "differs" if size > DIFFERS else "alike"), apart


def _counts(reported: Mapping[Cell, int], derived: Mapping[Cell, int], *, whole: bool) -> Iterator[Line]:
    for one in COMPARED:
        for row in one.rows:
            cell = (one.id, row if one.part != 8 else "")
            left, right = reported.get(cell), derived.get(cell, 0)
            if not left and not right:
                continue
            about = one.agreement_in(row)
            if left is None:
                yield Line(*cell, one.part, "count", None, right, None, "open", about, BLANK)
                continue
            level, apart = judged(Fraction(left), Fraction(right), "count")
            why = ""
            # With days missing, too few say nothing; too many are too many all the same.
            if not whole and (right <= left or level == "alike"):
                level, why = "open", DAYS_MISSING
            yield Line(*cell, one.part, "count", left, right, _rounded(apart), level, about, why)


def _shares(reported: Mapping[Cell, int], derived: Mapping[Cell, int]) -> Iterator[Line]:
    filled = complete(derived)
    for one in SHARES:
        left, right = share_of(reported, one), share_of(filled, one)
        if not left and not right:
            continue
        about: Agreement = "roughly" if one.id == "share.detected" else "same"
        if left is None or right is None:
            why = NOT_ENOUGH if left is None else NOTHING
            yield Line(one.id, "", 0, "share", _rounded(left), _rounded(right), None, "open", about, why)
            continue
        level, apart = judged(left, right, "share")
        yield Line(one.id, "", 0, "share", _rounded(left), _rounded(right), _rounded(apart), level, about, "")


def _rounded(value: Fraction | None) -> float | None:
    """Six decimals: what is shown and cited."""
    return None if value is None else round(float(value), 6)
