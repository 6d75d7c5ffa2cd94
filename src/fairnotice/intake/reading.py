"""From what is stored to what becomes of it: the one place for every door that stores before it reads."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fairnotice.cases.actions import receive
from fairnotice.cases.actions.submit import Submitted
from fairnotice.cases.errors import Conflict, Invalid
from fairnotice.cases.models import Received
from fairnotice.cases.queries.received import unread
from fairnotice.intake.reading_types import Reading

logger = logging.getLogger("fairnotice.intake")
#: A door's reader: bytes and envelope -> what they say. May raise; then it is tried again, and in the end a
#: person looks.
Reader = Callable[[bytes, dict[str, Any]], Reading]
MOST_TRIES = 3
READERS: dict[str, Reader] = {}


def read_waiting(limit: int = 20) -> int:
    """Settle what waits to be read, the oldest first; how many it were."""
    rows = unread(limit)
    for received in rows:
        process(received)
    return len(rows)


def process(received: Received) -> Submitted | None:
    """Read one message and settle it; the notice, where it is one. Never raises for what a message holds: in
    the end it waits for a person."""
    if receive.tried(received) > MOST_TRIES:
        receive.settle_waiting(received=received, reason="failed")
        return None
    try:
        reading = READERS[received.door](receive.raw_of(received), receive.envelope_of(received))
        return settle(received, reading)
    except Conflict:
        return None  # another process was faster
    except Exception as error:
        # Its class alone: an exception's text may quote the message.
        logger.error("message not read: %s", type(error).__name__)
        if received.attempts >= MOST_TRIES:
            receive.settle_waiting(received=received, reason="failed")
        return None


def settle(received: Received, reading: Reading) -> Submitted | None:
    """Do what the reading says."""
    match reading.outcome:
        case "notice" if reading.draft is not None:
            try:
                return receive.settle_notice(
                    received=received,
                    draft=reading.draft,
                    machine=reading.machine,
                    format=reading.format,
                    receipt="code" if reading.receipt_to else "none",
                )
            except Invalid as error:
                detail = "\n".join(f"{fault.path}: {fault.message}" for fault in error.faults)
                _wait(received, replace(reading, reason="invalid", detail=detail))
        case "pass_on":
            receive.settle_passed_on(received=received, format=reading.format, subject=reading.detail)
        case "reply" | "bounce":
            receive.settle_reply(received=received, format=reading.format)
        case "automatic":
            receive.settle_filed(received=received, format=reading.format)
        case _:
            _wait(received, reading)
    return None


def _wait(received: Received, reading: Reading) -> None:
    receive.settle_waiting(
        received=received,
        reason=reading.reason or "needs-a-person",
        detail=reading.detail,
        draft=reading.draft,
        machine=reading.machine,
        format=reading.format,
        receipt_to=reading.receipt_to,
    )
