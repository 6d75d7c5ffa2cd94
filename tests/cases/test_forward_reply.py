"""Letters that came back, through the command that a mail server calls, and what waits for a person."""

from __future__ import annotations

import argparse
from email.message import EmailMessage, Message
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from fairnotice.accounts.models import User
from fairnotice.cases.actions import forward_reply
from fairnotice.cases.errors import Conflict
from fairnotice.cases.models import ForwardAnswer, ForwardLetter
from fairnotice.delivery.runner import run_due
from fairnotice.site import forward_commands
from tests.cases import making, network
from tests.cases.test_replies import report
from tests.conftest import DataFolder
from tests.fault.mailserver import post_office


def _sent() -> Message:
    """The letter that HOST-1 got."""
    network.network()
    network.confirmed(network.notice(), "HOST-1", "REGISTRAR-1")
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        return next(letter for to, letter in post.taken() if to == [network.HOST_DESK])


def _reply(text: str, *, to: str = "notices@localhost", refers: str = "", subject: str = "Re:") -> bytes:
    letter = EmailMessage()
    letter["To"], letter["Subject"] = to, subject
    if refers:
        letter["In-Reply-To"] = refers
    letter.set_content(text)
    return letter.as_bytes()


@pytest.mark.usefixtures("fn_db")
@pytest.mark.parametrize("way", ["address", "reference"])
def test_a_reply_is_found_and_its_first_line_counts(way: str) -> None:
    sent = _sent()
    raw = {
        "address": _reply("Taken\n\nWe look at it.", to=str(sent["Reply-To"])),
        "reference": _reply("Taken\n\nWe look at it.", refers=str(sent["Message-ID"])),
    }[way]
    assert forward_reply.take_letter(raw=raw) == "answer"
    assert network.states()["HOST-1"] == "taken"
    assert ForwardAnswer.objects.get().door == "mail"
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            assert all("We look at it" not in repr(row) for row in cursor.fetchall()), table


@pytest.mark.usefixtures("fn_db")
def test_a_subject_alone_answers_nothing() -> None:
    """The notifier's page carries the reference too, and they must not be able to answer for others."""
    sent = _sent()
    subject = f"Re: {sent['Subject']}"
    assert forward_reply.take_letter(raw=_reply("Answered\n\nAll gone.", subject=subject)) == "kept"
    bounce = report("failed").replace(b"\n", f"\nSubject: {subject}\n".encode(), 1)
    assert forward_reply.take_letter(raw=bounce) == "automatic"
    assert network.states()["HOST-1"] == "dispatched" and not ForwardAnswer.objects.exists()
    assert {letter.forward.handle for letter in ForwardLetter.objects.all() if letter.forward} == {"HOST-1"}


@pytest.mark.usefixtures("fn_db")
def test_an_answer_that_changes_nothing_is_not_lost() -> None:
    to = str(_sent()["Reply-To"])
    assert forward_reply.take_letter(raw=_reply("Taken", to=to)) == "answer"
    assert forward_reply.take_letter(raw=_reply("Taken\n\nStill at it.", to=to)) == "kept"
    assert forward_reply.take_letter(raw=_reply("Answered\n\nIt is gone.", to=to)) == "answer"


@pytest.mark.usefixtures("fn_db")
def test_what_no_program_can_read_waits_for_a_person(client: Client) -> None:
    sent = _sent()
    words = _reply("Thank you, ticket 4711 was opened.", to=str(sent["Reply-To"]))
    assert forward_reply.take_letter(raw=words) == "kept"
    assert (
        forward_reply.take_letter(raw=_reply("Who are you? Sentinelstranger", to="notices@localhost"))
        == "kept"
    )
    automatic = words.replace(b"Subject", b"Auto-Submitted: auto-replied\nSubject").replace(
        b"Thank", b"Taken\n"
    )
    assert forward_reply.take_letter(raw=automatic) == "automatic"
    assert network.states()["HOST-1"] == "dispatched", "none of them is an answer"

    reviewer = making.account("r", "reviewer")
    client.force_login(User.objects.get(pk=reviewer.user_id))
    page = client.get("/desk/forwards/").content.decode()
    assert "ticket 4711" in page and "Sentinelstranger" in page and page.count("Put it away") == 2
    for letter in ForwardLetter.objects.filter(automatic=False):
        assert client.post(f"/desk/letter/{letter.ref}/handled/").status_code == 302
        with pytest.raises(Conflict):
            forward_reply.letter_handled(actor=reviewer, letter_ref=letter.ref)
    assert "ticket 4711" not in client.get("/desk/forwards/").content.decode()
    auditor = making.account("a", "auditor")
    client.force_login(User.objects.get(pk=auditor.user_id))
    assert client.get("/desk/forwards/").status_code == 403


@pytest.mark.usefixtures("fn_db")
def test_our_letter_came_back_and_the_next_one_is_asked() -> None:
    sent = _sent()
    raw = report("failed").replace(b"<first@fair.example>", str(sent["Message-ID"]).encode())
    assert forward_reply.take_letter(raw=raw) == "bounce"
    assert network.states()["HOST-1"] == "undeliverable"
    assert network.states()["REGISTRAR-1"] == "sending"


def test_the_command_takes_a_letter_from_a_pipe_and_from_a_file(data_folder: DataFolder) -> None:
    """A stranger's letter, as a mail server would hand it over."""
    file = data_folder.path.parent / "letter.eml"
    file.write_bytes(_reply("Sentinelstranger says hello"))
    for arguments, options in ((str(file), {}), ("-", {"input": file.read_text()})):
        done = data_folder.run("-m", "fairnotice", "forward", "reply", arguments, **options)
        # A mail server would send back to the stranger what ends with anything but 0.
        assert done.returncode == 0 and "person at the desk" in done.stdout
        assert "Sentinel" not in done.stdout + done.stderr
    empty = data_folder.run("-m", "fairnotice", "forward", "reply", "-", input="")
    assert empty.returncode == 2
    assert b"Sentinelstranger" not in (data_folder.path / "db.sqlite3").read_bytes()


def test_a_letter_that_meets_another_change_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def busy(*, raw: bytes) -> str:
        raise Conflict("somebody else was faster")

    monkeypatch.setattr(forward_reply, "take_letter", busy)
    file = tmp_path / "letter.eml"
    file.write_bytes(_reply("TAKEN"))
    assert forward_commands.reply(argparse.Namespace(file=str(file))) == 75
