"""The random part of commitments: derived, so that nobody has to store it, and gone with its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fairnotice.translog.openings import Opening
from fairnotice.vault.framing import framed
from fairnotice.vault.keys import derive, hkdf

if TYPE_CHECKING:
    from fairnotice.translog.openings import Json


def salt(key_id: str, record: str) -> bytes:
    """The 32 secret bytes behind the tags of a record's leaf: HKDF-SHA256(K, record) of the record's own key,
    which is never erased. Whoever holds a file of the record holds them too.

    Raises UnknownKey, MasterKeyError.
    """
    return hkdf(derive(key_id, "commit"), framed("fair-notice/salt/v2", record))


def opening(key_id: str, *, record: str, path: str, value: Json) -> Opening:
    """What opens the commitment to `value` at `path` of `record`: r = HKDF-SHA256(K, record | path), 32
    bytes.

    Raises Erased, UnknownKey, MasterKeyError.
    """
    return openings(key_id, record=record, values={path: value})[0]


def openings(key_id: str, *, record: str, values: Mapping[str, Json]) -> list[Opening]:
    """`opening` for several paths of one record, in the order given, reading the key once."""
    key = derive(key_id, "commit")
    return [
        Opening(path=path, value=value, r=hkdf(key, framed("fair-notice/opening/v1", record, path)))
        for path, value in values.items()
    ]
