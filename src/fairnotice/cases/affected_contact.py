"""The address of whom a case affects, sealed apart from all else."""

from __future__ import annotations

from fairnotice.cases import sealed
from fairnotice.cases.models import Case
from fairnotice.vault import keys


def put(case: Case, decision_ref: str, email: str) -> None:
    """Seal the address of whom the case affects under a key of its own, which goes as soon as the time for
    appeal is over, long before the reasons."""
    if not email:
        return
    if not case.contact_key:
        case.contact_key = keys.new_key("subject")
        Case.objects.filter(pk=case.pk).update(contact_key=case.contact_key)
    sealed.put("decision", decision_ref, case.contact_key, {"email": email})
