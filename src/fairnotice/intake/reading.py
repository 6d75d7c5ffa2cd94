"""From what is stored to what becomes of it: the one place for every door that stores before it reads."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings

from fairnotice.cases.actions import receive
from fairnotice.cases.actions.submit import ReceiptLetter, Submitted
from fairnotice.cases.errors import Conflict, Invalid
from fairnotice.cases.models import Received
from fairnotice.cases.queries.received import unread, was_released
from fairnotice.intake import holding, report_reader
from fairnotice.intake.fediverse import readers as fediverse
from fairnotice.intake.mail.door import read_mail
from fairnotice.intake.reading_types import Reading
from fairnotice.plumbing.answers import may_answer
from fairnotice.plumbing.floods import flooded

logger = logging.getLogger("fairnotice.intake")
#: A door's reader: bytes and envelope -> what they say. May raise; then it is tried again, and in the end a
#: person looks.
Reader = Callable[[bytes, dict[str, Any]], Reading]
MOST_TRIES = 3
#: Letters with a code to one address in a day. Each belongs to a notice; beyond so many, somebody else writes
#: in that name, or a program does. The decision on each notice still comes with a code of its own.
CODES_PER_DAY = 50
READERS: dict[str, Reader] = {
    "mail": read_mail,
    "xarf": report_reader.reader,
    holding.DOOR: holding.read,
    "mastodon": fediverse.read_mastodon,
    "discourse": fediverse.read_discourse,
    "flag": fediverse.read_flag,
}
#: Doors that stand open to everybody. Who comes through the others is known, and has limits of its own.
OPEN_DOORS = frozenset({"mail", "flag", "xarf"})


def read_waiting(limit: int = 20) -> int:
    """Settle what waits to be read, the oldest first; how many it were."""
    rows = unread(limit)
    for received in rows:
        process(received, watch=True)
    return len(rows)


def process(received: Received, *, answer: bool = True, watch: bool = False) -> Submitted | None:
    """Read one message and settle it; the notice, where it is one. Never raises for what a message holds: in
    the end it waits for a person. Without `answer`, who sent what waits for a person is not told so. `watch`:
    hold back what makes a flood, unless a person let it go on."""
    if receive.tried(received) > MOST_TRIES:
        receive.settle_waiting(received=received, reason="failed")
        return None
    try:
        reading = READERS[received.door](receive.raw_of(received), receive.envelope_of(received))
        if watch and _too_much(received, reading):
            receive.settle_held(received=received, reason="flood")
            return None
        return settle(received, reading, answer=answer)
    except Conflict:
        return None  # another process was faster
    except Exception as error:
        # Its class alone: an exception's text may quote the message.
        logger.error("message not read: %s", type(error).__name__)
        if received.attempts >= MOST_TRIES:
            receive.settle_waiting(received=received, reason="failed")
        return None


def _too_much(received: Received, reading: Reading) -> bool:
    """By number alone, and by when it came in, so that a backlog is no flood. Answers to our own letters and
    letters that came back are never held."""
    if received.door not in OPEN_DOORS or reading.outcome not in ("notice", "draft"):
        return False
    at = received.received_at.timestamp()
    return flooded(received.door, settings.FN_FLOOD_PER_MINUTE, at) and not was_released(received)


def settle(
    received: Received, reading: Reading, *, answer: bool = True, idempotency_key: str = ""
) -> Submitted | None:
    """Do what the reading says. An automatic letter goes to `receipt_to` as far as `plumbing.answers` lets
    it. `idempotency_key`: as `submit_notice` takes it, for a sender who waits for the answer."""
    match reading.outcome:
        case "notice" if reading.draft is not None:
            try:
                return receive.settle_notice(
                    received=received,
                    draft=reading.draft,
                    more=reading.more,
                    machine=reading.machine,
                    format=reading.format,
                    receipt="plain" if reading.code_mac else _letter(reading.receipt_to),
                    idempotency_key=idempotency_key,
                    code_mac=reading.code_mac,
                )
            except Invalid as error:
                detail = "\n".join(f"{fault.path}: {fault.message}" for fault in error.faults)
                _wait(received, replace(reading, reason="invalid", detail=detail), answer)
        case "pass_on" if settings.FN_PASS_ON_TO or settings.FN_PASS_ON_COMMAND:
            receive.settle_passed_on(
                received=received, format=reading.format, subject=reading.detail, about=reading.about
            )
        case "pass_on":
            # There is nowhere to pass it on to: a person sees it.
            _wait(received, replace(reading, reason="not-an-item"), answer)
        case "reply" | "bounce" if receive.is_reply(received):
            receive.settle_reply(received=received, format=reading.format)
        case "reply":
            # It looks like an answer and answers nothing of ours: perhaps a notice.
            _wait(received, reading, answer)
        case "automatic" | "bounce":
            receive.settle_filed(received=received, format=reading.format)
        case _:
            _wait(received, reading, answer)
    return None


def _letter(to: str) -> ReceiptLetter:
    return "code" if to and may_answer("code", to, per_day=CODES_PER_DAY) else "none"


def _is_told(to: str) -> bool:
    per_hour: int = settings.FN_RECEIPTS_PER_HOUR
    return bool(to) and may_answer("receipt", to, per_day=1, per_hour=per_hour)


def _wait(received: Received, reading: Reading, answer: bool) -> None:
    receive.settle_waiting(
        received=received,
        about=reading.about,
        reason=reading.reason or "needs-a-person",
        detail=reading.detail,
        draft=reading.draft,
        machine=reading.machine,
        format=reading.format,
        receipt_to=reading.receipt_to if answer and _is_told(reading.receipt_to) else "",
    )
