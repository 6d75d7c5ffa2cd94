"""A notice that came by the form in a crowd is held back: stored whole, with a code that works.

The code is made from the page's own token, so that a second click on the same page gets the same one, and
only its MAC is kept. Let go on by a person, it becomes a notice under that code.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from fairnotice.cases import uploads
from fairnotice.cases.actions import receive
from fairnotice.cases.actions.submit import all_faults
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import Received
from fairnotice.cases.queries.received import under_code
from fairnotice.intake.reading_types import Reading
from fairnotice.vault import codes
from fairnotice.vault.keys import named_secret

DOOR, FORMAT = "web", "form"


@dataclass(frozen=True)
class Held:
    """What is stored, and the code to come back with."""

    received: Received
    code: str


def held_before(draft: NoticeDraft, token: str) -> Held | None:
    """What this very page sent before and was held back, whatever became of it since."""
    code = _code(draft, token)
    received = under_code(code)
    return Held(received, code) if received else None


def hold(draft: NoticeDraft, token: str) -> Held:
    """Store it and hold it back. Raises Invalid with every fault."""
    faults = all_faults(draft)
    if faults:
        raise Invalid(faults)
    code = _code(draft, token)
    with transaction.atomic():
        received, again = receive.receive(
            door=DOOR,
            raw=json.dumps(asdict(draft), ensure_ascii=False).encode(),
            key=code,
            envelope={"code": codes.code_mac(code).hex(), "staff_involved": draft.staff_involved},
        )
        if not again:
            uploads.keep_with(received, draft.files)
            receive.settle_held(received=received, reason="flood")
    return Held(received, code)


def read(raw: bytes, envelope: dict[str, Any]) -> Reading:
    """The reader of this door: what was held back, as it was sent."""
    said = json.loads(raw)
    draft = NoticeDraft(items=[ItemDraft(**item) for item in said.pop("items")], **said)
    return Reading("notice", FORMAT, draft=draft, code_mac=bytes.fromhex(envelope["code"]))


def _code(draft: NoticeDraft, token: str) -> str:
    said = token.encode() + b"\0" + draft.digest()
    made = hmac.digest(named_secret("held-code"), said, "sha256")[:16]
    return base64.b32encode(made).decode().rstrip("=")
