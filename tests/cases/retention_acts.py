"""What erases, holds back from it, and what people ask for, as `test_every_action` does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from fairnotice.cases.actions import by_two, erase, hold, own_data, retention, withdraw
from fairnotice.cases.models import ErasureRequest, Hold
from fairnotice.vault import keys
from tests.cases import making


def withdrawn(s: Any) -> str:
    withdraw.withdraw_notice(access=making.notifier_access(s.sent))
    return str(s.sent.notice.ref)


def asked(s: Any) -> ErasureRequest:
    return own_data.ask(access=making.notifier_access(s.sent), words="Please.")


def granted(s: Any) -> ErasureRequest:
    withdrawn(s)
    return own_data.grant(actor=s.senior, request_ref=asked(s).ref)


def begun(s: Any) -> Hold:
    return hold.begin(
        first=s.reviewer.user_id,
        actor=s.senior,
        case_ref=s.case.ref,
        reason="court",
        until=timezone.localdate() + timedelta(days=30),
        words="A court asked for it.",
    )


def replayed(s: Any) -> int:
    keys.destroy_many([s.sent.notice.notifier_key])
    return erase.forget_destroyed()


DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    erase.erase: (lambda s: erase.erase(what="notice", ref=withdrawn(s)), "erasure"),
    erase.erase_each: (
        lambda s: erase.erase_each([("notice", withdrawn(s)), ("notice", "none")], now=timezone.now()),
        "erasure",
    ),
    erase.begin: (lambda s: erase.begin(what="notice", ref=withdrawn(s)), "erasure"),
    erase.forget_destroyed: (replayed, "erasure.replayed"),
    # Its case is not over a month, so of all that could be due there is one thing: nobody gave a name.
    retention.run: (
        lambda s: (withdrawn(s), retention.run(now=timezone.now() + timedelta(hours=1))),
        "erasure",
    ),
    retention.clock_is_right: (lambda s: retention.clock_is_right(actor=s.admin), "retention.clock"),
    hold.begin: (begun, "hold.begun"),
    hold.end: (lambda s: hold.end(actor=s.senior, hold_ref=begun(s).ref), "hold.ended"),
    own_data.ask: (asked, "erasure.asked"),
    own_data.take_back: (
        lambda s: (asked(s), own_data.take_back(access=making.notifier_access(s.sent))),
        "erasure.taken-back",
    ),
    own_data.grant: (granted, "erasure.granted"),
    own_data.confirm: (
        lambda s: own_data.confirm(actor=s.second, request_ref=granted(s).ref),
        "erasure",
    ),
    own_data.refuse: (
        lambda s: own_data.refuse(
            actor=s.senior,
            request_ref=asked(s).ref,
            refusal=own_data.Refusal("case-runs", "Somebody else has still to be heard."),
        ),
        "erasure.refused",
    ),
    own_data.forget_contact: (
        lambda s: own_data.forget_contact(access=making.notifier_access(s.sent)),
        "erasure",
    ),
    own_data.correct: (
        lambda s: own_data.correct(access=making.notifier_access(s.sent), words="The third one."),
        "notice.corrected",
    ),
}
READERS: set[Callable[..., object]] = {
    by_two.register,
    erase.check,
    hold.check,
    own_data.waiting,
    own_data.own_requests,
    own_data.key_of,
    own_data.may_see,
}
PARTS: set[Callable[..., object]] = set()
# The second half of an erasure, whose event the first half wrote.
SILENT = {erase.complete, erase.finish}
