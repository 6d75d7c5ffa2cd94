"""What is made of a stored report, by `intake.reading`: the bytes are what `reduce` kept."""

from __future__ import annotations

import json
from typing import Any

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.cases.services import service_named
from fairnotice.intake.fediverse import discourse, flag, mastodon
from fairnotice.intake.fediverse.fields import Json
from fairnotice.intake.reading_types import Reading


def as_bytes(reduced: Json) -> bytes:
    """What is stored of a report: the kept fields and nothing else."""
    return json.dumps(reduced, ensure_ascii=False, sort_keys=True).encode()


def read_mastodon(raw: bytes, envelope: dict[str, Any]) -> Reading:
    """A reduced report of a Mastodon server."""
    reduced = json.loads(raw)
    return _reading("mastodon", mastodon.to_draft(reduced, _problems(reduced)))


def read_discourse(raw: bytes, envelope: dict[str, Any]) -> Reading:
    """A reduced flag of a Discourse forum."""
    reduced = json.loads(raw)
    return _reading("discourse", discourse.to_draft(reduced, _problems(reduced)))


def read_flag(raw: bytes, envelope: dict[str, Any]) -> Reading:
    """A reduced Flag of the fediverse. What nobody could check waits for a person."""
    reduced = json.loads(raw)
    draft = flag.to_draft(reduced)
    if not reduced["checked"]:
        return Reading("draft", "flag", draft, reason="signature-unchecked", machine=True)
    return _reading("flag", draft)


def _reading(format: str, draft: NoticeDraft) -> Reading:
    if not draft.items:
        return Reading("draft", format, draft, reason="no-place", machine=True)
    return Reading("notice", format, draft, machine=True)


def _problems(reduced: Json) -> dict[str, str]:
    service = service_named(reduced["service"])
    return service.problems if service else {}
