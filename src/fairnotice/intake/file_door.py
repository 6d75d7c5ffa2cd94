"""Notices and reports that somebody hands over as files, on the command line."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from fairnotice.cases.actions import receive
from fairnotice.cases.actions.submit import Submitted, submit_notice
from fairnotice.cases.drafts import check_notice
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import Received
from fairnotice.intake import formats
from fairnotice.intake.readers import read_notice
from fairnotice.intake.reading import settle
from fairnotice.intake.reading_types import Reading
from fairnotice.intake.report_reader import known_kind
from fairnotice.intake.unreadable import Unreadable
from fairnotice.intake.xarf import NotAnItem

_TYPES = {".xml": "application/xml", ".csv": "text/csv", ".eml": "message/rfc822"}


@dataclass(frozen=True)
class Filed:
    """`submitted` where it is a notice now; `received` where it was kept as a report, `again` where it had
    been already."""

    submitted: Submitted | None
    received: Received | None = None
    again: bool = False


def submit_file(data: bytes, name: str = "") -> Filed:
    """Take the file in: our own JSON as a notice, a report as one that is kept whole besides. Raises
    Unreadable, naming what is wrong and where, and Invalid; then nothing was taken in."""
    content_type = next((kind for end, kind in _TYPES.items() if name.lower().endswith(end)), "")
    try:
        draft, door, machine = read_notice(data, name)
    except NotAnItem as error:
        kind = "/".join(error.kind)
        return _kept(data, "xarf", Reading("pass_on", "xarf", detail=kind, about=known_kind(*error.kind)))
    except Unreadable:
        reading = formats.read(data, content_type)
        if reading is None:
            raise
        return _kept(data, "xarf", reading, content_type)
    if not machine:
        return Filed(submit_notice(draft=draft, door=door))
    # Whoever handed it over is here and can mend it, so nothing of a faulty report is kept.
    faults = check_notice(draft, machine=True)
    if faults:
        raise Invalid(faults)
    return _kept(data, door, Reading("notice", door, draft, machine=True))


@transaction.atomic
def _kept(data: bytes, door: str, reading: Reading, content_type: str = "") -> Filed:
    envelope = {"content_type": content_type} if content_type else {}
    received, again = receive.receive(door=door, raw=data, envelope=envelope, machine=True)
    if again:
        return Filed(None, received, again=True)
    return Filed(settle(received, reading), received)
