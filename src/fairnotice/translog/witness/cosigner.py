"""The witness's keys: one name, an Ed25519 key (0x04), and if wished an ML-DSA-44 key (0x06)."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from fairnotice.translog.cosignature import CosignatureVerifier, MldsaSigner, cosign, cosign_mldsa
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.notes import NoteVerifier
from fairnotice.translog.signing import SigningKey
from fairnotice.translog.witness.errors import WitnessError


@dataclass(frozen=True)
class Cosigner:
    """``mldsa_seed``: 32 bytes of an ML-DSA-44 key, which may be absent."""

    name: str
    key: SigningKey = field(repr=False)
    mldsa_seed: bytes | None = field(default=None, repr=False)

    @property
    def verifiers(self) -> list[NoteVerifier]:
        """The public halves, the Ed25519 one first."""
        found: list[NoteVerifier] = [CosignatureVerifier(self.name, self.key.public_key)]
        if self.mldsa_seed is not None:
            found.append(MldsaSigner(self.name, self.mldsa_seed).verifier)
        return found

    @property
    def vkeys(self) -> list[str]:
        """Text forms of the public keys, to be published."""
        return [verifier.vkey for verifier in self.verifiers]

    def lines(self, text: str, timestamp: int) -> str:
        """Signature lines over a checkpoint's text. Raises
        :class:`~fairnotice.translog.errors.SigningError` where a key cannot be used.
        """
        lines = cosign(text, self.name, self.key, timestamp)
        if self.mldsa_seed is not None:
            lines += cosign_mldsa(text, self.name, self.mldsa_seed, timestamp)
        return lines


def write_key_file(path: Path) -> None:
    """Make a key file, mode 0600, with 32 random bytes. Never overwrites. Raises :class:`WitnessError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise WitnessError(f"{path} exists already; a key is never overwritten") from None
    except OSError as fault:
        raise WitnessError(f"{path} cannot be written: {fault.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(encode_base64(secrets.token_bytes(32)) + "\n")
        file.flush()
        os.fsync(file.fileno())
