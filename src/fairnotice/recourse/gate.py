"""A code opens every page here for half an hour. Without one, a page asks for it and then goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from fairnotice.cases import codes
from fairnotice.cases.models import AccessCode
from fairnotice.cases.queries.received import dismissed_why, held_under
from fairnotice.plumbing import access_cookie, limits
from fairnotice.recourse.forms import CodeForm

# Codes cannot be guessed (128 random bits); this only slows down floods, and leaves room for many people
# behind one address.
TRIES_PER_MINUTE = 20

View = Callable[..., HttpResponse]


def behind_code(view: View, *, resume: View | None = None) -> View:
    """Call `view(request, access, ...)` with the access that the cookie or a code typed just now gives.

    `resume(request, access, kept, ...)` is called instead where somebody had written `reasons` when their
    time ran out: nothing is sent in their name before they look at it again.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and "code" in request.POST:
            return private(_with_code(request, resume, args, kwargs))
        access = current(request)
        if access is None:
            return private(ask(request))
        return private(view(request, access, *args, **kwargs))

    return inner


def current(request: HttpRequest) -> AccessCode | None:
    """The access of this browser, read anew each time: a code that was taken back opens nothing any more."""
    number = access_cookie.read(request)
    if number is None:
        return None
    rows = AccessCode.objects.select_related("notice", "case")
    return rows.filter(pk=number, revoked_at__isnull=True).first()


def try_code(request: HttpRequest) -> tuple[AccessCode | None, HttpResponse]:
    """The access for the code in a POST, or None and the page that says what to do.

    Wrong, revoked, erased and never issued codes get one and the same page, made in the same steps
    (`dev.py soak codes` measures it); a right one leaves them where it is found, and then leads on. A report
    that is held back has a code, too, and says so."""
    if limits.limit("recourse-enter", request, TRIES_PER_MINUTE):
        response = _page(request, CodeForm(), waits=True, status=429)
        response["Retry-After"] = "60"
        return None, response
    form = CodeForm(request.POST)
    if form.is_valid():
        access = codes.find(form.cleaned_data["code"])
        if access is not None:
            return access, HttpResponse()
        held = held_under(form.cleaned_data["code"])
        if held is not None:
            context = {"held": held, "why": dismissed_why(held)}
            return None, render(request, "recourse/held.html", context)
        form.add_error("code", _("Nothing opens with this code. Please compare it letter by letter."))
    return None, _page(request, form)


def ask(request: HttpRequest) -> HttpResponse:
    """The form for the code, in place of the page that needs it."""
    return _page(request, CodeForm(), status=403)


def private(response: HttpResponse) -> HttpResponse:
    """For one person only: in no cache and no search engine."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _with_code(
    request: HttpRequest, resume: View | None, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse:
    access, response = try_code(request)
    if access is None:
        return response
    kept = request.POST.get("reasons", "")
    if resume is not None and kept:
        response = resume(request, access, kept, *args, **kwargs)
    else:
        response = HttpResponseRedirect(request.get_full_path())
        response.status_code = 303
    access_cookie.grant(response, access.pk)
    return response


def _page(request: HttpRequest, form: CodeForm, *, waits: bool = False, status: int = 200) -> HttpResponse:
    here = request.resolver_match
    context = {
        "form": form,
        "waits": waits,
        "action": request.get_full_path(),
        "returning": here is not None and here.url_name != "recourse-enter",
        "kept": request.POST.get("reasons", ""),
        "open": current(request) is not None,
    }
    return render(request, "recourse/enter.html", context, status=status)
