"""The way out: real SMTP, or files in a folder where no mail server is set."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from django.conf import settings

TIMEOUT = 30


class SendFailed(Exception):
    """The letter was not taken. `code` is one of the outbox's error codes; `final`: trying again is of no
    use. Carries no text of the server: it may repeat an address."""

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code, self.final = code, final


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
    """One SMTP session per letter (RFC 5321), with STARTTLS and a password where the settings say so."""

    def __init__(self, *, host: str, port: int, user: str, password_file: str, starttls: bool) -> None:
        self.host, self.port, self.user = host, port, user
        self.password_file, self.starttls = password_file, starttls

    def send(self, letter: EmailMessage) -> None:
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, Path(self.password_file).read_text("utf-8").strip())
                _hand_over(server, letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _by_code(min(codes, default=550)) from None
        except smtplib.SMTPAuthenticationError:
            raise SendFailed("misconfigured") from None
        except smtplib.SMTPNotSupportedError:
            # An address outside ASCII and a server without SMTPUTF8, or STARTTLS that is not offered.
            raise SendFailed(
                "misconfigured" if self.starttls else "refused", final=not self.starttls
            ) from None
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code) from None
        except TimeoutError:
            raise SendFailed("timeout") from None
        except (ssl.SSLError, UnicodeError):
            raise SendFailed("misconfigured") from None
        except (smtplib.SMTPException, OSError):
            raise SendFailed("unreachable") from None


def _hand_over(server: smtplib.SMTP, letter: EmailMessage) -> None:
    if letter["Auto-Submitted"] == "auto-replied":
        # With the empty return path nothing can be sent back to and fro (RFC 3834, 3.3). Some servers take
        # no letter so from a client that signed in; there, the mark alone has to do.
        with suppress(smtplib.SMTPSenderRefused):
            server.send_message(letter, from_addr="")
            return
    server.send_message(letter)


def _by_code(code: int) -> SendFailed:
    """5xx is the server's last word, 4xx an invitation to come back (RFC 5321, 4.2.1)."""
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
        )
    return FolderPort(settings.FN_MAIL_DIR)
