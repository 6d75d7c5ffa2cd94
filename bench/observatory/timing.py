"""Start a peer, wait for its answer, and see how long that took and how much memory it had meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_EVERY = 0.05  # seconds


@dataclass(slots=True)
class Run:
    """What a peer did in all rounds. `seconds`: of each round, from its start as a process to its end.
    `processor`: seconds of all cores together. `inside`: seconds of
    answering alone, where a peer says so itself. `memory`: the most bytes of its own that it and its child
    processes had at once."""

    name: str
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    memory: int = 0
    groups: dict[tuple[str, ...], int] = field(default_factory=dict)
    failed: str = ""

    @property
    def best(self) -> float:
        """The fastest round, in seconds."""
        return min(self.seconds, default=float("nan"))

    @property
    def least(self) -> float:
        """The fewest seconds of processor."""
        return min(self.processor, default=float("nan"))


def once(run: Run, command: Sequence[object], more: Mapping[str, str]) -> str:
    """Run a command and note what it took; gives what it printed, "" where it failed."""
    folder = Path(tempfile.mkdtemp(prefix="peer-", dir=more.get("WORK")))
    try:
        words = [str(word).replace("{folder}", str(folder)) for word in command]
        before, begun = os.times(), time.perf_counter()
        process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(folder), **more},
        )
        watch = _Watch(process.pid)
        watch.start()
        said, trouble = process.communicate()
        took = time.perf_counter() - begun
        watch.done.set()
        watch.join()
        after = os.times()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if process.returncode:
        lines = trouble.strip().splitlines()
        run.failed = lines[-1][:200] if lines else f"it ended with {process.returncode}"
        return ""
    run.seconds.append(took)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    run.processor.append(used)
    run.memory = max(run.memory, watch.most)
    return str(said)


def groups_of(said: str) -> dict[tuple[str, ...], int]:
    """What a peer printed, with lists in one form whatever form it gave them."""
    found: dict[tuple[str, ...], int] = {}
    for *key, many in json.loads(said or "[]"):
        name = tuple("|".join(sorted(json.loads(cell))) if cell.startswith("[") else cell for cell in key)
        found[name] = found.get(name, 0) + many
    return found


class _Watch(threading.Thread):
    """Adds up, now and then, the memory of a process and of all that it started."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self.most, self.done = pid, 0, threading.Event()

    def run(self) -> None:
        """Until `done` is set."""
        while not self.done.wait(_EVERY):
            self.most = max(self.most, sum(map(_own_memory, self._family())))

    def _family(self) -> list[int]:
        found, seek = [], [self._pid]
        while seek:
            pid = seek.pop()
            found.append(pid)
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    seek += map(int, children.read_text().split())
                except OSError:
                    continue
        return found


def _own_memory(pid: int) -> int:
    """What no file stands behind: libraries and files that are mapped can be dropped at any time."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
