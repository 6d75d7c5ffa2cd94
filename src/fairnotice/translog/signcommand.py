"""A private key behind a command of the operator's: a smart card, an HSM, a remote signer.

The command is started anew for each use, without a shell: ``<argv> public`` prints the 32 raw bytes of the
Ed25519 public key in base64, ``<argv> sign`` reads a message and prints the 64 bytes of its signature in
base64. What it prints on standard error is thrown away, and no error repeats what it printed: either may hold
a PIN.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence

from fairnotice.translog.ed25519 import is_sound_public_key, verify_ed25519
from fairnotice.translog.encoding import decode_base64
from fairnotice.translog.errors import SigningError

_MAX_OUTPUT = 1_000  # bytes; a signature in base64 has 88
_PUBLIC_SIZE, _SIGNATURE_SIZE = 32, 64


class CommandKey:
    """Signs with ``argv + ["sign"]``; each call may take ``timeout`` seconds.

    The public key is asked for once and kept; ``expected`` stands for it where it is known already. No
    signature leaves this class that the kept public key does not verify.
    """

    def __init__(self, argv: Sequence[str], timeout: float = 10.0, *, expected: bytes | None = None) -> None:
        if isinstance(argv, str) or not argv or not all(isinstance(part, str) and part for part in argv):
            raise SigningError("the signing command is a list: the program, then its arguments")
        if not timeout > 0:
            raise SigningError("the signing command needs a time limit above 0 seconds")
        self._argv, self._timeout = tuple(argv), timeout
        self._public = None if expected is None else self._check(expected)

    def __repr__(self) -> str:
        return f"CommandKey({self._argv[0]!r})"

    @property
    def public_key(self) -> bytes:
        """32 raw bytes. Raises :class:`SigningError` where the command cannot tell, or tells another key."""
        if self._public is None:
            self._public = self._ask_public()
        return self._public

    def sign(self, message: bytes) -> bytes:
        """64 bytes, verified. Raises :class:`SigningError` also where the command's key has changed."""
        public = self.public_key
        printed = self._run("sign", message)
        signature = decode_base64(
            printed, "what the signing command printed as a signature", SigningError, length=_SIGNATURE_SIZE
        )
        if verify_ed25519(public, signature, message):
            return signature
        if self._ask_public() != public:
            raise SigningError("the signing command now has another key than before")
        raise SigningError("the signing command's signature does not fit its own public key")

    def confirm(self) -> None:
        """Ask the command again. Raises :class:`SigningError` unless its public key is still the same."""
        if self._ask_public() != self.public_key:
            raise SigningError("the signing command now has another key than before")

    @staticmethod
    def _check(key: bytes) -> bytes:
        if not is_sound_public_key(key):
            raise SigningError("the signing command's public key is not a sound Ed25519 key")
        return key

    def _ask_public(self) -> bytes:
        printed = self._run("public", b"")
        what = "what the signing command printed as its public key"
        return self._check(decode_base64(printed, what, SigningError, length=_PUBLIC_SIZE))

    def _run(self, verb: str, message: bytes) -> str:
        """What the command prints, without its final LF."""
        # The message goes in as a file: a command that reads nothing, or prints first, cannot block us.
        with tempfile.TemporaryFile() as given:
            given.write(message)
            given.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 - the operator's own command, and no shell
                    [*self._argv, verb],
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except (OSError, ValueError) as problem:
                reason = getattr(problem, "strerror", None) or "not a command line"
                raise SigningError(f"the signing command cannot be started: {reason}") from None
        try:
            return self._collect(process, verb)
        finally:
            _end(process)

    def _collect(self, process: subprocess.Popen[bytes], verb: str) -> str:
        assert process.stdout is not None  # noqa: S101 - asked for above
        deadline = time.monotonic() + self._timeout
        late = SigningError(f"the signing command took longer than {self._timeout:g} seconds to {verb}")
        printed = b""
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            while True:
                if not ready.select(max(0.0, deadline - time.monotonic())):
                    raise late
                part = os.read(process.stdout.fileno(), _MAX_OUTPUT + 1)
                if not part:
                    break
                printed += part
                if len(printed) > _MAX_OUTPUT:
                    raise SigningError(f"the signing command printed more than {_MAX_OUTPUT} bytes")
        try:
            code = process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise late from None
        if code:
            raise SigningError(f"the signing command failed to {verb} and ended with status {code}")
        try:
            return printed.decode("ascii").removesuffix("\n")
        except UnicodeDecodeError:
            raise SigningError("what the signing command printed is not base64") from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Take back the pipe; a command that still runs is ended, with all it started."""
    if process.stdout is not None:
        process.stdout.close()
    if process.returncode is None:
        # Not waited for yet, so its number, which is also its group's, cannot have passed to another.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
