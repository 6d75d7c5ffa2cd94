"""HTTP to one witness: one deadline, capped answers, no redirects, TLS unless it is on this machine."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from fairnotice.translog.witness.errors import WitnessError

MAX_ANSWER_BYTES = 256 * 1024  # a checkpoint with 16 post-quantum signatures has about 56 KiB
_CHUNK = 16 * 1024


class Failed(Exception):
    """No whole answer; the message is a few words."""


@dataclass(frozen=True)
class Reply:
    """Status, media type without parameters in lower case, whole body."""

    status: int
    media_type: str
    body: bytes


def check_url(url: str) -> SplitResult:
    """An https address, or http on this machine, without user, query and fragment.

    Raises :class:`WitnessError`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise WitnessError("the witness's address is malformed") from None
    if any(not 0x21 <= ord(char) <= 0x7E for char in url):
        raise WitnessError("the witness's address holds a space or another character that has no place there")
    if not host or "@" in parts.netloc or "?" in url or "#" in url:
        raise WitnessError("the witness's address must be a host and a path, and nothing else")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise WitnessError("the witness's address must begin with https:// (http:// only on this machine)")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Visit:
    """Some requests to one address, until ``deadline`` (of ``time.monotonic``)."""

    def __init__(self, url: str, deadline: float) -> None:
        parts = check_url(url)
        self._deadline = deadline
        self._path = parts.path.rstrip("/")
        self._gone = threading.Event()
        host = parts.hostname or ""
        self._link: HTTPConnection
        if parts.scheme == "https":
            self._link = HTTPSConnection(host, parts.port or 443, ssl_context=ssl.create_default_context())
        else:
            self._link = HTTPConnection(host, parts.port or 80)

    def request(self, method: str, path: str, body: bytes | None = None) -> Reply:
        """Raises :class:`Failed`."""
        headers = {"Content-Type": "text/plain; charset=utf-8"} if body is not None else {}
        headers |= {"User-Agent": "fairnotice-translog", "Accept-Encoding": "identity"}
        try:
            self._link.timeout = self._left()
            if self._link.sock is not None:
                self._link.sock.settimeout(self._left())
            self._link.request(method, self._path + path, body=body, headers=headers, preload_content=False)
            response = self._link.getresponse()
            # urllib3 follows nothing by itself here: a redirect is an answer like any other.
            data = bytearray()
            while part := response.read1(_CHUNK, decode_content=False):
                data += part
                if len(data) > MAX_ANSWER_BYTES:
                    raise Failed(f"its answer is longer than {MAX_ANSWER_BYTES} bytes")
                self._left()
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Reply(response.status, kind, bytes(data))
        except TimeoutError:
            raise Failed("no answer in time") from None
        except ssl.SSLError:
            raise Failed("its TLS certificate does not hold") from None
        except (OSError, HTTPError, ValueError) as fault:
            if self._gone.is_set():
                raise Failed("no answer in time") from None
            raise Failed(_words(fault)) from None

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0 or self._gone.is_set():
            raise TimeoutError
        return left

    def abort(self) -> None:
        """From another thread: wake the one that waits for the witness."""
        self._gone.set()
        sock = self._link.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                # The plain socket's: an SSL socket's own would pull its state from under the reader.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._link.close()


def _words(fault: Exception) -> str:
    if isinstance(fault, ConnectionRefusedError) or "refused" in str(fault):
        return "it does not take connections"
    return f"the connection failed ({type(fault).__name__})"
