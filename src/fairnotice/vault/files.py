"""Sealed files below the data folder, for what is too big for a database: streamed, never whole in memory.

A file is `files/<2 hex>/<32 hex>`: the four bytes "FNF1", then chunks of 64 KiB, each AES-256-GCM (NIST SP
800-38D) with its 16-byte tag. Its key is HKDF-SHA256 of the subject's key and the file's random id, so that
no two files share one, and the nonce can be the number of the chunk (11 bytes) and whether it is the last
(one byte), as in the STREAM construction. The associated data name key and file. A chunk that was moved, left
out, or cut off at the end does not open. Nothing of a file stands in its name.

The file is synced, and its folder, before `put` returns: a row that names it is committed after that. A file
that no row names is left over from a crash, and `sweep` removes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from fairnotice.vault.errors import SealBroken, VaultError
from fairnotice.vault.framing import framed
from fairnotice.vault.keys import derive, hkdf

_MAGIC = b"FNF1"
CHUNK = 65_536
_TAG = 16
_ID = re.compile(r"[0-9a-f]{32}")
_PART = ".part"


class FileGone(VaultError):
    """There is no such file: it was removed, or never finished."""


@dataclass(frozen=True)
class StoredFile:
    """A file that was written durably: its random id, and length and SHA-256 of what was put in."""

    id: str
    length: int
    sha256: bytes


class Writer:
    """Takes the bytes of one file as they come. `finish` makes it durable, `discard` leaves nothing; one of
    both is to be called. Raises Erased, UnknownKey, MasterKeyError, OSError (no room)."""

    def __init__(self, key_id: str) -> None:
        self.length = 0
        self._id = secrets.token_hex(16)
        self._key_id = key_id
        self._cipher = AESGCM(_file_key(key_id, self._id))
        self._digest = hashlib.sha256()
        self._held = bytearray()
        self._number = 0
        path = _path(self._id)
        _folder(path.parent)
        self._temporary = path.with_name(f".{self._id}{_PART}")
        descriptor = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._out: BinaryIO = os.fdopen(descriptor, "wb")
        self._out.write(_MAGIC)

    def write(self, data: bytes) -> None:
        """Some more of it."""
        self.length += len(data)
        self._digest.update(data)
        self._held += data
        # The last chunk is only known when all is there, so one is always held back.
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def finish(self) -> StoredFile:
        """Synced under its name."""
        try:
            self._seal(bytes(self._held), last=True)
            self._out.flush()
            os.fsync(self._out.fileno())
        except BaseException:
            self.discard()
            raise
        self._out.close()
        path = _path(self._id)
        os.replace(self._temporary, path)
        _sync(path.parent)
        return StoredFile(self._id, self.length, self._digest.digest())

    def discard(self) -> None:
        """As if it had never been."""
        with contextlib.suppress(OSError):  # what it still held does not matter, and the disk may be full
            self._out.close()
        self._temporary.unlink(missing_ok=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last)
        self._out.write(
            self._cipher.encrypt(nonce, data, framed("fair-notice/file/v1", self._key_id, self._id))
        )
        self._number += 1


def put(key_id: str, stream: Iterable[bytes]) -> StoredFile:
    """Seal a file under a subject's key. Raises as `Writer`."""
    writer = Writer(key_id)
    try:
        for data in stream:
            writer.write(data)
    except BaseException:
        writer.discard()
        raise
    return writer.finish()


def chunks(key_id: str, file_id: str) -> Iterator[bytes]:
    """What was put in, piece by piece; each was checked before it is given. Raises FileGone, Erased,
    UnknownKey, and SealBroken, also in the middle, where the file was changed or cut."""
    cipher = AESGCM(_file_key(key_id, file_id))
    bound = framed("fair-notice/file/v1", key_id, file_id)
    try:
        source = _path(file_id).open("rb")
    except FileNotFoundError:
        raise FileGone(f"There is no file {file_id}.") from None
    with source:
        broken = SealBroken(f"The sealed file {file_id} does not open: it was changed or cut.")
        if source.read(len(_MAGIC)) != _MAGIC:
            raise broken
        number, sealed = 0, source.read(CHUNK + _TAG)
        while True:
            following = source.read(CHUNK + _TAG)
            try:
                yield cipher.decrypt(_nonce(number, not following), sealed, bound)
            except InvalidTag:
                raise broken from None
            if not following:
                return
            number, sealed = number + 1, following


def read(key_id: str, file_id: str) -> bytes:
    """All of it at once, for files that are known to be small. Raises as `chunks`."""
    return b"".join(chunks(key_id, file_id))


def remove(file_id: str) -> None:
    """Take the file away; nothing happens where it is gone already."""
    path = _path(file_id)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
        _sync(path.parent)


def stored() -> Iterator[str]:
    """The ids of all files there are."""
    for path in root().glob("??/*"):
        if _ID.fullmatch(path.name):
            yield path.name


def sweep(named: Collection[str], older_than: timedelta) -> int:
    """Remove the files that no row names and that are older; also what was never finished. Returns how many.

    `named` has to be collected after the last change that could name one of them: a file is a moment older
    than its row, and `older_than` leaves that moment many times over."""
    before = time.time() - older_than.total_seconds()
    swept = 0
    for path in root().glob("??/*"):
        with contextlib.suppress(FileNotFoundError):
            left_over = path.name.endswith(_PART) or path.name not in named
            if left_over and path.stat().st_mtime < before:
                path.unlink()
                swept += 1
    return swept


def root() -> Path:
    """The folder that all of them lie in."""
    return Path(settings.FN_EVIDENCE_DIR)


def _path(file_id: str) -> Path:
    if not _ID.fullmatch(file_id):
        raise FileGone("This is not the id of a file.")
    return root() / file_id[:2] / file_id


def _file_key(key_id: str, file_id: str) -> bytes:
    return hkdf(derive(key_id, "file"), framed("fair-notice/file/v1", file_id))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _folder(folder: Path) -> None:
    if folder.is_dir():
        return
    for one in (root(), folder):
        if not one.is_dir():
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(one.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
