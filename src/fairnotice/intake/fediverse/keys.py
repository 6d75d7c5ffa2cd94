"""The keys of other servers: only of those that the operator lists (`flag_servers`), and from nowhere else.

A signature names its key by an address that a stranger chose. It is asked only where its host is on the list,
and then over https at that host alone, without following redirects, and only a few times a minute; a server
whose key lies in a file is never asked. Everybody else's key is unknown here (ADR 0021).
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings

from fairnotice.cases.peers import is_loopback
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.visit import visit
from fairnotice.intake.fediverse.fields import parts
from fairnotice.intake.fediverse.flag import host_of
from fairnotice.intake.fediverse.signed import PublicKey

TIMEOUT = 5.0
MAX_DOCUMENT = 256 * 1024
#: How long a key counts as known, and how often in a minute one server is asked for keys.
KEEP = 3600.0
PER_MINUTE = 6
_MOST_KEYS = 500
_MIN_RSA_BITS = 2048
_ACCEPT = "application/activity+json"


class KeyUnknown(Exception):
    """There is no way to this key now: its server is not listed, or does not show it."""


@dataclass
class _Known:
    """Keys that were fetched, and when each server was asked. In memory alone."""

    keys: OrderedDict[str, tuple[float, PublicKey]] = field(default_factory=OrderedDict)
    asked: dict[str, list[float]] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)
    busy: set[str] = field(default_factory=set)


_known = _Known()


def forget() -> None:
    """Forget all that was fetched."""
    with _known.guard:
        _known.keys.clear()
        _known.asked.clear()


def is_listed(host: str) -> bool:
    """Whether the operator knows this server."""
    return any(row["host"] == host for row in settings.FN_FLAG_SERVERS)


def key_for(key_id: str, *, anew: bool = False) -> PublicKey:
    """The public key with this address. `anew` asks for it although it is known, since it may have been
    changed. Raises KeyUnknown."""
    host = host_of(key_id)
    row = next((row for row in settings.FN_FLAG_SERVERS if row["host"] == host), None)
    if row is None:
        raise KeyUnknown("not listed")
    if row.get("key_file"):
        return pinned(settings.FN_DATA / row["key_file"])
    found = _known.keys.get(key_id)
    if found is not None and not anew and time.monotonic() - found[0] < KEEP:
        return found[1]
    return _fetched(key_id, host)


def pinned(path: Path) -> PublicKey:
    """The key in a PEM file. Raises KeyUnknown where it cannot be read."""
    try:
        return _loaded(path.read_bytes())
    except OSError:
        raise KeyUnknown("unreadable") from None


def _fetched(key_id: str, host: str) -> PublicKey:
    _take_turn(host)
    try:
        document = _document(key_id.partition("#")[0])
        key = _key_in(document, key_id, host)
    finally:
        with _known.guard:
            _known.busy.discard(host)
    with _known.guard:
        _known.keys[key_id] = (time.monotonic(), key)
        _known.keys.move_to_end(key_id)
        while len(_known.keys) > _MOST_KEYS:
            _known.keys.popitem(last=False)
    return key


def _take_turn(host: str) -> None:
    """A stranger can make us ask by naming a key there: so one at a time, and a few in a minute."""
    now = time.monotonic()
    with _known.guard:
        recent = [moment for moment in _known.asked.get(host, []) if now - moment < 60]
        if host in _known.busy or len(recent) >= PER_MINUTE:
            raise KeyUnknown("asked too often")
        _known.asked[host] = [*recent, now]
        _known.busy.add(host)


def _document(address: str) -> dict[str, Any]:
    if not address.startswith("https://") and not is_loopback(host_of(address).partition(":")[0]):
        raise KeyUnknown("not https")
    try:
        answer = visit("GET", address, headers={"Accept": _ACCEPT}, timeout=TIMEOUT, most=MAX_DOCUMENT)
    except SendFailed:
        raise KeyUnknown("no answer") from None
    found = answer.json() if answer.status == 200 else None
    if not isinstance(found, dict):
        raise KeyUnknown("no document")
    return found


def _key_in(document: dict[str, Any], key_id: str, host: str) -> PublicKey:
    """In an account's document, or in one of the key alone. Whoever owns it must live at the same server."""
    held = document.get("publicKey")
    shown = [document, *([held] if isinstance(held, dict) else parts(held))]
    for one in shown:
        if one.get("id") == key_id and isinstance(one.get("publicKeyPem"), str):
            if host_of(one.get("owner")) != host:
                raise KeyUnknown("somebody else's")
            return _loaded(one["publicKeyPem"].encode("utf-8", "replace"))
    raise KeyUnknown("not there")


def _loaded(pem: bytes) -> PublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnknown("unreadable") from None
    if isinstance(key, RSAPublicKey) and key.key_size >= _MIN_RSA_BITS:
        return key
    if isinstance(key, Ed25519PublicKey | EllipticCurvePublicKey):
        return key
    raise KeyUnknown("too weak, or of a kind that nobody signs with")
