"""Asks the operator's own virus check about a file: clamd's INSTREAM command (clamd(8)), over a socket of
this machine. Nothing is sent to any other."""

from __future__ import annotations

import ipaddress
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

#: Seconds for each step of the talk. A large archive may take a while to be looked through.
SECONDS = 30.0
_CHUNK = 65_536
_LONGEST_ANSWER = 4096


class BadPlace(ValueError):
    """The setting does not say where the check is reached."""


class Unreachable(Exception):
    """The check cannot be reached, or gave no answer that says anything about the file."""


@dataclass(frozen=True)
class Place:
    """A socket file, or a loopback address with its port."""

    path: str = ""
    host: str = ""
    port: int = 0


def parse(text: str) -> Place:
    """'unix:/run/clamav/clamd.ctl' or '127.0.0.1:3310'. Raises BadPlace."""
    if text.startswith("unix:"):
        path = text.removeprefix("unix:")
        if not path.startswith("/"):
            raise BadPlace("after 'unix:' comes a whole path")
        return Place(path=path)
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback or not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise BadPlace("say 'unix:/path' or '127.0.0.1:port'; files are shown to no other machine")
    return Place(host=host, port=int(port))


def ping(place: Place) -> None:
    """Raises Unreachable where nothing there answers as clamd does."""
    if _talk(place, b"zPING\0", []) != "PONG":
        raise Unreachable


def is_clean(place: Place, data: Iterable[bytes]) -> bool:
    """Whether it found nothing. Raises Unreachable, also where it failed on the file or found it too long:
    then nobody knows."""
    answer = _talk(place, b"zINSTREAM\0", data)
    if answer == "stream: OK":
        return True
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return False
    raise Unreachable


def _talk(place: Place, command: bytes, data: Iterable[bytes]) -> str:
    try:
        with _connected(place) as link:
            link.settimeout(SECONDS)
            link.sendall(command)
            if command == b"zINSTREAM\0":
                _send(link, data)
            return _answer(link)
    except OSError:
        raise Unreachable from None


def _send(link: socket.socket, data: Iterable[bytes]) -> None:
    for piece in data:
        for start in range(0, len(piece), _CHUNK):
            part = piece[start : start + _CHUNK]
            link.sendall(struct.pack(">I", len(part)) + part)
    link.sendall(struct.pack(">I", 0))


def _answer(link: socket.socket) -> str:
    got = b""
    while b"\0" not in got and len(got) < _LONGEST_ANSWER:
        more = link.recv(_LONGEST_ANSWER)
        if not more:
            break
        got += more
    return got.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(place: Place) -> socket.socket:
    if place.path:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        where: str | tuple[str, int] = place.path
    else:
        family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        link, where = socket.socket(family, socket.SOCK_STREAM), (place.host, place.port)
    link.settimeout(SECONDS)
    try:
        link.connect(where)
    except OSError:
        link.close()
        raise
    return link
