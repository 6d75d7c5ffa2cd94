"""What `fairnotice check` says about signing in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from fairnotice.site.config_urls import loopback
from fairnotice.site.findings import Finding, setting


def sign_in() -> Iterator[Finding]:
    """Second factors, and the files of identity providers."""
    public = not loopback(urlsplit(settings.FN_BASE_URL).hostname or "")
    if public and settings.FN_SECOND_FACTOR != "required":
        yield setting(
            "second_factor",
            "A password alone opens what people wrote in confidence, to everybody on the net.",
        )
    if public and not settings.FN_PROXY_NETWORKS:
        yield setting(
            "proxies",
            "The web server that stands before this one is not named, so all visitors count as one.",
        )
    if public and not settings.FN_BASE_URL.startswith("https://"):
        yield setting(
            "base_url", "What people write crosses the net unencrypted: https:// is missing.", "error"
        )
    for one in settings.FN_IDENTITY_PROVIDERS:
        yield from _secret(one["name"], one.get("secret_file", ""))
    yield from _one_administrator()


def _secret(name: str, file: str) -> Iterator[Finding]:
    if not file:
        yield setting(
            "identity_providers", f"'{name}' has no 'secret_file': anybody can pretend to be us there."
        )
        return
    path = Path(file)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield setting("identity_providers", f"{path} cannot be read ({error.strerror}).", "error")
        return
    if path.resolve().is_relative_to(settings.FN_DATA):
        yield setting(
            "identity_providers",
            f"{path} lies in the data folder: whoever gets a copy of it has the secret.",
            "error",
        )
    if mode & 0o077:
        yield Finding("error", f"Other users can read the secret in {path}.", f"Run: chmod 0400 {path}")


def _one_administrator() -> Iterator[Finding]:
    from fairnotice.accounts.models import User
    from fairnotice.cases.permissions import ADMIN

    if settings.FN_SMALL_TEAM:
        return
    if User.objects.filter(is_active=True, grants__role=ADMIN).count() == 1:
        yield Finding(
            "warning",
            f"There is one administrator: a change of accounts waits {settings.FN_STAFF_CHANGE_HOURS} hours, "
            "since nobody can confirm it.",
            "Make a second person administrator, at the desk under 'People'.",
        )
