"""A process of our own in which a stranger's bytes are read: with limits, and with nothing that it may open.

The process (`limited_worker`) stays for many readings, so that one costs milliseconds; where it dies or
stalls, a fresh one takes its place.
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import fairnotice

#: Seconds by the clock for a process to get ready.
START = 60.0
#: Readings that one process does before a fresh one takes its place.
MANY = 1_000
_SOURCE = Path(fairnotice.__file__).parent.parent
_CHUNK = 65_536
Self = TypeVar("Self", bound="Limited")


@dataclass
class Usage:
    """What the readings so far took: `seconds` and `peak_kb` are the worst of those that were done, `killed`
    counts those that were not, `digest` is the SHA-256 of the last thing as the process got it."""

    letters: int = 0
    started: int = 0
    killed: int = 0
    seconds: float = 0.0
    peak_kb: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Answer:
    """What the process says: `said` is its JSON, `parts` the bytes that it made."""

    said: dict[str, Any]
    parts: tuple[bytes, ...] = ()


class NotReady(OSError):
    """The process does not start."""


class Ended(Exception):
    """The process died of what it read, or took too long."""


class Limited:
    """One such process, for as many threads as like. To be closed, or used in a `with`.

    `module` is what it runs, `wall` the seconds by the clock for one reading, `spent` the kB that it may
    have held before a fresh one takes its place.
    """

    def __init__(self, module: str, *, wall: float, spent: int) -> None:
        self.wall = wall
        self.usage = Usage()
        self._module = module
        self.spent = spent
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, *frames: bytes) -> Answer:
        """Give it these and take its answer. One whose process died is tried once more, since somebody else
        may have killed it; one that stalled is not. Raises NotReady, Ended."""
        with self._lock:
            self.usage.letters += 1
            self.usage.digest = ""
            for another_try in (True, False):
                try:
                    return self._ask(frames)
                except NotReady:
                    self._stop()
                    raise
                except (OSError, ValueError, KeyError) as error:
                    self.usage.killed += 1
                    code = self._died()
                    self._stop()
                    if not another_try or isinstance(error, TimeoutError) or code == -signal.SIGXCPU:
                        break
            raise Ended

    def close(self) -> None:
        """End the process; a later `ask` starts another."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        """The process that waits for something to read, None where there is none."""
        return self._process.pid if self._process else None

    def _ask(self, frames: Sequence[bytes]) -> Answer:
        process = self._ready()
        start = time.monotonic()
        answer = _exchange(process, b"".join(_frame(one) for one in frames), start + self.wall)
        self.usage.seconds = max(self.usage.seconds, time.monotonic() - start)
        self.usage.peak_kb = max(self.usage.peak_kb, answer.said["peak"])
        self.usage.digest = answer.said["digest"]
        self._left -= 1
        if self._left <= 0 or answer.said["peak"] > self.spent:
            self._stop()
        return answer

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self.usage.started += 1
        self._left = MANY
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no text of a stranger
                [sys.executable, "-P", "-B", "-m", self._module],
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


def _exchange(process: subprocess.Popen[bytes], data: bytes, until: float) -> Answer:
    """Give it the data and take one answer: a frame of JSON and as many more as its "parts" says. Raises
    OSError where it dies or takes too long, ValueError where it answers anything else."""
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
        if (answer := _answer(got)) is not None:
            return answer


def _answer(got: bytearray) -> Answer | None:
    """None while some of it has not arrived."""
    head = _cut(got, 0)
    if head is None:
        return None
    found = json.loads(bytes(got[head[0] : head[1]]))
    if not isinstance(found, dict):
        raise ValueError("no answer")
    parts: list[bytes] = []
    end = head[1]
    for _number in range(found.pop("parts", 0)):
        one = _cut(got, end)
        if one is None:
            return None
        parts.append(bytes(got[one[0] : one[1]]))
        end = one[1]
    return Answer(found, tuple(parts))


def _cut(got: bytearray, start: int) -> tuple[int, int] | None:
    if len(got) < start + 4:
        return None
    end: int = start + 4 + struct.unpack(">I", got[start : start + 4])[0]
    return (start + 4, end) if len(got) >= end else None
