"""A small Mastodon server on loopback, with state: accounts, posts and reports that its admin API changes, so
that what was done there can be seen. Written after the public documentation of that API."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.intake.fediverse import payloads

TOKEN = "token-of-a-moderator"
_FLAGS = {"sensitive": "sensitized", "disable": "disabled", "silence": "silenced", "suspend": "suspended"}
_UNDO = {"unsensitive": "sensitized", "enable": "disabled", "unsilence": "silenced", "unsuspend": "suspended"}


@dataclass
class Mastodon:
    """What the server knows. `asked` is every request as "GET /path"; `broken` answers instead, while it
    holds anything: a status, or "stall", "forget" (says yes and does nothing)."""

    url: str = ""
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    broken: list[Any] = field(default_factory=list)
    # Whether it has the interface for single posts that some servers have.
    post_api: bool = True
    page: int = 40

    def add_report(self, number: str, posts: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
        """A report about "holder", whose posts live here."""
        self.accounts.setdefault("100200", payloads.account("holder", "100200"))
        for one in posts:
            place = f"{self.url}/@holder/{one}"
            self.posts.setdefault(one, payloads.post(one, url=place, uri=place))
        made = payloads.report(number, **changes)
        made["statuses"] = [self.posts[one] for one in posts]
        made["target_account"]["account"]["url"] = f"{self.url}/@holder"
        self.reports.append(made)
        return made

    def report(self, number: str) -> dict[str, Any]:
        return next(one for one in self.reports if one["id"] == number)

    def done(self) -> list[str]:
        """The requests that change something."""
        return [one for one in self.asked if one.startswith(("POST", "DELETE", "PUT"))]


class _Handler(BaseHTTPRequestHandler):
    state: Mastodon

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, *args: Any) -> None:
        pass

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        parts = urlsplit(self.path)
        self.state.asked.append(f"{method} {parts.path}")
        if method == "POST":
            self.state.sent.append(body)
        broken = self.state.broken.pop(0) if self.state.broken else None
        if broken == "stall":
            threading.Event().wait(3)
            return
        if isinstance(broken, int):
            self._say(broken, {"error": "holder@mail.example.org is none of your business"})
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._say(403, {"error": "This action is not allowed"})
        else:
            self._say(*self._found(method, parts.path, parse_qs(parts.query), body, broken == "forget"))

    def _found(self, method: str, path: str, query: Any, body: Any, forget: bool) -> tuple[Any, ...]:
        state = self.state
        if (method, path) == ("GET", "/api/v1/admin/reports"):
            return self._reports(query)
        if (method, path) == ("GET", "/api/v1/accounts/lookup"):
            named = [one["account"] for one in state.accounts.values() if one["username"] == query["acct"][0]]
            return (200, named[0]) if named else (404, {"error": "Record not found"})
        if found := re.fullmatch(r"/api/v1/admin/accounts/(\w+)(?:/(\w+))?", path):
            return self._account(method, found.group(1), found.group(2), body, forget)
        if found := re.fullmatch(r"/api/v1/admin/reports/(\w+)/(resolve|reopen)", path):
            wanted = [one for one in state.reports if one["id"] == found.group(1)]
            if not wanted:
                return 404, {"error": "Record not found"}
            if not forget:
                wanted[0]["action_taken"] = found.group(2) == "resolve"
            return 200, wanted[0]
        if found := re.fullmatch(r"/api/v1/statuses/(\w+)", path):
            post = state.posts.get(found.group(1))
            return (200, post) if post and method == "GET" else (404, {"error": "Record not found"})
        if found := re.fullmatch(r"/api/v1/admin/statuses/(\w+)(?:/(\w+))?", path):
            return self._post(method, found.group(1), found.group(2), body, forget)
        return 404, {"error": "The page you are looking for isn't here."}

    def _reports(self, query: Any) -> tuple[Any, ...]:
        """The oldest ones after `min_id`, listed newest first."""
        least = int(query.get("min_id", ["0"])[0])
        unresolved = [one for one in self.state.reports if not one["action_taken"] and int(one["id"]) > least]
        unresolved.sort(key=lambda one: int(one["id"]))
        shown = unresolved[: min(self.state.page, int(query["limit"][0]))][::-1]
        if not shown:
            return 200, []
        here = f"{self.state.url}/api/v1/admin/reports"
        link = f'<{here}?limit=2&max_id={shown[-1]["id"]}>; rel="next", <{here}?min_id={shown[0]["id"]}>; rel="prev"'
        return 200, shown, link

    def _account(
        self, method: str, number: str, verb: str | None, body: Any, forget: bool
    ) -> tuple[Any, ...]:
        account = self.state.accounts.get(number)
        if account is None:
            return 404, {"error": "Record not found"}
        if method == "GET" and verb is None:
            return 200, account
        if verb == "action":
            if body.get("type") not in _FLAGS:
                return 422, {"error": "Record invalid"}
            if not forget:
                account[_FLAGS[body["type"]]] = True
                for report in self.state.reports:
                    report["action_taken"] = True
            return 200, {}
        if verb in _UNDO and not forget:
            account[_UNDO[verb]] = False
        return 200, account

    def _post(self, method: str, number: str, verb: str | None, body: Any, forget: bool) -> tuple[Any, ...]:
        post = self.state.posts.get(number)
        if post is None or not self.state.post_api:
            return 404, {"error": "Record not found"}
        if verb == "action" and not forget:
            if body.get("type") == "delete":
                del self.state.posts[number]
            else:
                post["sensitive"] = True
        if verb == "unsensitive" and not forget:
            post["sensitive"] = False
        return 200, post

    def _say(self, status: int, value: Any, link: str = "") -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running() -> Iterator[Mastodon]:
    """A server for the length of the block."""
    state = Mastodon()
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
