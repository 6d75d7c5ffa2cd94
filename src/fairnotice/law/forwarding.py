"""What holds when a notice goes to another organisation: whom it passes by, when it is asked again, and which
answers there are. Pure: every moment comes in as an argument."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from fairnotice.law.problems import INTIMATE, MINORS, PROBLEM_BY_SLUG, SKIP_OPERATOR, SKIP_SITE

# What the organisation that was asked can say: it has the matter in hand; it is not (or no longer) the one
# that answers for the place; nothing can be found out or done any more; or it has done or decided something.
Answer = Literal["taken", "not_ours", "too_old", "answered"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)

# Intimate pictures, minors, stalking. A whole category counts, because senders of machine-readable reports
# give a code where people choose a problem, and a code that is a little off must not reach the wrong person.
_CATEGORIES = frozenset(
    {
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
        "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    }
)
_KEYWORDS = frozenset(
    {
        "KEYWORD_STALKING",
        "KEYWORD_CYBER_STALKING",
        "KEYWORD_CYBER_STALKING_AGAINST_WOMEN",
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
        "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN",
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN",
    }
)
# A reminder goes out when a quarter of the time is left.
_LEFT = 4


def passes_by_site(problem: str, category: str, keyword: str = "") -> bool:
    """Whether a report of this kind goes past whoever runs the reported site, to the host above.

    `problem`: a slug of `law.problems`; `category`, `keyword`: codes of the taxonomy. Any of the three is
    enough. An unknown text counts for nothing.
    """
    known = PROBLEM_BY_SLUG.get(problem)
    flags = known.flags if known else frozenset()
    return bool(flags & {SKIP_SITE, MINORS, INTIMATE}) or category in _CATEGORIES or keyword in _KEYWORDS


def names_those_above_us(problem: str, category: str, keyword: str = "") -> bool:
    """Whether those above this very service are offered for an item that is its own: for the same reports,
    and where somebody who works here is involved. Nobody has to trust us alone with those."""
    known = PROBLEM_BY_SLUG.get(problem)
    involved = known is not None and SKIP_OPERATOR in known.flags
    return involved or passes_by_site(problem, category, keyword)


def answer_due(sent: datetime, hours: int) -> datetime:
    """By when an answer is expected. Raises ValueError for less than an hour, or a time without its zone."""
    if sent.tzinfo is None or hours < 1:
        raise ValueError("a deadline needs a moment with its zone, and at least one hour")
    return sent + timedelta(hours=hours)


def remind_at(sent: datetime, due: datetime) -> datetime:
    """When to ask once more: while a quarter of the time is left."""
    return due - (due - sent) / _LEFT
