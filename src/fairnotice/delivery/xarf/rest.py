"""A report, or the answer to one, posted to another service: to configured peers alone, no redirect followed,
answers capped, one deadline."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from fairnotice import __version__
from fairnotice.cases.peers import Peer, peer_for, safe_url
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.xarf import extension

TIMEOUT = 30.0
MAX_ANSWER_BYTES = 64 * 1024
_CHUNK = 16 * 1024
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")


@dataclass(frozen=True)
class Reply:
    """Status and the JSON object of the answer; {} where it held none."""

    status: int
    body: dict[str, Any]


class RestPort:
    """Posts JSON to a peer. `timeout` is for the whole of one visit, in seconds."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout

    def post(self, report: Mapping[str, Any], peer: Peer) -> Reply:
        """Send a report to the peer's `/forwards`. Its forward reference is the idempotency key: a retry is
        one notice there. Raises SendFailed with a code of the outbox."""
        reference = str(report[extension.NAME]["forward"])
        return self.post_json(f"{peer.url}/forwards", report, {"Idempotency-Key": f"forward-{reference}"})

    def post_json(
        self,
        url: str,
        body: Mapping[str, Any],
        headers: Mapping[str, str],
        *,
        later: frozenset[int] = frozenset(),
    ) -> Reply:
        """Send any JSON to an address under a peer's. `later`: statuses that are no last word here. Raises
        SendFailed: "misconfigured" where no peer has it, its token cannot be read or is not taken, "refused"
        (final) where it says no for good."""
        peer = peer_for(url)
        if peer is None:
            raise SendFailed("misconfigured")
        try:
            token = peer.token()
        except (OSError, UnicodeDecodeError):
            raise SendFailed("misconfigured") from None
        if not _TOKEN.fullmatch(token):
            raise SendFailed("misconfigured")
        reply = _visit(
            url,
            json.dumps(body, ensure_ascii=False).encode(),
            {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"FairNotice/{__version__}",
                **headers,
            },
            self.timeout,
        )
        return _judged(reply, later)


def _judged(reply: Reply, later: frozenset[int]) -> Reply:
    """By RFC 9110, 15: 2xx is done; what the other side may mend, or we can, is tried again."""
    status = reply.status
    if 200 <= status < 300:
        return reply
    if status in (408, 425, 429) or status >= 500 or status in later:
        raise SendFailed("deferred")
    if status in (401, 403, 404, 405) or status < 400:
        # A token that is not taken, an address that is not there, a redirect: for our operator to mend.
        raise SendFailed("misconfigured")
    raise SendFailed("refused", final=True)


def _visit(url: str, data: bytes, headers: dict[str, str], timeout: float) -> Reply:
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
        # A peer that sends a byte now and then stays below every single timeout: this ends the whole.
        late = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [link.sock])
        late.daemon = True
        late.start()
        link.request("POST", parts.path or "/", body=data, headers=headers, preload_content=False)
        response = link.getresponse()
        found = bytearray()
        while part := response.read1(_CHUNK, decode_content=False):
            found += part
            if len(found) > MAX_ANSWER_BYTES:
                raise SendFailed("deferred")
            if time.monotonic() >= deadline:
                raise TimeoutError
        return Reply(response.status, _object(bytes(found)))
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


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
