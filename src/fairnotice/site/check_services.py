"""What `fairnotice check` says of the platforms in the settings: files that cannot be read, or that everybody
can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from fairnotice.cases.services import MASTODON, services


def problems() -> Iterator[tuple[bool, str, str]]:
    """(whether it is an error, what is wrong, how to mend it) for each."""
    for service in services():
        for name in ("secret_file", "token_file"):
            path: Path | None = getattr(service, name)
            if path is not None:
                yield from _file(path, f"'{name}' of the service '{service.name}'")
        if service.kind == MASTODON and service.token_file is None:
            yield (
                False,
                f"The Mastodon server '{service.name}' is not told what was decided: it has no 'token_file'.",
                "See docs/fediverse.md, or carry decisions out there by hand.",
            )
    for row in settings.FN_FLAG_SERVERS:
        if row.get("key_file"):
            yield from _key(settings.FN_DATA / row["key_file"], row["host"])
    if settings.FN_FLAG_SERVERS and not settings.FN_FLAG_INBOX:
        yield False, "'flag_servers' names servers, but 'flag_inbox' is false.", "Set 'flag_inbox' to true."


def evidence() -> Iterator[tuple[bool, str, str]]:
    """The virus check for files, and files that wait for it."""
    from fairnotice.cases.queries.evidence import without_check
    from fairnotice.plumbing import instream

    if settings.FN_CLAMD:
        try:
            instream.ping(instream.parse(settings.FN_CLAMD))
        except instream.Unreachable:
            waiting = without_check()
            yield (
                True,
                f"The virus check at '{settings.FN_CLAMD}' does not answer; {waiting} files wait for it.",
                "Start clamd, or set 'clamd' to where it listens. Files are looked at once it answers.",
            )


def _file(path: Path, what: str) -> Iterator[tuple[bool, str, str]]:
    try:
        mode, empty = path.stat().st_mode, not path.read_bytes().strip()
    except OSError as error:
        yield True, f"{path}, the {what}, cannot be read ({error.strerror}).", f"Put it at {path}."
        return
    if empty:
        yield True, f"{path}, the {what}, is empty.", "Write what the other side gave you into it."
    if mode & 0o077:
        yield True, f"Other users can read {path}, the {what}.", f"Run: chmod 0400 {path}"


def _key(path: Path, host: str) -> Iterator[tuple[bool, str, str]]:
    from fairnotice.intake.fediverse.keys import KeyUnknown, pinned

    try:
        pinned(path)
    except KeyUnknown:
        yield (
            True,
            f"{path} holds no public key (PEM) that can be used for '{host}'.",
            "Take it out of 'publicKeyPem' in the server's actor document.",
        )
