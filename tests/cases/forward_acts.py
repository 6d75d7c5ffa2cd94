"""How every act of forwarding is done once, and the event that it leaves; part of `test_every_action`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from fairnotice.cases.actions import (
    forward,
    forward_clock,
    forward_customer,
    forward_reply,
    forward_send,
    withdraw,
)
from fairnotice.cases.models import ForwardLetter
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from tests.cases import making, network

# Public functions that write nothing by themselves, and parts of another action's transaction.
READERS = {
    forward.forward_of,
    forward.forward_for,
    forward.check_answer,
    forward_send.case_ref,
    forward_send.of_item,
    forward_customer.why_not,
    forward_reply.letter_for,
    forward_reply.belongs,
}
PARTS = {
    forward.record_from_mail,
    forward_send.move,
    forward_send.advance,
    forward_send.spare,
    forward_send.tell,
}


class Forwarded:
    """A notice that goes to HOST-1, and if need be to REGISTRAR-1."""

    def __init__(self, *, sent: bool = True) -> None:
        network.network()
        self.notice = network.notice()
        network.confirmed(self.notice, "HOST-1", "REGISTRAR-1")
        self.ref = network.of("HOST-1").forward.ref
        if sent:
            forward_send.dispatched(forward_ref=self.ref)

    def token(self) -> str:
        row = OutboxRow.objects.get(kind=forward_send.MAIL, ref=self.ref)
        return str(outbox.payload(row)["token"])


def _decline(_s: Any) -> None:
    network.network()
    forward.decline(access=making.notifier_access(network.notice()))


def _propose(_s: Any) -> None:
    network.network()
    network.notice()


def _kept(_s: Any) -> str:
    assert forward_reply.take_letter(raw=b"Subject: hello\n\nWho are you?") == "kept"
    return ForwardLetter.objects.get().ref


def _customer(s: Any) -> str:
    with override_settings(FN_CUSTOMER_HOOK="true"):
        item = s.sent.notice.items.get()
        return forward_customer.pass_to_customer(actor=s.reviewer, item_ref=item.ref).ref


def _dead(kind: str) -> None:
    OutboxRow.objects.filter(kind=kind).update(dead=True)


def _customer_given_up(s: Any) -> None:
    _customer(s)
    _dead(forward_customer.CUSTOMER)
    assert forward_customer.fail_unsent() == 1


def _forward_given_up(_s: Any) -> None:
    Forwarded(sent=False)
    _dead(forward_send.MAIL)
    assert forward_clock.fail_unsent() == 1


def _crossed(_s: Any) -> None:
    """The yes and the end of the one before crossed: nobody has been asked."""
    with patch.object(forward_send, "advance", return_value=None):
        made = Forwarded(sent=False)
    assert network.states()["HOST-1"] == "confirmed", made.ref
    assert forward_clock.send_waiting() == 1


def _caught_up(_s: Any) -> None:
    with patch.object(forward_send, "advance", return_value=None):
        made = Forwarded(sent=False)
    assert forward_send.catch_up(item=made.notice.notice.items.get())


def _remind(s: Any) -> None:
    made = Forwarded()
    OutboxRow.objects.filter(ref=made.ref).update(done_at=timezone.now(), sealed=None)
    forward_send.remind(actor=s.reviewer, forward_ref=made.ref)


def _remind_by_clock(_s: Any) -> None:
    made = Forwarded()
    OutboxRow.objects.filter(ref=made.ref).update(done_at=timezone.now(), sealed=None)
    assert forward_clock.remind_silent(now=_in_hours(71)) == 1


def _in_hours(hours: int) -> datetime:
    return timezone.now() + timedelta(hours=hours)


# Action -> how it is done by somebody in a scene, and the kind of the event it leaves.
DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    forward.propose: (_propose, "forward.proposed"),
    forward.confirm: (lambda s: Forwarded(), "forward.confirmed"),
    forward.decline: (_decline, "forward.declined"),
    forward.record_answer: (
        lambda s: forward.record_answer(token=Forwarded().token(), status="taken", door="link"),
        "forward.answered",
    ),
    forward.record_by_hand: (
        lambda s: forward.record_by_hand(actor=s.reviewer, forward_ref=Forwarded().ref, status="taken"),
        "forward.answered",
    ),
    forward_send.dispatched: (lambda s: Forwarded(), "forward.dispatched"),
    forward_send.undelivered: (
        lambda s: forward_send.undelivered(forward_ref=Forwarded(sent=False).ref),
        "forward.undeliverable",
    ),
    forward_send.remind: (_remind, "forward.reminded"),
    forward_send.expire: (
        lambda s: forward_send.expire(forward_ref=Forwarded().ref, now=_in_hours(73)),
        "forward.overdue",
    ),
    forward_send.catch_up: (_caught_up, "forward.sending"),
    forward_send.stop: (
        lambda s: forward_send.stop(actor=s.reviewer, forward_ref=Forwarded().ref),
        "forward.stopped",
    ),
    forward_send.stop_with: (
        lambda s: withdraw.withdraw_notice(access=making.notifier_access(Forwarded().notice)),
        "forward.stopped",
    ),
    forward_clock.remind_silent: (_remind_by_clock, "forward.reminded"),
    forward_clock.escalate_overdue: (
        lambda s: (Forwarded(), forward_clock.escalate_overdue(now=_in_hours(73))),
        "forward.overdue",
    ),
    forward_clock.tick: (lambda s: (Forwarded(), forward_clock.tick(now=_in_hours(73))), "forward.overdue"),
    forward_clock.fail_unsent: (_forward_given_up, "forward.undeliverable"),
    forward_clock.send_waiting: (_crossed, "forward.sending"),
    forward_customer.pass_to_customer: (_customer, "customer.asked"),
    forward_customer.customer_told: (
        lambda s: forward_customer.customer_told(letter_ref=_customer(s), delivered=True),
        "customer.told",
    ),
    forward_customer.fail_unsent: (_customer_given_up, "customer.told"),
    forward_reply.take_letter: (_kept, "forward.letter"),
    forward_reply.letter_handled: (
        lambda s: forward_reply.letter_handled(actor=s.reviewer, letter_ref=_kept(s)),
        "forward.letter-handled",
    ),
}
