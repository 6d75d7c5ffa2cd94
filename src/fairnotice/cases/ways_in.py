"""The ways in: which address each door has for others, and whether it is open.

One table. A new door adds its line here and shows on the desk's page "Ways in" and, where it has a `field`,
in the pointer for machines (docs/well-known.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from fairnotice.law.words import gettext_noop


@dataclass(frozen=True)
class Way:
    """One way in. `door`: the slug under which what came through is counted (`law.doors`). `address`: what
    others have to use, or "" where the settings leave this way closed. `switch`: the setting that opens it,
    "" where it is always open. `field`: its name in the pointer for machines; "" for ways that are not for
    everybody. `guide`: the page of the documentation."""

    door: str
    title: str
    address: Callable[[], str]
    switch: str = ""
    field: str = ""
    guide: str = ""


def url(name: str) -> str:
    """The whole address of a page, or "" where there is none of this name."""
    try:
        return f"{settings.FN_BASE_URL}{reverse(name)}"
    except NoReverseMatch:
        return ""


def _peers() -> str:
    return url("api-1:take-forward") if settings.FN_PEERS else ""


WAYS: tuple[Way, ...] = (
    Way("web", gettext_noop("Form for people"), lambda: url("notice-new"), field="notice_form"),
    Way(
        "json",
        gettext_noop("Notices from programs (JSON)"),
        lambda: url("api-1:submit-notice"),
        field="notice_api",
        guide="api.md",
    ),
    Way("forward", gettext_noop("Other services, which forward"), _peers, switch="peers", guide="xarf.md"),
    Way(
        "file",
        gettext_noop("A file, from the command line"),
        lambda: "fairnotice notice submit FILE",
        guide="xarf.md",
    ),
)
