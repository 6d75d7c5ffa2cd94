"""A tar archive (POSIX.1-2001) inside age (age-encryption.org/v1), written and read as a stream.

Nothing is ever held whole in memory, and nothing of the plain archive lies on a disk.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO

import pyrage

from fairnotice.site.backup import manifest
from fairnotice.site.backup.errors import BackupRefused
from fairnotice.site.backup.manifest import Manifest, Packed

_CHUNK = 1 << 20
_MOST_MANIFEST = 1 << 28
#: Where an entry goes: something to write to, or None to look at it only.
Sink = Callable[[str], IO[bytes] | None]
Progress = Callable[[int], object]


def pack(
    entries: Iterable[tuple[str, Path]],
    listed: Manifest,
    target: Path,
    recipients: list[str],
    progress: Progress = lambda count: None,
) -> Manifest:
    """Write the files into a new file that only the recipients can open, synced; gives what is in it.

    A file that vanishes before it is its turn is left out (it was erased, or replaced by a fuller one).
    Raises FileExistsError, OSError, BackupRefused.
    """
    to = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    stream = _Stream(_blocks(entries, listed, progress))
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=_CHUNK) as out:
        try:
            pyrage.encrypt_io(stream, out, to)
        except pyrage.EncryptError as error:
            # The library keeps of our own errors nothing but their text.
            raise stream.error or BackupRefused(f"The backup cannot be encrypted: {error}.") from None
        out.flush()
        os.fsync(out.fileno())
    return listed


class _Stream:
    """What the library reads from: blocks of any length, one after the other."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._left = blocks, memoryview(b"")
        self.error: Exception | None = None

    def read(self, size: int) -> bytes:
        while not self._left:
            try:
                self._left = memoryview(next(self._blocks))
            except StopIteration:
                return b""
            except Exception as error:
                self.error = error
                raise
        # A view, since cutting a megabyte again and again would copy it each time.
        part, self._left = self._left[:size], self._left[size:]
        return bytes(part)


def _blocks(entries: Iterable[tuple[str, Path]], listed: Manifest, progress: Progress) -> Iterator[bytes]:
    for name, path in entries:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            size = os.fstat(file.fileno()).st_size
            yield _header(name, size)
            digest, left = hashlib.sha256(), size
            while left:
                data = file.read(min(_CHUNK, left))
                if not data:
                    raise BackupRefused(f"{path} became shorter while it was read. Try again.")
                digest.update(data)
                left -= len(data)
                progress(len(data))
                yield data
            yield bytes(-size % tarfile.BLOCKSIZE)
            listed.files.append(Packed(name, size, digest.hexdigest()))
    data = listed.to_bytes()
    yield _header(manifest.NAME, len(data))
    yield data + bytes(-len(data) % tarfile.BLOCKSIZE) + bytes(2 * tarfile.BLOCKSIZE)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.PAX_FORMAT)


def unpack(
    path: Path, identities: list[pyrage.x25519.Identity], sink: Sink, progress: Progress = lambda count: None
) -> Manifest:
    """Read a whole file of a backup, hand each entry to `sink`, and compare lengths and SHA-256 with the
    manifest. Only when it returns may what was written be used.

    Raises BackupRefused where it does not open, was changed or cut, or holds what does not belong there.
    """
    found: list[Packed] = []
    listed: Manifest | None = None
    with _opened(path, identities) as tar:
        for info in tar:
            if listed is not None:
                raise BackupRefused(f"{path.name} goes on behind its end: it was not made by this program.")
            entry = tar.extractfile(info) if info.isreg() else None
            if entry is None:
                raise BackupRefused(f"{path.name} holds something that is no file.")
            if info.name == manifest.NAME:
                if info.size > _MOST_MANIFEST:
                    raise BackupRefused(f"{path.name}: its list of files is too long.")
                listed = Manifest.from_bytes(entry.read())
                continue
            out = sink(_safe(info.name, path))
            try:
                found.append(Packed(info.name, info.size, _copied(entry, out, progress)))
            finally:
                if out is not None:
                    out.close()
    if listed is None:
        raise BackupRefused(f"{path.name} has no list of its files: it was cut off.")
    if found != listed.files:
        wrong = next(
            (a.name for a, b in zip(found, listed.files, strict=False) if a != b), "its number of files"
        )
        raise BackupRefused(f"{path.name} is not what was backed up: {wrong} differs. Take another backup.")
    return listed


def _copied(entry: IO[bytes], out: IO[bytes] | None, progress: Progress) -> str:
    digest = hashlib.sha256()
    while data := entry.read(_CHUNK):
        digest.update(data)
        if out is not None:
            out.write(data)
        progress(len(data))
    if out is not None:
        out.flush()
        with suppress(io.UnsupportedOperation):
            os.fsync(out.fileno())
    return digest.hexdigest()


def _safe(name: str, path: Path) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        raise BackupRefused(f"{path.name} holds a file with a name that leads elsewhere.")
    return name


@contextmanager
def _opened(path: Path, identities: list[pyrage.x25519.Identity]) -> Iterator[tarfile.TarFile]:
    """The archive inside. Opened in a thread of its own, since the library pushes and tarfile pulls."""
    reading, writing = os.pipe()
    trouble: list[Exception] = []

    def open_it() -> None:
        # Closing the pipe tells the reader that nothing more comes, whatever happened.
        with suppress(BrokenPipeError), os.fdopen(writing, "wb", buffering=_CHUNK) as out:
            try:
                with path.open("rb", buffering=_CHUNK) as file:
                    pyrage.decrypt_io(file, out, identities)
            except (pyrage.DecryptError, OSError) as error:
                trouble.append(error)

    thread = threading.Thread(target=open_it, name="age", daemon=True)
    thread.start()
    source = os.fdopen(reading, "rb", buffering=_CHUNK)
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=_CHUNK) as tar:
            yield tar
        while source.read(_CHUNK):
            pass
        thread.join()
    except (tarfile.TarError, EOFError) as error:
        thread.join()
        raise _why(path, trouble) or BackupRefused(f"{path.name} is no backup of this program.") from error
    finally:
        source.close()
        thread.join()
    if refused := _why(path, trouble):
        raise refused


def _why(path: Path, trouble: list[Exception]) -> Exception | None:
    if not trouble:
        return None
    text = str(trouble[0]).lower()
    if "no matching" in text:
        return BackupRefused(
            f"{path.name} was made for other recipients: no key in your identity file opens it."
        )
    if isinstance(trouble[0], OSError) and trouble[0].errno:
        return trouble[0]
    return BackupRefused(f"{path.name} cannot be opened: it was changed, cut off, or is no file of age.")
