"""What can happen to a message that was stored before it was read, as `test_every_action` does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from fairnotice.cases.actions import housekeeping, receive, received_desk
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.models import Received

DRAFT = NoticeDraft(
    items=[ItemDraft("https://forum.example.org/post/9")],
    problem="defamation",
    why="It says that I stole money, which is false.",
    email="notifier@example.org",
)


def arrived(raw: bytes = b"Subject: a post\r\n\r\nPlease look.", **more: Any) -> Received:
    return receive.receive(door="mail", raw=raw, **more)[0]


def waiting(**more: Any) -> Received:
    received = arrived()
    receive.settle_waiting(received=received, reason="needs-a-person", draft=DRAFT, **more)
    return received


def held() -> Received:
    received = arrived()
    receive.settle_held(received=received, reason="flood")
    return received


def forget_files() -> int:
    """A report about a child with a picture in it, a day later."""
    received = arrived(b"Subject: a picture\r\n\r\nIt is attached.")
    about = replace(DRAFT, problem="child-abuse", email="")
    receive.settle_notice(received=received, draft=about, machine=True)
    return housekeeping.forget_files(now=timezone.now() + timedelta(hours=23))


def forget_originals() -> int:
    """A mail of which nobody made a notice, long after."""
    waiting()
    return housekeeping.forget_originals(now=timezone.now() + timedelta(days=400))


DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    receive.receive: (lambda s: arrived(), "message.received"),
    receive.settle_notice: (
        lambda s: receive.settle_notice(received=arrived(), draft=DRAFT, machine=True),
        "notice.submitted",
    ),
    receive.settle_waiting: (lambda s: waiting(), "message.waiting"),
    receive.settle_held: (lambda s: held(), "message.held"),
    receive.settle_passed_on: (
        lambda s: receive.settle_passed_on(received=arrived(), format="xarf", subject="a scan"),
        "message.passed-on",
    ),
    housekeeping.forget_originals: (lambda s: forget_originals(), "message.erased"),
    housekeeping.forget_files: (lambda s: forget_files(), "message.erased"),
    receive.settle_reply: (
        lambda s: receive.settle_reply(received=arrived(), format="mail"),
        "forward.letter",
    ),
    receive.settle_filed: (
        lambda s: receive.settle_filed(received=arrived(), format="automatic"),
        "message.filed",
    ),
    received_desk.take_draft: (
        lambda s: received_desk.take_draft(actor=s.reviewer, received_ref=waiting().ref, draft=DRAFT),
        "notice.submitted",
    ),
    received_desk.dismiss: (
        lambda s: received_desk.dismiss(actor=s.reviewer, received_ref=waiting().ref, why="An advert."),
        "message.dismissed",
    ),
    received_desk.release: (
        lambda s: received_desk.release(actor=s.reviewer, received_ref=held().ref),
        "message.released",
    ),
    received_desk.file: (
        lambda s: received_desk.file(actor=s.reviewer, received_ref=waiting().ref),
        "message.filed",
    ),
}
READERS = {
    receive.is_reply,
    receive.key_mac,
    receive.raw_of,
    receive.envelope_of,
    receive.detail_of,
    receive.draft_of,
    received_desk.received_for,
}
PARTS = {receive.move}
# How often it was tried: nobody relies on it.
SILENT = {receive.tried}
