"""Pages for when something went wrong. None asks the database or the session: they work when those fail.

Nothing of the exception is shown or logged here: its text may hold what somebody typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairnotice.site.context import fixed

Text = str | Promise
_NOT_LOST: Text = _(
    "What you typed is not lost: go back one page in your browser, where it normally still stands."
)

PAGES: dict[int, tuple[Text, Sequence[Text]]] = {
    400: (
        _("We could not read that request"),
        (_("Your browser sent something this page did not expect."), _NOT_LOST),
    ),
    403: (
        _("This page is not open to you"),
        (_("It needs another role, or your time on the page ran out. Sign in or enter your code again."),),
    ),
    404: (
        _("There is no page here"),
        (_("The address may be misspelt, or the page has gone. Codes go into “I have a code”."),),
    ),
    409: (
        _("Somebody else was faster"),
        (_("This was changed while you had it open, so nothing was saved. Look at it again, then decide."),),
    ),
    429: (
        _("Please wait a little"),
        (
            _("Many requests came in a short time. Wait a minute and try again."),
            _NOT_LOST,
        ),
    ),
    500: (
        _("Something went wrong on our side"),
        (
            _("It is not your fault. Please try again in a few minutes."),
            _("If you were sending a notice and saw no receipt code, it was not sent. Please send it again."),
        ),
    ),
}


def page(status: int, path: str = "") -> HttpResponse:
    """The error page of a status of PAGES as a whole answer, never cached."""
    heading, paragraphs = PAGES[status]
    context = {**fixed(path), "heading": heading, "paragraphs": paragraphs, "status": status}
    response = HttpResponse(render_to_string(f"{status}.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return page(400, request.path)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return page(403, request.path)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return page(404, request.path)


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A compare-and-set that lost: somebody else changed the same thing first."""
    return page(409, request.path)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A rate limit was reached (RFC 6585 section 4)."""
    response = page(429, request.path)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return page(500, request.path)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or cookies are off. `reason` is for developers and is not shown."""
    context = {
        **fixed(request.path),
        "heading": _("This page was open for too long"),
        "paragraphs": (
            _("To protect you, a form can be sent only for a limited time and with cookies switched on."),
            _NOT_LOST,
            _("Copy what you wrote, load the page again and send it once more. Nothing was saved twice."),
        ),
        "status": 403,
    }
    response = HttpResponse(render_to_string("403.html", context), status=403)
    response["Cache-Control"] = "no-store"
    return response
