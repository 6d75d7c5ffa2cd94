"""The reader of the mail door: one process with limits for all letters, started when first needed."""

from __future__ import annotations

import atexit
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from fairnotice.intake.mail.child import Reader
from fairnotice.intake.reading_types import Envelope, Reading


def read_mail(raw: bytes, envelope: dict[str, Any]) -> Reading:
    """What a letter says; `envelope` is as the doors for mail keep it: "from" (None where nobody knows) and
    "to"."""
    own = (urlsplit(settings.FN_BASE_URL).hostname, str(settings.FN_MAIL["from"]).rpartition("@")[2])
    said = Envelope(
        sender=envelope.get("from"),
        recipients=tuple(envelope.get("to") or ()),
        hosts=tuple(dict.fromkeys(host for host in own if host)),
    )
    return _reader().read(raw, said)


@cache
def _reader() -> Reader:
    reader = Reader()
    atexit.register(reader.close)
    return reader
