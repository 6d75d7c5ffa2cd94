"""One error hierarchy: whoever verifies something needs to catch only :class:`TranslogError`.

Messages are safe to print and to log: they name fields, places and counts, never a committed value.
"""

from __future__ import annotations


class TranslogError(Exception):
    """Something in the log, a proof or a file of evidence is not as it must be."""


class TreeError(TranslogError):
    """An index, size or stored hash that no Merkle tree can have."""


class ProofError(TranslogError):
    """A proof is malformed or does not lead to the root it claims."""


class NoteError(TranslogError):
    """A signed note, key or signature is malformed or does not verify."""


class SigningError(TranslogError):
    """A private key cannot be read or used, or what should sign does not sign as it must."""


class PolicyError(TranslogError):
    """A policy is malformed, or a checkpoint has not the signatures that it asks for."""


class CheckpointError(TranslogError):
    """A checkpoint is malformed, from another log, or goes back behind a published one."""


class PromiseError(TranslogError):
    """A promise of inclusion is malformed or speaks of another log or entry."""


class OpeningError(TranslogError):
    """A value cannot be committed to, or an opening or leaf is malformed."""


class OpeningMismatch(OpeningError):
    """A well-formed opening does not belong to the entry it is shown with."""


class TileError(TranslogError):
    """A tile or entry bundle is missing, has the wrong length or a path that is not canonical."""


class TileConflict(TileError):
    """A published file exists with other bytes: the log would fork if it were replaced."""


class EvidenceError(TranslogError):
    """A file of evidence is malformed or contradicts itself."""
