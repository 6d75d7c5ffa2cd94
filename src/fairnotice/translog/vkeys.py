"""Public keys of every type we can verify, from their text form (C2SP signed-note, "Verifier keys")."""

from __future__ import annotations

from fairnotice.translog.cosignature import CosignatureVerifier
from fairnotice.translog.errors import NoteError
from fairnotice.translog.keytext import (
    ED25519,
    ED25519_COSIGNATURE,
    LOG_KINDS,
    MLDSA44_COSIGNATURE,
    WITNESS_KINDS,
    split_vkey,
)
from fairnotice.translog.mldsa import MldsaVerifier
from fairnotice.translog.notes import NoteVerifier, Verifier

__all__ = ["NoteVerifier", "is_log_key", "is_witness_key", "parse_vkey"]


def parse_vkey(text: str) -> NoteVerifier:
    """The key whose type the text names: 0x01 Ed25519, 0x04 Ed25519 cosignature, 0x06 ML-DSA-44.

    Raises :class:`NoteError` for any other type, and for a key that is not fit for its type.
    """
    kind = split_vkey(text)[1]
    if kind == ED25519:
        return Verifier.from_vkey(text)
    if kind == ED25519_COSIGNATURE:
        return CosignatureVerifier.from_vkey(text)
    if kind == MLDSA44_COSIGNATURE:
        return MldsaVerifier.from_vkey(text)
    raise NoteError(f"public keys of type {kind} are not known here; 1, 4 and 6 are")


def is_log_key(verifier: NoteVerifier) -> bool:
    """True for the types that a log signs its checkpoints with (tlog-checkpoint): 0x01 and 0x06."""
    return verifier.kind in LOG_KINDS


def is_witness_key(verifier: NoteVerifier) -> bool:
    """True for the types of cosignatures (tlog-cosignature): 0x04 and 0x06."""
    return verifier.kind in WITNESS_KINDS
