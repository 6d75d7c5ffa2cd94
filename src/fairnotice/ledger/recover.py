"""After an older copy of the database was put back: what is missing is read back from what was published.

Nothing is signed here. What others may have seen is taken over as it is, in one transaction, and then the log
goes on behind it: events of the copy that were entered in the meantime wait no more, the others enter with
the next round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import keys, logs, lostkeys, publishing, rollover, witnessing
from fairnotice.ledger.append import append
from fairnotice.ledger.errors import LogCorrupt, LogRefusal
from fairnotice.ledger.models import CheckpointRow, Edge, Log, LogKey, Waiting
from fairnotice.ledger.readback import read_back
from fairnotice.ledger.rotation import KEY
from fairnotice.ledger.sightings import Sighting, sightings
from fairnotice.translog import merkle, notes
from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint
from fairnotice.translog.errors import CheckpointError, NoteError, TranslogError
from fairnotice.translog.verified import VerifiedTiles

RECOVERED = "log.recovered"


class CannotRecover(LogRefusal):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True)
class Recovered:
    """What was read back of one log.

    `before` and `after`: its entries then and now. Of those between, `linked` belong to events that the copy
    has, `own` say something about the log itself, and `lost` are acts of people that the copy knows nothing
    of. `stranded` events of the copy wait for a log that is closed now. `keys` are public keys that the copy
    did not know, `lost_keys` those of them that cannot sign here; `key_changes` is how often, by the log's
    own word, another key began.
    """

    log: Log
    before: int
    after: int
    linked: int
    own: int
    stranded: int
    keys: tuple[str, ...]
    lost_keys: tuple[str, ...]
    key_changes: int

    @property
    def lost(self) -> int:
        return self.after - self.before - self.linked - self.own


@dataclass(frozen=True)
class _Seen:
    """A checkpoint whose signature holds, and where it was read."""

    tree: Checkpoint
    sighting: Sighting


def recover(
    named: str | None = None,
    *,
    checkpoints: Sequence[Path] = (),
    vkeys: Sequence[str] = (),
    dry_run: bool = False,
) -> list[Recovered]:
    """Read back what is missing of every log, from the published folder or from where is `named`, up to the
    newest checkpoint there or in `checkpoints` (see `sightings`); returns what was, nothing where nothing is
    missing.

    All or nothing. `vkeys`: public keys that the operator vouches for, where a key was lost with the copy.
    With `dry_run` everything is done and taken back. Otherwise the log says afterwards what was recovered.
    Raises CannotRecover, `sightings.NothingThere`, LogCorrupt, `translog.sources.Unreachable`. Must not be
    called inside a transaction.
    """
    with publishing.publish_lock():
        found = sorted(sightings(named, checkpoints), key=lambda one: (one.year or 0, one.origin))
        with transaction.atomic(durable=True):
            done = [_one(list(group), vkeys) for _, group in groupby(found, key=attrgetter("origin"))]
            recovered = [one for one in done if one is not None]
            if recovered:
                _go_on(recovered)
            transaction.set_rollback(dry_run)
    return recovered


def _one(seen: list[Sighting], vkeys: Sequence[str]) -> Recovered | None:
    log = Log.objects.filter(origin=seen[0].origin).first()
    if log is None:
        log = _unknown(seen[0])
    last = publishing.last_signed(log)
    before = last.size if last else -1
    made: list[lostkeys.Adopted] = []
    for sighting in seen:
        made += lostkeys.adopt(log, sighting.note, vkeys, since_size=max(before, 0))
    trees = sorted((_verified(log, sighting) for sighting in seen), key=lambda one: one.tree.size)
    newest = trees[-1]
    tree = VerifiedTiles(newest.sighting.source, newest.tree)
    try:
        # All that anybody saw, and what we have ourselves, must be the beginning of the newest.
        for older in trees:
            _continues(log, tree, older.tree.size, older.tree.root)
        if before > newest.tree.size:
            return None
        if last is not None:
            _continues(log, tree, last.size, bytes(last.root))
        if before == newest.tree.size:
            return None
        if log.frozen:
            raise CannotRecover(
                f"The log {log.origin} was closed with {before} entries, and more are published."
            )
        read = read_back(log, tree)
    except TranslogError as error:
        raise CannotRecover(
            f"{newest.sighting.source.name}: {error}. Nothing was changed. Where it is damaged, name another "
            "copy of what was published with --from."
        ) from error
    for one in {one.tree.size: one for one in trees if one.tree.size > before}.values():
        _take_over(log, one)
    _end_keys(log, newest.sighting.note)
    stranded = 0
    if read.last == rollover.CLOSED:
        log.frozen_at, log.final_size = timezone.now(), newest.tree.size
        log.save(update_fields=["frozen_at", "final_size"])
        stranded = Waiting.objects.filter(event__log=log).count()
    return Recovered(
        log=log,
        before=max(before, 0),
        after=newest.tree.size,
        linked=read.linked,
        own=len(read.own),
        stranded=stranded,
        keys=tuple(one.row.vkey for one in made),
        lost_keys=tuple(one.row.vkey for one in made if not one.held),
        key_changes=read.own.count(KEY),
    )


def _unknown(sighting: Sighting) -> Log:
    """A row for a log that was opened after the copy was made."""
    before = logs.newest()
    if sighting.year is None or (before is not None and sighting.year <= before.year):
        raise CannotRecover(
            f"In {sighting.source.name} lies the log {sighting.origin}, which is none of this installation. "
            "Nothing was changed."
        )
    if before is not None and not before.frozen:
        raise CannotRecover(
            f"The log {sighting.origin} was begun, but what is published of {before.origin} does not end "
            "with its closing. Nothing was changed. Name a newer copy of what was published with --from."
        )
    year = sighting.year
    log = Log.objects.create(origin=sighting.origin, year=year, place=str(year), opened_at=timezone.now())
    Edge.objects.create(log=log)
    return log


def _verified(log: Log, sighting: Sighting) -> _Seen:
    rows = LogKey.objects.filter(log=log, purpose=LogKey.CHECKPOINT)
    verifiers = [notes.Verifier.from_vkey(row.vkey) for row in rows]
    try:
        if verifiers:
            return _Seen(open_checkpoint(sighting.note, verifiers), sighting)
        reason = "none of its keys is known here"
    except (NoteError, CheckpointError) as error:
        reason = str(error)
    raise CannotRecover(
        f"The checkpoint of {log.origin} in {sighting.source.name} cannot be believed: {reason}. Nothing "
        "was changed. Where a key began to sign after the copies were made, put a newer copy of keys.sqlite3 "
        "(or of the key's file) back. Where it is lost for good, name its public key, which stands in every "
        "receipt, with --vkey; then let another key sign: fairnotice log rotate-key --now lost"
    )


def _continues(log: Log, tree: VerifiedTiles, size: int, root: bytes) -> None:
    """Raise CannotRecover unless the tree begins with that of this size and root."""
    proof = tree.consistency(size) if 0 < size < tree.size else []
    try:
        merkle.verify_consistency(size, tree.size, proof, root, tree.root)
    except TranslogError as error:
        raise CannotRecover(
            f"There are two histories of {log.origin}: the {size} entries of one and the {tree.size} entries "
            f"of the other do not fit together ({error}). Nothing was changed: nothing can be signed that "
            "both of their readers would believe. Keep all copies, and find out which is published where."
        ) from error


def _take_over(log: Log, seen: _Seen) -> None:
    """The checkpoint as it was published: the log's own signatures on it, and those of witnesses beside."""
    parsed = notes.parse_note(seen.sighting.note)
    own = tuple(line for line in parsed.signatures if line.name == log.origin)
    row = CheckpointRow.objects.create(
        log=log,
        size=seen.tree.size,
        root=seen.tree.root,
        note=notes.format_note(notes.Note(parsed.text, own)),
        at=timezone.now(),
    )
    witnessing.take_over(row, seen.sighting.note)


def _end_keys(log: Log, note: bytes) -> None:
    """Keys that did not sign the newest checkpoint had ended by then; why, the copy does not know."""
    signed = {line.key_id for line in notes.parse_note(note).signatures if line.name == log.origin}
    for row in keys.valid(log, LogKey.CHECKPOINT):
        if notes.Verifier.from_vkey(row.vkey).key_id not in signed:
            row.until, row.ended = timezone.now(), "rotated"
            row.save(update_fields=["until", "ended"])


def _go_on(done: Sequence[Recovered]) -> None:
    """What enters with the next round: a new year's beginning, where the old one is closed and nothing of the
    next was published, and what was recovered."""
    now = timezone.now()
    newest = logs.newest()
    if newest is None:
        raise LogCorrupt("a log was recovered, and there is none")
    if newest.frozen:
        rollover.begin(newest, max(now.year, newest.year + 1), now)
    for one in done:
        append(
            kind=RECOVERED,
            open={"log": one.log.origin, "from_size": one.before, "to_size": one.after},
            clear_type=RECOVERED,
        )
