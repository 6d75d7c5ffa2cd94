"""Letters of strangers are read in a process of their own: with 256 MB, two seconds, and nothing to open.

The process stays for many letters, so that one costs milliseconds; where it dies or stalls, a fresh one takes
its place and a person gets the letter.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import fairnotice
from fairnotice.intake.mail.reader import not_read
from fairnotice.intake.reading_types import Envelope, Reading
from fairnotice.plumbing.mail.letter import MAX_BYTES

#: Seconds by the clock for one letter, and for a process to get ready.
WALL = 2.0
START = 60.0
#: Letters that one process reads, and kB that it may have held, before a fresh one takes its place.
MANY = 1_000
SPENT = 160_000
_SOURCE = Path(fairnotice.__file__).parent.parent
_CHUNK = 65_536


@dataclass
class Usage:
    """What the letters so far took: `seconds` and `peak_kb` are the worst of those that were read, `killed`
    counts those that were not, `digest` is the SHA-256 of the last one as the process got it."""

    letters: int = 0
    started: int = 0
    killed: int = 0
    seconds: float = 0.0
    peak_kb: int = 0
    digest: str = ""


class NotReady(OSError):
    """The process does not start."""


class Reader:
    """Reads letters, one after the other, from as many threads as like. To be closed, or used in a `with`."""

    def __init__(self, *, wall: float = WALL) -> None:
        self.wall = wall
        self.usage = Usage()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, raw: bytes, envelope: Envelope | None = None) -> Reading:
        """As `read_letter`, in the process. Never raises: a letter that kills it, or stalls it, is one for a
        person ("too-slow")."""
        with self._lock:
            self.usage.letters += 1
            self.usage.digest = ""
            for another_try in (True, False):
                try:
                    return self._read(raw, envelope or Envelope())
                except NotReady:
                    self._stop()
                    return not_read("unreadable", raw)
                except (OSError, ValueError, KeyError) as error:
                    # It died or stalled. Where it died, somebody else may have killed it: once more.
                    self.usage.killed += 1
                    code = self._died()
                    self._stop()
                    if not another_try or isinstance(error, TimeoutError) or code == -signal.SIGXCPU:
                        break
            return not_read("too-slow", raw)

    def close(self) -> None:
        """End the process; a later `read` starts another."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        """The process that waits for letters, None where there is none."""
        return self._process.pid if self._process else None

    def _read(self, raw: bytes, envelope: Envelope) -> Reading:
        process = self._ready()
        # A byte more than is read, so that the process sees that there is more.
        data = raw[: MAX_BYTES + 1]
        start = time.monotonic()
        said = json.dumps(asdict(envelope)).encode()
        answer = _exchange(process, _frame(said) + _frame(data), start + self.wall)
        self.usage.seconds = max(self.usage.seconds, time.monotonic() - start)
        self.usage.peak_kb = max(self.usage.peak_kb, answer["peak"])
        self.usage.digest = answer["digest"]
        self._left -= 1
        if self._left <= 0 or answer["peak"] > SPENT:
            self._stop()
        return Reading.from_json(answer["reading"])

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self.usage.started += 1
        self._left = MANY
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-B", "-m", "fairnotice.intake.mail.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Nothing of ours stands in its surroundings.
                env={"PYTHONPATH": str(_SOURCE), "PYTHONUTF8": "1"},
            )
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None  # noqa: S101 - asked for above
                os.set_blocking(pipe.fileno(), False)
            _exchange(self._process, b"", time.monotonic() + START)
        except (OSError, ValueError):
            raise NotReady from None
        return self._process

    def _died(self) -> int | None:
        """By what the process ended of itself (below zero: a signal); None where it lives on."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(0.1) if self._process else None
        return None

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


def _frame(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _exchange(process: subprocess.Popen[bytes], data: bytes, until: float) -> dict[str, Any]:
    """Give it the data and take one frame. Raises OSError where it dies or takes too long, ValueError where
    it answers anything else."""
    assert process.stdin is not None  # noqa: S101 - made with pipes
    assert process.stdout is not None  # noqa: S101 - the same
    into, out = process.stdin.fileno(), process.stdout.fileno()
    poll = select.poll()
    poll.register(out, select.POLLIN)
    if data:
        poll.register(into, select.POLLOUT)
    left, got = memoryview(data), bytearray()
    while True:
        wait = until - time.monotonic()
        if wait <= 0:
            raise TimeoutError
        for descriptor, _event in poll.poll(wait * 1000):
            if descriptor == into:
                left = left[os.write(into, left[:_CHUNK]) :]
                if not left:
                    poll.unregister(into)
                continue
            more = os.read(out, _CHUNK)
            if not more:
                raise BrokenPipeError
            got += more
        if len(got) >= 4 and len(got) >= 4 + struct.unpack(">I", got[:4])[0]:
            found = json.loads(bytes(got[4:]))
            if not isinstance(found, dict):
                raise ValueError("no answer")
            return found
