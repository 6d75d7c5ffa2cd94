"""Looking at what was signed: without owning the state, and from a checkpoint that somebody else kept."""

from __future__ import annotations

import contextlib
import sqlite3

from fairnotice.translog.checkpoint import parse_checkpoint
from fairnotice.translog.encoding import printable
from fairnotice.translog.notes import verify_note
from fairnotice.translog.witness.config import Config
from fairnotice.translog.witness.errors import StateError, WitnessError
from fairnotice.translog.witness.marks import Marks
from fairnotice.translog.witness.rules import Cosigned
from fairnotice.translog.witness.state import Remembered, compare, read_row


def look(config: Config, origin: str) -> Cosigned | None:
    """What was cosigned last for this log; also while the witness serves.

    Raises :class:`~.errors.Locked`, :class:`StateError`.
    """
    mark = Marks(config.folder / config.marks).read(origin)
    database = config.folder / "state.sqlite3"
    if not database.exists():
        return compare(origin, None, mark)
    try:
        with contextlib.closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as link:
            row = read_row(link, origin)
    except sqlite3.Error as fault:
        raise StateError(f"the state {database} cannot be read: {fault}") from None
    return compare(origin, row, mark)


def read_seen(config: Config, origin: str, data: bytes) -> Remembered:
    """A checkpoint of the log that bears the log's signature and this witness's own cosignature.

    Raises :class:`~fairnotice.translog.errors.TranslogError` where one is missing or wrong.
    """
    if origin not in config.logs:
        raise WitnessError(f"{printable(origin)} is not watched")
    log_keys, own = config.logs[origin], config.cosigner().verifiers
    opened = verify_note(data, [*log_keys, *own])
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != origin:
        raise WitnessError(f"the checkpoint is of another log than {printable(origin)}")
    vkeys = {key.vkey for key in own}
    if all(item.verifier.vkey in vkeys for item in opened.verified):
        raise WitnessError("the checkpoint does not bear the log's signature")
    times = [item.timestamp for item in opened.verified if item.verifier.vkey in vkeys and item.timestamp]
    if not times:
        raise WitnessError("the checkpoint does not bear this witness's own signature")
    note = data.decode("utf-8")
    return Remembered(Cosigned(checkpoint.size, checkpoint.root, max(times)), note)
