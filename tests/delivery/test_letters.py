"""Letters through a real mail server: what they say, when a measure takes effect, what happens when they fail."""

from __future__ import annotations

from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
from django.utils import timezone

from fairnotice.cases import codes
from fairnotice.cases.actions import appeal
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.models import Statement
from fairnotice.delivery import letters
from fairnotice.delivery.ports import FolderPort, SmtpPort
from fairnotice.delivery.runner import run_due
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import keys
from tests.cases import making, network
from tests.fault.mailserver import Post, post_office
from tests.site.served import free_port

pytestmark = pytest.mark.usefixtures("fn_db")
AUTHOR = Reach("email", "author@example.net")


def smtp(port: int) -> SmtpPort:
    return SmtpPort(host="127.0.0.1", port=port, user="", password_file="", starttls=False)


text_of = network.text_of


def send_all(post_office_port: int) -> int:
    return run_due(port=smtp(post_office_port))


def letters_to(post: Post, address: str) -> list[Message]:
    return [letter for to, letter in post.taken() if to == [address]]


def test_both_sides_get_their_letter_and_the_measure_takes_effect() -> None:
    reviewer = making.account("r", "reviewer")
    decision = making.decided(
        making.notice(email="me@example.org", name="A notifier"), reviewer, reach=AUTHOR
    )
    with post_office() as (port, post):
        assert send_all(port) == 3
    [received, answer] = letters_to(post, "me@example.org")
    [statement] = letters_to(post, "author@example.net")
    assert decision.measures.get().status.state == "in_force"
    words = text_of(statement)
    for expected in ("The facts", "Section 186", "appeal", "/status/", "court"):
        assert expected in words
    assert "me@example.org" not in words and "A notifier" not in words
    # Mail programs make links of addresses, and mail servers refuse letters with those of frauds.
    assert "hxxps://forum[.]example[.]org/post/7" in words and "https://forum" not in words
    assert "the court found the opposite" not in text_of(answer), (
        "the notifier reads no facts about the other side"
    )
    assert received["Auto-Submitted"] == "auto-replied"
    for letter in (answer, statement):
        assert letter["Auto-Submitted"] == "auto-generated"
    for letter in (received, answer, statement):
        assert "notice" not in str(letter["Subject"]).lower(), "a neutral subject"


def test_the_answer_to_an_appeal_says_that_it_is_one() -> None:
    decision = making.decided(
        making.notice(email="me@example.org"), making.account("r", "reviewer"), reach=AUTHOR
    )
    other = making.account("a", "appeals_reviewer")
    lodged = appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons="No.")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    with post_office() as (port, post):
        send_all(port)
        first = text_of(letters_to(post, "author@example.net")[0])
        appeal.decide_appeal(
            actor=other, appeal_ref=lodged.ref, version=2, outcome="upheld", reasons="So.", changes=[]
        )
        send_all(port)
    assert "has taken a decision" in first and "has answered an appeal" not in first
    for address in ("author@example.net", "me@example.org"):
        words = text_of(letters_to(post, address)[-1])
        assert "has answered an appeal against its decision" in words
        assert "has taken a decision" not in words and "answer to your notice" not in words


def test_the_code_in_a_letter_opens_the_right_side() -> None:
    making.decided(making.notice(), making.account("r", "reviewer"), reach=AUTHOR)
    with post_office() as (port, post):
        send_all(port)
    words = text_of(letters_to(post, "author@example.net")[0])
    after = words[words.index("/status/") :].split()
    access = codes.find("".join(after[1:8])) or codes.find(after[1])
    assert access is not None and access.side == "affected"


def test_the_receipt_letter_repeats_no_code() -> None:
    sent = making.notice(email="me@example.org")
    with post_office() as (port, post):
        send_all(port)
    words = text_of(letters_to(post, "me@example.org")[0])
    assert sent.code not in words.replace(" ", "").replace("-", "")
    assert sent.notice.ref in words


def test_a_deferred_letter_is_the_same_letter_again() -> None:
    making.decided(making.notice(), making.account("r", "reviewer"), reach=AUTHOR)
    with post_office() as (port, post):
        post.refusals.append("451 later")
        assert send_all(port) == 0
        row = OutboxRow.objects.get()
        assert (row.error_code, row.dead) == ("deferred", False) and row.due_at > timezone.now()
        OutboxRow.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert send_all(port) == 1
        assert letters_to(post, "author@example.net")[0]["Message-ID"] == f"<{row.message_id}>"


def test_a_refused_letter_shows_on_the_desk_and_holds_the_measure() -> None:
    decision = making.decided(making.notice(), making.account("r", "reviewer"), reach=AUTHOR)
    with post_office() as (port, post):
        post.refusals.append("550 no such mailbox")
        assert send_all(port) == 0
    assert Statement.objects.get(audience="affected").status.state == "failed"
    assert decision.measures.get().status.state == "proposed"


def test_a_notifier_who_cannot_be_reached_reads_it_behind_the_code() -> None:
    reviewer = making.account("r", "reviewer")
    making.decided(making.notice(email="me@example.org"), reviewer, "NO_ACTION", reach=Reach())
    with post_office() as (port, post):
        post.refusals += ["550 no", "550 no"]
        send_all(port)
    status = Statement.objects.get(audience="notifier").status
    assert (status.channel, status.state) == ("page", "dispatched")


def test_no_server_is_tried_again_later() -> None:
    making.notice(email="me@example.org")
    assert send_all(free_port()) == 0
    assert OutboxRow.objects.get().error_code == "unreachable"


def test_an_erased_contact_gets_no_letter() -> None:
    sent = making.notice(email="me@example.org")
    keys.destroy(sent.notice.notifier_key)
    with post_office() as (port, post):
        assert send_all(port) == 0
        assert post.taken() == []
    row = OutboxRow.objects.get()
    assert (row.error_code, row.dead) == ("erased", True)


def test_the_folder_holds_one_file_however_often_it_is_tried(tmp_path: Path) -> None:
    making.notice(email="me@example.org")
    [row] = outbox.lease(1)
    letter = letters.compose(row, outbox.payload(row))
    port = FolderPort(tmp_path / "mail")
    port.send(letter)
    port.send(letter)
    [file] = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml" and file.stat().st_mode & 0o077 == 0
