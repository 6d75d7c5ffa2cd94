"""An IMAP server that says what a test tells it to, for what real ones do only now and then."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator, Mapping

USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
    "AUTHENTICATE": b"+ \r\n",
    "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n",
    "UID SEARCH": b"* SEARCH 7\r\n",
    "LOGOUT": b"* BYE\r\n",
}


class MadeUp:
    """Answers by the beginning of a command, "NO" refuses it, None ends the connection; `heard` is what was
    said."""

    def __init__(self, answers: Mapping[str, bytes | None]) -> None:
        self.answers: dict[str, bytes | None] = {**USUAL, **answers}
        self.heard: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _peer = self._listening.accept()
                with link, contextlib.suppress(OSError):
                    self._talk(link)

    def _talk(self, link: socket.socket) -> None:
        link.sendall(b"* OK at your service\r\n")
        lines = link.makefile("rb")
        while line := lines.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            self.heard.append(command)
            answer = next((said for start, said in self.answers.items() if command.startswith(start)), b"")
            if answer is None:
                return
            refused = answer.startswith(b"NO")
            if not refused:
                link.sendall(answer)
            if answer.startswith(b"+"):
                lines.readline()
            link.sendall(f"{tag} {'NO' if refused else 'OK'} done\r\n".encode())

    def close(self) -> None:
        self._listening.close()


@contextlib.contextmanager
def made_up(answers: Mapping[str, bytes | None]) -> Iterator[MadeUp]:
    server = MadeUp(answers)
    try:
        yield server
    finally:
        server.close()


def literal(raw: bytes, part: str = "BODY[]<0>") -> bytes:
    """An answer to FETCH with a literal."""
    return b"* 1 FETCH (UID 7 %s {%d}\r\n%s)\r\n" % (part.encode(), len(raw), raw)


def commands(server: MadeUp, start: str) -> list[str]:
    return [said for said in server.heard if re.match(start, said)]
