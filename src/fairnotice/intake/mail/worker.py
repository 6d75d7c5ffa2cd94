"""The process in which letters are read, started by `child.Reader`.

It takes frames from its input and gives frames to its output, each with its length in front (4 bytes, big
end first): first the envelope as JSON, then the letter; back comes one of JSON. When its input ends, it ends.
Before the first letter it gives up the right to open anything: no file, no socket, no further process.
"""

from __future__ import annotations

import hashlib
import json
import os
import pkgutil
import re
import resource
import struct
import sys
import time
from typing import Any

#: Bytes of address space: the interpreter with all that it needs takes some 75 MB of it.
MEMORY = 256 * 1024 * 1024
#: Seconds of computing for one letter.
SECONDS = 2
_MAX_FRAME = 64_000_000
_STATUS = "/proc/self/status"
_PEAK = re.compile(rb"VmHWM:\s*(\d+)")


def main() -> int:
    """Read letters until the input ends."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    _settle()
    status = _open_status()
    from fairnotice.intake.mail.samples import warm_up

    warm_up()
    # What is not loaded by now cannot be; a charset that is none is then said to be none.
    sys.meta_path.clear()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    _give({"ready": True, "peak": _peak(status)})
    while (said := _take()) is not None and (raw := _take()) is not None:
        _give(_answer(json.loads(said), raw) | {"peak": _peak(status)})
    return 0


def _answer(said: dict[str, Any], raw: bytes) -> dict[str, Any]:
    from fairnotice.intake.mail.reader import read_letter
    from fairnotice.intake.reading_types import Envelope

    used = time.process_time()
    # In whole seconds of all that this process computed. Who waits for the answer also looks at the clock.
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 1 + SECONDS, resource.RLIM_INFINITY))
    envelope = Envelope(said["sender"], tuple(said["recipients"]), tuple(said["hosts"]))
    reading = read_letter(raw, envelope)
    return {"reading": reading.to_json(), "digest": hashlib.sha256(raw).hexdigest()}


def _settle() -> None:
    """Settings for the texts of faults, which nobody reads here; and every charset, read from its file."""
    from django.conf import settings

    settings.configure(USE_I18N=False)
    import encodings

    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            __import__(f"encodings.{module.name}")
        except ImportError:  # those of other systems
            continue


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


def _give(value: dict[str, Any]) -> None:
    data = json.dumps(value).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
