"""A running `fairnotice serve` for tests, and looking at its processes."""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.conftest import DataFolder

PATIENCE = 30.0


def wait_for(what: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """The first true answer; an AssertionError if there is none for too long (a bound, not a measurement)."""
    deadline = time.monotonic() + patience
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


class Heard(logging.Handler):
    """Keeps what a logger says."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextlib.contextmanager
def hearing(name: str) -> Iterator[list[str]]:
    """The lines that the logger of this name says during the block; ours do not pass them on to pytest."""
    heard = Heard()
    logging.getLogger(name).addHandler(heard)
    try:
        yield heard.lines
    finally:
        logging.getLogger(name).removeHandler(heard)


class Served:
    """The parent process with its children, and its output in a file."""

    def __init__(self, folder: DataFolder, *arguments: str, port: int = 0) -> None:
        self.port = port or free_port()
        self.output = folder.path.parent / f"serve-{self.port}.txt"
        with self.output.open("wb") as out:
            self.parent: subprocess.Popen[str] = folder.start(
                "-m", "fairnotice", "serve", "--port", str(self.port), *arguments, stdout=out, stderr=out
            )

    def child(self, module: str) -> int | None:
        """The process id of a child by its module's name."""
        return next((pid for pid in children(self.parent.pid) if module in command(pid)), None)

    def worker(self) -> int | None:
        """The process that answers requests."""
        web = self.child("fairnotice.site.web")
        return next((pid for pid in children(web) if alive(pid)), None) if web else None

    def processes(self) -> list[int]:
        """Parent, children and worker, as far as they run."""
        found = [self.parent.pid, *children(self.parent.pid)]
        found += [pid for child in found[1:] for pid in children(child)]
        return [pid for pid in found if alive(pid)]

    def get(self, path: str) -> tuple[int, str]:
        """Status and text; status 0 where nobody answers."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            link.close()

    def ready(self) -> None:
        """Wait until it answers."""
        wait_for(lambda: self.parent.poll() is not None or self.get("/healthz")[0] == 200)
        assert self.parent.poll() is None, self.said()

    def said(self) -> str:
        """All that was printed so far."""
        return self.output.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask the parent to stop; its exit status."""
        self.parent.send_signal(number)
        return self.parent.wait(PATIENCE)


@contextlib.contextmanager
def serving(folder: DataFolder, *arguments: str, port: int = 0) -> Iterator[Served]:
    """Serve the folder while the block runs, on this port where one is given; nothing of it outlives the
    block."""
    served = Served(folder, *arguments, port=port)
    try:
        served.ready()
        yield served
    finally:
        left = served.processes()
        if served.parent.poll() is None:
            served.parent.kill()
            served.parent.wait()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                if pid != served.parent.pid and alive(pid):
                    os.kill(pid, signal.SIGKILL)
