"""Where an Ed25519 private key lives: in memory, in a file, or behind a command (:mod:`.signcommand`)."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairnotice.translog.encoding import decode_base64
from fairnotice.translog.errors import SigningError
from fairnotice.translog.signcommand import CommandKey

__all__ = ["CommandKey", "FileKey", "SeedKey", "SigningKey", "read_seed"]

SEED_SIZE = 32
_MAX_FILE_BYTES = 200
_HEX = re.compile(r"[0-9a-fA-F]{64}")


class SigningKey(Protocol):
    """An Ed25519 key pair that signs without showing its private half."""

    @property
    def public_key(self) -> bytes:
        """32 raw bytes (RFC 8032 section 5.1.5)."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032 section 5.1.6). Raises :class:`SigningError` where the key cannot be used."""


class SeedKey:
    """A 32-byte seed in memory, never shown by ``repr``."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_SIZE:
            raise SigningError(f"an Ed25519 seed has {SEED_SIZE} bytes")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._private.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(public_key={self._public.hex()})"

    @property
    def public_key(self) -> bytes:
        """32 raw bytes."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """64 bytes. Ed25519 is deterministic: same message, same signature."""
        return self._private.sign(message)


class FileKey(SeedKey):
    """A seed read once from a file: 64 hexadecimal digits or base64, with or without a final LF.

    Raises :class:`SigningError` when the file is missing, is no regular file, is open to group or others, or
    holds something else; the message never repeats what the file holds.
    """

    def __init__(self, path: Path | str) -> None:
        super().__init__(read_seed(Path(path)))


def read_seed(path: Path) -> bytes:
    """The 32 bytes in a key file as :class:`FileKey` reads it, also for a key of another type."""
    try:
        # Not blocking: a FIFO put there by mistake must not hang the program that wants to sign.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as problem:
        raise SigningError(f"the key file {path} cannot be read: {problem.strerror}") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise SigningError(f"the key file {path} is not a regular file")
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SigningError(f"the key file {path} is open to others than its owner; set its mode to 600")
        raw = os.read(descriptor, _MAX_FILE_BYTES)
    finally:
        os.close(descriptor)
    try:
        text = raw.decode("ascii").removesuffix("\n")
    except UnicodeDecodeError:
        text = ""
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    what = f"the key file {path} holds neither 64 hexadecimal digits nor base64: what it holds"
    return decode_base64(text, what, SigningError, length=SEED_SIZE)
