"""Another service at the end of a loopback connection, which answers as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


@dataclass
class Asked:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Listening:
    """The server, what it was asked, and how it answers next."""

    url: str
    answer: Answer
    asked: list[Asked] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    state: Listening

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.state.asked.append(Asked(self.path, dict(self.headers), json.loads(self.rfile.read(length))))
        self.state.answer(self)

    def do_GET(self) -> None:
        self.state.asked.append(Asked(self.path, dict(self.headers), None))
        self.reply(200, b"{}")

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def says(status: int, body: bytes = b"{}", **headers: str) -> Answer:
    """An answer with this status."""
    return lambda handler: handler.reply(status, body, **headers)


@contextmanager
def listening(answer: Answer) -> Iterator[Listening]:
    """A server on a free port while the block runs."""
    handler = type("OneHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    state = Listening(f"http://127.0.0.1:{server.server_port}/api/v1", answer)
    handler.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
