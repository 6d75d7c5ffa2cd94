"""Cosignatures (C2SP tlog-cosignature): a witness says which tree it saw of a log, and when.

Ed25519 (type 0x04) here; ML-DSA-44 (type 0x06) in :mod:`.mldsa`, whose names are repeated here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from fairnotice.translog.checkpoint import parse_checkpoint
from fairnotice.translog.ed25519 import is_sound_public_key, verify_ed25519
from fairnotice.translog.encoding import join_timestamp, require_int, split_timestamp
from fairnotice.translog.errors import NoteError
from fairnotice.translog.keytext import ED25519_COSIGNATURE, check_key_name, format_vkey, key_id, split_vkey
from fairnotice.translog.mldsa import SIGNATURE_SIZE as MLDSA_SIGNATURE_SIZE
from fairnotice.translog.mldsa import MldsaSigner, MldsaVerifier
from fairnotice.translog.notes import parse_signature, signature_line
from fairnotice.translog.signing import SigningKey

__all__ = [
    "CosignatureSigner",
    "CosignatureVerifier",
    "MldsaSigner",
    "MldsaVerifier",
    "cosign",
    "cosign_mldsa",
    "timestamp_of",
]

SIGNATURE_SIZE = 64


def cosigned_message(text: bytes, timestamp: int) -> bytes:
    """What an Ed25519 cosigner signs: two header lines, then the checkpoint's whole body, extension lines
    too.
    """
    return b"cosignature/v1\ntime %d\n" % timestamp + text


@dataclass(frozen=True)
class CosignatureVerifier:
    """A witness's name and Ed25519 public key. The name is not signed: one key for one witness."""

    name: str
    public_key: bytes
    kind: ClassVar[int] = ED25519_COSIGNATURE
    whole_text: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if not is_sound_public_key(self.public_key):
            raise NoteError(f"the public key of {self.name} is not a sound Ed25519 key")

    @classmethod
    def from_vkey(cls, vkey: str) -> CosignatureVerifier:
        """Read ``name+hex8+base64`` of a cosigner's Ed25519 key. Raises :class:`NoteError`."""
        name, kind, public_key = split_vkey(vkey)
        if kind != ED25519_COSIGNATURE or len(public_key) != 32:
            raise NoteError("the public key is not a witness's Ed25519 key (type 4, 32 bytes)")
        return cls(name, public_key)

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for name and key in a signature line."""
        return key_id(self.name, self.public_key, ED25519_COSIGNATURE)

    @property
    def vkey(self) -> str:
        """Text form, to be published."""
        return format_vkey(self.name, ED25519_COSIGNATURE, self.public_key)

    def verify(self, text: bytes, blob: bytes) -> bool:
        """True when ``blob`` (72 bytes) is this witness's cosignature over the checkpoint ``text``."""
        parts = split_timestamp(blob, SIGNATURE_SIZE)
        return parts is not None and verify_ed25519(
            self.public_key, parts[1], cosigned_message(text, parts[0])
        )

    def timestamp(self, blob: bytes) -> int | None:
        """POSIX seconds."""
        parts = split_timestamp(blob, SIGNATURE_SIZE)
        return None if parts is None else parts[0]


@dataclass(frozen=True)
class CosignatureSigner:
    """A witness's name and Ed25519 key, and the time (POSIX seconds, 1 or more) its lines state."""

    name: str
    key: SigningKey = field(repr=False)
    timestamp: int

    def __post_init__(self) -> None:
        check_key_name(self.name)
        _require_time(self.timestamp)

    @cached_property
    def verifier(self) -> CosignatureVerifier:
        """The public half."""
        return CosignatureVerifier(self.name, self.key.public_key)

    def sign(self, text: str) -> str:
        """Signature line over a checkpoint's text. Raises
        :class:`~fairnotice.translog.errors.CheckpointError` for a text that is no checkpoint.
        """
        parse_checkpoint(text)
        signature = self.key.sign(cosigned_message(text.encode("utf-8"), self.timestamp))
        return signature_line(self.name, self.verifier.key_id, join_timestamp(self.timestamp, signature))


def _require_time(timestamp: int) -> None:
    if require_int(timestamp, "the time of a cosignature", NoteError) == 0:
        raise NoteError("a cosignature needs a time")


def cosign(text: str, name: str, key: SigningKey, timestamp: int) -> str:
    """Ed25519 signature line (0x04), with its final LF, over a checkpoint's ``text``.

    ``timestamp``: POSIX seconds, 1 to 2^63 - 1. Only for a checkpoint that was found consistent with all
    this witness cosigned before.
    """
    return CosignatureSigner(name, key, timestamp).sign(text)


def cosign_mldsa(text: str, name: str, seed: bytes, timestamp: int) -> str:
    """ML-DSA-44 signature line (0x06), otherwise as :func:`cosign`."""
    _require_time(timestamp)
    return MldsaSigner(name, seed, timestamp).sign(text)


def timestamp_of(line: str) -> int:
    """POSIX seconds that a cosignature's line states, with or without its final LF; not verified.

    Raises :class:`NoteError` where the line has not the length of a cosignature of either type.
    """
    blob = parse_signature(line.removesuffix("\n")).signature
    for size in (SIGNATURE_SIZE, MLDSA_SIGNATURE_SIZE):
        parts = split_timestamp(blob, size)
        if parts is not None:
            return parts[0]
    raise NoteError("the line is not a cosignature")
