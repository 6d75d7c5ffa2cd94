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

from fairnotice.intake.evidence import CUT

SECONDS = 60.0
AT_ONCE = 48
#: Where more may come in than elsewhere, in bytes, and how many of these may come in at once.
LARGE = {"/api/v1/reports": 16_000_000, "/reports/check/": 12_000_000}
LARGE_AT_ONCE = 4
#: Pages of the form that files come with. What is longer than they take is read to its end and dropped, so
#: that the browser gets its answer; what was typed stands in front of the files, and is kept.
FORMS = ("/report/review/", "/report/send/")
#: These, and the page that checks reports: it says so itself where it was too much.
DROPPING = (*FORMS, "/reports/check/")
NOTICES = "/api/v1/notices"
MOST_DROPPED = 300_000_000
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

    A body that says it is too big is not read at all: Django refuses it by its length. Of a form with files
    that are too many or too big the beginning is passed on, marked with `CUT`.
    """
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    path = environ.get("PATH_INFO", "")
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    environ.pop(CUT, None)
    body = b""
    if 0 < length <= max(usual, _most(path)):
        places = _places if length <= usual else _large
        if not places.acquire(blocking=False):
            if places is _places or path not in DROPPING:
                raise Refused(
                    "503 Service Unavailable", _("Too many are sending just now. Please try again.")
                )
            body = _cut(environ, length, "busy")
        else:
            try:
                body = _whole(environ["wsgi.input"], length)
            finally:
                places.release()
    elif path in DROPPING and length > usual and _is_multipart(environ):
        body = _cut(environ, length, "long")
    environ["wsgi.input"] = io.BytesIO(body)


def _most(path: str) -> int:
    files, usual = settings.FN_EVIDENCE, settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if files["count"] and path in FORMS:
        return int(files["notice"] + usual)
    if files["count"] and path == NOTICES:
        return int(files["notice"] * 4 // 3 + usual)
    return LARGE.get(path, 0)


def _is_multipart(environ: dict[str, Any]) -> bool:
    return str(environ.get("CONTENT_TYPE", "")).lower().startswith("multipart/form-data")


def _cut(environ: dict[str, Any], length: int, why: str) -> bytes:
    """Only the beginning; the rest is read and dropped. The length stays as it was announced."""
    path = environ.get("PATH_INFO", "")
    if length > MOST_DROPPED:
        most = (LARGE.get(path) or settings.FN_EVIDENCE["notice"]) // 1_000_000
        raise Refused(
            "413 Content Too Large",
            _("This is far too much. Together, files have at most %(most)s MB. Nothing was stored.")
            % {"most": most},
        )
    if not _places.acquire(blocking=False):
        raise Refused("503 Service Unavailable", _("Too many are sending just now. Please try again."))
    try:
        body = _whole(environ["wsgi.input"], length, keep=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    finally:
        _places.release()
    environ[CUT] = why
    return body


def _whole(stream: Any, length: int, keep: int | None = None) -> bytes:
    """All of it, or of a whole one its first `keep` bytes. Raises Refused."""
    body, got = _read(stream, length, length if keep is None else keep)
    if got < length:
        # Half a form must never count as all that somebody meant to say.
        raise Refused("400 Bad Request", _("The request broke off before its end. Nothing was stored."))
    return body


def _read(stream: Any, length: int, keep: int) -> tuple[bytes, int]:
    """The first `keep` of up to `length` bytes, and how many came: fewer where the sender goes away. Raises
    Refused where it takes too long."""
    parts: list[bytes] = []
    counted = [0]
    got_all = threading.Event()

    def fetch() -> None:
        missing = length
        try:
            while missing > 0:
                part = stream.read(min(missing, _CHUNK))
                if not part:
                    break
                if counted[0] < keep:
                    parts.append(part[: keep - counted[0]])
                missing -= len(part)
                counted[0] += len(part)
        except Exception:
            # The sender went away; what is missing says so.
            parts.clear()
            counted[0] = 0
        finally:
            got_all.set()

    # A read cannot be broken off, so a thread of its own waits for it; once the answer is out, the server
    # ends the read and with it that thread.
    threading.Thread(target=fetch, name="body", daemon=True).start()
    if not got_all.wait(SECONDS):
        raise Refused("408 Request Timeout", _("The request took too long to arrive. Nothing was stored."))
    return b"".join(parts), counted[0]
