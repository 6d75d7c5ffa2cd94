"""The files of notices: claimed by a notice, read for who may see them, and really gone once removed.

Removing has two steps, so that a crash or a kill leaves nothing half gone: first the row says "removed" and
the name is dropped, in the transaction of whatever removes it; after its commit the key is destroyed and the
bytes are deleted (`finish_removals`), which the runner does again where it was not finished.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from fairnotice.cases import opening, uploads
from fairnotice.cases.errors import Conflict
from fairnotice.cases.models import EvidenceFile, Notice, SealedValue
from fairnotice.cases.steps import STALE
from fairnotice.vault import files as store
from fairnotice.vault import keys
from fairnotice.vault.errors import UnknownKey

OWNER = uploads.OWNER
#: A file without a row that is older is left over from a crash.
OLDER_THAN = timedelta(days=1)


def claim(notice: Notice, handles: list[str]) -> None:
    """The notice takes the files of its draft along; part of the transaction that makes it. Raises Conflict
    where one was swept or claimed in this very moment."""
    for position, handle in enumerate(handles):
        waits = EvidenceFile.objects.filter(ref=handle.partition(".")[0], notice__isnull=True)
        if not waits.update(notice=notice, position=position, unclaimed_until=None):
            raise Conflict(STALE)


def said_of(handles: list[str]) -> list[dict[str, str | int]]:
    """What a notice commits to of its files: the SHA-256 and length of each."""
    rows = [row for row in uploads.rows_of(handles) if row is not None]
    return [{"sha256": bytes(row.sha256).hex(), "length": row.length} for row in rows]


def said_by(notice: Notice) -> list[dict[str, str | int]]:
    """The same of a notice that is there, also of files that were removed since; nothing where one was
    erased, hash and all."""
    if notice.evidence.filter(sha256=b"").exists():
        return []
    return [{"sha256": bytes(row.sha256).hex(), "length": row.length} for row in notice.evidence.all()]


def of_notice(notice: Notice) -> QuerySet[EvidenceFile]:
    """All its files in their order, also those that were removed."""
    return EvidenceFile.objects.filter(notice=notice).order_by("position")


def original(row: EvidenceFile) -> Iterator[bytes]:
    """The file as it came in, piece by piece. Raises vault's errors, also in the middle."""
    opening.note(OWNER, row.ref, "original")
    return store.chunks(row.key_id, row.original)


def shown(row: EvidenceFile, number: int) -> tuple[bytes, str]:
    """One of the pictures or texts made anew of it, and its media type. Raises IndexError, vault's errors."""
    opening.note(OWNER, row.ref, "shown")
    one = row.shown[number]
    return store.read(row.key_id, one["id"]), one["media"]


def remove_of_notice(notice_ref: str, reason: str = "erased") -> int:
    """Remove all files of a notice for good; how many were still there. May be called again, and inside or
    outside a transaction: keys and bytes go when it is committed. With the reason "erased" the hashes go as
    well, also those of files that were removed before."""
    with transaction.atomic():
        rows = EvidenceFile.objects.filter(notice__ref=notice_ref)
        if reason == "erased":
            rows.filter(state="removed").update(reason=reason, sha256=b"")
        count = sum(mark_removed(row, reason) for row in rows.exclude(state="removed"))
        transaction.on_commit(lambda: _finish(rows.filter(state="removed")))
        return count


def mark_removed(row: EvidenceFile, reason: str) -> bool:
    """The first step for one: within the caller's transaction. False where it was removed before."""
    gone = EvidenceFile.objects.filter(pk=row.pk).exclude(state="removed")
    changes: dict[str, str | bytes] = {"state": "removed", "reason": reason}
    if reason == "erased":
        # Whoever has the same file could tell by its hash that somebody sent it.
        changes["sha256"] = b""
    if not gone.update(**changes):
        return False
    SealedValue.objects.filter(owner=OWNER, row=row.ref).delete()
    return True


def finish_removals() -> int:
    """The second step, for all that were removed and whose bytes may still be there; how many."""
    return _finish(EvidenceFile.objects.filter(state="removed"))


def _finish(rows: QuerySet[EvidenceFile]) -> int:
    done = 0
    for row in rows.exclude(key_id=""):
        try:
            keys.destroy(row.key_id)
        except UnknownKey:
            pass  # swept, or never there after a restore: it opens nothing either way
        for file_id in (row.original, *(one["id"] for one in row.shown)):
            if file_id:
                store.remove(file_id)
        # Last, so that a kill before this does all of it once more.
        EvidenceFile.objects.filter(pk=row.pk).update(key_id="", original="", shown=[])
        done += 1
    return done


def sweep() -> int:
    """What the clock does: files that nobody claimed, removals that were not finished, and files that no row
    names. Returns how many."""
    done = uploads.sweep() + finish_removals()
    named: set[str] = set()
    for first, made in EvidenceFile.objects.values_list("original", "shown").iterator():
        named |= {first, *(one["id"] for one in made)}
    return done + store.sweep(named, OLDER_THAN)
