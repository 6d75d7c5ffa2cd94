"""The signing keys of each log: for checkpoints under its origin, for promises under `<origin>/promise`.

Two purposes, so that a promise (made by the web process at once) can never be taken for a checkpoint. Keys of
their own for each log, so that what happens to one of them says nothing about another year. Which keys there
are stands in LogKey; the secret halves are where `source` says, and are looked for only when something is to
be signed. Without a log named, it is the one that is written to.
"""

from __future__ import annotations

import secrets
import shlex
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import logs
from fairnotice.ledger.errors import LogRefusal
from fairnotice.ledger.models import Log, LogKey
from fairnotice.translog import notes
from fairnotice.translog.errors import NoteError, SigningError
from fairnotice.translog.promise import promise_key_name
from fairnotice.translog.publish import read_checkpoint
from fairnotice.translog.signing import CommandKey, FileKey, SeedKey, SigningKey
from fairnotice.vault import keys

_OF_LOG = "SELECT * FROM ledger_logkey WHERE log_id = %s AND purpose = %s ORDER BY id"
_NAMES = {LogKey.CHECKPOINT: "log-signing-key", LogKey.PROMISE: "promise-signing-key"}


class KeyMissing(LogRefusal):
    """The secret half of a key of the log is not where it was: nothing is signed with another instead."""


def log_signers(log: Log | None = None, now: datetime | None = None) -> list[notes.Signer]:
    """What signs a checkpoint now, the oldest key first: two while one key takes over from another.

    Raises KeyMissing, translog's SigningError where a file or a command cannot be used.
    """
    return [signer_of(row) for row in valid(log or logs.current(), LogKey.CHECKPOINT, now)]


def promise_signer(log: Log | None = None) -> notes.Signer:
    """Signs promises of inclusion: always the newest key for them."""
    return signer_of(valid(log or logs.current(), LogKey.PROMISE)[-1])


def vkey(log: Log | None = None) -> str:
    """The log's public key in its text form (signed-note): the newest that signed the published checkpoint,
    so that whoever gets key and checkpoint together can check one with the other."""
    of = log or logs.current()
    rows = valid(of, LogKey.CHECKPOINT)
    data = read_checkpoint(of.folder())
    if data is not None:
        try:
            signed = {(line.name, line.key_id) for line in notes.parse_note(data).signatures}
        except NoteError:
            signed = set()
        for row in reversed(rows_of(of, LogKey.CHECKPOINT)):
            verifier = notes.Verifier.from_vkey(row.vkey)
            if (verifier.name, verifier.key_id) in signed:
                return row.vkey
    return rows[-1].vkey


def promise_vkey(log: Log | None = None) -> str:
    """The public key of promises in its text form."""
    return valid(log or logs.current(), LogKey.PROMISE)[-1].vkey


def vkeys(log: Log) -> list[str]:
    """All public keys that sign checkpoints of this log now; of a closed log, those that signed its last."""
    return [row.vkey for row in valid(log, LogKey.CHECKPOINT, log.frozen_at)]


def good_vkeys(log: Log, purpose: str = LogKey.CHECKPOINT) -> list[str]:
    """All keys of this log whose signatures still count, newest first. What an older one signed in its time
    is as good as before; a checkpoint by a key that was lost or stolen is not, since somebody else may have
    made it. A promise counts whatever became of its key: nobody gets rid of promises by calling it stolen."""
    doubtful = ("lost", "stolen") if purpose == LogKey.CHECKPOINT else ()
    return [row.vkey for row in reversed(rows_of(log, purpose)) if row.ended not in doubtful]


def verifiers(log: Log) -> list[notes.Verifier]:
    """All keys that ever signed checkpoints of this log: what our own files may be signed with."""
    return [notes.Verifier.from_vkey(row.vkey) for row in rows_of(log, LogKey.CHECKPOINT)]


def rows_of(log: Log, purpose: str) -> list[LogKey]:
    """All keys of a log for one purpose, oldest first; the first is made here."""
    return _rows(log, purpose) or [_first(log, purpose)]


def valid(log: Log, purpose: str, now: datetime | None = None) -> list[LogKey]:
    """The keys that sign at that time, oldest first; one at least."""
    rows = rows_of(log, purpose)
    at = now or timezone.now()
    # The newest signs whatever the clock says: a log without a key that signs would keep no promise. One that
    # was lost or stolen never does, also where the clock was set back.
    going = [row for row in rows[:-1] if row.until is None or row.until > at]
    return [row for row in going if row.ended not in ("lost", "stolen")] + rows[-1:]


def new_key(log: Log, purpose: str, *, since: datetime, since_size: int) -> LogKey:
    """A further key for a log, from where the settings say; the row, not saved.

    Raises translog's SigningError where a file or a command cannot be used.
    """
    source = settings.FN_LOG_KEY if purpose == LogKey.CHECKPOINT else "vault"
    if source == "vault":
        # A name that was never used: the secret of a transaction that failed is not taken for a new one.
        source = f"vault:{_NAMES[purpose]}/{log.year}/{secrets.token_hex(8)}"
    return _row(log, purpose, source, since, since_size)


def of_next_year() -> tuple[str, str]:
    """The public keys that the next year's log will begin with, for checkpoints and for promises, as the
    settings are now: whoever is to know them before the year begins can be told.

    Raises translog's SigningError where a file or a command cannot be used.
    """
    newest = logs.newest()
    # Before the first act, the next log is the very first.
    year = newest.year + 1 if newest else timezone.now().year
    log = Log(origin=logs.origin_of(year), year=year, place=str(year), opened_at=timezone.now())
    return _first_row(log, LogKey.CHECKPOINT).vkey, _first_row(log, LogKey.PROMISE).vkey


def signer_of(row: LogKey) -> notes.Signer:
    """The signing half of a key. Raises KeyMissing where its place holds another key than it did."""
    signer = notes.Signer(_name(row.log, row.purpose), _secret(row.source, row.vkey))
    if signer.verifier.vkey != row.vkey:
        raise KeyMissing(
            f"the key {row.vkey.split('+')[1]} of {signer.name} is not at its place any more "
            f"({row.source.partition(':')[0]}): another one is. Put it back; where it is lost for good, see "
            "'Keys of the log' in the operator's guide"
        )
    return signer


def found(log: Log) -> list[tuple[str, str]]:
    """(public key, source) of every secret half in the vault, and where the settings say, that may have
    signed checkpoints of this log. Makes none; passes over what cannot be read."""
    sources = [f"vault:{name}" for name in keys.secret_names(_NAMES[LogKey.CHECKPOINT])]
    halves = []
    for source in [*sources, *([] if settings.FN_LOG_KEY == "vault" else [settings.FN_LOG_KEY])]:
        with suppress(SigningError):
            halves.append((notes.Verifier(log.origin, _secret(source, None).public_key).vkey, source))
    return halves


def _rows(log: Log, purpose: str) -> list[LogKey]:
    # Plain SQL: every promise and every round asks this.
    found = list(LogKey.objects.raw(_OF_LOG, [log.pk, purpose]))
    for row in found:
        row.log = log
    return found


def _first(log: Log, purpose: str) -> LogKey:
    row = _first_row(log, purpose)
    with transaction.atomic():
        # Two that get here together make the same row; the first stays.
        LogKey.objects.bulk_create([row], ignore_conflicts=True)
    return _rows(log, purpose)[0]


def _first_row(log: Log, purpose: str) -> LogKey:
    """The first key of a log, not saved. In the vault it has a name that follows from the log: it can be told
    before the log is opened, and a log from before there were rows of keys keeps its own."""
    source = settings.FN_LOG_KEY if purpose == LogKey.CHECKPOINT and log.place else "vault"
    if source == "vault":
        name = _NAMES[purpose]
        source = f"vault:{name}/{log.place}" if log.place else f"vault:{name}"
    return _row(log, purpose, source, log.opened_at, 0)


def _row(log: Log, purpose: str, source: str, since: datetime, since_size: int) -> LogKey:
    verifier = notes.Verifier(_name(log, purpose), _secret(source, None).public_key)
    vkey = verifier.vkey
    return LogKey(log=log, purpose=purpose, vkey=vkey, source=source, since=since, since_size=since_size)


def _name(log: Log, purpose: str) -> str:
    return log.origin if purpose == LogKey.CHECKPOINT else promise_key_name(log.origin)


def _secret(source: str, vkey: str | None) -> SigningKey:
    where, _, what = source.partition(":")
    if where == "vault":
        return SeedKey(keys.named_secret(what))
    if where == "file":
        return FileKey(what)
    expected = notes.Verifier.from_vkey(vkey).public_key if vkey else None
    return CommandKey(shlex.split(what), expected=expected)
