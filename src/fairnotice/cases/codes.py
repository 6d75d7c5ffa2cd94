"""Receipt codes: minted once, kept as a MAC, looked up without saying which kind of wrong a wrong one is."""

from __future__ import annotations

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from fairnotice.cases.models import AccessCode, Case, Notice
from fairnotice.vault import codes as vault_codes
from fairnotice.vault import keys


def mint(*, side: str, notice: Notice | None = None, case: Case | None = None) -> str:
    """A fresh code for one side; earlier ones stay good, since a letter may still be on its way."""
    code = vault_codes.new_code()
    AccessCode.objects.create(
        mac=vault_codes.code_mac(code), side=side, notice=notice, case=case, created_at=timezone.now()
    )
    return code


def known_as(code: str, mac: bytes) -> None:
    """The notifier has a code already, given before there was a notice: it takes the place of this one."""
    AccessCode.objects.filter(mac=vault_codes.code_mac(code)).update(mac=mac)


def find(text: str) -> AccessCode | None:
    """The access that a typed code gives, or None: wrong, revoked and erased look the same.

    They take the same steps as well: two questions, each answered by one row whatever the code is. A code of
    what was erased (the notifier's side of a notice, the affected party's of a case) is a wrong code.
    """
    mac = vault_codes.code_mac(vault_codes.normalise(text))
    found = AccessCode.objects.filter(mac=mac).aggregate(
        number=Max("pk", filter=Q(revoked_at__isnull=True)),
        key_id=Max(Coalesce("notice__notifier_key", "case__subject_key")),
    )
    alive = keys.opens(found["key_id"] or keys.NO_KEY)
    if found["number"] is None or not alive:
        return None
    return AccessCode.objects.select_related("notice", "case").filter(pk=found["number"]).first()
