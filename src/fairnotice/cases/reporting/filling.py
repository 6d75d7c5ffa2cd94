"""A report made of counts and texts: every cell of the eleven parts, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fairnotice.cases.counting import facts
from fairnotice.cases.counting.counts import Counts
from fairnotice.cases.counting.definitions import DEFINITIONS, OF_COLUMN, OF_ROW, Definition
from fairnotice.cases.counting.medians import median_hours
from fairnotice.cases.counting.period import Period
from fairnotice.cases.reporting import places
from fairnotice.cases.reporting.notes import NOTES, OTHER_DESCRIPTION
from fairnotice.cases.reporting.profiles import applies
from fairnotice.harmonised import indicators
from fairnotice.harmonised.parts import PARTS

FORMAT = "fair-notice-report-provenance/1"
#: part -> rows, as `harmonised.report.Report` takes them.
Parts = dict[int, list[list[str]]]
#: The texts without which a report is not whole: the qualitative part.
QUALITATIVE = 11

#: (part, row) of counts that people enter where there is something to count: it could have happened, and as
#: long as nobody entered anything it did not.
ZEROS = frozenset((7, one.key) for one in indicators.APPEALS if one.kind == "count")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the front: who, about which service, when, and what they are."""

    provider: str
    service: str
    period: Period
    profile: str
    published: date | None = None
    previous: date | None = None


@dataclass(slots=True)
class Filled:
    """`missing`: places of texts that the report needs and nobody wrote."""

    parts: Parts
    missing: list[str] = field(default_factory=list)


def fill(head: Head, counts: Counts, texts: Mapping[str, str]) -> Filled:
    """All eleven parts. `texts`: place -> what somebody wrote there."""
    made = Filled({})
    for number in PARTS:
        rows = []
        for key, blank in places.rows_of(number, head.profile):
            rows.append(_row(number, key, blank, head, counts, texts, made))
        made.parts[number] = rows
    return made


def _row(
    number: int,
    key: str,
    blank: tuple[str, ...],
    head: Head,
    counts: Counts,
    texts: Mapping[str, str],
    made: Filled,
) -> list[str]:
    row = list(blank)
    applying = number == 2 or applies(blank[0], head.profile)
    # The blank's sample rows (`[...]`) repeat keys; what cannot apply holds nothing but its labels.
    for position, column in enumerate(PARTS[number].columns):
        place = f"{number}:{key}:{column.key}"
        if column.kind == "service":
            row[position] = head.service
        elif column.kind == "period":
            row[position] = str(head.period)
        elif column.kind == "other" and row[position]:
            row[position] = texts.get(place, "") or OTHER_DESCRIPTION
        elif column.kind == "note":
            # Part 2 has one cell with a blank in it, which stays where nobody wrote anything.
            row[position] = (
                texts.get(place, "")
                or (_note(place, number, key, texts) if applying else "")
                or row[position]
            )
        elif column.kind in ("count", "hours", "value"):
            row[position] = _value(number, key, column.key, head, counts, texts) if applying else ""
            if number == QUALITATIVE and applying and not row[position]:
                made.missing.append(place)
    return row


def _note(place: str, number: int, key: str, texts: Mapping[str, str]) -> str:
    if number == 7 and texts.get(f"7:{key}:value"):
        return ""  # a figure was typed in: what we would say of its absence is not true
    return NOTES.get(place, "")


def _value(number: int, key: str, column: str, head: Head, counts: Counts, texts: Mapping[str, str]) -> str:
    if number == 1:
        return _front(key, head, texts)
    known = OF_ROW.get((number, key)) or OF_COLUMN.get((number, column))
    if known is None or known.kind == "entered":
        return texts.get(f"{number}:{key}:{column}", "") or ("0" if (number, key) in ZEROS else "")
    row = "" if known.row else key
    if known.kind == "hours":
        return median_hours(counts.durations(known.id, row))
    return str(counts.count(known.id, row))


def _front(key: str, head: Head, texts: Mapping[str, str]) -> str:
    previous = str(head.previous) if head.previous else texts.get("1:previous:value", "")
    return {
        "name": head.provider,
        "published": str(head.published) if head.published else "",
        "previous": previous,
        "start": str(head.period.first),
        "end": str(head.period.last),
    }[key]


def provenance(head: Head, version: str) -> dict[str, object]:
    """Where every figure comes from: its definition, in words and as the query, and the cells that hold
    it."""
    return {
        "format": FORMAT,
        "program": version,
        "service": head.service,
        "period": str(head.period),
        "profile": head.profile,
        "definitions": [
            {
                "id": one.id,
                "file": f"{PARTS[one.part].slug}.csv",
                "row": _row_words(one),
                "column": PARTS[one.part].columns[PARTS[one.part].at(one.column)].header.strip(),
                "kind": one.kind,
                "says": one.words,
                "source": one.source,
                "query": one.query or None,
            }
            for one in DEFINITIONS.values()
        ],
        "queries": {
            name: " ".join(str(getattr(facts, name)).split())
            for name in dict.fromkeys(one.query for one in DEFINITIONS.values() if one.query)
        },
    }


def _row_words(one: Definition) -> str:
    if not one.row:
        return "each category and sub-category; a category is the sum of its sub-categories, TOTAL of all"
    found = {row.key: row for row in indicators.INDICATORS[one.part]}[one.row]
    return f"{found.indicator.strip()} / {found.scope.strip()}"
