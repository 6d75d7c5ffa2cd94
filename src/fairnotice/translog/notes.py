"""Signed notes (C2SP signed-note v1.0.0), and Ed25519 as their plain signature (type 0x01).

A note is a text, an empty line and signature lines. Signatures by keys we do not know are passed over, as the
specification asks; one by a known key that is wrong spoils the whole note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Protocol

from fairnotice.translog.ed25519 import is_sound_public_key, verify_ed25519
from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import NoteError
from fairnotice.translog.keytext import CONTROL, ED25519, check_key_name, format_vkey, key_id, split_vkey
from fairnotice.translog.signing import SeedKey, SigningKey

__all__ = [
    "MAX_NOTE_BYTES",
    "MAX_SIGNATURES",
    "Note",
    "NoteSignature",
    "NoteSigner",
    "NoteVerifier",
    "OpenedNote",
    "Signer",
    "Verified",
    "Verifier",
    "check_key_name",
    "format_note",
    "key_id",
    "open_note",
    "parse_note",
    "parse_signature",
    "sign_note",
    "signature_line",
    "verify_note",
]

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100  # the specification asks for at least 16


class NoteVerifier(Protocol):
    """A named public key of any type that can sign a note."""

    # The type: 0x01, 0x04 or 0x06.
    kind: ClassVar[int]
    # True when the signature covers every byte of the text. ML-DSA-44 signs size and root only.
    whole_text: ClassVar[bool]

    @property
    def name(self) -> str:
        """Key name in signature lines."""

    @property
    def public_key(self) -> bytes:
        """Raw bytes, without the type."""

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for name, type and key in a signature line."""

    @property
    def vkey(self) -> str:
        """Text form, to be published."""

    def verify(self, text: bytes, blob: bytes) -> bool:
        """True when ``blob``, a signature line's bytes after the key id, is this key's over ``text``."""

    def timestamp(self, blob: bytes) -> int | None:
        """POSIX seconds that a verified ``blob`` states; None for a type that states no time."""


class NoteSigner(Protocol):
    """Whatever makes one signature line under a name."""

    @property
    def name(self) -> str:
        """Key name in the line."""

    def sign(self, text: str) -> str:
        """The line over a note's text, with its final LF."""


@dataclass(frozen=True)
class Verifier:
    """A name and an Ed25519 public key; its text form is the *vkey*."""

    name: str
    public_key: bytes
    kind: ClassVar[int] = ED25519
    whole_text: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if not is_sound_public_key(self.public_key):
            raise NoteError(f"the public key of {self.name} is not a sound Ed25519 key")

    @classmethod
    def from_vkey(cls, vkey: str) -> Verifier:
        """Read ``name+hex8+base64`` of an Ed25519 key. Raises :class:`NoteError`."""
        name, kind, public_key = split_vkey(vkey)
        if kind != ED25519 or len(public_key) != 32:
            raise NoteError("the public key is not an Ed25519 key (type 1, 32 bytes)")
        return cls(name, public_key)

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for name and key in a signature line."""
        return key_id(self.name, self.public_key)

    @property
    def vkey(self) -> str:
        """Text form, to be published."""
        return format_vkey(self.name, ED25519, self.public_key)

    def verify(self, text: bytes, blob: bytes) -> bool:
        """True when ``blob`` (64 bytes) is this key's signature over ``text``."""
        return verify_ed25519(self.public_key, blob, text)

    def timestamp(self, blob: bytes) -> int | None:
        """None: a plain signature states no time."""
        return None


@dataclass(frozen=True, init=False)
class Signer:
    """A name and an Ed25519 key, given as such or as its 32-byte seed; ``repr`` shows neither."""

    name: str
    key: SigningKey = field(repr=False)

    def __init__(self, name: str, key: SigningKey | bytes) -> None:
        check_key_name(name)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "key", SeedKey(key) if isinstance(key, bytes) else key)

    @cached_property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key)

    def sign(self, text: str) -> str:
        """Signature line, with its final LF, over a note's text. Ed25519 is deterministic: same text, same
        line.
        """
        return signature_line(self.name, self.verifier.key_id, self.key.sign(text.encode("utf-8")))


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


@dataclass(frozen=True)
class Verified:
    """A signature that holds: whose, and when it says it was made (None for plain signatures)."""

    verifier: NoteVerifier
    timestamp: int | None


@dataclass(frozen=True)
class OpenedNote:
    """Text of a note and the signatures on it, in their order, that given keys verified: one or more."""

    text: str
    verified: tuple[Verified, ...]


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the note does not end in a line feed")
    if CONTROL.search(text):
        raise NoteError("the note holds a control character")


def signature_line(name: str, key_id: bytes, blob: bytes) -> str:
    """A signature line with its final LF."""
    return f"\u2014 {name} {encode_base64(key_id + blob)}\n"


def sign_note(text: str, signers: Sequence[NoteSigner]) -> str:
    """The note with one signature line per signer. ``text`` must end in LF; at least one signer."""
    _check_text(text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise NoteError("the note is not valid Unicode") from None
    if not signers:
        raise NoteError("a note needs a signature")
    return text + "\n" + "".join(signer.sign(text) for signer in signers)


def parse_signature(line: str) -> NoteSignature:
    """Read one signature line, without its final LF. Raises :class:`NoteError`."""
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
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError(f"the note is longer than {MAX_NOTE_BYTES} bytes")
    try:
        raw = data.encode("utf-8") if isinstance(data, str) else data
        whole = raw.decode("utf-8")
    except UnicodeError:
        raise NoteError("the note is not valid UTF-8") from None
    if len(raw) > MAX_NOTE_BYTES:
        raise NoteError(f"the note is longer than {MAX_NOTE_BYTES} bytes")
    _check_text(whole)
    at = whole.rfind("\n\n")
    if at < 0:
        raise NoteError("the note has no empty line before its signatures")
    lines = whole[at + 2 :].split("\n")[:-1]
    if not lines:
        raise NoteError("the note is not signed")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"the note has more than {MAX_SIGNATURES} signatures")
    return Note(whole[: at + 1], tuple(parse_signature(line) for line in lines))


def format_note(note: Note) -> str:
    """The note's one spelling: what :func:`parse_note` read."""
    lines = (signature_line(line.name, line.key_id, line.signature) for line in note.signatures)
    return note.text + "\n" + "".join(lines)


def _by_id(verifiers: Iterable[NoteVerifier]) -> dict[tuple[str, bytes], NoteVerifier]:
    known: dict[tuple[str, bytes], NoteVerifier] = {}
    for verifier in verifiers:
        first = known.setdefault((verifier.name, verifier.key_id), verifier)
        if first.vkey != verifier.vkey:  # four bytes can be met by trying; then no line says whose it is
            raise NoteError(f"two different keys of {verifier.name} have the same short hash")
    return known


def verify_note(data: bytes | str, verifiers: Iterable[NoteVerifier]) -> OpenedNote:
    """A note that at least one of the verifiers signed, and which of them did.

    Raises :class:`NoteError` where no known key signed, or where a signature by a known key is wrong.
    """
    note = parse_note(data)
    known = _by_id(verifiers)
    text = note.text.encode("utf-8")
    verified = []
    for line in note.signatures:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            continue
        if not verifier.verify(text, line.signature):
            raise NoteError(f"the signature of {verifier.name} is wrong: the text was changed after signing")
        verified.append(Verified(verifier, verifier.timestamp(line.signature)))
    if not verified:
        raise NoteError("the note is not signed by the key it should be signed by")
    return OpenedNote(note.text, tuple(verified))


def open_note(data: bytes | str, verifiers: Iterable[NoteVerifier]) -> str:
    """Text of a note that at least one of the verifiers signed. Raises as :func:`verify_note` does."""
    return verify_note(data, verifiers).text
