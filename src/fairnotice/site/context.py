"""What every page may show: the operator, helplines, quick exit, and the navigation of whoever looks."""

from __future__ import annotations

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.permissions import ROUTES

Names = tuple[tuple[str, Promise | str], ...]

# URL name -> what it is called. The names are those of `cases.permissions.ROUTES`: it says who may open them.
PUBLIC_NAV: Names = (
    ("notice-new", _("Report something")),
    ("recourse-enter", _("I have a code")),
    ("register-list", _("Decisions register")),
    ("rules", _("Rules")),
    ("reports", _("Reports")),
    ("log", _("Public log")),
)
DESK_NAV: Names = (
    ("desk", _("Queue")),
    ("desk-messages", _("Messages")),
    ("desk-emergencies", _("Emergencies")),
    ("desk-appeals", _("Appeals")),
    ("desk-seconds", _("Second person")),
    ("desk-statements", _("Statements")),
    ("desk-publications", _("Publication")),
    ("desk-measures", _("Measures")),
    ("desk-filings", _("EU database")),
    ("desk-forwards", _("Forwarded")),
    ("desk-outgoing", _("Outgoing")),
    ("desk-proposals", _("Two people")),
    ("desk-lookup", _("Answerable")),
    ("desk-network", _("Network")),
    ("desk-clients", _("Clients")),
    ("desk-tables", _("Tables")),
    ("desk-statistics", _("Statistics")),
    ("desk-retention", _("Retention")),
    ("desk-rules", _("Rules")),
    ("desk-weekly", _("Weekly report")),
    ("desk-reports", _("Reports")),
    ("desk-ways-in", _("Ways in")),
    ("desk-staff", _("People")),
    ("desk-trust", _("People of trust")),
    ("desk-openings", _("Who opened what")),
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


def links(names: Names, path: str, roles: frozenset[str] = frozenset()) -> list[Link]:
    """The entries these roles may open; the part `path` lies in is marked ("page" exactly, "true" below)."""
    found: list[Link] = []
    for name, label in names:
        url = _url(name)
        allowed = ROUTES.get(name, frozenset())
        if url and (isinstance(allowed, str) or roles & allowed):
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


def _has_observatory() -> bool:
    folder = settings.FN_OBSERVATORY_STORE
    return folder is not None and (folder / "days").is_dir()


def fixed(path: str = "") -> dict[str, Any]:
    """The part that asks neither database nor session: what an error page can always show."""
    return {
        "operator": settings.FN_OPERATOR,
        "contact_languages": [language_name(code) for code in settings.FN_OPERATOR.get("languages", [])],
        "helplines": settings.FN_HELPLINES,
        "quick_exit_url": settings.FN_QUICK_EXIT_URL,
        "base_url": settings.FN_BASE_URL,
        "public_links": links(PUBLIC_NAV, path),
        "about_url": _url("about"),
        "sign_in_url": _url(settings.LOGIN_URL),
        # A link only to where there is something to see.
        "observatory_url": _url("observatory") if _has_observatory() else "",
        "is_staff_member": False,
    }


def operator(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Signed-in people get the desk navigation and `role_names` (empty for visitors)."""
    shown = fixed(request.path)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        shown["role_names"] = frozenset()
        return shown
    roles = frozenset(user.role_names)
    shown.update(
        is_staff_member=True,
        role_names=roles,
        desk_links=links(DESK_NAV, request.path, roles),
        desk_url=_url("desk"),
        sign_out_url=_url("account_logout"),
        safety_url=_url("mfa_index"),
        # Asked only where a page shows it: templates call it.
        change_waits=lambda: user.proposals.filter(state="open", due_at__isnull=False).exists(),
        signed_in_as=user.get_username(),
    )
    return shown
