"""Keeps child processes running: the parent does nothing but watch, so there is little in it that can
fail."""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

logger = logging.getLogger("fairnotice.serve")

REFUSED = 78  # EX_CONFIG of sysexits.h: a child that says so cannot be helped by starting it again
_STEADY = 10.0  # seconds after which a child that ended is not thought to be in a loop of crashes
_LONGEST_PAUSE = 5.0
_PATIENCE = 10.0  # seconds for requests and the runner's step to end, before the kernel ends them


class Child:
    """One process that is started again whenever it ends."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = list(command)
        self.process: subprocess.Popen[bytes] | None = None
        self._born = 0.0
        self._pause = 0.0

    def start(self) -> None:
        """Call from the main thread only: the kernel ties a child's end to the thread that started it."""
        self._born = time.monotonic()
        # Its own session: Ctrl-C in a terminal reaches the parent alone, which stops the children in order.
        self.process = subprocess.Popen(  # noqa: S603  our own command line, never what somebody typed
            self.command, start_new_session=True
        )

    def ended(self) -> int | None:
        """The exit status (negative: the signal that ended it), None while it runs."""
        return self.process.poll() if self.process else None

    def pause(self) -> float:
        """Seconds to wait before the next start: none after a steady run, else twice as long each time."""
        if time.monotonic() - self._born >= _STEADY:
            self._pause = 0.0
            return 0.0
        pause = self._pause
        self._pause = min(max(2 * pause, 0.25), _LONGEST_PAUSE)
        return pause


class Supervisor:
    """Runs children until a signal asks to stop."""

    def __init__(self, children: Sequence[Child], each_round: Callable[[], None] = lambda: None) -> None:
        self.children = list(children)
        self._each_round = each_round
        self._stop = threading.Event()
        self._due: dict[str, float] = {}

    def run(self) -> int:
        """Exit status: 0 after SIGTERM or SIGINT, 1 where a child refused to work at all."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        try:
            for child in self.children:
                child.start()
            while not self._stop.wait(0.2):
                self._each_round()
                for child in self.children:
                    if not self._keep(child):
                        return 1
            return 0
        finally:
            self._stop_all()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _keep(self, child: Child) -> bool:
        """False where the child refuses to work."""
        now = time.monotonic()
        if child.name in self._due:
            if now >= self._due[child.name]:
                del self._due[child.name]
                child.start()
            return True
        status = child.ended()
        if status is None:
            return True
        if status == REFUSED:
            return False
        pause = child.pause()
        logger.warning("%s ended (%s); starting it again in %.1f s", child.name, _words(status), pause)
        self._due[child.name] = now + pause
        return True

    def _stop_all(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _words(status: int) -> str:
    if status < 0:
        return f"signal {-status}"
    return f"status {status}"
