"""One visit to the operator's IMAP server (RFC 3501): what is new, each letter in pieces, and its mark."""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fairnotice.intake.letterbox.mutf7 import quoted

Tls = Literal["tls", "starttls", "none"]
TIMEOUT = 30.0  # seconds for each answer
PIECE = 1_000_000
_PART = re.compile(rb"BODY\[\](?:<\d+>)?\s*(?:\{\d+\}$|(NIL)|\"((?:[^\"\\]|\\.)*)\")", re.DOTALL)
_WHOLE = re.compile(rb"BODY\[\]\s*(?:\{|\")")


@dataclass(frozen=True)
class Account:
    """The folder to look into, and where stored letters go: into `done_folder`, or, where that is "", they
    stay and are marked as read."""

    host: str
    port: int
    user: str
    password_file: Path
    folder: str
    done_folder: str
    tls: Tls
    ca_file: str = ""


class Trouble(Exception):
    """The visit cannot go on; the message says why in words of ours, never the server's."""


class NotGiven(Exception):
    """The server does not give this one letter; others may still come."""


class Gone(Exception):
    """Somebody took this letter out of the folder meanwhile."""


class _Bounded:
    """No piece is longer than what was asked for."""

    def read(self, size: int) -> bytes:
        if size > 2 * PIECE:
            raise imaplib.IMAP4.abort("a longer answer than was asked for")
        answer: bytes = super().read(size)  # type: ignore[misc]  # imaplib's, beside this one
        return answer


class _Plain(_Bounded, imaplib.IMAP4):
    pass


class _Tls(_Bounded, imaplib.IMAP4_SSL):
    pass


@contextlib.contextmanager
def visit(account: Account) -> Iterator[Visit]:
    """Signed in, with the folder open, for the length of the block. Raises Trouble, also for what goes wrong
    inside; never says what the server said."""
    server: imaplib.IMAP4 | None = None
    try:
        server = _connected(account)
        _sign_in(server, account)
        yield Visit(server, account)
    except ssl.SSLCertVerificationError:
        raise Trouble("its certificate is not one that this machine trusts") from None
    except ssl.SSLError:
        raise Trouble("no encrypted connection came about; look at imap_tls and imap_port") from None
    except TimeoutError:
        raise Trouble("it did not answer in time") from None
    except imaplib.IMAP4.readonly:
        raise Trouble("the folder can only be read, so nothing could be marked") from None
    except imaplib.IMAP4.abort:
        raise Trouble("it ended the connection") from None
    except imaplib.IMAP4.error:
        raise Trouble("it refused a command") from None
    except OSError as error:
        raise Trouble(f"it cannot be reached ({type(error).__name__})") from None
    finally:
        if server is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                server.logout()


def _connected(account: Account) -> imaplib.IMAP4:
    context = None if account.tls == "none" else _context(account.ca_file)
    if account.tls == "tls":
        return _Tls(account.host, account.port, ssl_context=context, timeout=TIMEOUT)
    server = _Plain(account.host, account.port, timeout=TIMEOUT)
    if context is not None:
        try:
            server.starttls(ssl_context=context)
        except BaseException as error:
            with contextlib.suppress(OSError):
                server.shutdown()
            if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort):
                raise Trouble("it offers no STARTTLS") from None
            raise
    return server


def _context(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError):
        raise Trouble("the file named in imap_ca_file holds no certificate") from None


def _sign_in(server: imaplib.IMAP4, account: Account) -> None:
    try:
        password = account.password_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Trouble("the file named in imap_password_file cannot be read") from None
    try:
        if "AUTH=PLAIN" in server.capabilities:
            # Takes any sign; LOGIN is ASCII alone.
            server.authenticate("PLAIN", lambda _asked: f"\0{account.user}\0{password}".encode())
        else:
            server.login(account.user, password)
    except UnicodeEncodeError:
        raise Trouble("it takes no name or password with signs outside ASCII") from None
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise Trouble("it refused the name or the password") from None


class Visit:
    """An open folder. Letters are named by their UIDs, which hold while it is open (RFC 3501, 2.3.1.1);
    nothing is remembered by them from one visit to the next."""

    def __init__(self, server: imaplib.IMAP4, account: Account) -> None:
        self._server = server
        # Asked again: many servers name what they can do only to who has signed in.
        self._can = (server.capability()[1][0] or b"").decode("ascii", "replace").upper().split()
        self._done = quoted(account.done_folder) if account.done_folder else ""
        if self._server.select(quoted(account.folder))[0] != "OK":
            raise Trouble("there is no folder of the name in imap_folder")
        if self._done:
            self._server.create(self._done)  # refused where it is there already

    def new(self) -> list[str]:
        """UIDs of what is to be stored, the oldest first."""
        what = "UNDELETED" if self._done else "UNSEEN UNDELETED"
        answer = self._asked("SEARCH", what)
        return sorted((answer[0] or b"").decode("ascii", "replace").split(), key=lambda uid: uid.zfill(12))

    def pieces(self, uid: str) -> Iterator[bytes]:
        """The letter as it lies there, without marking it as read. Raises Gone, NotGiven."""
        start = 0
        while True:
            said, answer = self._server.uid("FETCH", uid, f"(UID BODY.PEEK[]<{start}.{PIECE}>)")
            piece, whole = _piece_of(answer)
            if said != "OK" or (piece is None and start):
                raise NotGiven
            if piece is None:
                raise Gone
            yield piece
            start += len(piece)
            if len(piece) < PIECE or whole:
                return

    def done(self, uid: str) -> None:
        """Mark it, after it was stored: out of the way, or as read."""
        if not self._done:
            self._asked("STORE", uid, "+FLAGS.SILENT", "(\\Seen)")
        elif "MOVE" in self._can:
            self._asked("MOVE", uid, self._done)
        else:
            self._asked("COPY", uid, self._done)
            self._asked("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)")
            if "UIDPLUS" in self._can:
                # This one alone; a plain EXPUNGE would take others' along (RFC 4315, 2.1).
                self._asked("EXPUNGE", uid)

    def _asked(self, command: str, *words: str) -> list[Any]:
        said, answer = self._server.uid(command, *words)
        if said != "OK":
            raise Trouble(f"it refused {command}")
        return answer


def _piece_of(answer: list[Any]) -> tuple[bytes | None, bool]:
    """The piece in an answer to FETCH, None where there is none; and whether the server, which knows no
    pieces, gave all of it."""
    for part in answer:
        head, body = part if isinstance(part, tuple) else (part, None)
        found = _PART.search(head) if isinstance(head, bytes) else None
        if found is None:
            continue
        whole = _WHOLE.search(head) is not None
        if body is not None:
            return bytes(body), whole
        return re.sub(rb"\\(.)", rb"\1", found[2] or b"", flags=re.DOTALL), whole
    return None, False
