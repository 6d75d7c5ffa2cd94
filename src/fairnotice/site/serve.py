"""`fairnotice serve`: one parent that watches its children: the web server, the runner and, where it is
asked for, the door for mail.

These processes have one task each, so that each can be killed at any moment: the web server answers, the
runner enters the log, sends letters and minds deadlines, the door stores what a mail server hands over, the
parent starts again what ended. Children end
with the parent.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path

from fairnotice.intake.letterbox.listen import BadListen, Listen, parse
from fairnotice.plumbing.locks import FolderInUse, FolderLock
from fairnotice.site import setup
from fairnotice.site.supervisor import Child, Supervisor

NO_TLS = (
    "This program speaks no TLS: a web server that does stands before it. On the same machine, leave out "
    "--host. Elsewhere, set base_url to https://... and name that web server in 'proxies' in "
    "fairnotice.toml; only it gets an answer then."
)


class CannotServe(Exception):
    """The server cannot start; the message says why and what to do."""


def serve(data: Path | None, *, host: str, port: int, lmtp: str | None = None) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status. `lmtp`: where to take mail, "" for nowhere;
    None leaves it to the settings. Raises CannotServe, setup.NotReady."""
    address = _address(host)
    folder = setup.prepare(data)
    _may_listen(address)
    if again := setup.erase_again():
        print(f"Destroyed {again} keys again that had been erased since this copy was made.", flush=True)
    from fairnotice.ledger import restored

    if reason := restored.unsettled():
        raise CannotServe(f"{reason[0].upper()}{reason[1:]}.")
    mail = _mail_door(lmtp)
    lock = FolderLock(folder)
    try:
        lock.acquire()
    except FolderInUse as error:
        raise CannotServe(f"{error} {_holder(lock.path)}".strip()) from error
    try:
        lock.path.write_text(f"{os.getpid()}\n")
        _must_be_free(address, port)
        if mail is not None:
            _must_be_possible(mail)
        _close_databases()
        return _supervise(address, port, mail)
    finally:
        lock.release()


def _supervise(address: str, port: int, mail: Listen | None) -> int:
    parent = str(os.getpid())
    python = [sys.executable, "-P", "-m"]
    children = [
        Child("web", [*python, "fairnotice.site.web", address, str(port), parent]),
        Child("runner", [*python, "fairnotice.site.runner", parent]),
    ]
    if mail is not None:
        children.append(Child("lmtp", [*python, "fairnotice.site.lmtp", str(mail), parent]))
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
            socket.create_connection(_near(*self._where), timeout=0.1).close()
        except OSError:
            return
        host = f"[{self._where[0]}]" if ":" in self._where[0] else self._where[0]
        print(f"Open http://{host}:{self._where[1]}/ (Ctrl-C stops).", flush=True)
        self._said = True


def _near(address: str, port: int) -> tuple[str, int]:
    """Where this machine reaches it: not at 0.0.0.0 or ::."""
    parsed = ipaddress.ip_address(address)
    if not parsed.is_unspecified:
        return address, port
    return ("::1" if parsed.version == 6 else "127.0.0.1"), port


def _address(host: str) -> str:
    name = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        raise CannotServe(f"'{host}' is not an address. {NO_TLS}") from None


def _may_listen(address: str) -> None:
    """Beyond this machine only behind a proxy that is named, on a site whose address is encrypted."""
    from django.conf import settings

    if ipaddress.ip_address(address).is_loopback:
        return
    if not settings.FN_PROXY_NETWORKS or not settings.FN_BASE_URL.startswith("https://"):
        raise CannotServe(f"'{address}' is refused. {NO_TLS}")


def _mail_door(wanted: str | None) -> Listen | None:
    from django.conf import settings

    text = settings.FN_LMTP_LISTEN if wanted is None else wanted
    try:
        return parse(text) if text else None
    except BadListen as error:
        raise CannotServe(str(error)) from None


def _must_be_possible(mail: Listen) -> None:
    if not mail.path:
        _must_be_free(mail.host, mail.port, "--lmtp")
        return
    if not os.access(Path(mail.path).parent, os.W_OK | os.X_OK):
        raise CannotServe(f"No socket can be made in {Path(mail.path).parent}: make the folder, or allow it.")
    if Path(mail.path).exists():
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(mail.path)
            except ConnectionRefusedError:
                return  # nobody listens there any more
            except OSError:
                pass
        raise CannotServe(f"{mail.path} is used by another program. Choose another path with --lmtp.")


def _must_be_free(address: str, port: int, option: str = "--port") -> None:
    """The web server shares its port on purpose (a new worker starts beside the old one), so it would also
    share it with a stranger: look before."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {address} cannot be used ({error.strerror}). Choose another with {option}."
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
