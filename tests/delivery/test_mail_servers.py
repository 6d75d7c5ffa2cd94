"""Against a real mail server that accepts, refuses, defers, stalls and drops: no letter is lost, and none is a second
letter. One that the server took without our hearing of it comes again under the same Message-ID (ADR 0003)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases.queries import outgoing
from fairnotice.delivery import letters, ports
from fairnotice.delivery.ports import SendFailed, SmtpPort
from fairnotice.delivery.runner import run_due
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from tests.cases import making
from tests.delivery.moody import MOODS, REFUSES, Moody, certificate, moody

pytestmark = pytest.mark.usefixtures("fn_db")


def smtp(port: int, **changes: object) -> SmtpPort:
    plain = {"host": "127.0.0.1", "port": port, "user": "", "password_file": "", "starttls": False}
    return SmtpPort(**{**plain, "timeout": 10, **changes})  # type: ignore[arg-type]


class Patient(SmtpPort):
    """Waits long for a server that will answer, so that a busy machine changes nothing, and a moment for one that
    will not."""

    def __init__(self, port: int, server: Moody) -> None:
        super().__init__(host="127.0.0.1", port=port, user="", password_file="", starttls=False)
        self.server = server

    def send(self, letter: EmailMessage) -> None:
        self.timeout = 0.25 if self.server.stalls_next(str(letter["To"])) else 10
        super().send(letter)


def receipts(*readers: str) -> dict[str, str]:
    """A notice from each of them, so a letter to each: reader -> Message-ID."""
    found = {}
    for number, reader in enumerate(readers):
        sent = making.notice(f"https://forum.example.org/{number}", email=reader)
        found[reader] = f"<{OutboxRow.objects.get(ref=sent.notice.ref).message_id}>"
    return found


def until_settled(port: SmtpPort) -> int:
    """Run the outbox until nothing is tried by itself any more, without waiting; returns how many went out."""
    sent = rounds = 0
    while OutboxRow.objects.filter(done_at=None, dead=False).exists():
        rounds += 1
        assert rounds < 40, "it never ends"
        OutboxRow.objects.filter(done_at=None).update(due_at=timezone.now() - timedelta(seconds=1))
        sent += run_due(100, port=port)
    return sent


def plan_of(seed: int, readers: list[str]) -> dict[str, list[str]]:
    """For each reader a mood of their own to begin with, so that each comes up, and some more by chance."""
    chance = random.Random(seed)
    others = [mood for mood in MOODS if mood != "accepts"]
    plan = {
        reader: [MOODS[number % len(MOODS)], *chance.choices(others, k=chance.randint(0, 2))]
        for number, reader in enumerate(readers)
    }
    # A refusal, or taking it aloud, ends the tries: what would come after it never does.
    return {reader: moods[: _tries(moods)] for reader, moods in plan.items()}


def _tries(moods: list[str]) -> int:
    ends = [number for number, mood in enumerate(moods, 1) if mood == "accepts" or mood in REFUSES]
    return min(ends, default=len(moods))


def test_no_letter_is_lost_and_none_is_a_second_one() -> None:
    readers = [f"reader{number}@example.net" for number in range(len(MOODS) * 2)]
    sent = receipts(*readers)
    with moody(plan_of(20, readers)) as (port, server):
        went_out = until_settled(Patient(port, server))
    assert sum(server.tries.values()) > len(readers) * 1.5 and not any(server.plan.values())
    refused = server.refused
    assert 0 < len(refused) < len(readers)
    # What the server refused for good is not lost: it stands at the desk, with its reason.
    dead = OutboxRow.objects.filter(dead=True)
    assert {f"<{row.message_id}>" for row in dead} == {sent[reader] for reader in refused}
    assert {row.error_code for row in dead} == {"refused"}
    assert outgoing.failed(making.account("senior", "senior_reviewer")) == len(refused)
    # Everybody else got theirs, which came more often only where the server's 250 was lost: under one Message-ID.
    assert went_out == len(readers) - len(refused)
    came = Counter(reader for reader, _ident in server.taken())
    for reader in readers:
        assert came[reader] == server.unheard[reader] + (reader not in refused), reader
        assert {ident for to, ident in server.taken() if to == reader} <= {sent[reader]}
    assert sum(server.unheard.values()) > 3


@pytest.mark.parametrize(
    ("mood", "code", "final"),
    [
        ("refuses-reader", "refused", True),
        ("refuses-letter", "refused", True),
        ("defers-reader", "deferred", False),
        ("defers-letter", "deferred", False),
        ("stalls-before", "timeout", False),
        ("stalls-after-data", "timeout", False),
        ("takes-and-stalls", "timeout", False),
        ("drops-at-reader", "unreachable", False),
        ("drops-before-250", "unreachable", False),
        ("takes-and-drops", "unreachable", False),
    ],
)
def test_what_the_server_does_becomes_a_reason(mood: str, code: str, final: bool) -> None:
    receipts("one@example.net")
    with moody({"one@example.net": [mood]}) as (port, server):
        run_due(port=Patient(port, server))
    row = OutboxRow.objects.get()
    assert (row.error_code, row.dead, row.attempts) == (code, final, 1)


class _Dies(SmtpPort):
    """Its process is killed after the server's 250 and before our commit."""

    def send(self, letter: EmailMessage) -> None:
        super().send(letter)
        raise KeyboardInterrupt


def test_killed_between_the_250_and_our_commit_it_is_the_same_letter_again() -> None:
    [ident] = receipts("one@example.net").values()
    with moody({}) as (port, server):
        dying = _Dies(host="127.0.0.1", port=port, user="", password_file="", starttls=False)
        with pytest.raises(KeyboardInterrupt):
            run_due(port=dying)
        assert run_due(port=smtp(port)) == 0, "its lease still runs"
        past = timezone.now() - timedelta(seconds=1)
        OutboxRow.objects.update(leased_until=past)
        assert until_settled(smtp(port)) == 1
        assert [one for _to, one in server.taken()] == [ident, ident]


def test_a_retry_is_the_same_bytes() -> None:
    receipts("one@example.net")
    [first] = outbox.lease()
    made = letters.compose(first, outbox.payload(first)).as_bytes()
    outbox.fail(first, "deferred")
    OutboxRow.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    [again] = outbox.lease()
    assert letters.compose(again, outbox.payload(again)).as_bytes() == made


def test_a_goodbye_that_goes_wrong_changes_nothing() -> None:
    receipts("one@example.net")

    with moody({}) as (port, server):

        async def handle_QUIT(*_: object) -> str:  # noqa: N802  aiosmtpd's name
            return "554 not without a fight"

        server.handle_QUIT = handle_QUIT  # type: ignore[attr-defined]
        assert run_due(port=smtp(port)) == 1
        assert len(server.taken()) == 1
    assert OutboxRow.objects.get().done_at is not None


def test_a_server_that_wants_none_of_us_ends_no_letter() -> None:
    """A "no" before there is a letter is about our settings; it would end all letters at once."""
    receipts("one@example.net", "two@example.net")

    with moody({}) as (port, server):

        async def handle_MAIL(*_: object) -> str:  # noqa: N802  aiosmtpd's name
            return "553 not from there"

        server.handle_MAIL = handle_MAIL  # type: ignore[attr-defined]
        run_due(port=smtp(port))
    assert set(OutboxRow.objects.values_list("error_code", "dead")) == {("misconfigured", False)}


def test_starttls_with_a_certificate_of_ones_own(tmp_path: Path) -> None:
    receipts("one@example.net")
    trusted, context = certificate(tmp_path / "own", "127.0.0.1")
    with moody({}, tls_context=context) as (port, server):
        assert run_due(port=smtp(port, starttls=True, ca_file=str(trusted))) == 1
        assert len(server.taken()) == 1 and server.unencrypted == 0


@pytest.mark.parametrize("wrong", ["another address", "nobody trusts it", "no STARTTLS", "no such file"])
def test_nothing_travels_where_the_connection_cannot_be_trusted(wrong: str, tmp_path: Path) -> None:
    receipts("one@example.net")
    trusted, context = certificate(
        tmp_path / "own", "127.0.0.9" if wrong == "another address" else "127.0.0.1"
    )
    ca_file = {"nobody trusts it": "", "no such file": str(tmp_path / "none.pem")}.get(wrong, str(trusted))
    options = {} if wrong == "no STARTTLS" else {"tls_context": context}
    with moody({}, **options) as (port, server):
        assert run_due(port=smtp(port, starttls=True, ca_file=ca_file)) == 0
        assert server.taken() == [] and not server.tries, "not even to whom it would go"
    row = OutboxRow.objects.get()
    assert (row.error_code, row.dead) == ("misconfigured", False)


def test_a_server_that_drips_is_left_in_time() -> None:
    """Each answer comes in time, the whole would take for ever."""
    receipts("one@example.net")

    with moody({}) as (port, server):

        async def handle_RCPT(smtp_side: object, *_: object) -> str:  # noqa: N802  aiosmtpd's name
            while True:
                await asyncio.sleep(0.05)
                await smtp_side.push("250-more")  # type: ignore[attr-defined]

        server.handle_RCPT = handle_RCPT  # type: ignore[method-assign,assignment]
        row = OutboxRow.objects.get()
        letter = letters.compose(row, outbox.payload(row))
        with pytest.raises(SendFailed) as caught:
            smtp(port, whole=0.5).send(letter)
    assert (caught.value.code, caught.value.final) == ("timeout", False)


def test_the_settings_reach_the_port(settings: Settings) -> None:
    settings.FN_MAIL = {**settings.FN_MAIL, "adapter": "smtp", "timeout": 7, "ca_file": "/own.pem"}
    port = ports.configured()
    assert isinstance(port, SmtpPort) and (port.timeout, port.ca_file) == (7.0, "/own.pem")
