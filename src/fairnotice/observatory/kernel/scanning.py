"""The kernel's one act: the wanted columns of a CSV as numbers, and which texts the numbers stand for."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fairnotice.observatory.kernel import build

VERSION: Final = 1
# A CSV of a dump has 100,000 rows at most; with more, the room is widened.
_FIRST_ROOM: Final = 1 << 17
_MOST_ROOM: Final = 1 << 24
_ODD, _TOO_MANY = -1, -2
_SKIP, _TIME, _FIRST_BIT = -1, -2, -3


@dataclass(frozen=True, slots=True)
class Coded:
    """One column: of each row a number (uint32), and the cell that it stands for, as CSV means it. Cells that
    were written in two ways may come twice."""

    codes: NDArray[np.uint32]
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Scanned:
    """`said`: of each row a bit for each column that was asked only whether it says anything. `clock`: the
    seconds of the day of the column of times, whose dates are among the `columns`."""

    rows: int
    columns: dict[str, Coded]
    said: NDArray[np.uint32]
    clock: NDArray[np.uint32]


def available() -> bool:
    """Whether the kernel was built and runs here."""
    return _library() is not None


def scan(
    data: bytes,
    start: int,
    header: Sequence[str],
    wanted: Sequence[str],
    said: Mapping[str, int] | None = None,
    time: str = "",
) -> Scanned | None:
    """The rows of a CSV in the plain form that dumps have.

    `start`: where its first row begins, behind the header. `wanted`: columns of `header`, 60 at most.
    `said`: column -> bit. `time`: a column whose cells are YYYY-MM-DD HH:MM:SS. None: the kernel is not
    built, or the CSV has something odd about it: an open quotation mark, a row of another width, a carriage
    return, a time that is none, a wanted cell that is no UTF-8. Then it has to be read in another way.
    """
    library = _library()
    if library is None or len(header) < 2:
        return None
    plan = np.full(len(header), _SKIP, dtype=np.int32)
    for slot, name in enumerate(wanted):
        plan[header.index(name)] = slot
    for name, bit in (said or {}).items():
        plan[header.index(name)] = _FIRST_BIT - bit
    names = [*wanted, time] if time else list(wanted)
    if time:
        plan[header.index(time)] = _TIME
    room = _FIRST_ROOM
    while room <= _MOST_ROOM:
        found = _run(library, data, start, plan, len(names), room)
        if found is not None:
            return _decoded(data, start, names, found) if found.rows >= 0 else None
        room *= 4
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    """What the kernel wrote. `rows`: a negative number for an odd CSV. `where`: of each slot the places and
    lengths of its different cells."""

    rows: int
    codes: NDArray[np.uint32]
    where: list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]
    said: NDArray[np.uint32]
    clock: NDArray[np.uint32]


def _run(
    library: Any, data: bytes, start: int, plan: NDArray[np.int32], slots: int, room: int
) -> _Found | None:
    """None where there was no room."""
    table = 1 << (2 * room).bit_length()
    # Untouched room costs nothing: the system gives pages as they are written.
    codes, places, lengths, hashes = (np.empty((slots, room), dtype=np.uint32) for _ in range(4))
    tables = np.empty((slots, table), dtype=np.uint32)
    counts = np.zeros(max(slots, 1), dtype=np.uint32)
    said, clock = np.empty(room, dtype=np.uint32), np.empty(room, dtype=np.uint32)
    address = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0
    rows = library.fairnotice_scan(
        address + start, len(data) - start, len(plan), plan.ctypes.data, slots, room, table,
        codes.ctypes.data, places.ctypes.data, lengths.ctypes.data, hashes.ctypes.data, tables.ctypes.data,
        counts.ctypes.data, said.ctypes.data, clock.ctypes.data,
    )  # fmt: skip
    if rows == _TOO_MANY:
        return None
    if rows < _ODD:
        raise ValueError("the kernel was called wrongly")
    where = [(places[slot, : counts[slot]], lengths[slot, : counts[slot]]) for slot in range(slots)]
    return _Found(rows, codes[:, : max(rows, 0)], where, said[: max(rows, 0)], clock[: max(rows, 0)])


def _decoded(data: bytes, start: int, names: Sequence[str], found: _Found) -> Scanned | None:
    columns = {}
    for slot, name in enumerate(names):
        places, lengths = found.where[slot]
        firsts = (places.astype(np.int64) + start).tolist()
        try:
            cells = [
                _meant(data[first : first + length])
                for first, length in zip(firsts, lengths.tolist(), strict=True)
            ]
        except UnicodeDecodeError:
            return None
        columns[name] = Coded(found.codes[slot], cells)
    return Scanned(found.rows, columns, found.said, found.clock)


def _meant(cell: bytes) -> str:
    if cell.startswith(b'"'):
        cell = cell[1:-1].replace(b'""', b'"')
    return cell.decode("utf-8")


@cache
def _library() -> Any:
    path = build.found()
    if path is None:
        return None
    try:
        library = ctypes.CDLL(str(path))
        needs = ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(library, "fairnotice_needs")))
        version = ctypes.c_uint32.in_dll(library, "fairnotice_version").value
    except (OSError, ValueError):
        return None
    # Reading these two runs none of its code: a home folder may be shared with an older machine.
    if version != VERSION or (needs and needs.decode("ascii") not in build.abilities()):
        return None
    scan = library.fairnotice_scan
    scan.restype = ctypes.c_int64
    number, address = ctypes.c_uint64, ctypes.c_void_p
    room = (address, number, ctypes.c_uint32, address, ctypes.c_uint32, number, number)
    scan.argtypes = [*room, *[address] * 8]
    return library
