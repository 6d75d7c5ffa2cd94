"""What can be wrong in the settings about other platforms, said so that it can be mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fairnotice.site.config_urls import safe

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HOST = re.compile(r"[a-z0-9.-]{1,253}(?::[0-9]{1,5})?")
_TEXTS = ("name", "kind", "url", "secret_file", "token_file")
_TABLES = ("problems", "actions")
_SWITCHES = ("pull", "post_api")
_OF_MASTODON = ("token_file", "actions", *_SWITCHES)
_KINDS = ("mastodon", "discourse")
_ACTIONS = ("sensitive", "disable", "silence", "suspend")


def faults(services: list[dict[str, Any]], flag_servers: list[dict[str, str]]) -> Iterator[str]:
    """Every fault of `services` and `flag_servers`, as a sentence without the file's name."""
    seen: set[str] = set()
    for row in services:
        found = list(_service(row)) if isinstance(row, dict) else ["a line is written in braces"]
        yield from (f"'services': {fault}" for fault in found)
        if not found and row["name"] in seen:
            yield f"'services': two have the name '{row['name']}'"
        seen.add(str(row.get("name")) if isinstance(row, dict) else "")
    for row in flag_servers:
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            yield "'flag_servers': a line is written as { host = \"social.example.org\" }"
        elif not _HOST.fullmatch(row.get("host", "")) or set(row) - {"host", "key_file"}:
            yield (
                "'flag_servers': a line has a 'host', in small letters and without https://, and may have a "
                "'key_file'"
            )


def _service(row: dict[str, Any]) -> Iterator[str]:
    known = (*_TEXTS, *_TABLES, *_SWITCHES)
    if unknown := sorted(set(row) - set(known)):
        yield f"there is no '{unknown[0]}'. A line has: {', '.join(known)}"
        return
    for name in (*_TEXTS, *_TABLES, *_SWITCHES):
        wanted = str if name in _TEXTS else dict if name in _TABLES else bool
        if name in row and not isinstance(row[name], wanted):
            yield f"'{name}' is {_words(wanted)}"
            return
    if not _NAME.fullmatch(row.get("name", "")):
        yield "each has a 'name' of at most 40 small letters, digits, and hyphens; it stands in an address"
    if row.get("kind") not in _KINDS:
        yield f"'kind' is one of: {', '.join(_KINDS)}"
    if not safe(row.get("url", "")):
        yield "'url' is an https address without a question mark (http on this machine alone)"
    if row.get("kind") == "discourse" and (extra := [name for name in _OF_MASTODON if name in row]):
        yield f"'{extra[0]}' is for Mastodon alone"
    if not row.get("secret_file") and not row.get("token_file"):
        yield "each has a 'secret_file' (its webhook), a 'token_file' (its admin API), or both"
    yield from _tables(row)


def _tables(row: dict[str, Any]) -> Iterator[str]:
    from fairnotice.law.measures import MEASURES, NO_ACTION
    from fairnotice.law.problems import PROBLEM_BY_SLUG

    for theirs, ours in row.get("problems", {}).items():
        if ours not in PROBLEM_BY_SLUG:
            yield f"'problems': '{theirs}' is one of: {', '.join(PROBLEM_BY_SLUG)}"
    for measure, action in row.get("actions", {}).items():
        family = MEASURES[measure].family if measure in MEASURES and measure != NO_ACTION else ""
        if family not in ("account", "provision"):
            # A measure about a post must never fall on an account.
            yield f"'actions': '{measure}' is no measure about an account or a service"
        elif action not in _ACTIONS:
            yield f"'actions': '{measure}' is one of: {', '.join(_ACTIONS)}"


def _words(kind: type) -> str:
    return {str: "a text", dict: 'a table in braces, as { spam = "scam" }', bool: "true or false"}[kind]
