"""Identifiers that come twice in a file, found in memory that does not grow with it.

Each identifier is a number of 64 bits, written to a file that is gone when the program ends. Two different
ones can have one number: among fifty million that happens once in ten thousand files.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator
from types import TracebackType
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Looked at together at the end, 24 bytes each.
AT_ONCE: Final = 1 << 21
_PIECE: Final = 1 << 20
_KIND = np.dtype([("number", "u8"), ("row", "u8"), ("part", "u8")])

Records = NDArray[np.void]


class Seen:
    """A bag of numbers, each with its place: the part of the file, and the row in it. A context manager."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._count = 0

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, part: int, numbers: array[int], rows: array[int]) -> None:
        """Put in what one block held. Raises OSError where the disk is full."""
        records = np.empty(len(numbers), dtype=_KIND)
        records["number"], records["row"], records["part"] = numbers, rows, part
        self._file.write(records.tobytes())
        self._count += len(records)

    def twice(self) -> Iterator[tuple[int, int]]:
        """Every place (part, row) whose number stood at an earlier place too, in order within each share."""
        shares = self._count // AT_ONCE + 1
        for share in range(shares):
            found = np.concatenate([piece[piece["number"] % shares == share] for piece in self._pieces()])
            order = np.lexsort((found["row"], found["part"], found["number"]))
            numbers = found["number"][order]
            again = order[1:][numbers[1:] == numbers[:-1]]
            for record in np.sort(found[again], order=["part", "row"]):
                yield int(record["part"]), int(record["row"])

    def _pieces(self) -> Iterator[Records]:
        self._file.seek(0)
        yield np.empty(0, dtype=_KIND)
        while data := self._file.read(_PIECE * _KIND.itemsize):
            yield np.frombuffer(data, dtype=_KIND)
