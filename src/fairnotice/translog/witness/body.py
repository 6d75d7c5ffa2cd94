"""Takes in the body of a submission: its length is known beforehand, and it has a time by which it is whole.

A sender who stalls would otherwise hold a thread of the server for as long as he likes.
"""

from __future__ import annotations

import re
import threading
from typing import Any

from fairnotice.translog.witness.rules import MAX_BODY_BYTES, Rejected

SECONDS = 20.0
AT_ONCE = 48  # fewer than the server's threads, so that the last checkpoints can be read meanwhile
_CHUNK = 65536
_LENGTH = re.compile(r"[0-9]{1,18}")
_places = threading.BoundedSemaphore(AT_ONCE)


def take(environ: dict[str, Any]) -> bytes:
    """The whole body. Raises :class:`Rejected` with 400, 408, 411, 413 or 503; then nothing is read on."""
    given = environ.get("CONTENT_LENGTH") or ""
    if not given:
        raise Rejected(411, "The request does not say how long its body is (Content-Length).")
    if not _LENGTH.fullmatch(given):
        raise Rejected(400, "The length of the body is not a number.")
    length = int(given)
    if length > MAX_BODY_BYTES:
        raise Rejected(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
    if not _places.acquire(blocking=False):
        raise Rejected(503, "Too many are sending just now. Please try again.")
    try:
        body = _read(environ["wsgi.input"], length)
    finally:
        _places.release()
    if len(body) < length:
        raise Rejected(400, "The request broke off before its end.")
    return body


def _read(stream: Any, length: int) -> bytes:
    parts: list[bytes] = []
    done = threading.Event()

    def fetch() -> None:
        missing = length
        try:
            while missing > 0:
                part = stream.read(min(missing, _CHUNK))
                if not part:
                    break
                parts.append(part)
                missing -= len(part)
        except Exception:
            # The sender went away; what is missing says so.
            parts.clear()
        finally:
            done.set()

    # A read cannot be broken off, so a thread of its own waits for it; once the answer is out, the server
    # ends the read and with it that thread.
    threading.Thread(target=fetch, name="body", daemon=True).start()
    if not done.wait(SECONDS):
        raise Rejected(408, "The request took too long to arrive.")
    return b"".join(parts)
