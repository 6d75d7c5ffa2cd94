"""Where the master key comes from: a file, a credential of systemd, or a program of the operator's.

`master_key_file` is a path, `credential:NAME` (the file of that name in $CREDENTIALS_DIRECTORY, see
systemd.exec(5), LoadCredential= and LoadCredentialEncrypted=) or `command:PROGRAM ARGS`, which is started
without a shell and prints the key. All three give 32 bytes written in base64. No error repeats what was read
or printed.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import selectors
import shlex
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from fairnotice.vault.errors import MasterKeyError

LENGTH = 32
#: Seconds that a program may take: long enough for a card that wants to be touched.
PATIENCE = 30.0
_MOST = 1_000
_CREDENTIAL = re.compile(r"[A-Za-z0-9._-]{1,255}")


@dataclass(frozen=True)
class KeyFile:
    """A file of this user's."""

    path: Path

    def __str__(self) -> str:
        return f"the file {self.path}"


@dataclass(frozen=True)
class Credential:
    """A credential that systemd hands to the service."""

    name: str

    def __str__(self) -> str:
        return f"the credential {self.name}"

    def path(self) -> Path:
        """Its file. Raises MasterKeyError where this process was given no credentials."""
        folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
        if not folder:
            raise MasterKeyError(
                f"The master key is the credential '{self.name}', but systemd gave this process none "
                f"($CREDENTIALS_DIRECTORY is not set). In the unit of the service, add: "
                f"LoadCredentialEncrypted={self.name}:/etc/credstore.encrypted/{self.name} ; for a command "
                f"by hand, use systemd-run with --property=LoadCredentialEncrypted=..."
            )
        return Path(folder) / self.name


@dataclass(frozen=True)
class Command:
    """A program that prints the key."""

    argv: tuple[str, ...]

    def __str__(self) -> str:
        return f"the program {self.argv[0]}"


Source = KeyFile | Credential | Command


def parse(setting: str | Path) -> Source:
    """What `master_key_file` says. Raises ValueError, with what is wrong, where it cannot be meant so."""
    text = str(setting)
    kind, colon, rest = text.partition(":")
    if colon and kind == "credential":
        if not _CREDENTIAL.fullmatch(rest) or rest in (".", ".."):
            raise ValueError("'credential:' is followed by the name of a credential: letters, digits, . _ -")
        return Credential(rest)
    if colon and kind == "command":
        try:
            argv = tuple(shlex.split(rest))
        except ValueError:
            argv = ()
        if not argv:
            raise ValueError("'command:' is followed by a program and its arguments, quoted as in a shell")
        return Command(argv)
    return KeyFile(Path(text))


def read(source: Source) -> bytes:
    """The 32 bytes. Raises MasterKeyError with the reason and the mend; asks nothing about the layout."""
    if isinstance(source, Command):
        return _decoded(_printed(source.argv), f"What {source} printed")
    path = source.path if isinstance(source, KeyFile) else source.path()
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise MasterKeyError(f"The master key {path} is not a file. Set master_key_file to it.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise MasterKeyError(
            f"The master key {path} cannot be found or read ({error.strerror}). Put your backup of it "
            "there, or run 'fairnotice init' for a new data folder."
        ) from None
    except OSError as error:
        raise MasterKeyError(
            f"The master key {path} cannot be read ({error.strerror}). Make this user its owner."
        ) from None
    return _decoded(data, f"The master key {path}")


def _decoded(data: bytes, what: str) -> bytes:
    try:
        key = base64.b64decode(data.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != LENGTH:
        raise MasterKeyError(
            f"{what} is not 32 bytes written in base64. Put your backup of the key there; a cut or edited "
            "key opens nothing."
        )
    return key


def _printed(argv: tuple[str, ...]) -> bytes:
    """What the program printed. Its standard error is thrown away: it may repeat a PIN or the key."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's own program, and no shell
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a command line"
        raise MasterKeyError(
            f"The program for the master key, {argv[0]}, cannot be started ({why}). Set master_key_file to "
            "'command:' with the whole path of a program that this user may run."
        ) from None
    try:
        return _collected(process, argv[0])
    finally:
        if process.stdout is not None:
            process.stdout.close()
        if process.returncode is None:
            # Not waited for yet, so its number, which is its group's too, has not passed to another.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _collected(process: subprocess.Popen[bytes], name: str) -> bytes:
    assert process.stdout is not None  # noqa: S101 - asked for above
    deadline = time.monotonic() + PATIENCE
    late = MasterKeyError(
        f"The program for the master key, {name}, took longer than {PATIENCE:g} seconds. Run it by hand and "
        "see what it waits for; it gets nothing on its standard input."
    )
    printed = b""
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not ready.select(max(0.0, deadline - time.monotonic())):
                raise late
            part = os.read(process.stdout.fileno(), _MOST + 1)
            if not part:
                break
            printed += part
            if len(printed) > _MOST:
                raise MasterKeyError(
                    f"The program for the master key, {name}, printed more than a key: it must print 32 "
                    "bytes in base64 and nothing else."
                )
    try:
        status = process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise late from None
    if status:
        raise MasterKeyError(
            f"The program for the master key, {name}, ended with status {status}. Run it by hand, as the "
            "user of this service, and mend what it says."
        )
    return printed
