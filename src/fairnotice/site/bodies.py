"""Takes in the body of a request before any page works on it.

The web server reads a body in the thread that answers, and waits for it without end: a handful of senders
that stall would hold all threads and so everybody's pages. Here a body has a time by which it is whole, and
only some of the threads may wait for one, so that pages are answered meanwhile.
"""

from __future__ import annotations

import io
import threading
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS = 60.0
AT_ONCE = 48
#: Where more may come in than elsewhere, in bytes, and how many of these may come in at once.
LARGE = {"/api/v1/reports": 16_000_000}
LARGE_AT_ONCE = 4
_CHUNK = 65536
_places = threading.BoundedSemaphore(AT_ONCE)
_large = threading.BoundedSemaphore(LARGE_AT_ONCE)


class Refused(Exception):
    """The body is not taken; `status` is the status line and the message is for the sender."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status


def take(environ: dict[str, Any]) -> None:
    """Put the whole body into `wsgi.input`, so that reading it waits for nobody. Raises Refused.

    A body that says it is too big is not read at all: Django refuses it by its length.
    """
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    body = b""
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if 0 < length <= max(usual, LARGE.get(environ.get("PATH_INFO", ""), 0)):
        places = _places if length <= usual else _large
        if not places.acquire(blocking=False):
            raise Refused("503 Service Unavailable", _("Too many are sending just now. Please try again."))
        try:
            body = _read(environ["wsgi.input"], length)
        finally:
            places.release()
        if len(body) < length:
            # Half a form must never count as all that somebody meant to say.
            raise Refused("400 Bad Request", _("The request broke off before its end. Nothing was stored."))
    environ["wsgi.input"] = io.BytesIO(body)


def _read(stream: Any, length: int) -> bytes:
    """Up to `length` bytes, fewer where the sender goes away. Raises Refused where it takes too long."""
    parts: list[bytes] = []
    got_all = threading.Event()

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
            got_all.set()

    # A read cannot be broken off, so a thread of its own waits for it; once the answer is out, the server
    # ends the read and with it that thread.
    threading.Thread(target=fetch, name="body", daemon=True).start()
    if not got_all.wait(SECONDS):
        raise Refused("408 Request Timeout", _("The request took too long to arrive. Nothing was stored."))
    return b"".join(parts)
