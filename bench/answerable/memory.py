"""The memory of a process with a register in it, ours or pytricia's, with all entries, whatever their days.

Run as a process of its own, since memory once taken stays with a process: SIDE FILE.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import time
from array import array
from pathlib import Path

from bench.answerable import data
from fairnotice.answerable.snapshot.build import build
from fairnotice.answerable.snapshot.layers import ShortLayer, WideLayer
from fairnotice.answerable.snapshot.snapshot import Snapshot


def resident() -> float:
    """MiB that this process has in use (Linux), after what is free was given back to the system."""
    gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        pass  # not glibc: nothing is kept back that could be asked for
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 2**20


def index_size(snapshot: Snapshot) -> float:
    """MiB of what finds the narrowest span of an address: starts, ends, parents, and where rows begin."""
    total = 0
    for family in (snapshot.v4, snapshot.v6):
        for layer in family.places():
            if isinstance(layer, ShortLayer):
                # Half of `info` is the end; the other half belongs to the columns.
                total += len(layer.start) * (4 + 4) + _bytes(layer.parent, layer.jump, layer.first)
            elif isinstance(layer, WideLayer):
                total += _bytes(layer.start, layer.end, layer.parent, layer.first)
                total += sys.getsizeof(layer.sample) + sum(map(sys.getsizeof, layer.sample))
            elif layer.count:
                raise RuntimeError("the register has spans in further layers, which are not counted here")
    return total / 2**20


def _bytes(*arrays: array[int] | None) -> int:
    return sum(len(each) * each.itemsize for each in arrays if each is not None)


def main(words: list[str]) -> int:
    """Build one side from the file; print as JSON how many MiB it took and how many seconds."""
    side, file = words[0], Path(words[1])
    # What both need anyway is loaded before the first look at memory.
    small = list(zip(range(100), data.read(file), strict=False))
    build(data.rows(each for _, each in small), {})
    found: dict[str, float] = {}
    before, start = resident(), time.process_time()
    if side == "pytricia":
        from bench.answerable.peer import Peer

        kept: object = Peer(data.read(file), None)
    else:
        snapshot = build(data.rows(data.read(file)), {})
        found["index"] = index_size(snapshot)
        kept = snapshot
    found["seconds"] = time.process_time() - start
    found["all"] = resident() - before
    print(json.dumps(found), flush=True)
    del kept
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
