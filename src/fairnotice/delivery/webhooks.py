"""Messages to the operator's own software, signed by the scheme of Standard Webhooks
(standard-webhooks/standard-webhooks, spec/standard-webhooks.md)."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairnotice import __version__
from fairnotice.cases.carrying_out import hook_for
from fairnotice.delivery import visit
from fairnotice.delivery.ports import SendFailed
from fairnotice.ledger.models import OutboxRow

TIMEOUT = 20.0
# "whsec_" and base64 of 24 to 64 bytes: HMAC-SHA256, scheme v1. "whsk_" and base64 of the 32 bytes of an
# Ed25519 key, or of those and its public half: scheme v1a.
SHARED, PRIVATE = "whsec_", "whsk_"


class BadSecret(ValueError):
    """A line of a secret file that is no secret. The message never repeats it."""


def send(row: OutboxRow, payload: dict[str, Any], *, timeout: float = TIMEOUT) -> None:
    """Post the message of an outbox row: the same id and body at every try, signed anew. The answer is read
    for its status alone. Raises SendFailed."""
    hook = hook_for(payload["url"])
    if hook is None:
        raise SendFailed("misconfigured")
    body = json.dumps(payload["message"], ensure_ascii=False, separators=(",", ":")).encode()
    try:
        signed = signed_headers(message_id(row), int(time.time()), body, hook.secrets())
    except (OSError, UnicodeDecodeError, BadSecret):
        raise SendFailed("misconfigured") from None
    headers = {
        **signed,
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": f"FairNotice/{__version__}",
    }
    _judge(visit.post(hook.url, body, headers, timeout, read_body=False))


def message_id(row: OutboxRow) -> str:
    """The id of the message: made of the row's own, so it is the same at every try."""
    return f"msg_{row.message_id.partition('@')[0]}"


def signed_headers(ident: str, at: int, body: bytes, secrets: list[str]) -> dict[str, str]:
    """The three headers of the scheme; `at` in seconds since 1970. Raises BadSecret, also for no secret."""
    if not secrets:
        raise BadSecret("There is no secret.")
    text = b".".join((ident.encode(), str(at).encode(), body))
    return {
        "webhook-id": ident,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(_sign(secret, text) for secret in secrets),
    }


def _sign(secret: str, text: bytes) -> str:
    if secret.startswith(SHARED):
        key = _bytes(secret.removeprefix(SHARED), range(24, 65))
        return f"v1,{base64.b64encode(hmac.digest(key, text, 'sha256')).decode()}"
    if secret.startswith(PRIVATE):
        seed = _bytes(secret.removeprefix(PRIVATE), (32, 64))[:32]
        return f"v1a,{base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(text)).decode()}"
    raise BadSecret(f"A secret starts with {SHARED} or {PRIVATE}.")


def _bytes(text: str, lengths: range | tuple[int, ...]) -> bytes:
    try:
        # Padding is often left off, and too much of it does no harm.
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecret("A secret is not base64 behind its first letters.") from None
    if len(found) not in lengths:
        raise BadSecret("A secret is 24 to 64 bytes long, a private key 32.")
    return found


def _judge(answer: visit.Answer) -> None:
    """2xx is done, 410 the last word. Everything else is tried again: what it does not take today it may take
    once somebody has mended it, and a decision that nobody carries out helps nobody."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status == 410:
        raise SendFailed("gone", final=True)
    if status in (408, 425, 429) or status >= 500:
        raise SendFailed("deferred", after=answer.after)
    if status < 400 or status in (401, 403, 404, 405):
        # A redirect, an address that is not there, a signature that is not taken: for our operator to mend.
        raise SendFailed("misconfigured")
    raise SendFailed("refused")
