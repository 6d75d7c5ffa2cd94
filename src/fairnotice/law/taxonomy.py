"""The kinds of problem that a notice or a decision can name, as one versioned list.

The reference is the taxonomy of the EU statement-of-reasons database in force since 1 July 2025. Labels are
plain English; callers translate them. Nothing here assumes that the operator is in the EU: the list is a
vocabulary, and the grounds of a decision are stated apart from it.
"""

from fairnotice.law.keywords import KEYWORDS, OTHER, OTHER_LABEL
from fairnotice.law.words import gettext_noop

__all__ = [
    "CATEGORIES",
    "KEYWORDS",
    "NOT_SPECIFIED",
    "OTHER",
    "TAXONOMY_VERSION",
    "category_of",
    "keyword_label",
]

# Stored with every notice and decision, as codes were renamed, split and dropped on 1 July 2025 and will be.
TAXONOMY_VERSION = "dsa-2025-07-01"

# For a notice whose author did not, or could not, say what kind of problem it is.
NOT_SPECIFIED = "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"

# Code -> label. The report templates hold a seventeenth, "not specified by the public authority", for orders
# only; the database rejects it in a statement of reasons, so it is not offered here.
CATEGORIES: dict[str, str] = {
    "STATEMENT_CATEGORY_ANIMAL_WELFARE": gettext_noop("Animal welfare"),
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION": gettext_noop("Consumer information infringements"),
    "STATEMENT_CATEGORY_CYBER_VIOLENCE": gettext_noop("Cyber violence"),
    "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN": gettext_noop("Cyber violence against women"),
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS": gettext_noop(
        "Data protection and privacy violations"
    ),
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH": gettext_noop("Illegal or harmful speech"),
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS": gettext_noop(
        "Intellectual property infringements"
    ),
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS": gettext_noop(
        "Negative effects on civic discourse or elections"
    ),
    "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE": gettext_noop(
        "Type of alleged illegal content not specified by the notifier"
    ),
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC": gettext_noop(
        "Other violation of provider’s terms and conditions"
    ),
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS": gettext_noop("Protection of minors"),
    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY": gettext_noop("Risk for public security"),
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD": gettext_noop("Scams and/or fraud"),
    "STATEMENT_CATEGORY_SELF_HARM": gettext_noop("Self-harm"),
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS": gettext_noop(
        "Unsafe, non-compliant or prohibited products"
    ),
    "STATEMENT_CATEGORY_VIOLENCE": gettext_noop("Violence"),
}

_HOME: dict[str, str] = {
    keyword: category for category, group in KEYWORDS.items() for keyword in group if keyword != OTHER
}


def keyword_label(code: str) -> str:
    """The label of a keyword code in plain English. Raises KeyError for a code that it does not hold."""
    if code == OTHER:
        return OTHER_LABEL
    return KEYWORDS[_HOME[code]][code]


def category_of(keyword: str) -> str | None:
    """The category that a keyword belongs to, or None for KEYWORD_OTHER, which belongs to all of them.

    Raises KeyError for a code that is not in the taxonomy.
    """
    return None if keyword == OTHER else _HOME[keyword]
