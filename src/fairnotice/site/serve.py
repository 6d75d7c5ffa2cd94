"""`fairnotice serve`: one parent that watches two children, the web server and the runner.

Three processes have one task each, so that each can be killed at any moment: the web server answers, the
runner enters the log, sends letters and minds deadlines, the parent starts again what ended. Children end
with the parent.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path

from fairnotice.plumbing.locks import FolderInUse, FolderLock
from fairnotice.site import setup
from fairnotice.site.supervisor import Child, Supervisor

ONLY_LOOPBACK = (
    "This version answers on this machine only (127.0.0.1 or ::1): the clocks that erase personal data, "
    "erasure on request and the log of who looked at what come in a later version, and without them it must "
    "not be opened to the world."
)


class CannotServe(Exception):
    """The server cannot start; the message says why and what to do."""


def serve(data: Path | None, *, host: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status. Raises CannotServe, setup.NotReady."""
    address = _loopback(host)
    folder = setup.prepare(data)
    lock = FolderLock(folder)
    try:
        lock.acquire()
    except FolderInUse as error:
        raise CannotServe(f"{error} {_holder(lock.path)}".strip()) from error
    try:
        lock.path.write_text(f"{os.getpid()}\n")
        _must_be_free(address, port)
        _close_databases()
        return _supervise(address, port)
    finally:
        lock.release()


def _supervise(address: str, port: int) -> int:
    parent = str(os.getpid())
    python = [sys.executable, "-P", "-m"]
    children = [
        Child("web", [*python, "fairnotice.site.web", address, str(port), parent]),
        Child("runner", [*python, "fairnotice.site.runner", parent]),
    ]
    return Supervisor(children, _Greeting(address, port)).run()


class _Greeting:
    """Says once that the site can be opened, when it can."""

    def __init__(self, address: str, port: int) -> None:
        self._where = (address, port)
        self._said = False

    def __call__(self) -> None:
        if self._said:
            return
        try:
            socket.create_connection(self._where, timeout=0.1).close()
        except OSError:
            return
        host = f"[{self._where[0]}]" if ":" in self._where[0] else self._where[0]
        print(f"Open http://{host}:{self._where[1]}/ (Ctrl-C stops).", flush=True)
        self._said = True


def _loopback(host: str) -> str:
    name = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        raise CannotServe(f"'{host}' is not an address. {ONLY_LOOPBACK}") from None
    if not address.is_loopback:
        raise CannotServe(f"'{host}' is refused. {ONLY_LOOPBACK}")
    return str(address)


def _must_be_free(address: str, port: int) -> None:
    """The web server shares its port on purpose (a new worker starts beside the old one), so it would also
    share it with a stranger: look before."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {address} cannot be used ({error.strerror}). Choose another with --port."
            ) from error


def _holder(path: Path) -> str:
    try:
        number = path.read_text().strip()
    except OSError:
        return ""
    return f"(It is process {number}.)" if number.isdigit() else ""


def _close_databases() -> None:
    from django.db import connections

    connections.close_all()
