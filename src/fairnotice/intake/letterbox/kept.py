"""A letter as it comes in, piece by piece, in bounded memory, and the one place that stores it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Received

#: How null return paths are written by those who hand a letter over (RFC 5321, 4.5.5; Postfix pipe(8)).
NOBODY = frozenset({"", "<>", "mailer-daemon"})


class Letter:
    """The first `receive.MAX_KEPT` bytes of what came, and length and SHA-256 of all of it."""

    def __init__(self) -> None:
        self.size = 0
        self._kept = bytearray()
        self._hash = hashlib.sha256()

    def add(self, piece: bytes) -> None:
        """The next piece."""
        self.size += len(piece)
        self._hash.update(piece)
        room = receive.MAX_KEPT - len(self._kept)
        if room > 0:
            self._kept += piece[:room]

    @property
    def sha256(self) -> bytes:
        """Of all that came."""
        return self._hash.digest()

    def store(self, envelope: dict[str, Any] | None = None) -> tuple[Received, bool]:
        """Keep it durably; returns it and whether it was here already. Empties this letter's memory: it is
        stored once. Raises what the database raises; then nothing is stored."""
        raw = bytes(self._kept)
        self._kept.clear()
        all_of_it = receive.AllOfIt(self.size, self.sha256)
        return receive.receive(door="mail", raw=raw, all_of_it=all_of_it, envelope=envelope)


def envelope(sender: str | None, recipients: Iterable[str]) -> dict[str, Any]:
    """What a mail server says beside the letter: "from" is "" where nobody is to be answered, and missing
    where the server did not say."""
    said: dict[str, Any] = {}
    if sender is not None:
        plain = _plain(sender)
        said["from"] = "" if plain.lower() in NOBODY else plain
    to = [_plain(one) for one in recipients]
    if any(to):
        said["to"] = [one for one in to if one]
    return said


def _plain(address: str) -> str:
    """Without brackets, and storable: bytes that are no UTF-8 come as lone surrogates."""
    readable = address.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    return readable[1:-1] if readable.startswith("<") and readable.endswith(">") else readable
