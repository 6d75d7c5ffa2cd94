"""Names, ids and text forms of the keys that sign notes (C2SP signed-note v1.0.0, "Format" and "Verifier
keys").
"""

from __future__ import annotations

import hashlib
import re

from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import NoteError

ED25519 = 0x01
ED25519_COSIGNATURE = 0x04
MLDSA44_COSIGNATURE = 0x06
LOG_KINDS = frozenset({ED25519, MLDSA44_COSIGNATURE})  # what logs sign checkpoints with (tlog-checkpoint)
WITNESS_KINDS = frozenset({ED25519_COSIGNATURE, MLDSA44_COSIGNATURE})  # types of tlog-cosignature

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # all of ASCII's but LF; DEL and C1 may stand in a note
_MAX_VKEY_CHARS = 4_000  # an ML-DSA-44 key takes 1,752 characters
_HEX8 = re.compile(r"[0-9a-f]{8}")


def check_key_name(name: str) -> None:
    """Raise :class:`NoteError` unless ``name`` is non-empty and free of spaces, '+' and control
    characters.
    """
    if not name or "+" in name or "\n" in name or any(map(str.isspace, name)) or CONTROL.search(name):
        raise NoteError("a key name is empty or holds a space, a plus sign or a control character")
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise NoteError("a key name is not valid Unicode") from None


def key_id(name: str, public_key: bytes, kind: int = ED25519) -> bytes:
    """First four bytes of ``SHA-256(name || LF || type || public key)``."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + bytes([kind]) + public_key).digest()[:4]


def format_vkey(name: str, kind: int, public_key: bytes) -> str:
    """``name+hex8+base64``, to be published."""
    encoded = encode_base64(bytes([kind]) + public_key)
    return f"{name}+{key_id(name, public_key, kind).hex()}+{encoded}"


def split_vkey(vkey: str) -> tuple[str, int, bytes]:
    """Name, type and public key of ``name+hex8+base64``; the base64 may itself hold '+'.

    Raises :class:`NoteError`; whether the key is fit for its type is for the caller to see.
    """
    parts = vkey.split("+", 2) if len(vkey) <= _MAX_VKEY_CHARS else []
    if len(parts) != 3:
        raise NoteError("a public key must look like name+hash+key")
    name, given_id, encoded = parts
    check_key_name(name)
    blob = decode_base64(encoded, "the public key", NoteError)
    if len(blob) < 2:
        raise NoteError("the public key has no type or is empty")
    if not _HEX8.fullmatch(given_id) or bytes.fromhex(given_id) != key_id(name, blob[1:], blob[0]):
        raise NoteError("the public key's short hash does not fit its name and key: was it copied whole?")
    return name, blob[0], blob[1:]
