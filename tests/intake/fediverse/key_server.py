"""A server of the fediverse as far as its keys go: documents on loopback, and who asked for them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Away:
    """Paths -> what is answered: a document, or a status."""

    host: str = ""
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def key_id(self) -> str:
        return f"{self.url}/actor#main-key"

    def show(self, pem: str, **changes: Any) -> None:
        """The actor with this key."""
        key = {"id": self.key_id, "owner": f"{self.url}/actor", "publicKeyPem": pem, **changes}
        self.pages["/actor"] = {"id": f"{self.url}/actor", "type": "Application", "publicKey": key}


class _Handler(BaseHTTPRequestHandler):
    state: Away

    def do_GET(self) -> None:
        self.state.asked.append(self.path)
        page = self.state.pages.get(self.path, 404)
        self.send_response(page if isinstance(page, int) else 200)
        if page == 302:
            self.send_header("Location", f"{self.state.url}/actor-elsewhere")
        data = page if isinstance(page, bytes) else json.dumps(page).encode()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def running() -> Iterator[Away]:
    state = Away()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    server.daemon_threads = True
    state.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
