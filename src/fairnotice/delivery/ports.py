"""The way out: real SMTP, or files in a folder where no mail server is set."""

from __future__ import annotations

import contextlib
import os
import re
import smtplib
import socket
import ssl
import threading
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from django.conf import settings

#: Seconds for each answer of a mail server, and for the whole visit, which must end before the row's lease.
TIMEOUT = 30.0
WHOLE = 100.0
_GOODBYE = 5.0
# "You have to sign in", "that sign-in is wrong", "encrypt first" (RFC 4954, 6; RFC 3207): nothing about the
# letter.
_ABOUT_US = (530, 534, 535, 538)


class SendFailed(Exception):
    """The letter was not taken. `code` is one of the outbox's error codes; `final`: trying again is of no
    use; `after`: seconds that the other side asks us to wait. Carries no text of the server: it may repeat
    an address."""

    def __init__(self, code: str, *, final: bool = False, after: int = 0) -> None:
        super().__init__(code)
        self.code, self.final, self.after = code, final, after


class Port(Protocol):
    """Anything that takes a letter: returns once somebody else is answerable for it, or raises SendFailed."""

    def send(self, letter: EmailMessage) -> None: ...


class FolderPort:
    """Writes each letter as a file, named by its Message-ID: the same letter twice is still one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = re.sub(r"[^0-9A-Za-z@.-]", "_", str(letter["Message-ID"]).strip("<>")) + ".eml"
        temporary = self.folder / (name + ".part")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(letter.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / name)


class SmtpPort:
    """One SMTP session per letter (RFC 5321), with STARTTLS and a password where the settings say so.

    `timeout` is for each answer of the server, `whole` for the visit, in seconds. `ca_file`: certificates to
    trust in the place of the system's, for a mail server with one of its own. With `starttls` nothing ever
    travels in the clear.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password_file: str,
        starttls: bool,
        timeout: float = TIMEOUT,
        whole: float = WHOLE,
        ca_file: str = "",
    ) -> None:
        self.host, self.port, self.user = host, port, user
        self.password_file, self.starttls, self.ca_file = password_file, starttls, ca_file
        self.timeout, self.whole = timeout, whole

    def send(self, letter: EmailMessage) -> None:
        deadline = time.monotonic() + self.whole
        context, password = self._context(), self._password()
        server: smtplib.SMTP | None = None
        late: threading.Timer | None = None
        opened = False
        try:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
            # A server that says a little now and then stays below every single timeout: this ends the whole.
            late = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [server])
            late.daemon = True
            late.start()
            if context is not None:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, password)
            opened = True
            _hand_over(server, letter)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            if server is not None and not isinstance(error, smtplib.SMTPResponseException):
                server.close()  # whatever it would answer now is about nothing any more
            raise _judged(error, opened=opened, late=time.monotonic() >= deadline) from None
        finally:
            if late is not None:
                late.cancel()
            if server is not None:
                _leave(server)

    def _context(self) -> ssl.SSLContext | None:
        if not self.starttls:
            return None
        try:
            return ssl.create_default_context(cafile=self.ca_file or None)
        except OSError:
            raise SendFailed("misconfigured") from None

    def _password(self) -> str:
        if not self.user:
            return ""
        try:
            return Path(self.password_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise SendFailed("misconfigured") from None


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye. Whatever comes of that, the letter was taken or was not: it changes nothing."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        if server.sock is not None:
            server.sock.settimeout(_GOODBYE if server.timeout is None else min(server.timeout, _GOODBYE))
            server.quit()
    server.close()


def _cut(server: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, AttributeError, TypeError):
        # The plain socket's: an SSL socket's own would pull its state from under the reader.
        socket.socket.shutdown(server.sock, socket.SHUT_RDWR)  # type: ignore[arg-type]  # None is suppressed


def _judged(error: Exception, *, opened: bool, late: bool) -> SendFailed:
    """What went wrong as a code of the outbox. `opened`: the session stood, so a "no" is about the letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _by_code(min((code for code, _ in error.recipients.values()), default=550))
    if isinstance(error, smtplib.SMTPResponseException):
        if opened and not isinstance(error, smtplib.SMTPSenderRefused):
            return _by_code(error.smtp_code)
        # It does not want us, or not from this address: that is not about the letter, and it would end every
        # letter at once.
        return SendFailed("deferred" if 400 <= error.smtp_code < 500 else "misconfigured")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        # An address outside ASCII and a server without SMTPUTF8; else STARTTLS or sign-in is not offered.
        return SendFailed("refused", final=True) if opened else SendFailed("misconfigured")
    # smtplib says that the connection was closed, also where it was a timeout that made it close it.
    if late or isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return SendFailed("timeout")
    if isinstance(error, ssl.SSLError | UnicodeError):
        return SendFailed("misconfigured")
    return SendFailed("unreachable")


def _hand_over(server: smtplib.SMTP, letter: EmailMessage) -> None:
    if letter["Auto-Submitted"] == "auto-replied":
        # With the empty return path nothing can be sent back to and fro (RFC 3834, 3.3). Some servers take
        # no letter so from a client that signed in; there, the mark alone has to do.
        with contextlib.suppress(smtplib.SMTPSenderRefused):
            server.send_message(letter, from_addr="")
            return
    server.send_message(letter)


def _by_code(code: int) -> SendFailed:
    """5xx is the server's last word, 4xx an invitation to come back (RFC 5321, 4.2.1)."""
    if code in _ABOUT_US:
        return SendFailed("misconfigured")
    return SendFailed("refused", final=True) if code >= 500 else SendFailed("deferred")


def configured() -> Port:
    """The port that the settings name."""
    mail = settings.FN_MAIL
    if mail["adapter"] == "smtp":
        return SmtpPort(
            host=str(mail["host"]),
            port=int(str(mail["port"])),
            user=str(mail["user"]),
            password_file=str(mail["password_file"]),
            starttls=bool(mail["starttls"]),
            timeout=float(str(mail["timeout"])),
            ca_file=str(mail["ca_file"]),
        )
    return FolderPort(settings.FN_MAIL_DIR)
