"""Keys that sign for a log and that an older copy of the database does not know: found by what they signed.

The secret half may still be where it was, because the vault's database, or the file, is newer than the copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairnotice.ledger import keys
from fairnotice.ledger.errors import LogRefusal
from fairnotice.ledger.models import Log, LogKey
from fairnotice.translog import notes
from fairnotice.translog.errors import NoteError

#: Where the secret half of a key is that nobody has any more. Never a name that the vault gives.
NOWHERE = "vault:lost/{key_id}"


class NoKey(LogRefusal):
    """What was named as a public key is none, or of another log."""


@dataclass(frozen=True)
class Adopted:
    """A key that the copy did not know; `held`: its secret half is here, so that it can go on signing."""

    row: LogKey
    held: bool


def adopt(log: Log, note: bytes, vouched: Sequence[str] = (), *, since_size: int = 0) -> list[Adopted]:
    """Make rows of the keys that signed this note for the log and are not known, in the caller's transaction
    and in the note's order: the newest last. `vouched`: public keys that the operator names.

    Makes no key and no signature. Raises NoKey, NoteError for what is no note, SigningError where a key
    cannot be read.
    """
    known = {_key_id(row.vkey) for row in LogKey.objects.filter(log=log, purpose=LogKey.CHECKPOINT)}
    own = [line.key_id for line in notes.parse_note(note).signatures if line.name == log.origin]
    wanted = [key_id for key_id in own if key_id not in known]
    if not wanted:
        return []
    nowhere = {_key_id(vkey): (vkey, "") for vkey in vouched if _of(vkey).name == log.origin}
    candidates = {**nowhere, **{_key_id(vkey): (vkey, source) for vkey, source in keys.found(log)}}
    made = []
    for key_id in wanted:
        if key_id not in candidates:
            continue
        vkey, source = candidates[key_id]
        row = LogKey(
            log=log,
            purpose=LogKey.CHECKPOINT,
            vkey=vkey,
            source=source or NOWHERE.format(key_id=key_id.hex()),
            since=log.opened_at,
            since_size=since_size,
        )
        row.save(force_insert=True)
        made.append(Adopted(row, bool(source)))
    return made


def _key_id(vkey: str) -> bytes:
    return _of(vkey).key_id


def _of(vkey: str) -> notes.Verifier:
    try:
        return notes.Verifier.from_vkey(vkey)
    except NoteError as error:
        raise NoKey(f"What was given with --vkey is not the public key of a log: {error}.") from error
