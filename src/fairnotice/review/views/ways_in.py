"""Ways in: where others can send something, whether each door is open and how it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.queries.received import DoorView, doors
from fairnotice.cases.ways_in import WAYS, Way, url
from fairnotice.review.answers import actor_of, desk_page

#: Reading takes seconds; what lies longer says that nobody reads.
STUCK = timedelta(minutes=10)


@dataclass(frozen=True)
class WayView:
    """One way as the page shows it; `alarm` where somebody has to look."""

    way: Way
    title: str
    address: str
    health: str
    alarm: bool


@desk_page("GET")
def ways_in(request: HttpRequest) -> HttpResponse:
    """GET desk-ways-in. Nothing is changed here: doors are opened and closed in the settings file."""
    found = doors(actor_of(request))
    by_door = {door.slug: door for door in found}
    link = url("notice-new")
    context = {
        "ways": [_view(way, by_door[way.door]) for way in WAYS],
        "doors": [door for door in found if door.last or door.unread],
        "well_known": url("well-known"),
        "form_url": link,
        "link_html": f'<a href="{link}?location=">{_("Report this")}</a>',
        "form_html": _form_html(link),
        "flood": settings.FN_FLOOD_PER_MINUTE,
    }
    return render(request, "review/ways_in.html", context)


def _view(way: Way, door: DoorView) -> WayView:
    address = way.address()
    health, alarm = _health(door) if address else (_("Closed."), False)
    return WayView(way, _(way.title), address, health, alarm)


def _health(door: DoorView) -> tuple[str, bool]:
    if door.unread_since and door.unread_since < timezone.now() - STUCK:
        say = _("Nobody reads: %(n)s lie unread for more than ten minutes. Does “fairnotice serve” run?")
        return say % {"n": door.unread}, True
    if door.failed:
        say = _("The program failed at some of them, which wait for a person: %(n)s.")
        return say % {"n": door.failed}, True
    if door.held:
        return _("Held back until a person lets them go on: %(n)s.") % {"n": door.held}, True
    if door.last is None:
        return _("Open. Nothing has come through yet."), False
    return _("Open and working."), False


def _form_html(link: str) -> str:
    """What another site can copy: no script, no picture, nothing that tells us of its visitors."""
    return (
        f'<form action="{link}" method="post">\n'
        f"  <label>{_('Address of what you want to report')}\n"
        '    <input name="location" type="text"></label>\n'
        f"  <button>{_('Report it')}</button>\n"
        "</form>"
    )
