"""Subscribing to the monthly report: an address, a confirmation by mail, and a way out in every letter.

Nothing of a page's answer depends on whether an address is known. Neither form needs a cookie: what the first
may do anybody may, and what the second may is said by its link alone.
"""

from __future__ import annotations

import time

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fairnotice.cases import subscribing
from fairnotice.cases.actions import subscribers as actions
from fairnotice.cases.drafts import UNSTORABLE, check_email
from fairnotice.cases.errors import NotFound
from fairnotice.plumbing.floods import flooded
from fairnotice.plumbing.limits import limit

#: Addresses that one visitor, and all together, may type in a minute.
ASKED_PER_MINUTE, ALL_PER_MINUTE = 6, 60
LOOKS_PER_MINUTE = 60


class AddressForm(forms.Form):
    """An e-mail address, and nothing else."""

    email = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("It is sealed, used for this report alone, and erased when you leave."),
        max_length=subscribing.MAX_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Please type an e-mail address.")},
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)  # type: ignore[arg-type]

    def clean_email(self) -> str:
        """Refuse what no letter can go to."""
        text = str(self.cleaned_data["email"]).strip()
        if UNSTORABLE.search(text) or not check_email(text):
            raise forms.ValidationError(_("This does not look like an e-mail address."))
        return text


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """GET and POST reports-subscribe."""
    if not settings.FN_SUBSCRIPTIONS_PER_HOUR:
        return _page(request, {"off": True}, 404 if request.method == "POST" else 200)
    if request.method != "POST":
        return _page(request, {"form": AddressForm()})
    form = AddressForm(request.POST)
    if limit("subscribe", request, ASKED_PER_MINUTE):
        return _waits(request, form)
    if not form.is_valid():
        return _page(request, {"form": form}, 422)
    if flooded("subscribe", ALL_PER_MINUTE, time.time()) or subscribing.crowded():
        return _waits(request, form)
    subscribing.remember(address=form.cleaned_data["email"], now=timezone.now())
    return _page(request, {"asked": True})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what the link is for and changes nothing, since mail programs open links by themselves. POST
    with `act=confirm` says yes; any other POST leaves, so that the single press of a mail program does, too
    (RFC 8058: `List-Unsubscribe=One-Click`)."""
    if limit("subscription", request, LOOKS_PER_MINUTE):
        response = _own(request, {"waits": True}, 429)
        response["Retry-After"] = "60"
        return response
    try:
        if request.method == "POST" and request.POST.get("act") == "confirm":
            actions.confirm_subscription(token=token)
            return _own(request, {"confirmed": True})
        if request.method == "POST":
            actions.end_subscription(token=token)
            return _own(request, {"ended": True})
    except NotFound:
        return _own(request, {"unknown": True}, 404)
    found = subscribing.find(token)
    if found is None:
        return _own(request, {"unknown": True}, 404)
    return _own(request, {"state": found.state})


def _waits(request: HttpRequest, form: AddressForm) -> HttpResponse:
    response = _page(request, {"form": form, "waits": True}, 429)
    response["Retry-After"] = "60"
    return response


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return _private(render(request, "reports/subscribe.html", context, status=status))


def _own(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return _private(render(request, "reports/subscription.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
