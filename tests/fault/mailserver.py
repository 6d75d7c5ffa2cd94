"""A real SMTP server that keeps what it took."""

from __future__ import annotations

import contextlib
import email
import threading
from collections.abc import Iterator
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from tests.site.served import free_port


class Post:
    """What the server took, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: list[tuple[list[str], Message]] = []
        # Answers given instead of taking a letter, one after the other.
        self.refusals: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        with self._lock:
            if self.refusals:
                return self.refusals.pop(0)
            self._taken.append((list(envelope.rcpt_tos), email.message_from_bytes(envelope.content)))
        return "250 taken"

    def taken(self) -> list[tuple[list[str], Message]]:
        """A copy of all that came."""
        with self._lock:
            return list(self._taken)


@contextlib.contextmanager
def post_office() -> Iterator[tuple[int, Post]]:
    """A server on loopback for the length of the block: its port and what it takes."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port, post
    finally:
        controller.stop()
