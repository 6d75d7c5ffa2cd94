"""Send what is due. Nothing is held open while a mail server takes its time: lease, send, then finish."""

from __future__ import annotations

import logging

from django.db import transaction

from fairnotice.cases import carrying_out, services, subscribing
from fairnotice.cases.actions import emergency, forward_customer, forward_send, inform
from fairnotice.delivery import alerts, customer_hook, forwards, letters, mastodon, passing_on, webhooks
from fairnotice.delivery.ports import Port, SendFailed, configured
from fairnotice.delivery.xarf import ANSWER_REST, RestPort, send_answer
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault.sealing import Erased, SealBroken

logger = logging.getLogger("fairnotice.delivery")
LEASE_SECONDS = 120


def run_due(limit: int = 20, port: Port | None = None, rest: RestPort | None = None) -> int:
    """Send up to `limit` letters that are due; returns how many went out. One that fails waits or, in the
    end, shows on the desk; it never stops the others. `port` takes mail, `rest` what goes to other
    services."""
    ways = (port or configured(), rest or RestPort())
    sent = 0
    for _ in range(limit):
        # One lease at a time: a stalled server then delays one letter, not twenty.
        rows = outbox.lease(1, LEASE_SECONDS)
        if not rows:
            break
        sent += _send(rows[0], *ways)
    return sent


def _send(row: OutboxRow, port: Port, rest: RestPort) -> int:
    seen: mastodon.Outcome | None = None
    try:
        payload = outbox.payload(row)
        if row.kind == forward_send.REST:
            forwards.post(payload, rest)
        elif row.kind == ANSWER_REST:
            send_answer(payload, rest)
        elif row.kind == carrying_out.KIND:
            webhooks.send(row, payload)
        elif row.kind == forward_customer.CUSTOMER:
            customer_hook.run(customer_hook.letter_text(payload["letter"]))
        elif row.kind == passing_on.KIND:
            passing_on.send(row, payload, port)
        elif row.kind == emergency.WEBHOOK:
            webhooks.send(row, payload)
        elif row.kind == emergency.COMMAND:
            alerts.run_program(payload)
        elif row.kind == services.EFFECT:
            seen = mastodon.effect_now(payload)
        elif row.kind == services.REPORT:
            mastodon.report_now(payload)
        else:
            port.send(letters.compose(row, payload))
    except SendFailed as failure:
        _failed(row, failure.code, final=failure.final, after=failure.after)
        return 0
    except (Erased, SealBroken) as error:
        _failed(row, "erased" if isinstance(error, Erased) else "unreadable", final=True)
        return 0
    except outbox.LeaseLost:
        return 0
    except Exception as error:
        # Whatever is wrong with one letter: it is tried again and in the end shows on the desk. Its class
        # alone is said, since the text of an exception may repeat an address.
        logger.error("letter not made: %s", type(error).__name__)
        _failed(row, "internal", final=False)
        return 0
    try:
        with transaction.atomic():
            outbox.finish(row)
            _sent(row)
            if seen is not None:
                mastodon.tell(row.ref, seen)
    except outbox.LeaseLost:
        # Taken back, or taken over after a very slow server: the other side of it has the word.
        return 0
    return 1


def _sent(row: OutboxRow) -> None:
    if row.kind == "statement":
        inform.dispatched(statement_ref=row.ref)
    elif row.kind in forward_send.KINDS:
        forward_send.dispatched(forward_ref=row.ref)
    elif row.kind == forward_customer.CUSTOMER:
        forward_customer.customer_told(letter_ref=row.ref, delivered=True)
    elif row.kind == subscribing.MONTHLY:
        subscribing.arrived(ref=row.ref)


def _given_up(row: OutboxRow, code: str = "") -> None:
    if row.kind == "statement":
        inform.delivery_failed(statement_ref=row.ref)
    elif row.kind in forward_send.KINDS:
        forward_send.undelivered(forward_ref=row.ref)
    elif row.kind == forward_customer.CUSTOMER:
        forward_customer.customer_told(letter_ref=row.ref, delivered=False)
    elif row.kind in subscribing.KINDS:
        # Nobody at the desk can do anything about it: the next month is another letter.
        outbox.put_away(row)
        subscribing.given_up(kind=row.kind, ref=row.ref, code=code)


def _failed(row: OutboxRow, code: str, *, final: bool, after: int = 0) -> None:
    try:
        with transaction.atomic():
            outbox.fail(row, code, final=final, after=after)
            if row.kind == services.EFFECT and (row.dead or row.attempts == mastodon.SAY_SO_AFTER):
                mastodon.could_not(row.ref, code)
            if row.dead:
                _given_up(row, code)
    except outbox.LeaseLost:
        return
    logger.warning("letter not sent: %s%s", code, ", given up" if row.dead else "")
