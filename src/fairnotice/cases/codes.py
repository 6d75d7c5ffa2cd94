"""Receipt codes: minted once, kept as a MAC, looked up without saying which kind of wrong a wrong one is."""

from __future__ import annotations

from django.utils import timezone

from fairnotice.cases.models import AccessCode, Case, Notice
from fairnotice.vault import codes as vault_codes


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
    """The access that a typed code gives, or None: wrong, revoked and erased look the same."""
    mac = vault_codes.code_mac(vault_codes.normalise(text))
    return (
        AccessCode.objects.select_related("notice", "case").filter(mac=mac, revoked_at__isnull=True).first()
    )
