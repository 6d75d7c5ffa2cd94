"""Who somebody is: not kept where nobody is asked, and sealed apart from all else where it is."""

from __future__ import annotations

from dataclasses import replace

from fairnotice.cases import sealed
from fairnotice.cases.drafts import NoticeDraft
from fairnotice.cases.models import Case
from fairnotice.law.problems import NO_CONTACT, PROBLEM_BY_SLUG
from fairnotice.vault import keys


def asks_contact(problem: str) -> bool:
    """Whether the form asks for a name and an e-mail address with this problem (article 16(2)(c))."""
    found = PROBLEM_BY_SLUG.get(problem)
    return found is None or NO_CONTACT not in found.flags


def without_contact(draft: NoticeDraft) -> NoticeDraft:
    """The draft as it may be stored: the same, or without name and e-mail where they are never asked."""
    return draft if asks_contact(draft.problem) else replace(draft, name="", email="")


def put_affected(case: Case, decision_ref: str, email: str) -> None:
    """Seal the address of whom the case affects under a key of its own, which goes as soon as the time for
    appeal is over, long before the reasons."""
    if not email:
        return
    if not case.contact_key:
        case.contact_key = keys.new_key("subject")
        Case.objects.filter(pk=case.pk).update(contact_key=case.contact_key)
    sealed.put("decision", decision_ref, case.contact_key, {"email": email})
