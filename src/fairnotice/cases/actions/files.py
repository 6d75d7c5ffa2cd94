"""What is done with a file that came with a notice, once it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.cases import files, sealed
from fairnotice.cases.errors import Conflict, Invalid, NotFound
from fairnotice.cases.models import AccessCode, EvidenceFile
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.queries import evidence
from fairnotice.cases.steps import STALE, step
from fairnotice.cases.texts import text_faults
from fairnotice.law.evidence import REASONS
from fairnotice.ledger.append import Personal, append
from fairnotice.ledger.models import Event

MAX_PURPOSE = 500
_ACTS = {"ready": "show", "kept": "keep", "refused": "refuse"}


@dataclass(frozen=True)
class Found:
    """What became of a file that was looked at: `outcome` "ready", "kept" or "refused" and why; `shown` as
    `EvidenceFile.shown` lists it."""

    outcome: str
    media: str
    reason: str = ""
    pages: int = 1
    shown: Sequence[dict[str, Any]] = ()


@transaction.atomic
def settle(*, file_ref: str, found: Found) -> EvidenceFile:
    """It was looked at. Raises Conflict where it was removed meanwhile, Refused where it was looked at
    before."""
    if found.reason and found.reason not in REASONS:
        raise ValueError(f"there is no reason {found.reason!r}")
    row = _row(file_ref)
    state = step("evidence", row.state, _ACTS[found.outcome])
    changes = {
        "state": state,
        "reason": found.reason,
        "media": found.media,
        "pages": found.pages,
        "shown": list(found.shown),
    }
    if not EvidenceFile.objects.filter(pk=row.pk, state="quarantined").update(**changes):
        raise Conflict(STALE)
    _said(row, "evidence.looked-at", {"state": state, "reason": found.reason})
    return _row(file_ref)


@transaction.atomic
def take_back(*, access: AccessCode, file_ref: str) -> EvidenceFile:
    """Whoever sent a notice takes one of its files back: it is gone for good. Raises NotFound, Conflict."""
    own = EvidenceFile.objects.select_related("notice__event").filter(ref=file_ref)
    row = own.filter(notice=access.notice).first() if access.notice is not None else None
    if row is None:
        raise NotFound(_("There is no such file behind this code."))
    step("evidence", row.state, "remove")
    if not files.mark_removed(row, "taken-back"):
        raise Conflict(STALE)
    transaction.on_commit(_finish)
    _said(row, "evidence.removed", {"reason": "taken-back"})
    return row


@transaction.atomic
def hand_out(*, actor: Actor, file_ref: str, purpose: str) -> tuple[EvidenceFile, bytes]:
    """The file as it came in, for a person who says what for. Who, which and what for stand in the event.
    Raises NotFound, Forbidden, Refused for one that nobody may have, Invalid, and vault's errors."""
    require(actor, "see_sealed")
    row = evidence.file_for(actor, file_ref)
    evidence.refuse_closed(row)
    faults = text_faults("purpose", purpose, MAX_PURPOSE, _("Say what you need the file itself for."))
    if faults:
        raise Invalid(faults)
    content = b"".join(files.original(row))
    event = _said(row, "evidence.handed-out", {}, actor=actor, purpose=purpose.strip())
    # The event commits to the purpose; here it can be read again, for as long as the file is there.
    sealed.put(files.OWNER, row.ref, row.key_id, {f"purpose-{event.pk}": purpose.strip()})
    return row, content


def _finish() -> None:
    files.finish_removals()


def _row(ref: str) -> EvidenceFile:
    row = EvidenceFile.objects.select_related("notice__event").filter(ref=ref, notice__isnull=False).first()
    if row is None:
        raise NotFound(_("There is no such file."))
    return row


def _said(
    row: EvidenceFile, kind: str, open: dict[str, Any], *, actor: Actor | None = None, purpose: str = ""
) -> Event:
    notice = row.notice
    assert notice is not None  # noqa: S101 - none of these is called for one that waits
    return append(
        kind=kind,
        open=open,
        personal=[Personal("purpose", purpose, row.key_id)] if purpose else [],
        actor_id=actor.user_id if actor else None,
        case_ref=notice.ref,
        follows=notice.event,
    )
