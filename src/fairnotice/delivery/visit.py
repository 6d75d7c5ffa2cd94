"""One visit to another server: no redirect followed, answers capped, one deadline for all of it. Whom to
visit is decided by the settings alone (`cases.peers`, `cases.services`, `cases.carrying_out`)."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
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

    @property
    def after(self) -> int:
        """Seconds that Retry-After asks for; 0: none."""
        return _seconds(self.headers.get("retry-after", ""))


def post(
    url: str, data: bytes, headers: Mapping[str, str], timeout: float, *, read_body: bool = True
) -> Answer:
    """`visit` with POST."""
    return visit("POST", url, headers=headers, data=data, timeout=timeout, read_body=read_body)


def visit(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    data: bytes | None = None,
    timeout: float = TIMEOUT,
    most: int = MAX_ANSWER_BYTES,
    read_body: bool = True,
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
        while read_body and (part := response.read1(_CHUNK, decode_content=False)):
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


def _seconds(text: str) -> int:
    """Retry-After (RFC 9110, 10.2.3) in seconds from now; 0 for none, the past, and what is neither a number
    nor a date."""
    text = text.strip()[:40]
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(int((when - datetime.now(UTC)).total_seconds()), 0)
