"""A log, witnesses of both types and a policy, for tests."""

from __future__ import annotations

from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.cosignature import CosignatureSigner, cosign
from fairnotice.translog.mldsa import MldsaSigner
from fairnotice.translog.notes import Signer, parse_note
from fairnotice.translog.signing import SeedKey

ORIGIN = "log.example.org/log/2026"
ROOT = bytes(range(32))
TIME = 1_790_000_000
LOG = Signer(ORIGIN, b"\x21" * 32)
PQ_LOG = MldsaSigner(ORIGIN, b"\x22" * 32)
KEYS = [SeedKey(bytes([40 + number]) * 32) for number in range(4)]
NAMES = [f"w{number}.example.net" for number in range(4)]
WITNESSES = [CosignatureSigner(name, key, TIME) for name, key in zip(NAMES, KEYS, strict=True)]
PQ_WITNESS = MldsaSigner("pq.example.net", b"\x23" * 32, TIME)
CHECKPOINT = Checkpoint(ORIGIN, 12, ROOT)
SIGNED = sign_checkpoint(CHECKPOINT, LOG)
TEXT = parse_note(SIGNED).text


def cosigned(*numbers: int, time: int = TIME) -> str:
    """The log's checkpoint with cosignatures of the witnesses of these numbers."""
    return SIGNED + "".join(cosign(TEXT, NAMES[number], KEYS[number], time) for number in numbers)
