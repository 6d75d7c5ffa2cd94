"""Recomputing every figure of a report from the cases, and comparing its counts with the tallies kept
here."""

from __future__ import annotations

from dataclasses import dataclass

from fairnotice.cases.counting.counts import Told, count
from fairnotice.cases.counting.period import Period
from fairnotice.cases.models import Tally
from fairnotice.cases.reporting import compare, filling, places, tables
from fairnotice.harmonised.parts import PARTS

Parts = dict[int, list[list[str]]]


@dataclass(frozen=True, slots=True)
class Verified:
    """`faults`: why it cannot be compared. `without_tally`: months of the period that are not closed yet."""

    faults: tuple[str, ...]
    cases: compare.Outcome
    tallies: compare.Outcome
    without_tally: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Nothing differs."""
        return not (self.faults or self.cases.differences or self.tallies.differences)


_NOTHING = compare.Outcome(0, ())


def verify(parts: Parts, period: Period, profile: str, told: Told | None = None) -> Verified:
    """Compare a report's rows with its figures made anew from the cases, and with the months' tallies."""
    faults = tuple(compare.labels(parts, expected_rows(profile)))
    if faults:
        return Verified(faults, _NOTHING, _NOTHING, ())
    head = filling.Head("", "", period, profile)
    anew = filling.fill(head, count(period, told), {}).parts
    months = [month.first for month in period.months()]
    kept = {tally.month: tally for tally in Tally.objects.filter(month__in=months)}
    # Before the first tally that there is, there was no service, so that those months count as nothing.
    begun = Tally.objects.order_by("month").values_list("month", flat=True).first()
    missing = tuple(
        f"{month:%Y-%m}" for month in months if month not in kept and (begun is None or month >= begun)
    )
    tallied = _NOTHING
    if not missing:
        read = [tables.read(kept[month].table) for month in months if month in kept]
        tallied = compare.with_tallies(parts, read, profile)
    return Verified((), compare.with_report(parts, anew, profile), tallied, missing)


def expected_rows(profile: str) -> dict[int, list[tuple[str, ...]]]:
    """The rows that a report of this profile has, by part."""
    return {number: [row for _key, row in places.rows_of(number, profile)] for number in PARTS}
