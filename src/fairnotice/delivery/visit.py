"""One request to another server that the settings name: no redirect is followed, the answer is capped, and
one deadline covers the whole visit."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from fairnotice import __version__
from fairnotice.cases.peers import safe_url
from fairnotice.delivery.ports import SendFailed

TIMEOUT = 30.0
MAX_ANSWER_BYTES = 64 * 1024
USER_AGENT = f"FairNotice/{__version__}"
_CHUNK = 16 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The JSON value of the body, None where it holds none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def visit(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    data: bytes | None = None,
    timeout: float = TIMEOUT,
    most: int = MAX_ANSWER_BYTES,
) -> Answer:
    """Ask once, within `timeout` seconds. The caller answers for the address: it lies under one of the
    settings. Raises SendFailed with a code of the outbox; never for a status."""
    parts = safe_url(url)
    if parts is None:
        raise SendFailed("misconfigured")
    host = parts.hostname or ""
    link: HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        link = HTTPSConnection(host, parts.port or 443, ssl_context=context, timeout=timeout)
    else:
        link = HTTPConnection(host, parts.port or 80, timeout=timeout)
    target = (parts.path or "/") + (f"?{urlencode(query)}" if query else "")
    sent = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT, **headers}
    deadline = time.monotonic() + timeout
    late: threading.Timer | None = None
    try:
        link.connect()
        # A server that sends a byte now and then stays below every single timeout: this ends the whole.
        late = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [link.sock])
        late.daemon = True
        late.start()
        link.request(method, target, body=data, headers=sent, preload_content=False)
        response = link.getresponse()
        found = bytearray()
        while part := response.read1(_CHUNK, decode_content=False):
            found += part
            if len(found) > most:
                raise SendFailed("deferred")
            if time.monotonic() >= deadline:
                raise TimeoutError
        named = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, named, bytes(found))
    except TimeoutError:
        raise SendFailed("timeout") from None
    except ssl.SSLError:
        raise SendFailed("misconfigured") from None
    except (OSError, HTTPError, ValueError) as fault:
        if "timed out" in str(fault) or time.monotonic() >= deadline:
            raise SendFailed("timeout") from None
        raise SendFailed("unreachable") from None
    finally:
        if late is not None:
            late.cancel()
        link.close()


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # The plain socket's: an SSL socket's own would pull its state from under the reader.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
