"""A real IMAP server (pymap) as a process, and a mail program of the standard library that looks at it."""

from __future__ import annotations

import contextlib
import imaplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.site.served import free_port, wait_for

USER, PASSWORD = "box", "pass word ü"


class Box:
    """The server and what lies in its folders."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._program: imaplib.IMAP4 | None = None

    def program(self, folder: str = "INBOX") -> imaplib.IMAP4:
        """Signed in once, since that takes the server its time."""
        if self._program is None:
            self._program = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
            self._program.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        self._program.select(folder)
        return self._program

    def put(self, *letters: bytes) -> None:
        for raw in letters:
            assert self.program().append("INBOX", "", "", raw)[0] == "OK"

    def lies(self, folder: str = "INBOX") -> list[tuple[bytes, bool]]:
        """Each letter there with whether it is marked as read."""
        program, found = self.program(folder), []
        for uid in program.uid("SEARCH", "ALL")[1][0].split():
            flags = program.uid("FETCH", uid, "(FLAGS)")[1][0]
            raw = program.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1]
            found.append((raw, b"\\Seen" in flags))
        return found

    def mark_read(self) -> None:
        self.program().uid("STORE", "1:*", "+FLAGS", "(\\Seen)")

    def empty(self, *folders: str) -> None:
        for folder in ("INBOX", *folders):
            program = self.program(folder)
            if program.state == "SELECTED":
                program.uid("STORE", "1:*", "+FLAGS", "(\\Deleted)")
                program.expunge()


@contextlib.contextmanager
def post_box(output: Path, *options: str) -> Iterator[Box]:
    """A server for the length of the block, with an empty mailbox."""
    box = Box(free_port())
    run = "from pymap.main import main; main()"
    host = ["--host", "127.0.0.1", "--port", str(box.port), *options]
    account = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    with output.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", run, *host, *account], stdout=out, stderr=out)
    try:
        wait_for(lambda: process.poll() is not None or _answers(box.port))
        assert process.poll() is None, output.read_text()
        yield box
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, imaplib.IMAP4.error):
        imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
        return True
    return False
