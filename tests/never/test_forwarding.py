"""What leaves with a forwarded notice: who wrote it, never without their tick; whoever runs the reported site, never
a word where that could endanger somebody. Searched for in the raw bytes that a mail server and a peer get."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fairnotice.answerable.actions.contacts import add_contact, mark_contact
from fairnotice.answerable.models import Contact
from fairnotice.cases.actions import clock, forward, forward_send
from fairnotice.cases.actions.withdraw import withdraw_notice
from fairnotice.cases.drafts import ItemDraft
from fairnotice.cases.models import CustomerLetter, ForwardConsent, ForwardStatus
from fairnotice.delivery import customer_hook
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.runner import run_due
from fairnotice.delivery.xarf import Peer, Reply, RestPort, build_report
from fairnotice.delivery.xarf.words import in_words
from fairnotice.law.problems import PROBLEMS, SKIP_SITE, said_to_others
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from tests.answerable import register
from tests.cases import making, network
from tests.cases.network import FORUM_DESK, PLACE
from tests.delivery.xarf.facts import facts

pytestmark = pytest.mark.usefixtures("fn_db")
NAME, EMAIL = "Sentinelname Notifier", "sentinel.contact@example.net"
WORDS = {"why": "Sentinelwhy: it says that I stole.", "law": "Sentinellaw 186", "ground_kind": "law"}
NOTE = "Sentinelnote, second paragraph"
IDENTITY = (b"sentinelname", b"sentinel.contact")
SAID = (b"sentinelwhy", b"sentinellaw", b"sentinelnote")


class Letters:
    """A way out by mail that keeps what it takes, as the bytes of the wire."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    def send(self, letter: EmailMessage) -> None:
        self.taken.append((str(letter["To"]), letter.as_bytes()))


class Peers(RestPort):
    """The way out to peers, keeping what it would post."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[bytes] = []

    def post(self, report: Any, peer: Peer) -> Reply:
        self.taken.append(json.dumps(report, ensure_ascii=False).encode())
        return Reply(201, {})


def opened(raw: bytes) -> bytes:
    """The bytes with everything in base64 or quoted-printable read as well, and in small letters."""
    found = [raw, re.sub(rb"=\r?\n", b"", raw)]
    for _round in range(2):
        for text in list(found):
            for run in re.findall(rb"[A-Za-z0-9+/=\s]{40,}", text):
                packed = re.sub(rb"\s", b"", run)
                for start in range(4):
                    part = packed[start : start + (len(packed) - start) // 4 * 4]
                    try:
                        found.append(base64.b64decode(part))
                    except ValueError:
                        continue
    return b"\n".join(found).lower()


def everything_sent(**ticks: bool) -> list[bytes]:
    """All that leaves for a notice that is confirmed to everybody and answered by nobody."""
    network.network()
    register.contact("REST-1", "abuse@rest.example")
    sent = making.notice(items=[ItemDraft(PLACE, NOTE)], name=NAME, email=EMAIL, **WORDS)
    network.confirmed(sent, "FORUM-1", "HOST-1", "REGISTRAR-1", **ticks)
    letters, peers = Letters(), Peers()
    for _organisation in range(3):
        for hours in (71, 73):  # of the 72 that each has: a reminder, then the next
            network.hurry()
            run_due(port=letters, rest=peers)
            clock.tick(timezone.now() + timedelta(hours=hours))
    out = [raw for address, raw in letters.taken if address != EMAIL] + peers.taken
    assert len({address for address, _raw in letters.taken}) == 4, "the notifier and three organisations"
    assert all(PLACE.encode() in opened(raw) for raw in out)
    return [opened(raw) for raw in out]


@pytest.mark.parametrize(
    ("ticks", "may", "must_not"),
    [
        ({}, (), IDENTITY + SAID),
        ({"with_words": True}, SAID, IDENTITY),
        ({"with_contact": True}, IDENTITY, SAID),
        ({"with_words": True, "with_contact": True}, IDENTITY + SAID, ()),
    ],
    ids=["nothing", "words", "identity", "both"],
)
def test_nothing_goes_along_without_its_tick(ticks, may, must_not) -> None:
    out = everything_sent(**ticks)
    assert len(out) >= 6, "letters and reminders to three organisations"
    for raw in out:
        assert [word for word in must_not if word in raw] == []
    for word in may:
        assert all(word in raw for raw in out), "the search finds what is there"


def test_nothing_goes_to_a_peer_without_its_tick(settings) -> None:
    settings.FN_PEERS = [{"url": "https://peer.example/api/v1", "token_file": "t"}]
    network.network()
    mark_contact(actor_id=None, contact_id=Contact.objects.get(address=FORUM_DESK).pk, works=False)
    add_contact(
        actor_id=None, handle="FORUM-1", channel="rest", address="https://peer.example/api/v1", source="test"
    )
    sent = making.notice(items=[ItemDraft(PLACE, NOTE)], name=NAME, email=EMAIL, **WORDS)
    network.confirmed(sent, "FORUM-1")
    letters, peers = Letters(), Peers()
    run_due(port=letters, rest=peers)
    assert network.states()["FORUM-1"] == "dispatched"
    clock.tick(timezone.now() + timedelta(hours=71))
    network.hurry()
    run_due(port=letters, rest=peers)
    assert network.states()["FORUM-1"] == "reminded" and len(peers.taken) == 2
    for raw in peers.taken:
        assert PLACE.encode() in raw
        assert [word for word in IDENTITY + SAID if word in opened(raw)] == []


@pytest.mark.parametrize("public", [True, False], ids=["listed", "private"])
def test_whoever_runs_the_site_never_hears_of_intimate_pictures_minors_and_stalking(
    public: bool, settings
) -> None:
    settings.FN_FORWARD_MACHINE_REPORTS = True
    network.network(forum_public=public)
    slugs = [problem.slug for problem in PROBLEMS if SKIP_SITE in problem.flags]
    assert len(slugs) == 5
    for slug in slugs:
        sent = making.notice(f"{PLACE}?{slug}", problem=slug)
        refs = [status.forward.ref for status in _waiting(sent)]
        forward.confirm(access=network.access_of(sent), chosen=refs)
    making.notice(f"{PLACE}?code", problem="other", category="STATEMENT_CATEGORY_CYBER_VIOLENCE")
    letters = Letters()
    for _organisation in range(2):
        for hours in (71, 73):
            network.hurry()
            run_due(100, port=letters)
            clock.tick(timezone.now() + timedelta(hours=hours))
    assert letters.taken
    assert not ForwardStatus.objects.filter(forward__handle="FORUM-1").exists()
    assert not any(
        FORUM_DESK.encode() in opened(raw) or b"forum-1" in opened(raw) for _to, raw in letters.taken
    )


def _waiting(sent: making.Submitted) -> list[ForwardStatus]:
    rows = ForwardStatus.objects.filter(forward__item__notice=sent.notice, state="proposed")
    return list(rows.select_related("forward"))


def test_a_customers_letter_names_place_and_kind_alone() -> None:
    network.network()
    sent = making.notice(items=[ItemDraft(PLACE, NOTE)], name=NAME, email=EMAIL, **WORDS)
    item = sent.notice.items.get()
    actor = making.account("r", "reviewer")
    letter = CustomerLetter.objects.create(
        item=item, asked_by_id=actor.user_id, asked_at=timezone.now(), event=sent.notice.event
    )
    text = customer_hook.letter_text(letter.ref).encode()
    assert PLACE.encode() in text
    assert [word for word in IDENTITY + SAID if word in text.lower()] == []
    withdraw_notice(access=making.notifier_access(sent))
    with pytest.raises(SendFailed, match="cancelled"):
        customer_hook.letter_text(letter.ref)


def test_the_database_refuses_a_sending_without_a_yes_and_ticks_of_a_standing_setting() -> None:
    network.network()
    sent = network.notice()
    status = network.of("HOST-1")
    for state in ("confirmed", "sending", "dispatched", "answered", "undeliverable"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ForwardStatus.objects.filter(pk=status.pk).update(
                state=state, due_at=timezone.now(), dispatched_at=timezone.now()
            )
    for tick in ("with_words", "with_contact"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ForwardConsent.objects.create(
                forward=status.forward,
                given_by="standing",
                given_at=timezone.now(),
                event=sent.notice.event,
                **{tick: True},
            )
    network.confirmed(sent, "HOST-1")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ForwardConsent.objects.update(with_contact=True)


def test_no_column_or_outbox_row_holds_a_token() -> None:
    network.network()
    network.confirmed(network.notice(), "HOST-1")
    [row] = OutboxRow.objects.filter(kind="forward-mail")
    letters = Letters()
    run_due(port=letters)
    row.refresh_from_db()
    assert row.sealed is None
    [raw] = [raw for address, raw in letters.taken if address == network.HOST_DESK]
    found = re.search(rb"notices\+([a-z2-7]{26})@", raw)
    assert found
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            assert all(found[1].decode() not in repr(line).lower() for line in cursor.fetchall()), table


def test_no_word_of_the_form_says_that_the_notifier_is_whom_it_is_about() -> None:
    for problem in PROBLEMS:
        report = build_report(facts(problem=problem.slug, category=problem.category, keyword=""))
        told = [in_words(report), report["description"], said_to_others(problem.slug)]
        assert all(re.search(r"\b(me|my|I)\b", words) is None for words in told), problem.slug
        assert said_to_others(problem.slug)


def test_the_page_for_an_answer_does_not_say_it_either(client: Client) -> None:
    network.network()
    sent = network.notice(problem="impersonation")
    network.confirmed(sent, "HOST-1")
    page = client.get(reverse("forward-answer", args=[_token()])).content.decode()
    assert "Fake account of a person or company" in page and "pretending to be me" not in page


def _token() -> str:
    row = OutboxRow.objects.get(kind=forward_send.MAIL, ref=network.of("HOST-1").forward.ref)
    return str(outbox.payload(row)["token"])
