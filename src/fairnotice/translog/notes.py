"""Signed notes and their keys (C2SP signed-note v1.0.0), with Ed25519 signatures (type 0x01) only.

A note is a text, an empty line and signature lines. Signatures by keys we do not know are passed over, as the
specification asks; one by a known key that is wrong spoils the whole note.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fairnotice.translog.ed25519 import is_sound_public_key
from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import NoteError

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100  # the specification asks for at least 16
_ED25519 = b"\x01"
_MAX_VKEY_CHARS = 1_000
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_HEX8 = re.compile(r"[0-9a-f]{8}")


def check_key_name(name: str) -> None:
    """Raise :class:`NoteError` unless ``name`` is non-empty and free of spaces, '+' and control
    characters.
    """
    if not name or "+" in name or any(char.isspace() for char in name) or _CONTROL.search(name):
        raise NoteError("a key name is empty or holds a space, a plus sign or a control character")
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise NoteError("a key name is not valid Unicode") from None


def key_id(name: str, public_key: bytes) -> bytes:
    """First four bytes of ``SHA-256(name || LF || type || public key)``."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + _ED25519 + public_key).digest()[:4]


@dataclass(frozen=True)
class Verifier:
    """A name and an Ed25519 public key; its text form is the *vkey*."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if not is_sound_public_key(self.public_key):
            raise NoteError(f"the public key of {self.name} is not a sound Ed25519 key")

    @classmethod
    def from_vkey(cls, vkey: str) -> Verifier:
        """Read ``name+hex8+base64``; the base64 may itself hold '+'. Raises :class:`NoteError`."""
        parts = vkey.split("+", 2) if len(vkey) <= _MAX_VKEY_CHARS else []
        if len(parts) != 3:
            raise NoteError("the log's public key must look like name+hash+key")
        name, given_id, encoded = parts
        check_key_name(name)
        blob = decode_base64(encoded, "the log's public key", NoteError)
        if blob[:1] != _ED25519 or len(blob) != 33:
            raise NoteError("the public key is not an Ed25519 key (type 1, 32 bytes)")
        if not _HEX8.fullmatch(given_id) or bytes.fromhex(given_id) != key_id(name, blob[1:]):
            raise NoteError("the public key's short hash does not fit its name and key: was it copied whole?")
        return cls(name, blob[1:])

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for name and key in a signature line."""
        return key_id(self.name, self.public_key)

    @property
    def vkey(self) -> str:
        """Text form, to be published."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(_ED25519 + self.public_key)}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """True when ``signature`` (64 bytes) is this key's over ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A name and a 32-byte Ed25519 seed, which is never shown by ``repr``."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.seed) != 32:
            raise NoteError("an Ed25519 seed has 32 bytes")

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(
            self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        )

    def sign(self, text: str) -> str:
        """Signature line, with its final LF, over a note's text. Ed25519 is deterministic: same text, same
        line.
        """
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode("utf-8"))
        return f"\u2014 {self.name} {encode_base64(self.verifier.key_id + signature)}\n"


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: key name, four bytes of key id, the rest of the blob."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A parsed note; nothing about it is verified yet. ``text`` ends in LF."""

    text: str
    signatures: tuple[NoteSignature, ...]


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the note does not end in a line feed")
    if _CONTROL.search(text):
        raise NoteError("the note holds a control character")


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The note with one signature line per signer. ``text`` must end in LF; at least one signer."""
    _check_text(text)
    if not signers:
        raise NoteError("a note needs a signature")
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


def _parse_signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "\u2014":
        raise NoteError("a signature line of the note does not begin with a dash and a space")
    check_key_name(name)
    blob = decode_base64(encoded, "a signature of the note", NoteError)
    if len(blob) < 5:
        raise NoteError("a signature of the note is too short")
    return NoteSignature(name, blob[:4], blob[4:])


def parse_note(data: bytes | str) -> Note:
    """Split a note at its last empty line. Raises :class:`NoteError` for anything malformed."""
    try:
        raw = data.encode("utf-8") if isinstance(data, str) else data
        if len(raw) > MAX_NOTE_BYTES:
            raise NoteError(f"the note is longer than {MAX_NOTE_BYTES} bytes")
        whole = raw.decode("utf-8")
    except UnicodeError:
        raise NoteError("the note is not valid UTF-8") from None
    _check_text(whole)
    at = whole.rfind("\n\n")
    if at < 0:
        raise NoteError("the note has no empty line before its signatures")
    lines = whole[at + 2 :].split("\n")[:-1]
    if not lines:
        raise NoteError("the note is not signed")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"the note has more than {MAX_SIGNATURES} signatures")
    return Note(whole[: at + 1], tuple(_parse_signature(line) for line in lines))


def open_note(data: bytes | str, verifiers: Iterable[Verifier]) -> str:
    """Text of a note that at least one of the verifiers signed.

    Raises :class:`NoteError` where no known key signed, or where a signature by a known key is wrong.
    """
    note = parse_note(data)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    verified = False
    for line in note.signatures:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            continue
        if not verifier.verify(note.text.encode("utf-8"), line.signature):
            raise NoteError(f"the signature of {verifier.name} is wrong: the text was changed after signing")
        verified = True
    if not verified:
        raise NoteError("the note is not signed by the key it should be signed by")
    return note.text
