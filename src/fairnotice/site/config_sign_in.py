"""What the settings say about signing in, and whether this site is for this machine alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from fairnotice.site.config_urls import loopback

_KEYS = ("name", "label", "url", "client_id", "secret_file")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
# Words of our own addresses, in whose place the name stands.
_TAKEN = ("passkey", "second")


def faults(second_factor: str, staff_change_hours: int, identity_providers: list[Any]) -> Iterator[str]:
    """What cannot be used, each as a sentence that says which setting and how to mend it."""
    if second_factor not in ("required", "offered"):
        yield f"'second_factor' is 'required' or 'offered', not {second_factor!r}"
    if not 1 <= staff_change_hours <= 720:
        yield "'staff_change_hours' is 1 to 720 hours"
    names = []
    for one in identity_providers:
        if not isinstance(one, dict) or not all(isinstance(text, str) for text in one.values()):
            yield "each of 'identity_providers' is written as { name = \"...\", ... } with texts"
            continue
        if unknown := sorted(set(one) - set(_KEYS)):
            yield f"'identity_providers': there is no '{unknown[0]}'. One has: {', '.join(_KEYS)}"
        name = one.get("name", "")
        names.append(name)
        if not _NAME.fullmatch(name) or name in _TAKEN:
            yield "'identity_providers': a 'name' has small letters, digits and hyphens, at most 30"
        if not one.get("client_id"):
            yield f"'identity_providers': '{name}' has no 'client_id'"
        url = urlsplit(one.get("url", ""))
        if not url.hostname or not (
            url.scheme == "https" or (url.scheme == "http" and loopback(url.hostname))
        ):
            yield f"'identity_providers': the 'url' of '{name}' starts with https://"
    if len(set(names)) < len(names):
        yield "'identity_providers': each 'name' stands there once"


def in_force(second_factor: str, base_url: str) -> str:
    """What holds: on a site that only this machine reaches, a second factor is offered and not required."""
    return "offered" if loopback(urlsplit(base_url).hostname or "") else second_factor
