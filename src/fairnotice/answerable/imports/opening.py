"""The bytes of a file, unzipped where they are zipped, line by line, with bounded memory."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self, cast

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.shape import LONGEST_LINE, Unusable

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20
# What a line may have in bytes, so that no file can fill the memory with one line.
_MOST = 4 * LONGEST_LINE


class Line(NamedTuple):
    """One line with its end; `whole` is false where it was longer than anything that is read."""

    number: int
    data: bytes
    whole: bool = True

    def text(self, encodings: tuple[str, ...] = ("utf-8",)) -> str | None:
        """The line without its end; None where it has none of the encodings."""
        for encoding in encodings:
            try:
                return self.data.decode(encoding).rstrip("\r\n")
            except UnicodeError:
                continue
        return None

    @property
    def shown(self) -> str:
        """The line as it is kept when it is bad."""
        return self.data.decode("utf-8", "backslashreplace").rstrip("\r\n")[:LONGEST_LINE]


class Opened:
    """A file that is open for reading; a `with` closes it. `size` is that of the file as it lies there."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("rb")
        self.size = path.stat().st_size
        self.zipped = self._raw.read(2) == _GZIP
        self._raw.seek(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._raw.close()

    @property
    def position(self) -> int:
        """How many bytes of the file were read so far."""
        return min(self._raw.tell(), self.size)

    def beginning(self, size: int) -> bytes:
        """The first bytes, unzipped."""
        try:
            return self._stream().read(size)
        except (EOFError, OSError, zlib.error):
            raise Unusable(_damaged()) from None

    def lines(self) -> Iterator[Line]:
        """All lines from the first. Raises Unusable where a zipped file is damaged."""
        stream, number = self._stream(), 0
        try:
            while data := stream.readline(_MOST + 1):
                number += 1
                if len(data) <= _MOST or data.endswith(b"\n"):
                    yield Line(number, data)
                    continue
                rest = data
                while rest and not rest.endswith(b"\n"):
                    rest = stream.readline(_CHUNK)
                yield Line(number, data, whole=False)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise Unusable(_damaged()) from None

    def _stream(self) -> IO[bytes]:
        self._raw.seek(0)
        if not self.zipped:
            return self._raw
        return io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=self._raw)), 1 << 18)


def _damaged() -> str:
    return _("The zipped file is damaged or not complete.")


def digest_of(path: Path) -> str:
    """SHA-256 of the file as it lies there, in hexadecimal: by it a file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
