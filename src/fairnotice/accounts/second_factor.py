"""Who needs a second factor, who has one, and where its secrets are sealed."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.accounts.models import User
from fairnotice.cases.permissions import ACTIONS, ADMIN
from fairnotice.vault.named import seal_text, unseal_text

SEALED_AS = "second-factors"
# Whoever reads what people wrote in confidence, and whoever decides who may.
NEEDS_ONE = ACTIONS["see_sealed"] | {ADMIN}
WORDS = {
    "passkey": gettext_lazy("with a passkey"),
    "webauthn": gettext_lazy("with password and passkey"),
    "totp": gettext_lazy("with password and a code from an app"),
    "recovery_codes": gettext_lazy("with password and a recovery code"),
    "": gettext_lazy("with the password alone"),
}
_REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user: User, *, but: Authenticator | None = None) -> bool:
    """Whether the account has a passkey or an app; recovery codes alone are none."""
    found = Authenticator.objects.filter(user=user, type__in=_REAL)
    return bool((found.exclude(pk=but.pk) if but is not None else found).exists())


def required_of(user: User) -> bool:
    """Whether this account may do nothing before it has one."""
    return settings.FN_SECOND_FACTOR == "required" and bool(user.role_names & NEEDS_ONE)


def missing(user: User) -> bool:
    """Whether it has to set one up now."""
    return required_of(user) and not has_one(user)


def passkey_host() -> str:
    """The name that passkeys of this site are bound to (WebAuthn's relying party id); "" where the site has
    only a number, for which browsers make none. On this machine alone that is localhost."""
    host = urlsplit(settings.FN_BASE_URL).hostname or ""
    try:
        return "localhost" if ipaddress.ip_address(host).is_loopback else ""
    except ValueError:
        return host


def passkeys_here(request: HttpRequest) -> bool:
    """Whether the browser of this request can use them: it has to be at that name."""
    host, at = passkey_host(), request.get_host().rpartition(":")[0] or request.get_host()
    return bool(host) and (at == host or at.endswith(f".{host}"))


class SealedAdapter(DefaultMFAAdapter):
    """allauth keeps the secrets; they lie sealed, so that the database alone makes no valid code."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code or passkey is not right, or was used before."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your roles need a second factor. Set up another one first, then remove this one."
        ),
    }

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return seal_text(SEALED_AS, text)

    def decrypt(self, encrypted_text: str) -> str:
        """A stored secret as it is used. Raises SealBroken."""
        return unseal_text(SEALED_AS, encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who needs one."""
        user: User = authenticator.user
        return not required_of(user) or has_one(user, but=authenticator)

    def get_totp_issuer(self) -> str:
        """What an app calls the account: the operator's name. A colon would end it."""
        return str(settings.FN_OPERATOR["name"]).replace(":", " ")

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """Counted, not typed: nothing about somebody's devices is kept."""
        numbers = Authenticator.objects.filter(user=user, type=type).values_list("data__name", flat=True)
        used = [int(n) for text in numbers if (n := str(text).rpartition(" ")[2]).isdigit()]
        return _("Passkey %(number)s") % {"number": max(used, default=0) + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site's own name from the settings, never what a request calls it."""
        return {"id": passkey_host(), "name": str(settings.FN_OPERATOR["name"])}
