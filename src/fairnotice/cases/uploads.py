"""Files that were sent for a notice that is not there yet: sealed at once, and for an hour.

A page that names one holds a signed handle of it in a hidden field, so no cookie is needed and nobody can
name another person's. With "send", the notice claims them (`files.claim`); what nobody claims is swept.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.drafts import Fault, NoticeDraft
from fairnotice.cases.models import EvidenceFile, Received, SealedValue
from fairnotice.law.evidence import takes_files
from fairnotice.vault import files as store
from fairnotice.vault import keys

OWNER = "evidence"
#: How long one waits for its notice since a page last named it, and at most.
WAITS = timedelta(hours=1)
AT_MOST = timedelta(hours=24)
#: Bytes of all that waits together, and that have to stay free on the disk.
MOST_WAITING = 1_000_000_000
LEFT_FREE = 500_000_000
MAX_NAME = 120
_SALT = "fairnotice.evidence"


@dataclass(frozen=True)
class Waiting:
    """One that waits, as a page shows it: its handle signed, its name, and its length in bytes."""

    token: str
    name: str
    length: int


class Incoming:
    """Takes in one file as it comes. `finish` or `discard` has to be called."""

    def __init__(self, name: str) -> None:
        self.name = plain_name(name)
        self._key_id = keys.new_key("subject")
        self._writer = store.Writer(self._key_id)

    @property
    def length(self) -> int:
        """Bytes so far."""
        return self._writer.length

    def write(self, data: bytes) -> None:
        """Some more of it. Raises OSError where there is no room."""
        self._writer.write(data)

    def finish(self) -> str:
        """It waits for its notice now; its handle. Written durably. Raises OSError."""
        stored = self._writer.finish()
        now = timezone.now()
        with transaction.atomic():
            row = EvidenceFile.objects.create(
                came_at=now,
                unclaimed_until=now + WAITS,
                original=stored.id,
                length=stored.length,
                sha256=stored.sha256,
                key_id=self._key_id,
            )
            sealed.put(OWNER, row.ref, self._key_id, {"name": self.name})
        return handle_of(row)

    def discard(self) -> None:
        """As if it had never been sent: its bytes and its key are gone."""
        self._writer.discard()
        keys.destroy(self._key_id)


def plain_name(name: str) -> str:
    """The last part of a name, without what cannot be stored or shown on a line; "" for none."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable())
    if len(shown) <= MAX_NAME:
        return shown.strip()
    # The end says what kind of file its sender thinks it is.
    return f"{shown[: MAX_NAME - 21]}…{shown[-20:]}".strip()


def handle_of(row: EvidenceFile) -> str:
    """How a draft names a file: its reference and its SHA-256, so that a draft can be compared by content."""
    return f"{row.ref}.{bytes(row.sha256).hex()}"


def sign(handle: str) -> str:
    """The handle for a hidden field."""
    return signing.TimestampSigner(salt=_SALT).sign(handle)


def handles(tokens: Iterable[str]) -> list[str]:
    """The handles of those that we signed, each once, in their order."""
    signer = signing.TimestampSigner(salt=_SALT)
    found: dict[str, None] = {}
    for token in tokens:
        try:
            found[signer.unsign(token, max_age=AT_MOST)] = None
        except signing.BadSignature:
            continue
    return list(found)


def without_files(draft: NoticeDraft) -> NoticeDraft:
    """The draft as it may be stored: the same, or without files where none may come with it."""
    return draft if takes_files(draft.problem) or not draft.files else replace(draft, files=[])


def rows_of(wanted: Sequence[str]) -> list[EvidenceFile | None]:
    """The row for each handle; None where it is gone."""
    refs = [handle.partition(".")[0] for handle in wanted]
    found = {row.ref: row for row in EvidenceFile.objects.filter(ref__in=refs).exclude(state="removed")}
    return [found.get(ref) for ref in refs]


def waiting(wanted: Sequence[str]) -> list[Waiting]:
    """What a page shows of them, in their order. Those that are gone are left out."""
    return [
        Waiting(sign(handle), name_of(row), row.length)
        for handle, row in zip(wanted, rows_of(wanted), strict=True)
        if row is not None
    ]


def name_of(row: EvidenceFile) -> str:
    """What it was called by whoever sent it; "" where that is erased or was never said."""
    return sealed.read_many(OWNER, row.ref, ["name"])["name"]


def faults(draft: NoticeDraft) -> list[Fault]:
    """What keeps the files of a draft from coming in with it."""
    if not draft.files:
        return []
    if not takes_files(draft.problem):
        return [Fault("files", "not_here", _("With a report about this, we take no files."))]
    found: list[Fault] = []
    rows = rows_of(draft.files)
    for number, row in enumerate(rows):
        if row is None or row.notice_id is not None:
            say = _("A file is no longer here: we keep it for an hour only. Please add it again.")
            found.append(Fault(f"files.{number}", "gone", say))
    count, most = settings.FN_EVIDENCE["count"], settings.FN_EVIDENCE["notice"]
    if len(rows) > count:
        say = _("One report takes at most %(count)s files.") % {"count": count}
        found.append(Fault("files", "too_many", say))
    if sum(row.length for row in rows if row is not None) > most:
        found.append(Fault("files", "too_big", too_big_together()))
    return found


def too_big(name: str) -> str:
    """A sentence for a file that is larger than one may be."""
    said = {"name": plain_name(name), "most": settings.FN_EVIDENCE["one"] // 1_000_000}
    return _("“%(name)s” is larger than %(most)s MB. It was not kept.") % said


def too_big_together() -> str:
    """A sentence for files that are larger than they may be together."""
    most = settings.FN_EVIDENCE["notice"] // 1_000_000
    return _("Together the files of one report have at most %(most)s MB.") % {"most": most}


def room() -> bool:
    """Whether another file can wait: neither the disk is nearly full nor very much waits already."""
    so_far = EvidenceFile.objects.filter(notice__isnull=True, received__isnull=True)
    held = so_far.aggregate(sum=Sum("length"))["sum"] or 0
    store.root().mkdir(mode=0o700, parents=True, exist_ok=True)
    return held < MOST_WAITING and shutil.disk_usage(store.root()).free > LEFT_FREE


def renew(wanted: Sequence[str]) -> None:
    """A page names them still: an hour more, up to a day since they came."""
    now = timezone.now()
    for row in rows_of(wanted):
        if row is not None and row.notice_id is None:
            until = min(now + WAITS, row.came_at + AT_MOST)
            EvidenceFile.objects.filter(pk=row.pk, notice__isnull=True).update(unclaimed_until=until)


def keep_with(received: Received, wanted: Sequence[str]) -> None:
    """They belong to what is held back, and wait as long as it does."""
    refs = [handle.partition(".")[0] for handle in wanted]
    EvidenceFile.objects.filter(ref__in=refs, notice__isnull=True).update(received=received)


def drop(wanted: Sequence[str]) -> None:
    """Those that wait are taken back by whoever sent them, or may not be here: gone at once."""
    for row in rows_of(wanted):
        if row is not None:
            _drop(row)


def drop_with(received: Received) -> int:
    """What waits with something that was held back goes with it; how many."""
    return sum(_drop(row) for row in EvidenceFile.objects.filter(received=received, notice__isnull=True))


def sweep(*, now: datetime | None = None) -> int:
    """Those that nobody claimed in time are gone, and those of what was held back and became a notice
    without them; how many."""
    unclaimed = EvidenceFile.objects.filter(notice__isnull=True)
    late = unclaimed.filter(received__isnull=True, unclaimed_until__lte=now or timezone.now())
    left_out = unclaimed.filter(received__state="taken")
    return sum(_drop(row) for row in (*late, *left_out))


def _drop(row: EvidenceFile) -> bool:
    with transaction.atomic():
        # Only where no notice claimed it meanwhile.
        if not EvidenceFile.objects.filter(pk=row.pk, notice__isnull=True).delete()[0]:
            return False
        SealedValue.objects.filter(owner=OWNER, row=row.ref).delete()
    # A crash before this leaves a key that opens nothing and a file that no row names: both are swept.
    keys.destroy(row.key_id)
    store.remove(row.original)
    return True
