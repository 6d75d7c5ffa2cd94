"""What the observatory keeps of a statement of reasons, and under which names.

A row keeps every column of the daily dump that is no free text and identifies nothing, under the dump's own
name (`transparencydb.dump.COLUMNS`), beside `day`, `version`, `platform`, `said` and `odd`. Pure.
"""

from __future__ import annotations

from typing import Final

from fairnotice.transparencydb.schema import SCHEMAS

#: The day of the dump (a date), the taxonomy its codes came in ("v1", "v2"), who sent the statement.
ABOUT: Final = ("day", "version", "platform")

#: One code of a closed list each, or nothing (null). A code that no list knows is kept as it stands.
CHOICES: Final = (
    "decision_monetary",
    "decision_provision",
    "decision_account",
    "account_type",
    "decision_ground",
    "incompatible_content_illegal",
    "category",
    "content_language",
    "source_type",
    "automated_detection",
    "automated_decision",
)

#: Several codes: kept as one text, each code once, sorted, with `SEPARATOR` between them; nothing is null.
#: Few different combinations occur, so a dictionary makes them as small as a bit set, and a code that no
#: list knows needs no place of its own. What is no JSON list of texts is kept as it stands.
LISTS: Final = (
    "decision_visibility",
    "category_addition",
    "category_specification",
    "content_type",
    "territorial_scope",
)
SEPARATOR: Final = "|"

#: Calendar days (null: none given, or not readable: then `odd` has it).
DATES: Final = (
    "content_date",
    "application_date",
    "end_date_visibility_restriction",
    "end_date_monetary_restriction",
    "end_date_service_restriction",
    "end_date_account_restriction",
)

#: The second in which the database took the statement in, UTC.
CREATED: Final = "created_at"

#: Free texts and identifiers are not kept, only whether there was one: bit N of `said` is the Nth of these.
SAID_OF: Final = (
    "decision_visibility_other",
    "decision_monetary_other",
    "decision_ground_reference_url",
    "illegal_content_legal_ground",
    "illegal_content_explanation",
    "incompatible_content_ground",
    "incompatible_content_explanation",
    "category_specification_other",
    "content_type_other",
    "content_id_ean",
    "decision_facts",
    "source_identity",
)
SAID: Final = "said"

#: What a cell said that its column has no place for: `column=cell`, several with `SEPARATOR`; mostly null.
ODD: Final = "odd"

#: What `--keep-text` keeps in a second set of files, in the order of the rows: the free texts and
#: identifiers, as they stand in the dump.
TEXTS: Final = ("uuid", "platform_uid", *SAID_OF)

ROWS: Final = (*ABOUT, CREATED, *DATES, *CHOICES, *LISTS, SAID, ODD)
"""The columns of a row, in the order of the files."""

COUNT: Final = "statements"
"""The column of a cube that says how many rows have these values."""

DELAYS: Final = ("delay_decision", "delay_publication")
"""Whole days from the content to the decision (`application_date - content_date`), and from the decision to
its publication (the day of `created_at` - `application_date`); null where a date is missing."""

PER_SECOND: Final = "per_second"
"""How many statements of one platform and one way of deciding came in the same second."""

_WHO = ("day", "version", "platform")

CUBES: Final[dict[str, tuple[str, ...]]] = {
    "practice": (
        *_WHO,
        "category",
        "decision_visibility",
        "decision_monetary",
        "decision_provision",
        "decision_account",
        "decision_ground",
        "source_type",
        "automated_detection",
        "automated_decision",
    ),
    "content": (*_WHO, "category", "content_type", "content_language", "account_type"),
    "reach": (*_WHO, "category", "decision_ground", "territorial_scope"),
    "keywords": (*_WHO, "category", "category_addition", "category_specification", "decision_ground"),
    "delays": (*_WHO, "category", "source_type", "automated_decision", *DELAYS),
    "quality": (
        *_WHO,
        "category",
        "decision_ground",
        "incompatible_content_illegal",
        "source_type",
        "automated_decision",
        SAID,
    ),
    # Here COUNT counts the statements of all seconds that had so many. Those without a time are in none.
    "pace": (*_WHO, "automated_decision", PER_SECOND),
}
"""Which columns each daily cube counts by. A question is answered from the smallest cube that has all of its
columns, otherwise from the rows."""

NOT_IN_ROWS: Final = frozenset({*DELAYS, PER_SECOND})


def type_of(column: str) -> str:
    """What kind of values a column of rows or cubes has: "date", "time" (microseconds, UTC, without saying
    so), "int" (32 bits), "count" (64 bits) or "text"."""
    if column == "day" or column in DATES:
        return "date"
    if column == CREATED:
        return "time"
    if column == COUNT:
        return "count"
    return "int" if column in (SAID, PER_SECOND, *DELAYS) else "text"


def allowed(column: str, version: str = "v2") -> frozenset[str]:
    """The codes that the published schema knows for a column of CHOICES or LISTS."""
    return SCHEMAS["v1" if version == "v1" else "v2"].fields[column].allowed


def renamed() -> dict[str, str]:
    """Codes of v1 -> their names in v2. Rows keep the v2 name; `version` tells which it was."""
    return SCHEMAS["v2"].renamed
