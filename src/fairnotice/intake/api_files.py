"""Files in a notice that comes by the JSON API: base64 in the body, with the limits of the form."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict, Field, StrictStr

from fairnotice.cases import uploads
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Invalid, Refused
from fairnotice.cases.models import Notice
from fairnotice.intake.schemas import NoticeIn
from fairnotice.law.evidence import takes_files
from fairnotice.plumbing.limits import limit

_PIECE = 65_536
PER_MINUTE = 120


class FileIn(Schema):
    """One file. What it is, is seen by its content; its name is only shown."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[StrictStr, Field(max_length=200, examples=["picture.png"])] = ""
    content: Annotated[StrictStr, Field(min_length=1, description="The bytes in base64 (RFC 4648).")]


class NoticeWithFilesIn(NoticeIn):
    """A notice, with files where it needs them: pictures, PDF, plain text. With notices about intimate
    pictures and about children none are taken: they are thrown away unread, and the answer says so."""

    files: Annotated[list[FileIn], Field(max_length=20)] = []


class FileOut(Schema):
    """A file that was taken in, by its content."""

    sha256: str
    length: int


def most_bytes() -> int:
    """Of the body of a notice."""
    files = settings.FN_EVIDENCE["notice"] * 4 // 3 if settings.FN_EVIDENCE["count"] else 0
    return int(files + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def take_body(request: HttpRequest) -> None:
    """Read the body of a notice, which may be longer than Django lets a body be. Raises RequestDataTooBig,
    UnreadablePostError."""
    most = most_bytes()
    announced = str(request.META.get("CONTENT_LENGTH") or "0")
    # By its length first: of what is too long, nothing was read (`site.bodies`).
    if announced.isascii() and announced.isdigit() and int(announced) > most:
        raise RequestDataTooBig
    raw = request.read(most + 1)
    if len(raw) > most:
        raise RequestDataTooBig
    # Where `request.body` looks first. Django has one limit for all requests and no other way to say this.
    request._body = raw


@contextmanager
def waiting(request: HttpRequest, notice: NoticeWithFilesIn) -> Iterator[list[str]]:
    """Around taking the notice in: its files wait under these handles, and those that were not claimed are
    gone afterwards. Raises Invalid with every fault, Refused where there is no room."""
    if not notice.files or not takes_files(notice.problem):
        yield []
        return
    contents = _decoded(notice.files)
    if limit("api-evidence", request, PER_MINUTE) or not uploads.room():
        raise Refused(_("There is no room for files just now. Send the notice without, or again later."))
    handles: list[str] = []
    try:
        for one, content in zip(notice.files, contents, strict=True):
            handles.append(_keep(one.name, content))
        yield handles
    finally:
        uploads.drop(handles)


def not_taken(notice: NoticeWithFilesIn) -> str:
    """What to say where files came that are never taken; "" otherwise."""
    if not notice.files or takes_files(notice.problem):
        return ""
    return _("With a notice about this, no files are taken. They were thrown away unread.")


def taken(notice: Notice) -> list[FileOut]:
    """The files that a notice has."""
    return [FileOut(sha256=bytes(row.sha256).hex(), length=row.length) for row in notice.evidence.all()]


def _decoded(files: list[FileIn]) -> list[bytes]:
    faults, found, most = [], [], settings.FN_EVIDENCE
    if len(files) > most["count"]:
        say = _("One report takes at most %(count)s files.") % {"count": most["count"]}
        raise Invalid([Fault("files", "too_many", say)])
    for number, one in enumerate(files):
        try:
            content = base64.b64decode(one.content, validate=True)
        except (binascii.Error, ValueError):
            faults.append(Fault(f"files.{number}.content", "base64", _("This is not base64.")))
            continue
        if not content:
            faults.append(Fault(f"files.{number}.content", "empty", _("This file is empty.")))
        elif len(content) > most["one"]:
            say = uploads.too_big(one.name or str(number + 1))
            faults.append(Fault(f"files.{number}.content", "too_big", say))
        found.append(content)
    if sum(map(len, found)) > most["notice"]:
        faults.append(Fault("files", "too_big", uploads.too_big_together()))
    if faults:
        raise Invalid(faults)
    return found


def _keep(name: str, content: bytes) -> str:
    incoming = uploads.Incoming(name)
    try:
        for start in range(0, len(content), _PIECE):
            incoming.write(content[start : start + _PIECE])
        return incoming.finish()
    except OSError:
        incoming.discard()
        raise Refused(
            _("There is no room for files just now. Send the notice without, or again later.")
        ) from None
