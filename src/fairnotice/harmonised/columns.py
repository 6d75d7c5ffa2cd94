"""The columns of the eleven parts: exact headers (trailing blanks are the official ones), our keys, their
kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "applicability",
    "service",
    "period",
    "category",
    "other",  # description of a sub-category "Other"
    "scope",
    "section",
    "indicator",
    "count",
    "hours",
    "value",  # what it holds depends on the row: `indicators.kind_of`
    "note",  # contextual information
    "label",
    "name",
]


@dataclass(frozen=True, slots=True)
class Column:
    """`header` is exact, trailing blanks kept; `key` is ours; a note's key is "note_" and the key it is
    about."""

    header: str
    key: str
    kind: Kind


_FRONT = (
    Column("Applicability", "applicability", "applicability"),
    Column("Service", "service", "service"),
    Column("Reporting period", "period", "period"),
)
_OTHER = Column('Description of the sub-category "Other"', "other", "other")
_ILLEGAL = Column("Category of illegal content", "category", "category")
_TERMS = Column(
    "Category of incompatibility with the provider's terms and conditions", "category", "category"
)
_SCOPE = Column("Scope", "scope", "scope")
_SECTION = Column("Section", "section", "section")
_INDICATOR = Column("Indicator", "indicator", "indicator")
_VALUE = Column("Value", "value", "value")

_ORDERS = (
    Column("Number of orders to act against illegal content received", "act", "count"),
    Column(
        "Number of specific items of information included in the total number of orders to act against "
        "illegal content",
        "act_items",
        "count",
    ),
    Column(
        "Median time to inform the authority of the receipt of the order to act against illegal content",
        "act_inform",
        "hours",
    ),
    Column("Median time to give effect to the order to act against illegal content", "act_effect", "hours"),
    Column("Number of orders to provide information", "info", "count"),
    Column(
        "Median time to inform the authority of the receipt of the order to provide information",
        "info_inform",
        "hours",
    ),
    Column("Median time to give effect to the order to provide information", "info_effect", "hours"),
)
_TF = " (Trusted Flagger notices)"
_ITEMS = "Number of specific items of information included in the total number of notices"
_LAW = "Number of actions taken on the basis of the law"
_ON_TERMS = "Number of actions taken on the basis of the terms and conditions of the service"
_NOTICES = (
    Column("Number of notices received ", "notices", "count"),
    Column("Number of notices received from Trusted flaggers", "notices_tf", "count"),
    Column(_ITEMS, "items", "count"),
    Column(f"{_ITEMS} by Trusted Flaggers{_TF}", "items_tf", "count"),
    Column("Median time to take action", "median", "hours"),
    Column(f"Median time to take action{_TF}", "median_tf", "hours"),
    Column(_LAW, "law", "count"),
    Column(_LAW + _TF, "law_tf", "count"),
    Column(_ON_TERMS, "terms", "count"),
    Column(_ON_TERMS + _TF, "terms_tf", "count"),
)
_MEASURES = (
    Column("Number of measures taken at the provider's own initiative ", "measures", "count"),
    Column("Number of measures taken after detection with solely automated means ", "automated", "count"),
    Column("Visibility restriction Removal", "visibility_removal", "count"),
    Column("Visibility restriction Disable", "visibility_disable", "count"),
    Column("Visibility restriction Demoted", "visibility_demoted", "count"),
    Column("Visibility restriction Age restricted", "visibility_age", "count"),
    Column("Visibility restriction Interaction restricted", "visibility_interaction", "count"),
    Column("Visibility restriction Labelled ", "visibility_labelled", "count"),
    Column("Visibility restriction Other", "visibility_other", "count"),
    Column("Monetary restriction Suspension", "monetary_suspension", "count"),
    Column("Monetary restriction Termination", "monetary_termination", "count"),
    Column("Monetary restriction Other", "monetary_other", "count"),
    Column("Provision of the service Suspension", "service_suspension", "count"),
    Column("Provision of the service Termination", "service_termination", "count"),
    Column("Account restriction Suspension", "account_suspension", "count"),
    Column("Account restriction Termination", "account_termination", "count"),
)
#: The keys of parts 5 and 6 that name a kind of restriction.
RESTRICTIONS = tuple(column.key for column in _MEASURES[2:])


def _notes(columns: tuple[Column, ...], start: str, *, first_lower: int = 0) -> tuple[Column, ...]:
    """One note for each; the blank of part 3 begins the first two in lower case."""
    return tuple(
        Column(
            f"{start} {one.header[0].lower() + one.header[1:] if place < first_lower else one.header}",
            f"note_{one.key}",
            "note",
        )
        for place, one in enumerate(columns)
    )


def _measures(category: Column) -> tuple[Column, ...]:
    return (*_FRONT, category, _OTHER, *_MEASURES, *_notes(_MEASURES, "Contextual Information on"))


def _indicators(note: str) -> tuple[Column, ...]:
    front = (*_FRONT, _SECTION, _INDICATOR, _SCOPE, _VALUE)
    return (*front, Column(note, "note_value", "note")) if note else front


#: Part number -> its columns.
COLUMNS: dict[int, tuple[Column, ...]] = {
    1: (*_FRONT[:2], _INDICATOR, _VALUE),
    2: (
        Column("Category label", "label", "label"),
        Column("Category description", "name", "name"),
        Column(
            "Category of illegal content / incompatible with the terms and conditions", "category", "category"
        ),
        Column("Contextual information", "note_category", "note"),
    ),
    3: (
        *_FRONT,
        _ILLEGAL,
        _OTHER,
        _SCOPE,
        *_ORDERS,
        *_notes(_ORDERS, "Contextual information on", first_lower=2),
    ),
    4: (*_FRONT, _ILLEGAL, _OTHER, *_NOTICES, *_notes(_NOTICES, "Contextual information on")),
    5: _measures(_ILLEGAL),
    6: _measures(_TERMS),
    7: _indicators("Contextual Information"),
    8: _indicators("Contextual Information"),
    9: _indicators("Contextual information"),
    10: _indicators(""),
    11: (*_FRONT, _INDICATOR, _VALUE),
}
