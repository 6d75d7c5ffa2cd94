"""Codes of the EU's database in the words of whoever reads them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fairnotice.law.enums import (
    ACCOUNT_TYPES,
    AUTOMATED_DECISION,
    CONTENT_TYPES,
    DECISION_GROUNDS,
    LANGUAGES,
    SOURCE_TYPES,
    TERRITORIES,
)
from fairnotice.law.measures import MEASURES
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS
from fairnotice.law.words import gettext_noop
from fairnotice.observatory.question import EACH
from fairnotice.observatory.topics.model import Words

UNSTATED: Final = Words(gettext_noop("Not stated"))
ALL: Final = Words(gettext_noop("All together"))
ALL_CODE: Final = "all"
REST: Final = Words(gettext_noop("All others, together"))
REST_CODE: Final = "rest"
UNSTATED_CODE: Final = "none"

# The categories and keywords of v1 that have no name in v2, which is in force since 1 July 2025.
_GONE = {
    "STATEMENT_CATEGORY_NON_CONSENSUAL_BEHAVIOUR": gettext_noop("Non-consensual behaviour (until June 2025)"),
    "STATEMENT_CATEGORY_PORNOGRAPHY_OR_SEXUALIZED_CONTENT": gettext_noop(
        "Pornography or sexualised content (until June 2025)"
    ),
    "KEYWORD_MISINFORMATION": gettext_noop("Misinformation (until June 2025)"),
    "KEYWORD_FOREIGN_INFORMATION_MANIPULATION": gettext_noop(
        "Foreign information manipulation and interference (until June 2025)"
    ),
    "KEYWORD_REGULATED_GOODS_SERVICES": gettext_noop("Regulated goods and services (until June 2025)"),
    "KEYWORD_DANGEROUS_TOYS": gettext_noop("Dangerous toys (until June 2025)"),
    "KEYWORD_GENDER_BASED_VIOLENCE": gettext_noop("Gender-based violence (until June 2025)"),
    "KEYWORD_IMAGE_BASED_SEXUAL_ABUSE": gettext_noop("Image-based sexual abuse (until June 2025)"),
}
_YES_NO = {"Yes": gettext_noop("Yes"), "No": gettext_noop("No")}
_KEYWORDS = {code: label for group in KEYWORDS.values() for code, label in group.items()}
_MEASURES = {code: one.label for code, one in MEASURES.items()}

_TABLES: dict[str, Mapping[str, str]] = {
    "category": _GONE | CATEGORIES,
    "category_addition": _GONE | CATEGORIES,
    "category_specification": _GONE | _KEYWORDS,
    "decision_visibility": _MEASURES,
    "decision_monetary": _MEASURES,
    "decision_provision": _MEASURES,
    "decision_account": _MEASURES,
    "decision_ground": DECISION_GROUNDS,
    "account_type": ACCOUNT_TYPES,
    "content_type": CONTENT_TYPES,
    "content_language": LANGUAGES,
    "territorial_scope": TERRITORIES,
    "source_type": SOURCE_TYPES,
    "automated_detection": _YES_NO,
    "automated_decision": AUTOMATED_DECISION,
    "incompatible_content_illegal": _YES_NO,
}


def label(column: str, code: str | None) -> str | Words:
    """A cell of a dimension in words; a code that no list knows, and a platform's name, as they stand."""
    if code is None:
        return UNSTATED
    known = _TABLES.get(column.removesuffix(EACH), {})
    return Words(known[code]) if code in known else code


def code(cell: object) -> str:
    """The name of a row for programs."""
    return UNSTATED_CODE if cell is None else str(cell)
