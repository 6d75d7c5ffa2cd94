"""Somebody at another address with a browser that keeps cookies and says much about itself, for tests."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Visitor:
    """Talks to a server on this machine from a loopback address of its own; `headers` go with each request."""

    port: int
    address: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own; no redirect is followed."""
        link = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(self.address, 0)
        )
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            link.request(method, path, body, given)
            answer = link.getresponse()
            got = Answer(answer.status, answer.headers, answer.read())
        finally:
            link.close()
        for line in got.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return got

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, fields: dict[str, Any] | None = None) -> Answer:
        """A form with its token against forged requests, taken from the sign-in page where there is none."""
        if "csrftoken" not in self.cookies:
            self.get("/status/")
        sent = {"csrfmiddlewaretoken": self.cookies["csrftoken"], **(fields or {})}
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", path, urlencode(sent, doseq=True).encode(), Content_Type=kind)

    def post_json(self, path: str, value: Any, **headers: str) -> Answer:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.send("POST", path, body, Content_Type="application/json", **headers)
