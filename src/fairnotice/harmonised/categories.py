"""The kinds of illegal content as Annex I part 2 lists them, byte for byte: labels, names, codes, order.

Names come from the taxonomy of `law`; this module knows the order and the trailing blanks of the blanks.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS, OTHER

TOTAL = "TOTAL"
OTHER_VIOLATION_TC = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
NOT_SPECIFIED_ORDER = "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"
NOT_SPECIFIED_NOTICE = "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"

#: Categories 1 to 14: those that stand in parts 3, 4, 5 and 6 alike.
COMMON = (
    "STATEMENT_CATEGORY_ANIMAL_WELFARE",
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "STATEMENT_CATEGORY_SELF_HARM",
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
    "STATEMENT_CATEGORY_VIOLENCE",
)
#: All seventeen, in the order of their numbers.
HIGH_LEVEL = (*COMMON, OTHER_VIOLATION_TC, NOT_SPECIFIED_ORDER, NOT_SPECIFIED_NOTICE)

# The official blanks keep these trailing blanks; a report equals them byte for byte.
_ONE_BLANK = {
    "KEYWORD_HIDDEN_ADVERTISEMENT",
    "KEYWORD_INSUFFICIENT_INFORMATION_ON_TRADERS",
    "KEYWORD_MISLEADING_INFO_CONSUMER_RIGHTS",
    "KEYWORD_HATE_SPEECH",
    "KEYWORD_MISINFORMATION_DISINFORMATION",
    "KEYWORD_VIOLATION_EU_LAW",
    "KEYWORD_VIOLATION_NATIONAL_LAW",
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
    "STATEMENT_CATEGORY_VIOLENCE",
}
_TWO_BLANKS = {"KEYWORD_NONCOMPLIANCE_PRICING"}
_OTHER_NAME = "Not captured by any other sub-category"
_ORDER_NAME = "Type of illegal content not specified by the public authority"
# The database of statements takes it; the templates list it nowhere.
_NOT_LISTED = {"KEYWORD_STALKING"}


@dataclass(frozen=True, slots=True)
class Category:
    """One row of part 2. `label` is "Category 9b", `name` its exact text, `code` what the other parts
    write, `high` the code of the high-level category that it belongs to (itself for one of the
    seventeen)."""

    label: str
    name: str
    code: str
    high: str

    @property
    def sub(self) -> bool:
        """True for a lettered sub-category."""
        return self.code != self.high


def keywords_of(high: str) -> tuple[str, ...]:
    """The sub-category codes under a high-level category, in order; KEYWORD_OTHER last; none for 16 and
    17."""
    if high in (NOT_SPECIFIED_ORDER, NOT_SPECIFIED_NOTICE):
        return ()
    return tuple(code for code in KEYWORDS[high] if code not in _NOT_LISTED)


def _all() -> tuple[Category, ...]:
    found: list[Category] = []
    for number, high in enumerate(HIGH_LEVEL, 1):
        name = _ORDER_NAME if high == NOT_SPECIFIED_ORDER else CATEGORIES[high]
        found.append(Category(f"Category {number}", name + _blanks(high), high, high))
        for place, code in enumerate(keywords_of(high)):
            # Of fifteen "other" rows the blank writes one with a single blank behind it.
            text = _OTHER_NAME + (" " if number == 2 else "  ") if code == OTHER else KEYWORDS[high][code]
            label = f"Category {number}{'abcdefghij'[place]}"
            found.append(Category(label, text + _blanks(code), code, high))
    return tuple(found)


def _blanks(code: str) -> str:
    return " " if code in _ONE_BLANK else "  " if code in _TWO_BLANKS else ""


#: The 99 rows of part 2 under its TOTAL.
ALL: tuple[Category, ...] = _all()


def rows_of(*high: str) -> tuple[tuple[str, str], ...]:
    """(code, high-level code) for TOTAL and these categories with their sub-categories, as a part lists
    them."""
    return (
        (TOTAL, TOTAL),
        *((one.code, one.high) for name in high for one in ALL if one.high == name),
    )
