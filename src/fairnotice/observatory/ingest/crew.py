"""Several processes that do tasks, and what they tell. Pure, but for starting them."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import fairnotice
from fairnotice.observatory.ingest import work
from fairnotice.observatory.ingest.work import Done, Task
from fairnotice.observatory.ingest.worker import os_error

#: One thread each, as there are as many processes as cores; large pages, as each CSV fills new memory.
_SURROUNDINGS: Final = {"POLARS_MAX_THREADS": "1", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}

_FAULT: Final = "something went wrong inside the program"


class Died(Exception):
    """A process ended by itself, or the program is at fault; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Told:
    """So many rows and bytes more."""

    task: Task
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The system refused something during a task."""

    task: Task
    error: OSError


Event = Told | Failed | tuple[Task, Done]
Next = Callable[[], Task | None]
"""Gives the next task, None when there is none."""


def inline(following: Next) -> Iterator[Event]:
    """All tasks in this process, one after the other."""
    while (task := following()) is not None:
        told: list[Event] = []
        try:
            done = work.do(task, lambda rows, size: told.append(Told(task, rows, size)))  # noqa: B023
        except Exception as error:
            known = os_error(error)
            if known is None:
                raise
            yield Failed(task, known)
            continue
        yield from told
        yield task, done


class Crew:
    """`size` processes. Used as a context: none of them is left behind."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._events: queue.SimpleQueue[Event | Exception | None] = queue.SimpleQueue()
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Crew:
        source = str(Path(fairnotice.__file__).parent.parent)
        paths = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
        for _ in range(self._size):
            self._processes.append(
                subprocess.Popen(
                    # -P: nothing is imported from the folder that somebody happens to stand in.
                    [sys.executable, "-P", "-m", "fairnotice.observatory.ingest.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    # Ctrl-C is for the one that started them.
                    process_group=0,
                    env=_SURROUNDINGS | os.environ | {"PYTHONPATH": paths},
                )
            )
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

    @property
    def processes(self) -> list[int]:
        """Their numbers."""
        return [process.pid for process in self._processes]

    def events(self, following: Next) -> Iterator[Event]:
        """Have all tasks done. `following` is asked by one thread at a time. Raises Died, and what it
        raises."""
        lock = threading.Lock()

        def guarded() -> Task | None:
            with lock:
                return following()

        for process in self._processes:
            threading.Thread(target=self._serve, args=(process, guarded), daemon=True).start()
        left = len(self._processes)
        while left:
            event = self._events.get()
            if event is None:
                left -= 1
            elif isinstance(event, Exception):
                raise event
            else:
                yield event

    def _serve(self, process: subprocess.Popen[bytes], following: Next) -> None:
        assert process.stdin is not None  # noqa: S101 - it was asked for
        assert process.stdout is not None  # noqa: S101 - same
        try:
            while (task := following()) is not None:
                try:
                    self._one(process.stdin, process.stdout, task)
                except (OSError, EOFError, pickle.UnpicklingError):
                    raise Died(_epitaph(process)) from None
            self._events.put(None)
        except Exception as error:
            self._events.put(error)

    def _one(self, into: IO[bytes], out: IO[bytes], task: Task) -> None:
        pickle.dump(task, into)
        into.flush()
        while True:
            answer = pickle.load(out)  # noqa: S301 - written by the process that we started
            match answer:
                case ("told", rows, size):
                    self._events.put(Told(task, rows, size))
                case ("done", done):
                    self._events.put((task, done))
                    return
                case ("failed", number, words, name):
                    self._events.put(Failed(task, OSError(number, words, name)))
                    return
                case _:
                    raise Died(f"{_FAULT}: {answer[1]}")


def _epitaph(process: subprocess.Popen[bytes]) -> str:
    try:
        status = process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        status = 0
    if status in (-signal.SIGKILL, -signal.SIGABRT):
        return (
            "a process was ended by the system, mostly because the memory was full: run the same command "
            "again with a lower --memory or with --workers 1"
        )
    return f"a process ended by itself (status {status}): run the same command again"
