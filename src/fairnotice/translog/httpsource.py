"""A log read over HTTP, from a server that may be slow, broken or hostile.

Every answer is bounded in bytes (before and after decompression) and in time; nothing leads to another
server; a server that asks for patience gets some.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from fairnotice.translog.encoding import printable
from fairnotice.translog.notes import MAX_NOTE_BYTES
from fairnotice.translog.publish import CHECKPOINT
from fairnotice.translog.sources import BadAnswer, TileMissing, Unreachable, longest
from fairnotice.translog.tilepaths import Tile

_TRIES = 5
_FIRST_PAUSE = 0.5  # seconds, doubled each time
_LONGEST_PAUSE = 60.0  # what a server may ask for with Retry-After
_REDIRECTS = 3
_CHUNK = 65536
_MISSING = (404, 410)


class _Again(Exception):
    """Worth another try, after ``pause`` seconds where the server said how many."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class _Bounded:
    """A connection whose wait for the head of an answer ends.

    The time limit of a socket begins anew with every byte: a server that sends one now and then would hold
    us for ever.
    """

    patience = 60.0
    sock: socket.socket | None

    def _hang_up(self) -> None:
        if self.sock is not None:
            try:
                # The plain socket's method: an SSL socket's own would pull its state from under the reader.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                pass  # it is closed already

    def getresponse(self) -> urllib3.response.HTTPResponse:
        timer = threading.Timer(self.patience, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            response: urllib3.response.HTTPResponse = super().getresponse()  # type: ignore[misc]
            return response
        finally:
            timer.cancel()


class _PlainConnection(_Bounded, HTTPConnection):  # type: ignore[misc]
    pass


class _SecureConnection(_Bounded, HTTPSConnection):  # type: ignore[misc]
    pass


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _retry_after(value: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (RFC 9110 section 10.2.3), or None."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class _Body:
    """Collects an answer's bytes, unpacked where they are compressed, up to ``most``."""

    def __init__(self, where: str, most: int, coding: str) -> None:
        self.where = where
        self.most = most
        self.data = bytearray()
        self.raw = 0
        self._unpack = None
        if coding == "gzip":
            self._unpack = zlib.decompressobj(wbits=31)
        elif coding not in ("", "identity"):
            raise BadAnswer(f"{where} comes in an encoding that nobody asked for: {printable(coding[:40])}")

    def add(self, chunk: bytes) -> None:
        self.raw += len(chunk)
        if self._unpack is not None:
            if self._unpack.eof:
                raise BadAnswer(f"{self.where} goes on after its compressed data", bytes(self.data))
            try:
                chunk = self._unpack.decompress(chunk, self.most + 1 - len(self.data))
            except zlib.error:
                raise BadAnswer(f"{self.where} is not sound gzip data", bytes(self.data)) from None
        self.data += chunk
        # A compressed answer is bounded too: it must not trickle on without ever giving a byte.
        if len(self.data) > self.most or self.raw > self.most + _CHUNK:
            raise BadAnswer(f"{self.where} is longer than {self.most} bytes", bytes(self.data))

    def whole(self) -> bytes:
        if self._unpack is not None and (not self._unpack.eof or self._unpack.unused_data):
            raise BadAnswer(f"{self.where} is not sound gzip data", bytes(self.data))
        return bytes(self.data)


class HttpSource:
    """A log under an address such as ``https://log.example.org/2026``.

    ``timeout`` is how long a silence may last and ``patience`` how long one answer may take, in seconds.
    Raises ``ValueError`` for an address that is not ``https``, or ``http`` on this machine.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 30.0,
        patience: float = 60.0,
        tries: int = _TRIES,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        shown = printable(url)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError(f"{shown} is not an address") from None
        if not host or not url.isascii() or not url.isprintable() or " " in url:
            raise ValueError(f"{shown} is not an address")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError(f"{shown}: a log's address has no user, question mark or hash sign")
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
            raise ValueError(f"{shown}: a log is read by https (or by http from this machine)")
        self.name = url.rstrip("/")
        self._root = (parts.scheme, host, port or {"https": 443, "http": 80}[parts.scheme])
        self._tries, self._sleep, self._patience = tries, sleep, patience
        waits = urllib3.Timeout(connect=min(timeout, 10.0), read=timeout)
        pool: urllib3.HTTPConnectionPool
        bounds = {"patience": patience}
        if parts.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                host, port, timeout=waits, maxsize=8, retries=False, cert_reqs="CERT_REQUIRED"
            )
            pool.ConnectionCls = type("_Connection", (_SecureConnection,), bounds)
        else:
            pool = urllib3.HTTPConnectionPool(host, port, timeout=waits, maxsize=8, retries=False)
            pool.ConnectionCls = type("_Connection", (_PlainConnection,), bounds)
        self._pool = pool

    def checkpoint(self) -> bytes | None:
        """See :class:`~fairnotice.translog.sources.TileSource`. Raises :class:`Unreachable`."""
        return self._get(CHECKPOINT, MAX_NOTE_BYTES)

    def tile(self, tile: Tile) -> bytes:
        """See :class:`~fairnotice.translog.sources.TileSource`. Raises :class:`Unreachable`."""
        data = self._get(tile.path, longest(tile))
        if data is None:
            raise TileMissing(f"{tile.path} is missing")
        return data

    def _get(self, path: str, most: int) -> bytes | None:
        where = f"{self.name}/{path}"
        pause = _FIRST_PAUSE
        for attempt in range(1, self._tries + 1):
            try:
                return self._follow(where, path, most)
            except _Again as fault:
                wait = pause if fault.pause is None else fault.pause
                if wait > _LONGEST_PAUSE:
                    raise Unreachable(where, f"{fault}, and asks for {int(wait)} seconds of rest") from None
                if attempt == self._tries:
                    raise Unreachable(where, f"{fault} ({attempt} tries)") from None
            self._sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)
        raise Unreachable(where, "it was not even tried")

    def _follow(self, where: str, path: str, most: int) -> bytes | None:
        target = where
        for _ in range(_REDIRECTS + 1):
            answer = self._once(target, path, most)
            if not isinstance(answer, str):
                return answer[0]
            following = urljoin(target, answer)
            try:
                parts = urlsplit(following)
                root = (parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}[parts.scheme])
            except (ValueError, KeyError):
                root = ("", None, 0)
            if root != self._root:
                raise Unreachable(where, "it sends us to another server, where we do not follow")
            target = following
        raise Unreachable(where, "it sends us around in a circle")

    def _once(self, target: str, path: str, most: int) -> str | tuple[bytes | None]:
        """One exchange: the file in a tuple (None: there is no such file), or where it is said to be."""
        parts = urlsplit(target)
        end = time.monotonic() + self._patience
        response = None
        try:
            response = self._pool.request(
                "GET",
                parts.path + (f"?{parts.query}" if parts.query else ""),
                headers={"User-Agent": "fairnotice-translog", "Accept-Encoding": "gzip"},
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            status = response.status
            if status in _MISSING:
                return (None,)
            if status in (301, 302, 303, 307, 308) and "location" in response.headers:
                return response.headers["location"]
            if status == 429 or status >= 500:
                pause = _retry_after(response.headers.get("retry-after"))
                raise _Again(f"the server answers with status {status}", pause)
            if status != 200:
                raise Unreachable(target, f"the server answers with status {status}")
            body = _Body(path, most, response.headers.get("content-encoding", "").strip().lower())
            while chunk := response.read1(_CHUNK, decode_content=False):
                body.add(chunk)
                if time.monotonic() > end:
                    raise _Again(f"the answer takes longer than {self._patience:.0f} seconds")
            result = (body.whole(),)
            response.release_conn()
            response = None
            return result
        except (urllib3.exceptions.HTTPError, OSError) as fault:
            if isinstance(fault, Unreachable):
                raise
            if "CERTIFICATE_VERIFY_FAILED" in str(fault):  # asking again would change nothing
                raise Unreachable(target, "the server's certificate is not one to be trusted") from None
            raise _Again(_reason(fault)) from None
        finally:
            if response is not None:  # what was not read to its end cannot be used for the next question
                response.close()


def _reason(fault: Exception) -> str:
    if isinstance(fault, urllib3.exceptions.NameResolutionError):
        return "there is no such server"
    if isinstance(fault, urllib3.exceptions.NewConnectionError):
        return "there is no connection to the server"
    if isinstance(fault, urllib3.exceptions.TimeoutError | TimeoutError):
        return "the server does not answer in time"
    return "the connection broke off"
