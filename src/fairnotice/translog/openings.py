"""Commitments, their openings, and the leaf that carries them.

A leaf shows nothing but a fixed number of elements that look random. Each is a tag and a commitment. The
commitment is an HMAC over record, path and value under a secret ``r``; who holds an opening (path, value,
``r``) can show that the value stood in the entry, and nobody else can guess it. When ``r`` is destroyed the
value is gone for good, while the leaf and all its proofs stay valid.

The tag is an HMAC over the path under the record's ``salt``, which comes with every file. All tags of a leaf
differ, so a path has one place in it and can have one value only, whoever is shown it; and the leaf binds
salt and name of its record, so that nobody can read it with another salt (docs/adr/0013).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import rfc8785

from fairnotice.translog.bundles import MAX_ENTRY_BYTES
from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import OpeningError, OpeningMismatch

# Any, because a recursive alias makes every caller cast what json.loads gave.
Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None

DOMAIN = b"fair-notice/commitment/v1"
LEAF_COMMITMENTS = 64
LEAF_VERSION = 2
SECRET_SIZE = 32
TAG_SIZE = 16
_PATH_DOMAIN = b"fair-notice/path/v2"
_RECORD_DOMAIN = b"fair-notice/record/v2"
_LARGEST_NUMBER = 2**53 - 1  # beyond it two JSON readers may see two numbers
_DEEPEST = 32
# Both are ours. Nothing in them can look like something else, have a second spelling or break a message: two
# paths that a person takes for one would be two values for it.
_PATH = re.compile(r"[a-z][a-z0-9_]{0,63}")
_RECORD = re.compile(r"[0-9a-f]{32}")
_CLEAR_TYPE = re.compile(r"[a-z][a-z0-9_.-]{0,63}")


def _check(value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise OpeningError(f"a value is nested deeper than {_DEEPEST} levels")
    if value is None or type(value) is bool:
        return
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise OpeningError("a value holds half a character (a lone surrogate)") from None
    elif isinstance(value, int | float):
        if (isinstance(value, float) and not math.isfinite(value)) or abs(value) > _LARGEST_NUMBER:
            raise OpeningError(
                "a value holds a number that JSON cannot carry exactly (beyond 2^53 or not finite)"
            )
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise OpeningError("a value holds an object whose key is not a text")
            _check(key, depth)
            _check(item, depth + 1)
    else:
        raise OpeningError(f"a value of type {type(value).__name__} has no JSON form")


def canonical_json(value: Json) -> bytes:
    """The one RFC 8785 spelling of a value. Raises :class:`OpeningError` for what it cannot carry exactly."""
    _check(value, 0)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, ValueError, RecursionError):
        raise OpeningError("a value has no canonical JSON form") from None


def check_path(path: object) -> str:
    """``path`` when it is a lower-case letter and up to 63 of ``a-z 0-9 _``. Raises :class:`OpeningError`."""
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise OpeningError("a path is not a short word of lower-case letters, digits and '_'")
    return path


def check_record(record: object) -> str:
    """``record`` when it is 32 lower-case hexadecimal digits. Raises :class:`OpeningError`."""
    if not isinstance(record, str) or not _RECORD.fullmatch(record):
        raise OpeningError("the record's name is not 32 digits of lower-case hexadecimal")
    return record


def _mac(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over each part after its length in 4 bytes, big-endian."""
    if len(key) != SECRET_SIZE:
        # HMAC fills shorter keys with zeroes: two keys of different lengths could be one.
        raise OpeningError(f"the secret of a commitment has {SECRET_SIZE} bytes")
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(4, "big") + part)
    return mac.digest()


def tag(salt: bytes, path: str) -> bytes:
    """16 bytes: the place of ``path`` in the leaf of the record whose salt this is."""
    return _mac(salt, _PATH_DOMAIN, check_path(path).encode("ascii"))[:TAG_SIZE]


def binding(salt: bytes, record: str) -> bytes:
    """32 bytes that tie a leaf to one name and one salt: to find another pair is to break SHA-256."""
    return _mac(salt, _RECORD_DOMAIN, check_record(record).encode("ascii"))


def commit(r: bytes, *, record: str, path: str, value: Json) -> bytes:
    """32-byte commitment: ``HMAC-SHA256(r, parts)``, each part after its length in 4 bytes, big-endian.

    Parts: the domain, the record, the path, the value as canonical JSON. ``r`` is 32 secret bytes, unique to
    record and path. Raises :class:`OpeningError`, which never repeats the value.
    """
    names = check_record(record).encode("ascii"), check_path(path).encode("ascii")
    return _mac(r, DOMAIN, *names, canonical_json(value))


@dataclass(frozen=True)
class Opening:
    """What shows that ``value`` stood at ``path``. Value and secret stay out of ``repr``, hence out of
    logs.
    """

    path: str
    value: Json = field(repr=False)
    r: bytes = field(repr=False)

    def commitment(self, record: str) -> bytes:
        """The commitment that the entry of ``record`` must hold."""
        return commit(self.r, record=record, path=self.path, value=self.value)

    def to_json(self) -> dict[str, Json]:
        """``{"path", "value", "r"}`` with ``r`` in base64."""
        return {"path": self.path, "value": self.value, "r": encode_base64(self.r)}

    @classmethod
    def from_json(cls, data: object) -> Opening:
        """Read :meth:`to_json`'s form. Raises :class:`OpeningError`."""
        if not isinstance(data, dict) or set(data) != {"path", "value", "r"}:
            raise OpeningError("an opening must have exactly path, value and r")
        path = check_path(data["path"])
        canonical_json(data["value"])
        r = decode_base64(data["r"], "the secret of an opening", OpeningError, length=SECRET_SIZE)
        return cls(path, data["value"], r)


@dataclass(frozen=True)
class Leaf:
    """A parsed leaf: tag -> commitment of its 64 elements, what binds it to its record, and its type where
    that is public.
    """

    elements: Mapping[bytes, bytes] = field(repr=False)
    binding: bytes
    clear_type: str | None


def build_leaf(
    salt: bytes, record: str, commitments: Mapping[str, bytes], *, clear_type: str | None = None
) -> bytes:
    """The entry for the log: canonical JSON ``{"c": [...], "r": ..., "v": 2}``, with ``"t"`` where the type
    is public.

    ``commitments`` are path -> 32 bytes. Elements are sorted and padded with random ones to
    :data:`LEAF_COMMITMENTS`, so that neither order nor number tells anything. Raises :class:`OpeningError`
    for too many, wrongly sized or wrongly named ones.
    """
    if len(commitments) > LEAF_COMMITMENTS:
        raise OpeningError(f"an entry holds at most {LEAF_COMMITMENTS} commitments, not {len(commitments)}")
    if any(len(item) != SECRET_SIZE for item in commitments.values()):
        raise OpeningError(f"a commitment has {SECRET_SIZE} bytes")
    elements = {tag(salt, path): item for path, item in commitments.items()}
    if len(elements) != len(commitments):
        raise OpeningError("two paths of the entry have the same tag")
    while len(elements) < LEAF_COMMITMENTS:
        elements.setdefault(secrets.token_bytes(TAG_SIZE), secrets.token_bytes(SECRET_SIZE))
    return _encode_leaf(Leaf(elements, binding(salt, record), clear_type))


def _encode_leaf(leaf: Leaf) -> bytes:
    body: dict[str, Json] = {
        "c": sorted(encode_base64(mark + item) for mark, item in leaf.elements.items()),
        "r": encode_base64(leaf.binding),
        "v": LEAF_VERSION,
    }
    if leaf.clear_type is not None:
        if not isinstance(leaf.clear_type, str) or not _CLEAR_TYPE.fullmatch(leaf.clear_type):
            raise OpeningError("the public type of an entry must be a short lower-case word")
        body["t"] = leaf.clear_type
    return canonical_json(body)


def parse_leaf(leaf: bytes) -> Leaf:
    """Read a leaf in its one canonical form. Raises :class:`OpeningError`, also where a tag stands twice."""
    if len(leaf) > MAX_ENTRY_BYTES:
        raise OpeningError(f"the entry is longer than {MAX_ENTRY_BYTES} bytes")
    try:
        body = json.loads(leaf)
    except (ValueError, RecursionError):
        raise OpeningError("the entry is not JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("c"), list):
        raise OpeningError("the entry holds no list of commitments")
    if type(body.get("v")) is int and body["v"] == 1:
        raise OpeningError("the entry was made by an earlier trial version, whose entries bind no field")
    size = TAG_SIZE + SECRET_SIZE
    items = [decode_base64(item, "an element of the entry", OpeningError, length=size) for item in body["c"]]
    elements = {item[:TAG_SIZE]: item[TAG_SIZE:] for item in items}
    if len(elements) != len(items):
        raise OpeningError("the entry has two elements for one path: it could be read in two ways")
    bound = decode_base64(body.get("r"), "the record's mark in the entry", OpeningError, length=SECRET_SIZE)
    found = Leaf(MappingProxyType(elements), bound, body.get("t"))
    # Writing it again catches unknown fields, another version, doubled keys and any other spelling at once.
    if len(elements) != LEAF_COMMITMENTS or _encode_leaf(found) != leaf:
        raise OpeningError(f"the entry is not {LEAF_COMMITMENTS} commitments in canonical form")
    return found


def check_openings(leaf: bytes, record: str, salt: bytes, openings: Sequence[Opening]) -> Leaf:
    """Check that the entry is that of ``record`` and every opening the one value of its path in it.

    Raises :class:`OpeningMismatch`, naming the path, where one does not fit or where a path is opened twice,
    and :class:`OpeningError` where leaf, salt or value are malformed. Returns the parsed leaf.
    """
    held = parse_leaf(leaf)
    if held.binding != binding(salt, record):
        raise OpeningMismatch("the entry is not that of this record and salt")
    seen: set[str] = set()
    for opening in openings:
        if opening.path in seen:
            raise OpeningMismatch(f"the field {opening.path!r} is opened twice")
        seen.add(opening.path)
        committed = held.elements.get(tag(salt, opening.path))
        if committed is None:
            raise OpeningMismatch(f"the entry has no field {opening.path!r}")
        if opening.commitment(record) != committed:
            raise OpeningMismatch(f"the field {opening.path!r} does not match the entry: it was changed")
    return held
