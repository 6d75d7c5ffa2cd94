"""Notices that come as files: our own JSON (as the API takes it) or an XARF report of any version."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.intake import xarf, xarf3
from fairnotice.intake.json_body import NotJson, read_json
from fairnotice.intake.schemas import NoticeIn, faults_of
from fairnotice.intake.unreadable import Unreadable
from fairnotice.plumbing.xarf_schemas import EXTENSION as NAME

__all__ = ["MAX_BYTES", "Unreadable", "read_notice"]

# XARF allows 50 pieces of evidence of 5 MB each; a longer report than this is not even taken apart.
MAX_BYTES = 16_000_000
_BOM = b"\xef\xbb\xbf"


def read_notice(data: bytes, name: str = "") -> tuple[NoticeDraft, str, bool]:
    """(draft, door, machine): what `submit_notice` takes. `name` is what to call the file in an error.

    The draft has the right shape but is not checked; `check_notice` names what is missing. `machine` is true
    for formats that have no statement of good faith. Raises Unreadable, and nothing else, for whatever bytes.
    """
    try:
        return _read(data)
    except Unreadable as error:
        error.name = name
        raise error from None


def _read(data: bytes) -> tuple[NoticeDraft, str, bool]:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file is longer than {MAX_BYTES // 1_000_000} MB.")
    try:
        found = read_json(data.removeprefix(_BOM))
    except NotJson as error:
        raise Unreadable(str(error)) from None
    if not isinstance(found, dict):
        raise Unreadable("A notice is a JSON object, with braces around it.")
    if "xarf_version" in found:
        # What another service forwarded, by mail for example, is not forwarded by us once more.
        return xarf.to_draft(found), "forward" if NAME in found else "xarf", True
    if xarf3.is_report(found):
        return xarf3.to_draft(found), "xarf", True
    return _own(found), "file", False


def _own(found: dict[str, Any]) -> NoticeDraft:
    try:
        return NoticeIn.model_validate(found).to_draft()
    except ValidationError as error:
        first = faults_of(error.errors(include_input=False, include_url=False, include_context=False))[0]
        raise Unreadable(first.message, "/" + first.path.replace(".", "/") if first.path else "") from None
