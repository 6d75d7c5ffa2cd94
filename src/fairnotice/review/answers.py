"""Who acts, and what a page of the desk answers where an action refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fairnotice.answerable.errors import Changed, Unfit, Unknown
from fairnotice.cases import opening, openings
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.permissions import Actor, Forbidden
from fairnotice.vault.errors import Erased

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponse]
NO_VERSION = -1


def actor_of(request: HttpRequest) -> Actor:
    """The person in front of the screen, as actions take them. Raises Forbidden for a visitor."""
    if isinstance(request.user, AnonymousUser):
        raise Forbidden(_("Please sign in first."))
    return request.user.actor()


def version_of(request: HttpRequest) -> int:
    """The version that the person saw; NO_VERSION, which no row has, for anything but a small number."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NO_VERSION


def desk_page(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page for these methods; what no view answers better becomes a page of the desk with its sentence:
    NotFound and Unknown 404, Forbidden 403, Refused, Unfit, Conflict and Changed 409."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            # HEAD is what a browser's or a proxy's check sends; the server leaves out the body itself.
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            try:
                with opening.book() as desk:
                    response = view(request, *args, **kwargs)
                return _written_down(request, desk, response)
            except (NotFound, Unknown) as error:
                return _refusal(request, 404, _("This does not exist"), error)
            except Erased:
                return _refusal(request, 404, _("This has been erased"), "")
            except Forbidden as error:
                return _refusal(request, 403, _("This needs another role"), error)
            except (Conflict, Changed) as error:
                return _refusal(request, 409, _("Somebody else was faster"), error)
            except (Refused, Unfit) as error:
                return _refusal(request, 409, _("This cannot be done now"), error)

        return page

    return decorate


def _written_down(request: HttpRequest, desk: opening.Desk | None, response: HttpResponse) -> HttpResponse:
    """The page, once it is written down who sees what of it; where a purpose is missing, the way to the page
    that asks for it. What fails here fails before anything is shown."""
    if desk is None or not desk.seen or 300 <= response.status_code < 400:
        return response
    missing = openings.write(desk)
    if not missing:
        return response
    case = missing[0].ref
    if response.status_code >= 400:
        # It was not done, and the page that says why shows more than this person has said a purpose for.
        return _refusal(request, response.status_code, _("This was not done"), _("It has changed meanwhile."))
    here = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("desk-case", args=[case])
    return redirect(f"{reverse('desk-purpose', args=[case])}?{urlencode({'next': here})}")


def _refusal(request: HttpRequest, status: int, heading: str, sentence: object) -> HttpResponse:
    context: dict[str, Any] = {"heading": heading, "sentence": str(sentence), "queue_url": reverse("desk")}
    return render(request, "review/refused.html", context, status=status)
