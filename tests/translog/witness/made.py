"""Logs, forks of them, and submissions to a witness."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.notes import NoteVerifier, Signer, sign_note
from fairnotice.translog.signing import SeedKey
from fairnotice.translog.witness.cosigner import Cosigner
from fairnotice.translog.witness.rules import Admitted, Logs, admit, parse_submission
from fairnotice.translog.witness.state import State

ORIGIN = "log.example.org/log"
LOG_KEY = Signer(ORIGIN, bytes(range(32)))
NEXT_KEY = Signer(ORIGIN, bytes(range(1, 33)))
STRANGER = Signer(ORIGIN, bytes(range(2, 34)))
LOGS: Logs = {ORIGIN: (LOG_KEY.verifier,)}
NAME = "witness.example.net"
COSIGNER = Cosigner(NAME, SeedKey(bytes(range(3, 35))))
NOW = 1_790_000_000


@dataclass
class Tree:
    """A log held in memory; ``fork`` is the number of entries after which it says something else."""

    entries: int = 40
    fork: int | None = None
    origin: str = ORIGIN
    signer: Signer = LOG_KEY
    hashes: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.hashes = [
            merkle.leaf_hash(
                b"entry %d%s" % (i, b" else" if self.fork is not None and i >= self.fork else b"")
            )
            for i in range(self.entries)
        ]

    def root(self, size: int) -> bytes:
        return merkle.root(self.hashes[:size])

    def note(self, size: int, *signers: Signer) -> str:
        text = Checkpoint(self.origin, size, self.root(size)).to_text()
        return sign_note(text, list(signers) or [self.signer])

    def proof(self, old: int, size: int) -> list[bytes]:
        if not 0 < old < size:
            return []
        return merkle.consistency_proof(old, size, merkle.list_reader(self.hashes))

    def body(self, old: int, size: int, *, proof: Sequence[bytes] | None = None, note: str = "") -> bytes:
        return body(old, self.proof(old, size) if proof is None else proof, note or self.note(size))


def body(old: int | str, proof: Sequence[bytes], note: str) -> bytes:
    lines = "".join(f"{encode_base64(item)}\n" for item in proof)
    return f"old {old}\n{lines}\n{note}".encode()


def admitted(raw: bytes, logs: Logs = LOGS) -> Admitted:
    return admit(parse_submission(raw), logs)


@contextlib.contextmanager
def opened(folder: Path, marks: Path | None = None) -> Iterator[State]:
    state = State(folder / "state.sqlite3", marks or folder / "marks")
    try:
        yield state
    finally:
        state.close()


def keys(*signers: Signer) -> tuple[NoteVerifier, ...]:
    return tuple(signer.verifier for signer in signers)
