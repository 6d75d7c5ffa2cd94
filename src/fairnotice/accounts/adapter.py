"""What we ask of allauth: sign-in for accounts that exist, and nothing else."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from fairnotice.accounts.models import User


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

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A page of our own: allauth would redirect to a route that we do not have."""
        return render(request, "account/closed.html", status=403)
