"""From the committed checkpoint to files: tiles and entry bundles first, then `checkpoint` (public-proof.md).

The published tree is a copy: everything in it can be made again from the database, byte for byte.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from fairnotice.ledger import keys, logs, restored, treefiles, witnessing
from fairnotice.ledger.errors import LogAhead, LogCorrupt
from fairnotice.ledger.models import CheckpointRow, Log
from fairnotice.ledger.rounds import Entered, Published, Standing
from fairnotice.translog.checkpoint import open_checkpoint
from fairnotice.translog.errors import CheckpointError, NoteError
from fairnotice.translog.publish import read_checkpoint

__all__ = ["LogAhead", "LogCorrupt", "publish", "publish_lock", "publish_locked", "published"]


_LAST = (
    "SELECT id, log_id, size, root, note, at FROM ledger_checkpointrow WHERE log_id = %s "
    "ORDER BY size DESC LIMIT 1"
)


def log_dir(log: Log | None = None) -> Path:
    """The folder of a log's published tree (without a log: of the one that is written to), made on first
    use."""
    return (log or logs.current()).folder()


@contextmanager
def publish_lock() -> Iterator[None]:
    """One sequencer at a time, for all logs, over all processes and threads: others wait. Freed by the system
    on a crash."""
    root = Path(settings.FN_LOG_DIR)
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


# The published checkpoints that this process has verified already, by their folder.
_verified: dict[Path, tuple[bytes, Published]] = {}


def published(log: Log | None = None) -> Published | None:
    """The published checkpoint of a log (without one: of the log that is written to), or None before the
    first. Raises LogAhead where it is not signed by our key.
    """
    log = log or logs.current()
    folder = log.folder()
    data = read_checkpoint(folder)
    if data is None:
        return None
    known = _verified.get(folder)
    if known is not None and known[0] == data:
        return known[1]
    try:
        seen = open_checkpoint(data, keys.verifiers(log))
    except (NoteError, CheckpointError) as error:
        raise LogAhead(
            f"the published checkpoint of {log.origin} is not signed by this log's key: it is another log's "
            "folder, the origin in the settings was changed, the file was damaged, or the signing key was "
            "lost"
        ) from error
    found = Published(seen.size, seen.root, data.decode())
    _verified[folder] = data, found
    return found


def guard_years() -> None:
    """Raise LogAhead where a log was published that the database does not know: it is then an older copy, or
    while it is open whether it is one."""
    restored.guard()
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM ledger_log")
        known = {place for (place,) in cursor.fetchall()}
    for path in sorted(Path(settings.FN_LOG_DIR).glob("[1-9][0-9][0-9][0-9]/checkpoint")):
        if path.parent.name not in known:
            raise LogAhead(
                f"a log of {path.parent.name} is published, and the database knows none: the database was "
                "rolled back. Restore a newer copy of it, or read what is missing back: fairnotice log "
                "recover. Nothing is signed until then"
            )


def standing(log: Log) -> Standing:
    """Compare what is published of a log with what its database signed.

    Raises LogAhead where the published tree is larger than ours, or has another root at a size that we
    signed: the database is then an older copy, and its next checkpoint would contradict one already given
    out.
    """
    guard_years()
    seen, last = published(log), last_signed(log)
    if seen is None:
        return Standing(log, last, None)
    ours = last.size if last else -1
    if seen.size > ours:
        raise LogAhead(
            f"the published checkpoint has {seen.size} entries, the database {max(ours, 0)}: the database "
            "was rolled back. Restore a newer copy of it, or read what is missing back: fairnotice log "
            "recover. Nothing is signed until then"
        )
    same = last if seen.size == ours else log.checkpoints.filter(size=seen.size).first()
    if same is None or bytes(same.root) != seen.root:
        raise LogAhead(
            f"the published checkpoint of {seen.size} entries has another root than the database's"
        )
    return Standing(log, last, seen)


def guard(log: Log) -> Published | None:
    """What is published of a log, where it agrees with the database; raises LogAhead like `standing`."""
    return standing(log).seen


def last_signed(log: Log) -> CheckpointRow | None:
    """The last checkpoint of a log that was committed to the database."""
    # Plain SQL, as in `entering`: this is asked in every round.
    return next(iter(CheckpointRow.objects.raw(_LAST, [log.pk])), None)


def before_signing(log: Log) -> Standing:
    """Ask whoever may know a larger tree than the database: what is published, and, once after each start,
    the witnesses. Call it outside of a transaction, holding `publish_lock`. Raises LogAhead,
    witnessing.WitnessesMissing, witnessing.WitnessSettings.
    """
    stands = standing(log)
    last = stands.last
    if last is not None:

        def proof(old: int) -> Sequence[bytes]:
            # A crash may have come between the signature and the files that the proof is made from.
            treefiles.TreeFiles(log).grow(stands.seen, last, None, head=None)
            return treefiles.consistency(log, last.size)(old)

        witnessing.before_signing(log, last, proof)
    return stands


def publish(*, complete: bool = True) -> int:
    """Bring the published files of every log up to its last committed checkpoint; returns the size of the one
    that is written to (0 before the first).

    Idempotent; call it at every start. With `complete` missing files of any age are made again, otherwise
    only what came after the published checkpoint is written. Nothing is signed here. Raises LogAhead,
    LogCorrupt, translog's TileConflict where a file holds other bytes than the database, OSError where the
    disk refuses.
    """
    sizes = []
    with publish_lock():
        guard_years()
        # The newest first: what is wrong with the files of a closed year must not hold it up.
        for log in reversed(logs.everyone()):
            sizes.append(publish_locked(log, complete=complete))
    return sizes[0] if sizes else 0


def publish_locked(log: Log, *, complete: bool) -> int:
    """`publish` of one log, for a caller that holds `publish_lock` already."""
    return put_out(standing(log), complete=complete).published_size


def put_out(stands: Standing, *, complete: bool = False, fresh: Entered | None = None) -> Standing:
    """Write what is signed and not published yet; gives where the log stands then. `fresh` is what was
    entered after `stands`, and need not be read back.

    Where the settings ask for witnesses, the checkpoint waits for their quorum: without it all other files
    are written and the published checkpoint stays as it was, until the next call.
    """
    log, seen = stands.log, stands.seen
    last = fresh.signed if fresh is not None and fresh.signed is not None else stands.last
    if last is None:
        return stands
    since = stands.published_size
    files = treefiles.TreeFiles(log)
    if complete:
        files.complete(since)
    # Also what was written already: what a crash left behind may not be synced yet.
    alone = settings.FN_WITNESS_POLICY is None
    # What was signed just now has no cosignature yet.
    note: str | None = last.note if fresh is not None and fresh.signed is last else witnessing.cosigned(last)
    files.grow(seen, last, fresh, head=note if alone and (seen is None or seen.note != note) else None)
    if not alone:
        note = witnessing.publishable(log, last, treefiles.consistency(log, last.size))
        if note is not None and (seen is None or seen.note != note):
            files.put_checkpoint(note)
    if note is None:
        return Standing(log, last, seen)
    files.prune(0 if complete else since, last.size)
    now = Published(last.size, bytes(last.root), note)
    _verified[log.folder()] = note.encode(), now  # signed by us, and its cosignatures verified as they came
    return Standing(log, last, now)
