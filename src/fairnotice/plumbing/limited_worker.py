"""The inside of a process that `limited.Limited` starts: its limits, and frames in and out.

It takes frames from its input and gives frames to its output, each with its length in front (4 bytes, big end
first). Back comes one of JSON, and after it as many with bytes as its "parts" says. When its input ends, it
ends. Before the first reading it gives up the right to open anything: no file, no socket, no further process.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

Made = tuple[dict[str, Any], list[bytes]]
_MAX_FRAME = 64_000_000
_STATUS = "/proc/self/status"
_PEAK = re.compile(rb"VmHWM:\s*(\d+)")


def serve(
    read: Callable[[dict[str, Any], bytes], Made], get_ready: Callable[[], None], *, memory: int, seconds: int
) -> int:
    """Read until the input ends. `read` gets what is asked (JSON) and the bytes, and gives what it says and
    what it made. `get_ready` loads all that reading ever needs. `memory`: bytes of address space; `seconds`
    of computing for one reading. The exit status is 0."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    status = _open_status()
    get_ready()
    # What is not loaded by now cannot be.
    sys.meta_path.clear()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    _give({"ready": True, "peak": _peak(status)}, [])
    while (said := _take()) is not None and (raw := _take()) is not None:
        # In whole seconds of all that this process computed. Who waits for the answer also looks at the
        # clock.
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + 1 + seconds, resource.RLIM_INFINITY))
        answer, parts = read(json.loads(said), raw)
        digest = hashlib.sha256(raw).hexdigest()
        _give(answer | {"peak": _peak(status), "digest": digest, "parts": len(parts)}, parts)
    return 0


def _open_status() -> int | None:
    try:
        return os.open(_STATUS, os.O_RDONLY)
    except OSError:
        return None


def _peak(status: int | None) -> int:
    """The most memory that this process ever held, in kB; 0 where the system does not say."""
    found = _PEAK.search(os.pread(status, 8192, 0)) if status is not None else None
    return int(found[1]) if found else 0


def _take() -> bytes | None:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        return None
    length: int = struct.unpack(">I", head)[0]
    data = sys.stdin.buffer.read(length) if length <= _MAX_FRAME else b""
    return data if len(data) == length else None


def _give(value: dict[str, Any], parts: list[bytes]) -> None:
    for data in (json.dumps(value).encode(), *parts):
        sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()
