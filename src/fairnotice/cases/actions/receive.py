"""What comes in at a door that stores before it reads: kept whole first, then settled one way or another.

Nothing is lost and nothing is decided here: what no program can read waits for a person, who makes a notice
of it or puts it away with a reason (`received_desk`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from fairnotice.cases import codes, sealed
from fairnotice.cases.actions import forward_reply
from fairnotice.cases.actions.submit import ReceiptLetter, Submitted, submit_notice
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.errors import Conflict
from fairnotice.cases.models import Received
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.steps import STALE, step
from fairnotice.law.doors import DOORS, REASONS
from fairnotice.ledger import outbox
from fairnotice.ledger.append import Personal, append
from fairnotice.vault import keys

OWNER = "received"
#: Of what is longer, the beginning is kept, and the hash of all of it.
MAX_KEPT = 32_000_000
PASSED_ON, RECEIPT = "message-passed-on", "message-received"


@dataclass(frozen=True)
class AllOfIt:
    """Length and SHA-256 of everything that came, for a door that holds only its beginning in memory."""

    size: int
    sha256: bytes


@transaction.atomic
def receive(
    *,
    door: str,
    raw: bytes,
    key: str = "",
    envelope: Mapping[str, Any] | None = None,
    machine: bool = False,
    all_of_it: AllOfIt | None = None,
) -> tuple[Received, bool]:
    """Keep what came in, whole, before anybody reads it; returns it and whether it was here already.

    `key` is the sender's own name for this delivery (a webhook's id); without one, the same bytes at the same
    door are the same thing, so that a server that sends a mail again after a lost answer makes no second one.
    `envelope` is what the door knows besides the bytes (JSON). `all_of_it`: where `raw` is only the
    beginning. What is returned has been written durably.
    """
    if door not in DOORS:
        raise ValueError(f"there is no door {door!r}")
    size, digest = (
        (all_of_it.size, all_of_it.sha256) if all_of_it else (len(raw), hashlib.sha256(raw).digest())
    )
    mac = key_mac(door, key) if key else _mac(door, digest)
    known = Received.objects.filter(key_mac=mac).first()
    if known is not None:
        return known, True
    ref, key_id = new_ref(), keys.new_key("subject")
    event = append(
        kind="message.received",
        open={"door": door},
        personal=[Personal("sha256", digest.hex(), key_id)],
        case_ref=ref,
    )
    received = Received.objects.create(
        ref=ref,
        door=door,
        received_at=event.at,
        size=size,
        sha256=digest,
        whole=size <= MAX_KEPT,
        key_mac=mac,
        key_id=key_id,
        machine=machine,
        staff_involved=bool(envelope and envelope.get("staff_involved")),
        event=event,
    )
    values: dict[str, str | bytes] = {"raw": raw[:MAX_KEPT]}
    if envelope:
        values["envelope"] = json.dumps(dict(envelope), ensure_ascii=False)
    sealed.put(OWNER, ref, key_id, values)
    return received, False


def raw_of(received: Received) -> bytes:
    """The bytes as they came (at most MAX_KEPT). Raises vault's Erased."""
    return sealed.read_bytes(OWNER, received.ref, "raw") or b""


def envelope_of(received: Received) -> dict[str, Any]:
    """What the door knew besides."""
    return sealed.read_json(OWNER, received.ref, "envelope") or {}


def draft_of(received: Received) -> NoticeDraft:
    """The notice as far as it was read; an empty one where nothing was."""
    found = sealed.read_json(OWNER, received.ref, "draft") or {}
    items = [ItemDraft(**item) for item in found.pop("items", [])]
    return NoticeDraft(items=items, **found)


def detail_of(received: Received) -> str:
    """What was wrong with it, in words; "" where nothing was said or it was erased."""
    return sealed.read_many(OWNER, received.ref, ["detail"])["detail"]


@transaction.atomic
def settle_notice(
    *,
    received: Received,
    draft: NoticeDraft,
    machine: bool,
    format: str = "",
    receipt: ReceiptLetter = "none",
    more: Sequence[NoticeDraft] = (),
    idempotency_key: str = "",
    code_mac: bytes = b"",
) -> Submitted:
    """It is a notice, whole; `more` are further ones in the same message, and all come in or none.
    `code_mac`: of the code that whoever sent it has already, and that opens it from now on. Raises Invalid
    with every fault, and Conflict where the key was used with other words; then nothing has changed."""
    submitted = submit_notice(
        draft=draft, door=received.door, machine=machine, receipt=receipt, idempotency_key=idempotency_key
    )
    if code_mac:
        codes.known_as(submitted.code, code_mac)
    for another in more:
        submit_notice(draft=another, door=received.door, machine=machine, receipt=receipt)
    move(received, "take", notice=submitted.notice, format=format, machine=machine)
    return submitted


@transaction.atomic
def settle_waiting(
    *,
    received: Received,
    reason: str,
    draft: NoticeDraft | None = None,
    detail: str = "",
    format: str = "",
    machine: bool = False,
    receipt_to: str = "",
    about: str = "",
) -> None:
    """A person has to look: `reason` is one of `law.doors.REASONS`, `detail` says what and where. Whoever
    sent it is told so at `receipt_to`."""
    _known(reason)
    move(received, "wait", reason=reason, format=format, machine=machine, about=about)
    _keep(received, draft, detail)
    if receipt_to:
        outbox.enqueue(
            kind=RECEIPT,
            ref=received.ref,
            payload={"received": received.ref, "to": receipt_to},
            key_id=received.key_id,
        )
    append(kind="message.waiting", open={"reason": reason}, case_ref=received.ref, follows=received.event)


@transaction.atomic
def settle_held(*, received: Received, reason: str) -> None:
    """Into quarantine, before it is read; a person can let it go on."""
    _known(reason)
    move(received, "hold", reason=reason)
    append(kind="message.held", open={"reason": reason}, case_ref=received.ref, follows=received.event)


@transaction.atomic
def settle_passed_on(*, received: Received, format: str, subject: str, about: str = "") -> None:
    """It is a report about no item: it goes on unchanged to the operator's mailbox or program. `subject` is
    what it is, in a few words; `about` as what it is counted, a word of a fixed list."""
    move(received, "pass_on", format=format, machine=True, about=about or "other")
    outbox.enqueue(
        kind=PASSED_ON,
        ref=received.ref,
        payload={"received": received.ref, "subject": subject},
        key_id=received.key_id,
    )
    append(kind="message.passed-on", open={"format": format}, case_ref=received.ref, follows=received.event)


@transaction.atomic
def settle_reply(*, received: Received, format: str) -> None:
    """It answers a letter of ours, or is one that came back: recorded there, or kept there for a person."""
    move(received, "file", format=format)
    forward_reply.take_letter(raw=raw_of(received))


def is_reply(received: Received) -> bool:
    """Whether it belongs to a letter that we sent to an organisation."""
    return forward_reply.belongs(raw_of(received))


@transaction.atomic
def settle_filed(*, received: Received, format: str) -> None:
    """It needs nothing: an automatic letter that belongs to none of ours."""
    move(received, "file", format=format)
    append(kind="message.filed", open={"format": format}, case_ref=received.ref, follows=received.event)


def tried(received: Received) -> int:
    """Count one more try to read it, in its own transaction; how many there were."""
    Received.objects.filter(pk=received.pk).update(attempts=F("attempts") + 1)
    received.attempts += 1
    return received.attempts


def move(received: Received, act: str, **changes: Any) -> None:
    """To the next state, unless somebody else was faster. Raises Refused, Conflict."""
    state = step("received", received.state, act)
    changes = {"state": state, "settled_at": timezone.now(), **changes}
    if not Received.objects.filter(pk=received.pk, state=received.state).update(**changes):
        raise Conflict(STALE)
    for name, value in changes.items():
        setattr(received, name, value)


def _keep(received: Received, draft: NoticeDraft | None, detail: str) -> None:
    if draft is not None:
        if draft.staff_involved and not received.staff_involved:
            received.staff_involved = True
            Received.objects.filter(pk=received.pk).update(staff_involved=True)
        sealed.put_json(OWNER, received.ref, received.key_id, "draft", asdict(draft))
    sealed.replace(OWNER, received.ref, received.key_id, "detail", detail)


def _known(reason: str) -> None:
    if reason not in REASONS:
        raise ValueError(f"there is no reason {reason!r}")


def key_mac(door: str, key: str) -> bytes:
    """How a delivery is found again by the name that its sender gave it."""
    return _mac(door, key.encode("utf-8", "surrogatepass"))


def _mac(door: str, data: bytes) -> bytes:
    return hmac.digest(keys.named_secret("received"), door.encode() + b"\0" + data, "sha256")
