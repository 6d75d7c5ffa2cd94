"""The one automatic letter to who wrote, as a mail server gets it."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Notice, Received
from fairnotice.delivery.runner import run_due
from fairnotice.intake import reading
from fairnotice.intake.reading_types import Reading
from fairnotice.ledger.models import OutboxRow
from fairnotice.plumbing import answers
from tests.cases import network
from tests.cases.received_acts import DRAFT
from tests.site.served import free_port

pytestmark = pytest.mark.usefixtures("fn_db")
LONG = "<" + "A" * 120 + "@mail.example.net>"


class Taken:
    """A mail server that keeps return paths and letters; `strict` takes none without a return path."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, Message]] = []
        self.strict = False

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.strict and address in ("", "<>"):
            return "550 no return path"
        envelope.mail_from = address
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append((envelope.mail_from, email.message_from_bytes(envelope.content)))
        return "250 ok"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Taken]]:
    monkeypatch.setattr(answers, "_salt_day", None)
    monkeypatch.setattr(answers, "_lately", {})
    taken = Taken()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port, taken
    finally:
        controller.stop()


def _comes_in(
    monkeypatch: pytest.MonkeyPatch, outcome: Any, *heads: str, to: str = "a@example.net"
) -> Received:
    said = Reading(outcome, "mail", DRAFT, reason="needs-a-person", machine=True, receipt_to=to)
    monkeypatch.setitem(reading.READERS, "mail", lambda raw, envelope: said)
    raw = "\r\n".join([*heads, f"Subject: {Received.objects.count()}", "", "hello"]).encode()
    received = receive.receive(door="mail", raw=raw)[0]
    reading.process(received)
    return received


def test_it_is_tied_to_the_letter_and_has_no_return_path(
    monkeypatch: pytest.MonkeyPatch, server: tuple[int, Taken]
) -> None:
    port, taken = server
    one = _comes_in(
        monkeypatch,
        "draft",
        f"Message-ID: {LONG}",
        "References: <1@x>",
        f" <2@x> bad {LONG}",
        "In-Reply-To: <2@x>",
    )
    assert run_due(port=network.smtp(port)) == 1
    path, letter = taken.letters[0]
    assert path in ("", "<>") and letter["To"] == "a@example.net" and one.ref in letter["Subject"]
    assert letter.get_all("Auto-Submitted") == ["auto-replied"]
    assert letter["In-Reply-To"] == LONG and letter["References"] == f"<1@x> <2@x> {LONG} {LONG}"


def test_a_notice_that_came_by_mail_gets_its_code_so(
    monkeypatch: pytest.MonkeyPatch, server: tuple[int, Taken]
) -> None:
    port, taken = server
    taken.strict = True
    _comes_in(monkeypatch, "notice", "Message-ID: <9@x>\r\nX: y")
    assert run_due(port=network.smtp(port)) == 1
    path, letter = taken.letters[0]
    # This server wants a return path, so it has one; the marks are there all the same.
    assert path == "notices@localhost" and letter["In-Reply-To"] == "<9@x>"
    assert letter["Auto-Submitted"] == "auto-replied" and Notice.objects.get().ref in letter["Subject"]


@pytest.mark.parametrize(
    "head", ["X: y", "Message-ID: no brackets", "Message-ID: <a b@x>", "Message-ID: <ü@x>", "\r\nx"]
)
def test_without_a_sound_identifier_it_is_tied_to_nothing(
    monkeypatch: pytest.MonkeyPatch, server: tuple[int, Taken], head: str
) -> None:
    port, taken = server
    _comes_in(monkeypatch, "draft", head)
    assert run_due(port=network.smtp(port)) == 1
    letter = taken.letters[0][1]
    assert letter["In-Reply-To"] is None and letter["References"] is None
    assert letter["Auto-Submitted"] == "auto-replied"


def test_at_most_one_a_day_to_an_address_but_each_notice_has_its_code(
    monkeypatch: pytest.MonkeyPatch, server: tuple[int, Taken], settings: LazySettings
) -> None:
    settings.FN_RECEIPTS_PER_HOUR = 2
    for to in ("a@example.net", "a@example.net", "b@example.net", "c@example.net"):
        assert _comes_in(monkeypatch, "draft", to=to).state == "waiting"
    assert OutboxRow.objects.filter(kind=receive.RECEIPT).count() == 2
    for _notice in range(3):
        _comes_in(monkeypatch, "notice")
    assert OutboxRow.objects.filter(kind="notice-received").count() == 3
    monkeypatch.setattr(reading, "CODES_PER_DAY", 3)
    assert _comes_in(monkeypatch, "notice").state == "taken"
    assert OutboxRow.objects.filter(kind="notice-received").count() == 3 and Notice.objects.count() == 4
