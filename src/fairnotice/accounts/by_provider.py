"""Identity providers of the operator (OpenID Connect): who may sign in is decided here, who it is there.

Not named `provider`: allauth would import such a module into every process, also those that sign nobody in,
and with it all that asks other servers. Nothing is taken over from a provider but its word that this is the
subject which an account was linked to: no name, no address, no token, no time. The subject is kept as a
keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.shortcuts import render

from fairnotice.vault.keys import named_secret

PROVIDER = "openid_connect"
# Signatures by the provider's private key alone (RFC 7518): with a shared secret we could sign ourselves.
_SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class ProviderDown(Exception):
    """The provider, or its file, could not be used; the text is safe to log."""


def subject_hash(provider: str, subject: str) -> str:
    """How a provider's subject is kept: HMAC-SHA256 in hexadecimal."""
    message = f"{provider}\0{subject}".encode()
    return hmac.new(named_secret("oidc-subjects"), message, hashlib.sha256).hexdigest()


class SignedAdapter(OpenIDConnectOAuth2Adapter):
    """Checks the signature of each token, also where it came straight from the provider."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        if jwt.get_unverified_header(id_token).get("alg") not in _SIGNED:
            raise OAuth2Error("The token is not signed with a private key.")
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return found


class Provider(OpenIDConnectProvider):
    """Asks for nothing but who it is."""

    oauth2_adapter_class = SignedAdapter

    def get_default_scope(self) -> list[str]:
        """No profile, no e-mail address."""
        return ["openid"]

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Nobody widens it by an address."""
        return self.get_default_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """The same."""
        return {}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The hash of the subject in the signed token."""
        return subject_hash(self.sub_id, str(data["id_token"]["sub"]))

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing else is kept."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing else is kept."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Nothing else is kept."""
        return []


registry.register(Provider)


class LinkedOnly(DefaultSocialAccountAdapter):
    """Signs in to accounts that are linked, and opens none."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the settings; the table of allauth stays empty."""
        return [
            _app(one)
            for one in settings.FN_IDENTITY_PROVIDERS
            if provider in (None, PROVIDER, one["name"]) and client_id in (None, one["client_id"])
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def on_authentication_error(self, request: HttpRequest, provider: object, **more: object) -> None:
        """Cancelled, refused or failed there: one page that says so and quotes nothing."""
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=401))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Who is linked goes on; whoever is signed in and asked for it is linked; all others are told."""
        from fairnotice.accounts.linking import link_here

        if sociallogin.account.pk:
            # allauth has just noted the time of this sign-in.
            SocialAccount.objects.filter(pk=sociallogin.account.pk).update(
                last_login=F("date_joined"), extra_data={}
            )
        if sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(link_here(request, sociallogin))
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(render(request, "account/not_linked.html", status=403))


def _app(one: dict[str, str]) -> SocialApp:
    try:
        secret = Path(one["secret_file"]).read_text("utf-8").strip() if one.get("secret_file") else ""
    except (OSError, UnicodeDecodeError):
        raise ProviderDown(f"the secret file of '{one['name']}' cannot be read") from None
    return SocialApp(
        provider=PROVIDER,
        provider_id=one["name"],
        name=one.get("label") or one["name"],
        client_id=one["client_id"],
        secret=secret,
        settings={"server_url": one["url"], "oauth_pkce_enabled": True, "fetch_userinfo": False},
    )
