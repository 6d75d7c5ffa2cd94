"""What a report is that came in for programs: XARF of any version, or a format that a plug-in knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fairnotice.cases.drafts import Fault
from fairnotice.delivery.xarf.extension import NAME
from fairnotice.intake import formats, xarf, xarf3
from fairnotice.intake.json_body import NotJson, read_json
from fairnotice.intake.reading_types import Reading
from fairnotice.intake.unreadable import Unreadable
from fairnotice.plumbing import xarf_schemas

Json = dict[str, Any]
MAX_BYTES = 16_000_000
_BOM = b"\xef\xbb\xbf"
JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Read:
    """`reading`, and `faults` where a person has to look because of them."""

    reading: Reading
    faults: list[Fault] = field(default_factory=list)


class NoReport(ValueError):
    """Nothing of this kind is read here. The message says what is wrong and quotes nothing; `kind`: that it
    is the kind of the body, and not what stands in it."""

    def __init__(self, message: str, *, kind: bool = False) -> None:
        super().__init__(message)
        self.kind = kind


def reader(raw: bytes, envelope: Mapping[str, Any]) -> Reading:
    """As `intake.reading` asks: what is stored may be anything, so what is no report waits for a person."""
    try:
        return read(raw, str(envelope.get("content_type") or JSON_TYPE)).reading
    except NoReport as error:
        return Reading("draft", "report", reason="unreadable", detail=str(error), machine=True)


def read(raw: bytes, content_type: str = JSON_TYPE) -> Read:
    """What it says. Raises NoReport where it is no report at all, for whoever sent it to mend.

    Order: our own readers for JSON of XARF, then the plug-ins (`intake.formats`).
    """
    found = _json_object(raw) if content_type == JSON_TYPE else None
    if found is not None and ("xarf_version" in found or xarf3.is_report(found)):
        return of_object(found)
    by_plug_in = formats.read(raw, content_type)
    if by_plug_in is not None:
        return Read(by_plug_in)
    if found is None:
        raise NoReport("No format that is read here is recognised in this.", kind=True)
    # Perhaps a report whose program misspelt its version: somebody should see it.
    return of_object(found)


def of_object(report: Json) -> Read:
    """The same of a JSON object."""
    old = xarf3.is_report(report) and "xarf_version" not in report
    format = "xarf3" if old else "xarf"
    try:
        draft = xarf3.to_draft(report) if old else xarf.to_draft(report)
    except xarf.NotAnItem as error:
        kind = "/".join(error.kind)
        return Read(Reading("pass_on", format, detail=kind, about=known_kind(*error.kind), machine=True))
    except Unreadable as error:
        reason = "xarf-version" if error.pointer in ("/xarf_version", "/Version") else "xarf-schema"
        reading = Reading("draft", format, reason=reason, detail=str(error), machine=True)
        return Read(reading, [Fault(error.pointer[:120], "xarf", error.message)])
    if NAME in report:
        format = "forward"
    return Read(Reading("notice", format, draft, machine=True))


def known_kind(category: str, type: str) -> str:
    """Category and type as they may be counted in the clear: a type that is in no schema is "other", since
    its sender may have written anything there."""
    known = {*xarf_schemas.kinds(), *((one[0], one[1]) for one in xarf3.TYPES.values())}
    if (category, type) in known:
        return f"{category}/{type}"
    return f"{category}/other" if category in {one for one, _ in known} else "other"


def _json_object(raw: bytes) -> Json:
    if len(raw) > MAX_BYTES:
        raise NoReport(f"A report has at most {MAX_BYTES // 1_000_000} MB.")
    try:
        found = read_json(raw.removeprefix(_BOM))
    except NotJson as error:
        raise NoReport(str(error)) from None
    if not isinstance(found, dict):
        raise NoReport("A report is a JSON object, with braces around it.")
    return found
