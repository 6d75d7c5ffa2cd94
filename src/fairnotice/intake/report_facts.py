"""What a program's report says that no field of a notice holds: its kind, its moments, its evidence.

It is sealed with the notice and shown to who decides. The evidence itself stays in the report as it came in,
which is kept whole (`cases.actions.receive`); here stand its type, what it shows, its size and its hash.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from typing import Any

from fairnotice.cases.drafts import UNSTORABLE

Json = dict[str, Any]
MAX_EVIDENCE = 50
_MAX_TEXT = 300


def facts(
    format: str,
    kind: str,
    *,
    id: object = "",
    seen_at: object = "",
    first_seen: object = "",
    last_seen: object = "",
    source: object = "",
    evidence: Iterable[Json] = (),
) -> Json:
    """`format` and `kind` as in docs/machine-reports.md, `id` the sender's own name for the report, moments
    as they were written, `source` how it was found. What was not said is left out."""
    found: Json = {"format": format, "kind": plain(kind)}
    for name, value in (
        ("id", id),
        ("seen_at", seen_at),
        ("first_seen", first_seen),
        ("last_seen", last_seen),
        ("source", source),
    ):
        if text := plain(value):
            found[name] = text
    if listed := list(evidence)[:MAX_EVIDENCE]:
        found["evidence"] = listed
    return found


def evidence(type: object, description: object, payload: object, *, encoded: bool, hash: object = "") -> Json:
    """One piece: `type`, `description`, `size` in bytes, `sha256` of it (hex), and `matches`, whether that is
    what the report says it is, where it says so ("sha256:<hex>"). `encoded`: the payload is base64."""
    found: Json = {"type": plain(type) or "application/octet-stream"}
    if text := plain(description):
        found["description"] = text
    if isinstance(payload, str):
        data = _bytes(payload, encoded)
        digest = hashlib.sha256(data).hexdigest()
        found |= {"size": len(data), "sha256": digest}
        name, _, said = plain(hash).partition(":")
        if name.lower() == "sha256" and said:
            found["matches"] = said.lower() == digest
    return found


def plain(value: object) -> str:
    """A text as it can be stored and shown on one line; "" for anything but a text or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        text = str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return ""
    return UNSTORABLE.sub("", " ".join(text[: 2 * _MAX_TEXT].split()))[:_MAX_TEXT]


def _bytes(payload: str, encoded: bool) -> bytes:
    if encoded:
        try:
            return base64.b64decode(payload, validate=False)
        except (binascii.Error, ValueError):
            pass  # it says that it is base64 and is not: then the words themselves are the evidence
    return payload.encode("utf-8", "surrogatepass")
