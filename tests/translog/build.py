"""A small log made with the public functions, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fairnotice.translog import merkle, openings
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.notes import Signer
from fairnotice.translog.promise import Promise, promise_key_name, sign_promise
from fairnotice.translog.proof import format_proof
from fairnotice.translog.publish import publish_checkpoint
from fairnotice.translog.tiles import write_tiles

ORIGIN = "log.example.org/log"
LOG_KEY = Signer(ORIGIN, bytes(range(32)))
PROMISE_KEY = Signer(promise_key_name(ORIGIN), bytes(range(1, 33)))
OTHER_KEY = Signer(ORIGIN, bytes(range(2, 34)))
VKEY = LOG_KEY.verifier.vkey
RECORD = "00112233445566778899aabbccddeeff"
SALT = bytes(range(100, 132))
NOW = 1_790_000_000
OPENINGS = [
    openings.Opening("kind", "decision", bytes([1]) * 32),
    openings.Opening("measure", {"code": "removal", "days": 30}, bytes([2]) * 32),
    openings.Opening("note", "Grüße \u202e\u009b2J", bytes([3]) * 32),
]


def make_leaf(record: str = RECORD, clear_type: str | None = None) -> bytes:
    commitments = {item.path: item.commitment(record) for item in OPENINGS}
    return openings.build_leaf(SALT, record, commitments, clear_type=clear_type)


@dataclass
class Log:
    """Leaves in memory, and everything that can be said about them."""

    entries: list[bytes] = field(default_factory=list)
    origin: str = ORIGIN

    @property
    def hashes(self) -> list[bytes]:
        return [merkle.leaf_hash(entry) for entry in self.entries]

    def checkpoint(self, size: int | None = None, signer: Signer = LOG_KEY) -> str:
        size = len(self.entries) if size is None else size
        return sign_checkpoint(Checkpoint(self.origin, size, merkle.root(self.hashes[:size])), signer)

    def proof(self, index: int, signer: Signer = LOG_KEY, extra: bytes | None = None) -> str:
        path = merkle.inclusion_proof(index, len(self.entries), merkle.list_reader(self.hashes))
        return format_proof(index, path, self.checkpoint(signer=signer), extra)

    def publish(self, directory: Path, *steps: int) -> None:
        """Publish in steps of so many entries each, a checkpoint after every step."""
        size = 0
        for step in steps or (len(self.entries),):
            size = write_tiles(directory, size, self.entries[size : size + step])
            publish_checkpoint(directory, self.checkpoint(size))


def numbered(count: int) -> Log:
    return Log([b"entry %d" % number for number in range(count)])


def promise(leaf: bytes, signer: Signer = PROMISE_KEY, **changes: Any) -> str:
    values: dict[str, Any] = {
        "origin": ORIGIN,
        "leaf_hash": merkle.leaf_hash(leaf),
        "time": NOW,
        "delay": 3600,
        "tree_size": 2,
    }
    return sign_promise(Promise(**(values | changes)), signer)


def record(
    leaf: bytes, *, proof: str | None, promised: str | None, name: str = RECORD, origin: str = ORIGIN
) -> dict[str, Any]:
    return {
        "record": name,
        "origin": origin,
        "salt": encode_base64(SALT),
        "leaf": encode_base64(leaf),
        "openings": [item.to_json() for item in OPENINGS],
        "promise": promised,
        "proof": proof,
    }


def log_keys(**changes: Any) -> dict[str, Any]:
    keys: dict[str, Any] = {"origin": ORIGIN, "vkey": VKEY, "promise_vkey": PROMISE_KEY.verifier.vkey}
    return keys | changes


def evidence(*records: dict[str, Any], **changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "format": "fair-notice-evidence/2",
        "kind": "receipt",
        "logs": [log_keys()],
        "records": list(records),
    }
    return document | changes
