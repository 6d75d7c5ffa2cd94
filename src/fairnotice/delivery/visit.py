"""One visit to another server: no redirect followed, answers capped, one deadline for all of it. Whom to
visit is decided by the settings alone (`cases.peers`, `cases.carrying_out`)."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from fairnotice.cases.peers import safe_url
from fairnotice.delivery.ports import SendFailed

MAX_ANSWER_BYTES = 64 * 1024
_CHUNK = 16 * 1024


@dataclass(frozen=True)
class Answer:
    """Status, body (b"" where it was not wanted), and the seconds that Retry-After asks for (0: none)."""

    status: int
    body: bytes
    after: int


def post(
    url: str, data: bytes, headers: Mapping[str, str], timeout: float, *, read_body: bool = True
) -> Answer:
    """Post `data`; `timeout` is for the whole visit, in seconds. Raises SendFailed: "misconfigured" for an
    address that is not https (http on this machine alone) or a certificate that does not fit, "deferred" for
    an endless answer, "timeout", "unreachable"."""
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
    deadline = time.monotonic() + timeout
    late: threading.Timer | None = None
    try:
        link.connect()
        # A server that sends a byte now and then stays below every single timeout: this ends the whole.
        late = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [link.sock])
        late.daemon = True
        late.start()
        link.request("POST", parts.path or "/", body=data, headers=headers, preload_content=False)
        response = link.getresponse()
        found = bytearray()
        while read_body and (part := response.read1(_CHUNK, decode_content=False)):
            found += part
            if len(found) > MAX_ANSWER_BYTES:
                raise SendFailed("deferred")
            if time.monotonic() >= deadline:
                raise TimeoutError
        return Answer(response.status, bytes(found), _seconds(response.headers.get("Retry-After", "")))
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
