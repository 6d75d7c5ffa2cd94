"""One process owns a witness's state."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from fairnotice.translog.witness.errors import StateError


class Owner:
    """A lock by ``flock`` on a file. The kernel frees it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, patience: float = 0) -> None:
        """Take the lock; raises :class:`StateError` where another has it after ``patience`` seconds."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as fault:
            raise StateError(f"{self.path} cannot be opened: {fault.strerror}") from None
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                os.close(descriptor)
                raise StateError(
                    f"the state in {self.path.parent} belongs to a witness that is running: stop it first"
                ) from None
            self._descriptor = descriptor
            return

    def release(self) -> None:
        """Give the lock back; harmless where it is not held."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            # Only closed, not unlocked: a child that inherited it keeps it.
            os.close(descriptor)
