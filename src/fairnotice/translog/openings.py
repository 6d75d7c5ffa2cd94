"""Commitments, their openings, and the leaf that carries them.

A leaf shows nothing but a fixed number of 32-byte values. Each is an HMAC over record, path and value under
a secret ``r``; who holds an opening (path, value, ``r``) can show that the value stood in the entry, and
nobody else can guess it. When ``r`` is destroyed the value is gone for good, while the leaf and all its
proofs stay valid.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import rfc8785

from fairnotice.translog.bundles import MAX_ENTRY_BYTES
from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import OpeningError, OpeningMismatch

# Any, because a recursive alias makes every caller cast what json.loads gave.
Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None

DOMAIN = b"fair-notice/commitment/v1"
LEAF_COMMITMENTS = 64
LEAF_VERSION = 1
SECRET_SIZE = 32
_LARGEST_NUMBER = 2**53 - 1  # beyond it two JSON readers may see two numbers
_DEEPEST = 32
_LONGEST_NAME = 256  # of a record or path: both are ours, and paths appear in messages
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


def _utf8(text: object, what: str) -> bytes:
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_NAME:
        raise OpeningError(f"{what} is not a text of 1 to {_LONGEST_NAME} characters")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise OpeningError(f"{what} is not valid Unicode") from None


def commit(r: bytes, *, record: str, path: str, value: Json) -> bytes:
    """32-byte commitment: ``HMAC-SHA256(r, parts)``, each part after its length in 4 bytes, big-endian.

    Parts: the domain, the record, the path, the value as canonical JSON. ``r`` is 32 secret bytes, unique to
    record and path. Raises :class:`OpeningError`, which never repeats the value.
    """
    if len(r) != SECRET_SIZE:
        raise OpeningError(f"the secret of a commitment has {SECRET_SIZE} bytes")
    mac = hmac.new(r, digestmod=hashlib.sha256)
    for part in (DOMAIN, _utf8(record, "the record"), _utf8(path, "the path"), canonical_json(value)):
        mac.update(len(part).to_bytes(4, "big") + part)
    return mac.digest()


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
        path = data["path"]
        _utf8(path, "the path of an opening")
        canonical_json(data["value"])
        return cls(
            path, data["value"], decode_base64(data["r"], "the secret of an opening", OpeningError, length=32)
        )


@dataclass(frozen=True)
class Leaf:
    """A parsed leaf: its 64 commitments, and its type where that is public."""

    commitments: frozenset[bytes]
    clear_type: str | None


def build_leaf(commitments: Sequence[bytes], *, clear_type: str | None = None) -> bytes:
    """The entry for the log: canonical JSON ``{"c": [...], "v": 1}``, with ``"t"`` where the type is public.

    Commitments are sorted and padded with random values to :data:`LEAF_COMMITMENTS`, so that neither order
    nor number tells anything. Raises :class:`OpeningError` for too many, doubled or wrongly sized ones.
    """
    if len(commitments) > LEAF_COMMITMENTS:
        raise OpeningError(f"an entry holds at most {LEAF_COMMITMENTS} commitments, not {len(commitments)}")
    values = set(commitments)
    if len(values) != len(commitments) or any(len(item) != SECRET_SIZE for item in values):
        raise OpeningError(f"commitments must differ and have {SECRET_SIZE} bytes")
    while len(values) < LEAF_COMMITMENTS:
        values.add(secrets.token_bytes(SECRET_SIZE))
    return _encode_leaf(values, clear_type)


def _encode_leaf(values: Iterable[bytes], clear_type: str | None) -> bytes:
    body: dict[str, Json] = {"c": sorted(encode_base64(item) for item in values), "v": LEAF_VERSION}
    if clear_type is not None:
        if not isinstance(clear_type, str) or not _CLEAR_TYPE.fullmatch(clear_type):
            raise OpeningError("the public type of an entry must be a short lower-case word")
        body["t"] = clear_type
    return canonical_json(body)


def parse_leaf(leaf: bytes) -> Leaf:
    """Read a leaf in its one canonical form. Raises :class:`OpeningError`."""
    if len(leaf) > MAX_ENTRY_BYTES:
        raise OpeningError(f"the entry is longer than {MAX_ENTRY_BYTES} bytes")
    try:
        body = json.loads(leaf)
    except (ValueError, RecursionError):
        raise OpeningError("the entry is not JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("c"), list):
        raise OpeningError("the entry holds no list of commitments")
    values = {
        decode_base64(item, "a commitment of the entry", OpeningError, length=SECRET_SIZE)
        for item in body["c"]
    }
    clear_type = body.get("t")
    # Writing it again catches unknown fields, another version, doubled keys and any other spelling at once.
    if len(values) != LEAF_COMMITMENTS or _encode_leaf(values, clear_type) != leaf:
        raise OpeningError(f"the entry is not {LEAF_COMMITMENTS} commitments in canonical form")
    return Leaf(frozenset(values), clear_type)


def check_openings(leaf: bytes, record: str, openings: Sequence[Opening]) -> None:
    """Check that every opening belongs to the entry.

    Raises :class:`OpeningMismatch`, naming the path, where one does not or where a path is opened twice, and
    :class:`OpeningError` where leaf or value are malformed.
    """
    held = parse_leaf(leaf).commitments
    seen: set[str] = set()
    for opening in openings:
        if opening.path in seen:
            raise OpeningMismatch(f"the field {opening.path!r} is opened twice")
        seen.add(opening.path)
        if opening.commitment(record) not in held:
            raise OpeningMismatch(
                f"the field {opening.path!r} does not match the entry: it was changed, or is not of it"
            )
