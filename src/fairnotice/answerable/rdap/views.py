"""A view for each query of RFC 9082, for their history and the bootstrap files, and the page for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.answerable.rdap import answers, asked, bootstrap, entities, history, objects, shown
from fairnotice.answerable.rdap.answers import NotShown, served
from fairnotice.answerable.rdap.words import Json, base, page
from fairnotice.answerable.resources import Target

_HISTORY = "history_version_0"
_EXTENSIONS = ("cidr0", "redacted", _HISTORY)
_READ: dict[str, Callable[[str], Target]] = {
    "ip": asked.network,
    "autnum": asked.autnum,
    "domain": asked.domain,
    "nameserver": asked.nameserver,
}


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How to ask, what is shown, and what is not, for people."""
    return render(
        request, "answerable/rdap.html", {"base": base(), "per_minute": settings.FN_RDAP_PER_MINUTE}
    )


@served
def resource(request: HttpRequest, kind: str, text: str) -> HttpResponseBase:
    """An address or prefix, AS number, domain or server: the most specific public object that holds it."""
    found = shown.find(_READ[kind](text), _today())
    if found is None:
        raise NotShown
    extensions = ("cidr0",) if kind == "ip" else ()
    return answers.good(request, objects.looked_up(found, answers.where(request)), extensions)


@served
def entity(request: HttpRequest, text: str) -> HttpResponseBase:
    """An organisation, or a desk of it."""
    who = asked.entity(text)
    listed = shown.listed(who.handle)
    if listed is None or who.role not in ("", *entities.ROLES):
        raise NotShown
    if not who.role:
        return answers.good(request, entities.looked_up(listed), ("redacted",))
    desk = entities.looked_up_desk(listed, who.role)
    if desk is None:
        raise NotShown
    return answers.good(request, desk)


@served
def past(request: HttpRequest, kind: str, text: str) -> HttpResponseBase:
    """All that is public of the past of a resource."""
    target = _READ[kind](text)
    records, more = history.of_resource(target, _today(), answers.where(request))
    return _past(request, records, more, ("cidr0",) if kind == "ip" else ())


@served
def entity_past(request: HttpRequest, text: str) -> HttpResponseBase:
    """What an organisation was called."""
    who = asked.entity(text)
    listed = shown.listed(who.handle)
    if listed is None or who.role:
        raise NotShown
    return _past(request, *history.of_organisation(listed))


def _past(
    request: HttpRequest, records: list[Json], more: bool, extensions: tuple[str, ...] = ()
) -> HttpResponseBase:
    if not records:
        raise NotShown
    lines = [
        _("As the register knows it today. Contacts are named for today only: ask for the object itself."),
    ]
    if more:
        lines.append(_("There are older records than these."))
    about_it = {"title": _("History"), "description": lines}
    found = {"objectClassName": "history", "records": records}
    return answers.good(request, found, (*extensions, _HISTORY), [about_it])


@served
def search(request: HttpRequest, what: str) -> HttpResponseBase:
    """Searches would lead from an organisation to what it holds. There are none (RFC 9082)."""
    words = _("Searches are not offered, because they would make lists of who holds what.")
    return answers.refused(request, 501, _("Not offered"), words)


@served
def unknown(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Whatever is no query of RFC 9082."""
    raise asked.Malformed(_("There is no such query. The page at the start of this address lists all."))


@served
def help_(request: HttpRequest) -> HttpResponseBase:
    """RFC 9082 section 3.1.6, RFC 9083 section 7."""
    start = base()
    told = {
        "title": _("How to ask"),
        "description": [
            f"{start}ip/192.0.2.1",
            f"{start}ip/2001:db8::/32",
            f"{start}autnum/64496",
            f"{start}domain/example.org",
            f"{start}nameserver/ns1.example.org",
            f"{start}entity/HANDLE",
            f"{start}history/ip/192.0.2.1",
            _("Searches are not offered, because they would make lists of who holds what."),
            _("More for people: %(page)s") % {"page": page()},
        ],
    }
    return answers.good(request, {}, _EXTENSIONS, [told])


@served
def covered(request: HttpRequest, name: str) -> HttpResponseBase:
    """A bootstrap file; 404 for any other name."""
    if name not in bootstrap.COVERS:
        raise NotShown
    return answers.plain(request, bootstrap.file(name, _today()))


def _today() -> date:
    return timezone.now().date()
