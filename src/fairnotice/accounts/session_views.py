"""Where somebody is signed in, and what is about to change for their account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fairnotice.accounts import proposals, sign_ins
from fairnotice.accounts.second_factor import WORDS
from fairnotice.accounts.views import signed_in


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """GET account-sign-ins."""
    here = sign_ins.here(request)
    rows = [
        {"row": row, "here": here is not None and row.pk == here.pk, "factor": WORDS.get(row.factor, "")}
        for row in sign_ins.of(signed_in(request))
    ]
    return render(request, "account/sign_ins.html", {"rows": rows, "others": len(rows) > 1})


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """POST account-sign-in-end: `number` is one of one's own, "others" all but this one."""
    user, number = signed_in(request), request.POST.get("number", "")
    if number == "others":
        ended = sign_ins.end_others(user=user, keep=sign_ins.here(request))
    elif number.isascii() and number.isdigit() and len(number) < 19:
        ended = int(sign_ins.end(user=user, number=int(number)))
    else:
        raise Http404
    if ended:
        text = ngettext("%(number)s sign-in is ended.", "%(number)s sign-ins are ended.", ended)
        messages.success(request, text % {"number": ended})
    else:
        messages.info(request, _("That one had ended already."))
    return redirect("account-sign-ins")


@require_POST
def stop_change(request: HttpRequest, ref: str) -> HttpResponse:
    """POST account-change-stop, by the person whom a change is about."""
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Http404
    proposals.stop(actor=signed_in(request).actor(), ref=ref, version=int(version))
    messages.success(request, _("The change is stopped."))
    return redirect("mfa_index")
