"""The desk's page of accounts and roles, where changes are proposed, confirmed and stopped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairnotice.accounts import actions, proposals, queries
from fairnotice.accounts.actions import AccountError
from fairnotice.accounts.forms import ProposalForm
from fairnotice.accounts.views import signed_in
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.permissions import require


@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    """GET desk-staff."""
    return _page(request)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """GET and POST desk-staff-propose; `kind` and `sign_in` of the address fill the form."""
    actor = signed_in(request).actor()
    require(actor, proposals.VERB)
    if request.method == "GET":
        form = ProposalForm(initial={name: request.GET.get(name, "") for name in ("kind", "sign_in")})
        return render(request, "account/staff_propose.html", {"form": form})
    form = ProposalForm(request.POST)
    if form.is_valid():
        try:
            made = proposals.propose(actor=actor, **form.cleaned_data)
        except AccountError as error:
            form.add_error("sign_in", str(error))
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _waits_for(made.due_at is None))
            return redirect("desk-staff")
    return render(request, "account/staff_propose.html", {"form": form}, status=422)


@require_POST
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-staff-confirm, with the version that the person saw."""
    return _settle(request, ref, confirming=True)


@require_POST
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-staff-stop."""
    return _settle(request, ref, confirming=False)


@require_POST
def password(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-staff-password: shown on this one page and never again."""
    try:
        secret = proposals.issue_password(actor=signed_in(request).actor(), number=number)
    except (Refused, Conflict) as error:
        return _page(request, problem=str(error), status=409)
    context = {"secret": secret, "sign_in": queries.sign_in_of(number)}
    return render(request, "account/password_shown.html", context)


@require_POST
def sign_out(request: HttpRequest, number: int) -> HttpResponse:
    """POST desk-staff-sign-out: ends an account's sign-ins everywhere, which takes nothing away for good."""
    actor = signed_in(request).actor()
    actions.end_sign_ins(actor=actor, number=number)
    messages.success(request, _("The account is signed out everywhere."))
    return redirect("desk-staff")


def _settle(request: HttpRequest, ref: str, *, confirming: bool) -> HttpResponse:
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Http404
    act = proposals.confirm if confirming else proposals.stop
    try:
        act(actor=signed_in(request).actor(), ref=ref, version=int(version))
    except (Refused, Conflict) as error:
        return _page(request, problem=str(error), status=409)
    except NotFound as error:
        return _page(request, problem=str(error), status=404)
    messages.success(request, _("Confirmed. It is in effect.") if confirming else _("The change is stopped."))
    return redirect("desk-staff")


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor = signed_in(request).actor()
    context: dict[str, Any] = {
        "accounts": queries.accounts(),
        "waiting": queries.waiting(actor),
        "recent": queries.recent(),
        "may_edit": actor.roles & {"administrator"},
        "problem_text": problem,
    }
    return render(request, "account/staff.html", context, status=status)


def _waits_for(second: bool) -> str:
    if second:
        return _("Proposed. It waits for a second administrator.")
    return _("Proposed. There is no second administrator: it takes effect by itself unless it is stopped.")
