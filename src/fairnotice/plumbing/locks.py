"""Locks on folders, and children that do not outlive their parent."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys
from pathlib import Path
from types import TracebackType

_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


class FolderInUse(Exception):
    """Another process holds the folder; the message says which folder and what to do."""


class FolderLock:
    """Holds a folder for one serving process, by `flock` on `<folder>/serve.lock`.

    The kernel frees it when the process ends, however it ends. Command line tools do not take it: the write
    lock of the database lets them work beside the server.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "serve.lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Raises FolderInUse where another process (or another FolderLock) has it, OSError where the folder
        cannot be written."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise FolderInUse(
                f"{self.path.parent} is already being served by another process. "
                "Stop that one first, or choose another data folder."
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the folder back; harmless where it is not held."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            # Only closed, not unlocked: a child that still serves the folder and inherited the lock keeps it.
            os.close(descriptor)

    def __enter__(self) -> FolderLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def die_with_parent(parent_pid: int, signal_number: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `signal_number` when its parent ends (prctl(2), PR_SET_PDEATHSIG).

    Call it first thing in the child, with the parent's process id as the parent itself gave it: a parent that
    died before this call is noticed by comparing, and the child exits with status 1. The signal goes with the
    parent's *thread* that started the child, so start children from the main thread. Linux only; elsewhere
    only the comparison is made.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    if os.getppid() != parent_pid:
        raise SystemExit(1)
