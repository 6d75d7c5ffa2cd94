"""What every page may show: the operator, helplines, quick exit, and the navigation of whoever looks."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

PUBLIC_NAV: tuple[tuple[str, Promise | str], ...] = (
    ("intake:start", _("Report something")),
    ("recourse:start", _("Check a report")),
    ("register:list", _("Decisions register")),
    ("site:rules", _("Rules")),
    ("ledger:log", _("Public log")),
)
DESK_NAV: tuple[tuple[str, Promise | str], ...] = (
    ("review:queue", _("Queue")),
    ("review:appeals", _("Appeals")),
    ("review:seconds", _("Second person")),
    ("review:publication", _("Publication")),
    ("review:measures", _("Measures")),
    ("review:answerable", _("Answerable")),
    ("review:rules", _("Rules")),
)


class Link(TypedDict):
    """One entry of a navigation; `current` is the value for aria-current, "" elsewhere."""

    url: str
    label: Promise | str
    current: str


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def links(names: tuple[tuple[str, Promise | str], ...], path: str) -> list[Link]:
    """The entries whose route exists; the part `path` lies in is marked ("page" exactly, "true" below)."""
    found: list[Link] = []
    for name, label in names:
        url = _url(name)
        if url:
            found.append({"url": url, "label": label, "current": ""})
    inside = [link for link in found if path.startswith(link["url"])]
    if inside:
        nearest = max(inside, key=lambda link: len(link["url"]))
        nearest["current"] = "page" if path == nearest["url"] else "true"
    return found


def language_name(code: str) -> str:
    """A language in its own words ("Deutsch"); the code itself where Django does not know it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def fixed(path: str = "") -> dict[str, Any]:
    """The part that asks neither database nor session: what an error page can always show."""
    return {
        "operator": settings.FN_OPERATOR,
        "contact_languages": [language_name(code) for code in settings.FN_OPERATOR.get("languages", [])],
        "helplines": settings.FN_HELPLINES,
        "quick_exit_url": settings.FN_QUICK_EXIT_URL,
        "public_links": links(PUBLIC_NAV, path),
        "sign_in_url": _url(settings.LOGIN_URL),
        "is_staff_member": False,
    }


def operator(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Signed-in people get the desk navigation and `role_names` (empty for visitors)."""
    shown = fixed(request.path)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        shown["role_names"] = frozenset()
        return shown
    shown.update(
        is_staff_member=True,
        role_names=frozenset(user.role_names),
        desk_links=links(DESK_NAV, request.path),
        desk_url=_url("review:queue"),
        sign_out_url=_url("account_logout"),
    )
    return shown
