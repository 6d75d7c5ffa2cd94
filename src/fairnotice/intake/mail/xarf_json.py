"""XARF reports as JSON in a mail: version 4, and 3 where a reader for it is at hand."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.intake import xarf
from fairnotice.intake.json_body import NotJson, read_json
from fairnotice.intake.mail.found import Found
from fairnotice.intake.unreadable import Unreadable
from fairnotice.plumbing.mail.letter import Letter, Part, bytes_of
from fairnotice.plumbing.xarf_schemas import EXTENSION

Json = dict[str, Any]
_TRIED = 5
_BOM = b"\xef\xbb\xbf"


def read(letter: Letter) -> Found | None:
    """What the first report in a part of its own says; None where there is none."""
    for part in list(_candidates(letter))[:_TRIED]:
        try:
            report = read_json(bytes_of(part.message).removeprefix(_BOM))
        except NotJson:
            if part.name.lower() == "xarf.json":
                return Found("xarf", reason="too-big" if letter.cut == "too-big" else "unreadable")
            continue
        if isinstance(report, dict) and "xarf_version" in report:
            return _read("forward" if EXTENSION in report else "xarf", xarf.to_draft, report)
        if isinstance(report, dict) and "ReporterInfo" in report and "Report" in report:
            return _read("xarf3", _version_3(), report)
    return None


def _candidates(letter: Letter) -> Iterator[Part]:
    for part in letter.parts:
        if part.kind in ("application/json", "text/json", "application/xarf+json") or (
            part.name.lower().endswith(".json") and not part.kind.startswith("message/")
        ):
            yield part


def _read(format: str, to_draft: Callable[[Json], NoticeDraft] | None, report: Json) -> Found:
    if to_draft is None:
        return Found(format, reason="xarf-version")
    try:
        return Found(format, to_draft(report))
    except xarf.NotAnItem:
        return Found(format, reason="not-an-item")
    except Unreadable as error:
        version = error.pointer in ("/xarf_version", "/Version")
        return Found(format, reason="xarf-version" if version else "xarf-schema")


def _version_3() -> Callable[[Json], NoticeDraft] | None:
    """The reader of version 3, None where this installation has none."""
    try:
        found: Callable[[Json], NoticeDraft] = importlib.import_module("fairnotice.intake.xarf3").to_draft
    except ModuleNotFoundError:
        return None
    return found
