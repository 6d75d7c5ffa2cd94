"""A database of statements at the end of a loopback connection: it keeps the documented rules, statuses and limits,
and misbehaves when a test says so.

Rules of a statement are asked of the same table that the program has (its own tests hold that to the schema); what
is only here is the API around them: tokens, calls that are stored whole or not at all, identifiers that are used
once, limits by the second and the minute, and the answer "302 Found" for a known identifier.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fairnotice.transparencydb.check import check_many

PER_SECOND, PER_MINUTE = 200, 12_000
#: What it can do with the next request in the place of its duty.
MOODS = (
    "drop-before", "drop-after", "500-before", "500-after", "garbage", "other-count", "slow-after", "401", "403",
    "429", "redirect", "proxy-404", "unkeyed-422", "html",
    "413",
)  # fmt: skip


@dataclass
class Database:
    """What is stored, and how it behaves next. `clock` gives seconds; limits are counted by it."""

    url: str = ""
    token: str = "12|a-secret"
    clock: Callable[[], float] = time.monotonic
    per_second: int = PER_SECOND
    per_minute: int = PER_MINUTE
    retry_after: int | str = 7
    slow: float = 1.0
    shows_puid: bool = True
    moods: deque[str] = field(default_factory=deque)
    stored: list[dict[str, Any]] = field(default_factory=list)
    calls: list[list[dict[str, Any]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    begun: deque[float] = field(default_factory=deque)
    guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def puids(self) -> list[str]:
        """The identifiers that are stored, in order."""
        return [str(one["puid"]) for one in self.stored]

    def over(self) -> bool:
        """Whether this request is one too many."""
        now = self.clock()
        with self.guard:
            while self.begun and self.begun[0] <= now - 60:
                self.begun.popleft()
            second = sum(at > now - 1 for at in self.begun)
            if len(self.begun) >= self.per_minute or second >= self.per_second:
                return True
            self.begun.append(now)
            return False

    def store(self, call: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        """All of them or none."""
        with self.guard:
            self.calls.append(call)
            errors: dict[str, Any] = {
                key: _by_field(faults) for key, faults in _database_faults(call).items() if faults
            }
            if errors:
                return 422, {"message": "The given data was invalid.", "errors": errors}
            twice = [one["puid"] for one in call if one["puid"] in self.puids]
            if twice or len({one["puid"] for one in call}) < len(call):
                said = "The platform identifier(s) are not all unique within this call."
                return 422, {"message": said, "errors": {"puid": [said], "existing_puids": twice}}
            made = [{**one, "uuid": str(uuid.uuid4())} for one in call]
            self.stored += made
            shown = made if self.shows_puid else [_without(one, "puid") for one in made]
            return 201, {"statements": shown}


def _without(one: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key != name}


def _database_faults(call: list[dict[str, Any]]) -> dict[str, list[Any]]:
    found = check_many(call)
    return {key: [fault for fault in faults if fault.level == "database"] for key, faults in found.items()}


def _by_field(faults: list[Any]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for fault in faults:
        said.setdefault(fault.field, []).append(fault.message)
    return said


class Handler(BaseHTTPRequestHandler):
    """One request."""

    state: Database

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        mood = self._begin()
        if mood is None:
            return
        if self.path != "/api/v1/statements":
            self._say(404, {"message": "Not Found"})
            return
        status, answer = self.state.store(json.loads(body)["statements"])
        if mood == "drop-after":
            self.close_connection = True
            self.connection.close()
        elif mood == "500-after":
            self._say(500, {"message": "Server Error"})
        elif mood == "garbage":
            self._raw(status, b'{"statements": [{"uuid": "no')
        elif mood == "other-count":
            self._say(status, {"statements": answer.get("statements", [])[:-1]})
        elif mood == "html":
            self._raw(200, b"<html>Welcome to the network</html>")
        elif mood == "slow-after":
            time.sleep(self.state.slow)
            self._say(status, answer)
        else:
            self._say(status, answer)

    def do_GET(self) -> None:
        mood = self._begin()
        if mood is None:
            return
        puid = self.path.rpartition("/")[2]
        if mood == "html":
            self._raw(200, b"<html>Welcome to the network</html>")
        elif puid in self.state.puids:
            self._say(
                302, {"message": "statement of reason found", "puid": puid}, Location="https://example.org/x"
            )
        else:
            self._say(404, {"message": "statement of reason not found", "puid": puid})

    def _begin(self) -> str | None:
        """The mood of this request; None where it is answered already."""
        self.state.asked.append(f"{self.command} {self.path}")
        if self.headers.get("Authorization") != f"Bearer {self.state.token}":
            self._say(401, {"message": "Unauthenticated."})
            return None
        mood = self.state.moods.popleft() if self.state.moods else ""
        if mood == "429" or self.state.over():
            self._say(429, {"message": "Too Many Attempts."}, **{"Retry-After": str(self.state.retry_after)})
            return None
        if mood == "drop-before":
            self.close_connection = True
            self.connection.close()
            return None
        answers: dict[str, tuple[int, bytes]] = {
            "401": (401, b'{"message": "Unauthenticated."}'),
            "403": (403, b'{"message": "This action is unauthorized."}'),
            "500-before": (500, b'{"message": "Server Error"}'),
            "proxy-404": (404, b"<html>no such page</html>"),
            "413": (413, b"<html>Request Entity Too Large</html>"),
            "unkeyed-422": (422, b'{"message": "The given data was invalid.", "errors": "?"}'),
        }
        if mood == "redirect":
            self._raw(302, b"<html>moved</html>", Location=f"{self.state.url}/elsewhere")
            return None
        if mood in answers:
            self._raw(*answers[mood])
            return None
        return mood

    def _say(self, status: int, body: object, **headers: str) -> None:
        self._raw(status, json.dumps(body).encode(), **headers)

    def _raw(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def database(**changes: Any) -> Iterator[Database]:
    """A database on a free port while the block runs."""
    state = Database(**changes)
    handler = type("OneHandler", (Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    state.url = f"http://127.0.0.1:{server.server_port}/api/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
