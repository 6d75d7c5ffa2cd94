"""Trusted flaggers (DSA article 22). The status is given by the coordinator of a state, never by this
service: here it is only written down, with the place where it can be looked up and the day on which it ends.
"""

from collections.abc import Collection
from datetime import date

from fairnotice.law.taxonomy import CATEGORIES, NOT_SPECIFIED

TRUSTED = "SOURCE_TRUSTED_FLAGGER"

# What an authority can have named as an area of expertise.
AREAS: dict[str, str] = {code: words for code, words in CATEGORIES.items() if code != NOT_SPECIFIED}


def in_force(awarded_on: date, expires_on: date | None, today: date) -> bool:
    """Whether a status counts on this day; `expires_on` is its last one. A review date that has passed does
    not end it: that somebody here forgot to look takes nothing from those who were given it."""
    return awarded_on <= today and (expires_on is None or today <= expires_on)


def covers(areas: Collection[str], category: str) -> bool:
    """Whether a notice in this category lies in the designated area of expertise, outside of which article
    22(1) gives no priority. No area recorded: the status is not limited to one."""
    return not areas or category in areas


def source_of(claimed: str, trusted: bool) -> str:
    """The source that a notice is recorded with. A trusted flagger's notice under article 16 is one whatever
    it called itself; a machine's report without the statement of good faith stays what it is."""
    return TRUSTED if trusted and claimed == "SOURCE_ARTICLE_16" else claimed
