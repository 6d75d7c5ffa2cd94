"""Where nobody is asked who they are, what they gave all the same is not kept."""

from __future__ import annotations

from dataclasses import replace

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.law.problems import NO_CONTACT, PROBLEM_BY_SLUG


def asks_contact(problem: str) -> bool:
    """Whether the form asks for a name and an e-mail address with this problem (article 16(2)(c))."""
    found = PROBLEM_BY_SLUG.get(problem)
    return found is None or NO_CONTACT not in found.flags


def without_contact(draft: NoticeDraft) -> NoticeDraft:
    """The draft as it may be stored: the same, or without name and e-mail where they are never asked."""
    return draft if asks_contact(draft.problem) else replace(draft, name="", email="")
