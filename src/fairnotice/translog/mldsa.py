"""ML-DSA-44 cosignatures (type 0x06) of C2SP tlog-cosignature v1.1, by witnesses and by logs themselves.

What is signed is the cosigner's name, a time, the log's origin, a range of entries and its root hash; of a
checkpoint, its first three lines. Extension lines are NOT covered: anybody can change them and the signature
still holds, which is why :attr:`MldsaVerifier.whole_text` is False.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Never

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from fairnotice.translog.checkpoint import parse_checkpoint
from fairnotice.translog.encoding import join_timestamp, require_int, split_timestamp
from fairnotice.translog.errors import CheckpointError, NoteError, SigningError
from fairnotice.translog.keytext import MLDSA44_COSIGNATURE, check_key_name, format_vkey, key_id, split_vkey
from fairnotice.translog.merkle import HASH_SIZE
from fairnotice.translog.notes import signature_line

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
except ImportError:  # an older release: all that is not signed with ML-DSA can be checked all the same

    class _Absent:
        @classmethod
        def from_public_bytes(cls, data: bytes) -> Never:
            raise UnsupportedAlgorithm("ML-DSA")

        from_seed_bytes = from_public_bytes

    MLDSA44PrivateKey = MLDSA44PublicKey = _Absent  # type: ignore[misc, assignment]

_NEEDED = "ML-DSA-44 keys need a newer release of cryptography, with OpenSSL 3.5 or later"
PUBLIC_KEY_SIZE = 1312
SIGNATURE_SIZE = 2420
_SEED_SIZE = 32
_LABEL = b"subtree/v1\n\x00"
_MAX_NAME_BYTES = 255


def _short(text: str, what: str) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    if not 1 <= len(raw) <= _MAX_NAME_BYTES:
        raise NoteError(f"{what} must have 1 to {_MAX_NAME_BYTES} bytes to be signed with ML-DSA-44")
    return bytes([len(raw)]) + raw


def subtree_message(name: str, timestamp: int, origin: str, start: int, end: int, root: bytes) -> bytes:
    """``cosigned_message``: what is signed for entries ``start`` up to, not including, ``end``.

    A range that does not begin at 0 has no time: ``timestamp`` must be 0. Raises :class:`NoteError`.
    """
    for number, what in ((timestamp, "the time"), (start, "the first entry"), (end, "the end")):
        require_int(number, f"{what} of a cosignature", NoteError)
    if start > end or (start == end and start != 0):
        raise NoteError("the entries of a cosignature end before they begin")
    if start and timestamp:
        raise NoteError("a cosignature of entries that do not begin at 0 has no time")
    if len(root) != HASH_SIZE:
        raise NoteError(f"the root hash of a cosignature is not {HASH_SIZE} bytes long")
    return b"".join(
        (
            _LABEL,
            _short(name, "the cosigner's name"),
            timestamp.to_bytes(8, "big"),
            _short(origin, "the log's origin"),
            start.to_bytes(8, "big"),
            end.to_bytes(8, "big"),
            root,
        )
    )


def _checkpoint_message(name: str, timestamp: int, text: str) -> bytes:
    checkpoint = parse_checkpoint(text)
    return subtree_message(name, timestamp, checkpoint.origin, 0, checkpoint.size, checkpoint.root)


@dataclass(frozen=True)
class MldsaVerifier:
    """A cosigner's (or log's) name and ML-DSA-44 public key (1,312 bytes)."""

    name: str
    public_key: bytes
    kind: ClassVar[int] = MLDSA44_COSIGNATURE
    whole_text: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_key_name(self.name)
        _short(self.name, "the cosigner's name")
        try:
            if len(self.public_key) == PUBLIC_KEY_SIZE:
                MLDSA44PublicKey.from_public_bytes(self.public_key)
                return
        except UnsupportedAlgorithm:
            raise NoteError(_NEEDED) from None
        except ValueError:
            pass
        raise NoteError(f"the public key of {self.name} is not an ML-DSA-44 key")

    @classmethod
    def from_vkey(cls, vkey: str) -> MldsaVerifier:
        """Read ``name+hex8+base64`` of an ML-DSA-44 key. Raises :class:`NoteError`."""
        name, kind, public_key = split_vkey(vkey)
        if kind != MLDSA44_COSIGNATURE:
            raise NoteError("the public key is not an ML-DSA-44 key (type 6)")
        return cls(name, public_key)

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for name and key in a signature line."""
        return key_id(self.name, self.public_key, MLDSA44_COSIGNATURE)

    @property
    def vkey(self) -> str:
        """Text form, to be published."""
        return format_vkey(self.name, MLDSA44_COSIGNATURE, self.public_key)

    def verify(self, text: bytes, blob: bytes) -> bool:
        """True when ``blob`` (2,428 bytes) is this cosigner's over the checkpoint ``text``.

        A text that is no checkpoint is never signed.
        """
        parts = split_timestamp(blob, SIGNATURE_SIZE)
        if parts is None:
            return False
        try:
            message = _checkpoint_message(self.name, parts[0], text.decode("utf-8"))
        except (CheckpointError, NoteError, UnicodeDecodeError):
            return False
        return self._holds(parts[1], message)

    def verify_subtree(self, blob: bytes, origin: str, start: int, end: int, root: bytes) -> bool:
        """True when ``blob`` is this cosigner's over the root of entries ``start`` to ``end``."""
        parts = split_timestamp(blob, SIGNATURE_SIZE)
        if parts is None:
            return False
        try:
            return self._holds(parts[1], subtree_message(self.name, parts[0], origin, start, end, root))
        except NoteError:
            return False

    def _holds(self, signature: bytes, message: bytes) -> bool:
        try:
            MLDSA44PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def timestamp(self, blob: bytes) -> int | None:
        """POSIX seconds; 0 means that the cosigner does not call this tree the largest it saw."""
        parts = split_timestamp(blob, SIGNATURE_SIZE)
        return None if parts is None else parts[0]


@dataclass(frozen=True)
class MldsaSigner:
    """A name and a 32-byte ML-DSA-44 seed (FIPS 204), which is never shown by ``repr``.

    ``timestamp`` is what the signature lines state; 0 states no time. Signing is randomised: the same text
    gives another line each time.
    """

    name: str
    seed: bytes = field(repr=False)
    timestamp: int = 0

    def __post_init__(self) -> None:
        check_key_name(self.name)
        require_int(self.timestamp, "the time of a cosignature", NoteError)
        if len(self.seed) != _SEED_SIZE:
            raise SigningError(f"an ML-DSA-44 seed has {_SEED_SIZE} bytes")

    @cached_property
    def _private(self) -> MLDSA44PrivateKey:
        try:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        except UnsupportedAlgorithm:
            raise SigningError(_NEEDED) from None

    @cached_property
    def verifier(self) -> MldsaVerifier:
        """The public half."""
        return MldsaVerifier(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Signature line, with its final LF, over a checkpoint's text. Raises
        :class:`~fairnotice.translog.errors.TranslogError` for a text that is no checkpoint.
        """
        signature = self._private.sign(_checkpoint_message(self.name, self.timestamp, text))
        blob = join_timestamp(self.timestamp, signature)
        return signature_line(self.name, self.verifier.key_id, blob)

    def sign_subtree(self, origin: str, start: int, end: int, root: bytes) -> bytes:
        """Blob (2,428 bytes) over the root of entries ``start`` to ``end``."""
        message = subtree_message(self.name, self.timestamp, origin, start, end, root)
        return join_timestamp(self.timestamp, self._private.sign(message))
