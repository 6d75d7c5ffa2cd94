"""What we ask of allauth: sign-in for accounts that exist, and nothing else."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fairnotice.accounts import known_browser
from fairnotice.accounts.models import User
from fairnotice.plumbing import visitors

_salt = secrets.token_bytes(32)


class ClosedAdapter(DefaultAccountAdapter):
    """Sign-up is closed: an administrator makes accounts with `fairnotice user add`."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The sign-in name or the password is not right."),
        "too_many_login_attempts": _("Too many tries. Please wait five minutes, then try again."),
        "enter_current_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """What sign-ins are counted by: a keyed hash of the visitor's network, so that not even the memory of
        this process holds an address. All of an IPv6 /64 counts as one; no address at all, too."""
        address = visitors.address_of(request)
        network = ""
        if address is not None:
            network = str(ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False))
        return hmac.digest(_salt, network.encode(), "sha256").hex()

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted by: the sign-in name, apart for the browsers of its owner, who is
        then not kept out by strangers. allauth's own key holds the Host header too, whose port anybody can
        change to start counting anew."""
        name = str(credentials.get("username", "")).lower()
        return f"known:{name}" if known_browser.knows(request, name) else f"name:{name}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To what keeps the account safe."""
        return reverse("mfa_index")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """In our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**one, "description": words[one["id"]]} for one in found]

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Marks the browser as one of this account's owner."""
        response: HttpResponse = super().post_login(request, user, **more)
        known_browser.remember(response, user.username)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A page of our own: allauth would redirect to a route that we do not have."""
        return render(request, "account/closed.html", status=403)
