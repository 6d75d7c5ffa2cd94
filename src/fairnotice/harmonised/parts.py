"""The eleven parts of the report templates (Annex I of Implementing Regulation (EU) 2024/2835) as data.

Headers and rows equal the Commission's English CSV blanks byte for byte, with their trailing blanks and
no-break spaces. Two things in the official blanks are not as one would expect, and stay as they are here:

- Part 3 holds its categories twice, once for the totals and once for each Member State that gave orders.
  The second block lacks KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE (90 rows, not 91). `PARTS[3]` shows
  that; `state_rows` gives the block with the row, since a count that has a place in the totals needs one
  here too.
- Category 16 stands in part 3 only, 17 in part 4 only, 15 in part 6 only. Part 2 names all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fairnotice.harmonised import categories, indicators
from fairnotice.harmonised.columns import COLUMNS, Column
from fairnotice.law.taxonomy import OTHER

__all__ = ["OTHER_TEXT", "PARTS", "STATES_SCOPE", "TOTAL_SCOPE", "Column", "Part", "file_name", "state_rows"]

#: What the blank puts beside each KEYWORD_OTHER, to be replaced.
OTHER_TEXT = 'Text to detail the "Other" keyword.'
TOTAL_SCOPE = "TOTAL"
#: What the blank of part 3 puts where a Member State's code belongs.
STATES_SCOPE = "AT, […], SE"
_LACKING = "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE"


@dataclass(frozen=True, slots=True)
class Part:
    """One template. `slug` is its file's name without ".csv"; `rows` are the blank's data rows; `keys` are
    ours, one for each row: "TOTAL", "<category>" or "<category>/<keyword>" in parts 2 to 6, the
    indicator's elsewhere. The second block of part 3 begins its keys with "state:"."""

    number: int
    slug: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    _places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        places = {column.key: place for place, column in enumerate(self.columns)}
        object.__setattr__(self, "_places", places)

    @property
    def headers(self) -> tuple[str, ...]:
        """The header row, exact."""
        return tuple(column.header for column in self.columns)

    def at(self, key: str) -> int:
        """The place of the column with our key. Raises KeyError."""
        return self._places[key]


# The CSV pack calls the first one "summary"; the sheets, and nearly all published reports, say this
# instead.
_SLUGS = {
    1: "1_report_identification",
    2: "2_categories_names",
    3: "3_member_states_orders",
    4: "4_notices",
    5: "5_own_initiative_illegal",
    6: "6_own_initiative_TC",
    7: "7_appeals_and_recidivism",
    8: "8_automated_means",
    9: "9_human_resources",
    10: "10_AMAR",
    11: "11_qualitative",
}


def file_name(part: Part) -> str:
    """The name of a part's CSV file, for example "4_notices.csv"."""
    return f"{part.slug}.csv"


def _key(code: str, high: str) -> str:
    return code if code == high else f"{high}/{code}"


def _counted(number: int, applicability: str, *high: str, scope: str | None = None) -> list[tuple[str, ...]]:
    """The rows of a part that counts by category, empty but for what the blank says."""
    front = (applicability, "", indicators.PERIOD)
    middle = () if scope is None else (scope,)
    width = len(COLUMNS[number]) - len(front) - 2 - len(middle)
    return [
        (*front, code, OTHER_TEXT if code == OTHER else "", *middle, *[""] * width)
        for code, _high in categories.rows_of(*high)
    ]


def _keys(*high: str) -> list[str]:
    return [_key(code, above) for code, above in categories.rows_of(*high)]


def state_rows(state: str) -> list[tuple[str, ...]]:
    """Part 3's block for one Member State, 91 empty rows, the one that the blank forgot included."""
    return _counted(3, indicators.ALL, *categories.COMMON, categories.NOT_SPECIFIED_ORDER, scope=state)


def _categories() -> Part:
    rows = [(categories.TOTAL, "All the entries", categories.TOTAL, "")]
    # The blank has one blank in the last cell of category 4.
    rows += [
        (one.label, one.name, one.code, " " if one.label == "Category 4" else "") for one in categories.ALL
    ]
    return Part(2, _SLUGS[2], COLUMNS[2], tuple(rows), tuple(_keys(*categories.HIGH_LEVEL)))


def _orders() -> Part:
    high = (*categories.COMMON, categories.NOT_SPECIFIED_ORDER)
    keys = _keys(*high)
    states = list(zip(state_rows(STATES_SCOPE), keys, strict=True))
    states = [(row, f"state:{key}") for row, key in states if _LACKING not in row]
    rows = _counted(3, indicators.ALL, *high, scope=TOTAL_SCOPE) + [row for row, _key in states]
    return Part(3, _SLUGS[3], COLUMNS[3], tuple(rows), (*keys, *(key for _row, key in states)))


def _by_category(number: int, applicability: str, *high: str) -> Part:
    rows = _counted(number, applicability, *high)
    return Part(number, _SLUGS[number], COLUMNS[number], tuple(rows), tuple(_keys(*high)))


def indicator_row(number: int, one: indicators.Indicator) -> tuple[str, ...]:
    """A row of part 1 or 7 to 11 as the blank has it."""
    cells = {
        "applicability": one.applicability,
        "period": indicators.PERIOD,
        "section": one.section,
        "indicator": one.indicator,
        "scope": one.scope,
        "value": one.value,
    }
    return tuple(cells.get(column.key, "") for column in COLUMNS[number])


def _by_indicator(number: int) -> Part:
    found = indicators.INDICATORS[number]
    rows = tuple(indicator_row(number, one) for one in found)
    return Part(number, _SLUGS[number], COLUMNS[number], rows, tuple(one.key for one in found))


#: Part number, 1 to 11 -> its template.
PARTS: dict[int, Part] = {
    part.number: part
    for part in (
        _by_indicator(1),
        _categories(),
        _orders(),
        _by_category(4, indicators.HOSTING, *categories.COMMON, categories.NOT_SPECIFIED_NOTICE),
        _by_category(5, indicators.ALL, *categories.COMMON),
        _by_category(6, indicators.ALL, *categories.COMMON, categories.OTHER_VIOLATION_TC),
        *(_by_indicator(number) for number in range(7, 12)),
    )
}
