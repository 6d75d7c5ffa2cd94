"""Linking an account to its subject at an identity provider, and signing in by it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

import jwt
import requests
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fairnotice.accounts.actions import AccountError
from fairnotice.accounts.by_provider import ProviderDown, SignedAdapter
from fairnotice.accounts.models import User
from fairnotice.ledger.append import append
from fairnotice.plumbing import limits

TRIES_PER_MINUTE = 20
_log = logging.getLogger("fairnotice.accounts")
# What a provider that is down, or answers with nonsense, makes the libraries raise.
_THEIRS = (
    requests.RequestException,
    OAuth2Error,
    jwt.PyJWTError,
    ProviderDown,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)


def providers() -> list[dict[str, str]]:
    """Name and words of each provider in the settings."""
    return [
        {"name": one["name"], "label": one.get("label") or one["name"]}
        for one in settings.FN_IDENTITY_PROVIDERS
    ]


def link(*, user: User, provider: str, uid: str, actor_id: int | None = None) -> None:
    """From now on the subject with this hash (`provider.subject_hash`) signs in to this account.

    Raises AccountError where another account has it, or this one has another at the same provider.
    """
    if provider not in {one["name"] for one in providers()}:
        raise AccountError(_("There is no such identity provider in the settings."))
    if SocialAccount.objects.filter(user=user, provider=provider).exists():
        raise AccountError(_("This account is linked there already."))
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data={})
            append(kind="account.provider_linked", open={"provider": provider}, actor_id=actor_id)
    except IntegrityError as error:
        raise AccountError(_("Another account is linked to this one there.")) from error


def unlink(*, user: User, provider: str, actor_id: int | None = None) -> bool:
    """Nobody signs in to this account by that provider any more; False where nobody could."""
    with transaction.atomic():
        gone = SocialAccount.objects.filter(user=user, provider=provider).delete()[0]
        if gone:
            append(kind="account.provider_unlinked", open={"provider": provider}, actor_id=actor_id)
    return bool(gone)


def linked(user: User) -> set[str]:
    """The providers that an account is linked to."""
    return set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))


def link_here(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Whoever is signed in came back from a provider, having asked to be linked."""
    user = request.user
    if not isinstance(user, User) or not did_recently_reauthenticate(request):
        return redirect("account_login")
    account = sociallogin.account
    try:
        link(user=user, provider=account.provider, uid=account.uid, actor_id=user.pk)
    except AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Linked. You can sign in this way from now on."))
    return redirect("mfa_index")


@require_POST
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """POST openid_connect_login: a page that leads on to the provider. A redirect in answer to a form would
    have to be allowed in the content security policy, for an address that only the provider knows."""
    if limits.limit("oidc", request, TRIES_PER_MINUTE):
        return _wait(request)
    if request.POST.get("process", request.GET.get("process", "login")) not in ("login", "connect"):
        raise Http404
    connect = request.POST.get("process", request.GET.get("process")) == "connect"
    if connect and not request.user.is_authenticated:
        return redirect("account_login")
    if connect and not did_recently_reauthenticate(request):
        query = urlencode({"next": reverse("mfa_index")})
        return redirect(f"{reverse('account_reauthenticate')}?{query}")
    answer = _asking(request, provider_id, OAuth2LoginView.adapter_view)
    if answer.status_code != 302:
        return answer
    label = next((one["label"] for one in providers() if one["name"] == provider_id), provider_id)
    return render(request, "account/going.html", {"to": answer["Location"], "label": label})


@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """GET openid_connect_callback: the provider sent somebody back."""
    if limits.limit("oidc", request, TRIES_PER_MINUTE):
        return _wait(request)
    return _asking(request, provider_id, OAuth2CallbackView.adapter_view)


@require_POST
def unlink_page(request: HttpRequest, provider_id: str) -> HttpResponse:
    """POST account-unlink."""
    user = request.user
    if isinstance(user, User) and unlink(user=user, provider=provider_id, actor_id=user.pk):
        messages.success(request, _("You cannot sign in that way any more."))
    return redirect("mfa_index")


def failed(request: HttpRequest, status: int = 502) -> HttpResponse:
    """It did not work, and it may be nobody's fault here."""
    return render(request, "socialaccount/authentication_error.html", status=status)


def _asking(
    request: HttpRequest, provider_id: str, view: Callable[[SignedAdapter], Callable[..., HttpResponse]]
) -> HttpResponse:
    try:
        return view(SignedAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except ImmediateHttpResponse as answer:
        return cast(HttpResponse, answer.response)
    except _THEIRS as error:
        # The class alone: the text may hold what came in.
        known = [one["name"] for one in providers() if one["name"] == provider_id]
        _log.warning("identity provider %s: %s", "".join(known) or "-", type(error).__name__)
        return failed(request)


def _wait(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", {"heading": _("Please wait a little"), "status": 429}, status=429)
