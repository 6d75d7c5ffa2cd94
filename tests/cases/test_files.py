"""The life of a file that came with a notice: looked at, opened by few, and really gone."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import codes, files, looking, uploads
from fairnotice.cases.actions import files as actions
from fairnotice.cases.actions.submit import Submitted
from fairnotice.cases.actions.withdraw import withdraw_notice
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import EvidenceFile, SealedValue
from fairnotice.ledger.models import Event
from fairnotice.plumbing import instream
from fairnotice.plumbing.looking.eyes import Eyes, NotReady
from fairnotice.vault import files as store
from fairnotice.vault import keys
from fairnotice.vault.errors import Erased
from tests.cases import making
from tests.plumbing.looking import making as made

pytestmark = pytest.mark.usefixtures("fn_db")
Commits = Callable[..., Any]


@pytest.fixture(scope="module")
def eyes() -> Iterator[Eyes]:
    with Eyes(wall=120) as found:
        yield found


def handle(data: bytes, name: str = "a.png") -> str:
    incoming = uploads.Incoming(name)
    incoming.write(data)
    return incoming.finish()


def sent(*contents: bytes, **fields: Any) -> Submitted:
    return making.notice(files=[handle(data) for data in contents], **fields)


def on_disk() -> set[str]:
    return set(store.stored())


def test_a_picture_is_looked_at_and_its_copy_holds_nothing_else(eyes: Eyes) -> None:
    whole = made.png_with_words()
    sent(whole, made.SVG, made.bomb())
    assert looking.look_at_waiting(eyes) == 3
    picture, svg, bomb = EvidenceFile.objects.order_by("position")
    assert (picture.state, picture.media, picture.reason) == ("ready", "image/png", "")
    assert (svg.state, svg.reason, svg.shown) == ("kept", "other-type", [])
    assert (bomb.state, bomb.reason, bomb.shown) == ("refused", "too-many-pixels", [])
    copy, media = files.shown(picture, 0)
    assert media == "image/png" and made.SECRET.encode() not in copy
    assert b"".join(files.original(picture)) == whole, "the original stays as it came"
    assert len(on_disk()) == 4
    assert Event.objects.filter(kind="evidence.looked-at").count() == 3
    assert looking.look_at_waiting(eyes) == 0


def test_what_no_notice_claimed_is_not_even_looked_at(eyes: Eyes) -> None:
    handle(made.picture())
    assert looking.look_at_waiting(eyes) == 0


def test_one_removed_while_it_was_looked_at_leaves_nothing(
    eyes: Eyes, django_capture_on_commit_callbacks: Commits
) -> None:
    submitted = sent(made.picture())

    class Slow:
        def look(self, raw: bytes) -> Any:
            seen = eyes.look(raw)
            files.remove_of_notice(submitted.notice.ref)
            return seen

    with django_capture_on_commit_callbacks(execute=True):
        looking.look_at_waiting(Slow())  # type: ignore[arg-type]
    row = EvidenceFile.objects.get()
    assert row.state == "removed" and on_disk() == set()


def test_where_the_process_does_not_start_it_waits(eyes: Eyes) -> None:
    sent(b"words")

    class Blind:
        def look(self, raw: bytes) -> Any:
            raise NotReady

    with pytest.raises(NotReady):
        looking.look_at_waiting(Blind())  # type: ignore[arg-type]
    assert EvidenceFile.objects.get().state == "quarantined"
    assert looking.look_at_waiting(eyes) == 1


def test_a_stored_file_that_was_harmed_stops_nothing(eyes: Eyes) -> None:
    sent(b"one", b"two", b"three")
    rows = list(EvidenceFile.objects.order_by("position"))
    (store.root() / rows[0].original[:2] / rows[0].original).write_bytes(b"FNF1 harmed")
    store.remove(rows[1].original)
    assert looking.look_at_waiting(eyes) == 3
    states = EvidenceFile.objects.order_by("position").values_list("state", "reason")
    assert list(states) == [("refused", "lost"), ("refused", "lost"), ("ready", "")]


def test_a_withdrawn_notice_takes_its_files_along(
    eyes: Eyes, django_capture_on_commit_callbacks: Commits
) -> None:
    submitted, other = sent(made.picture(), b"words"), sent(b"stays", location="https://example.org/b")
    looking.look_at_waiting(eyes)
    used = set(submitted.notice.evidence.values_list("key_id", flat=True))
    access = codes.find(submitted.code)
    assert access is not None
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_notice(access=access)
    event = Event.objects.get(kind="notice.withdrawn")
    assert event.open == {"files_removed": 2}
    rows = list(submitted.notice.evidence.values("state", "reason", "key_id", "original", "shown"))
    gone = {"state": "removed", "reason": "withdrawn", "key_id": "", "original": "", "shown": []}
    assert rows == [gone] * 2
    assert all(keys.is_destroyed(key) for key in used)
    stays = other.notice.evidence.get()
    assert on_disk() == {stays.original, *(one["id"] for one in stays.shown)}
    assert SealedValue.objects.filter(owner="evidence").count() == 1


def test_a_removal_that_was_killed_half_way_is_finished(
    eyes: Eyes, django_capture_on_commit_callbacks: Commits
) -> None:
    """Every place at which it can break off, one after the other; the clock finishes all of them."""
    for place in range(4):
        submitted = sent(made.picture(), location=f"https://example.org/{place}")
        looking.look_at_waiting(eyes)
        row = submitted.notice.evidence.get()
        with django_capture_on_commit_callbacks():  # the process dies right after the commit
            assert files.remove_of_notice(submitted.notice.ref) == 1
        if place > 0:
            keys.destroy(row.key_id)
        if place > 1:
            store.remove(row.original)
        if place > 2:
            store.remove(row.shown[0]["id"])
        assert files.sweep() == 1
        assert keys.is_destroyed(row.key_id) and on_disk() == set()
        assert files.sweep() == 0 and files.remove_of_notice(submitted.notice.ref) == 0


def test_erasing_takes_the_hash_as_well(django_capture_on_commit_callbacks: Commits) -> None:
    from fairnotice.recourse.papers import receipt_of

    submitted = sent(b"one", b"two")
    known = [bytes(row.sha256).hex() for row in submitted.notice.evidence.all()]
    assert all(one in str(receipt_of(submitted.notice)) for one in known)
    access = codes.find(submitted.code)
    assert access is not None
    with django_capture_on_commit_callbacks(execute=True):
        first = submitted.notice.evidence.order_by("position")[0]
        actions.take_back(access=access, file_ref=first.ref)
    assert all(one in str(receipt_of(submitted.notice)) for one in known), "what was sent can still be proved"
    with django_capture_on_commit_callbacks(execute=True):
        assert files.remove_of_notice(submitted.notice.ref) == 1
    rows = submitted.notice.evidence.values_list("state", "reason", "sha256", "key_id")
    assert [(*row[:2], bytes(row[2]), row[3]) for row in rows] == [("removed", "erased", b"", "")] * 2
    assert not any(one in str(receipt_of(submitted.notice)) for one in known)


def test_with_its_key_alone_it_is_gone() -> None:
    sent(b"words")
    row = EvidenceFile.objects.get()
    keys.destroy(row.key_id)
    with pytest.raises(Erased):
        b"".join(files.original(row))
    assert uploads.name_of(row) == ""


def test_a_crash_before_the_row_leaves_a_file_that_is_swept() -> None:
    incoming = uploads.Incoming("a.txt")
    incoming.write(b"words")
    stored = incoming._writer.finish()
    sent(b"stays")
    assert files.sweep() == 0, "it may still become a row"
    os.utime(store.root() / stored.id[:2] / stored.id, (0, 0))
    for path in store.root().glob("*/*"):
        os.utime(path, (0, 0))
    assert files.sweep() == 1
    assert on_disk() == set(EvidenceFile.objects.values_list("original", flat=True))


def test_one_of_them_can_be_taken_back(eyes: Eyes, django_capture_on_commit_callbacks: Commits) -> None:
    submitted = sent(b"one", b"two")
    looking.look_at_waiting(eyes)
    access = codes.find(submitted.code)
    other = codes.find(making.notice("https://example.org/b").code)
    assert access is not None and other is not None
    first, second = submitted.notice.evidence.order_by("position")
    with pytest.raises(NotFound):
        actions.take_back(access=other, file_ref=first.ref)
    with django_capture_on_commit_callbacks(execute=True):
        actions.take_back(access=access, file_ref=first.ref)
    first.refresh_from_db()
    assert (first.state, first.reason, first.key_id) == ("removed", "taken-back", "")
    assert on_disk() == {second.original, *(one["id"] for one in second.shown)}


class Clamd:
    """A small stand-in that speaks clamd's protocol over a real socket: it finds what holds its word."""

    WORD = b"HARMFUL-WORD"

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "clamd.ctl")
        self.limit = 1_000_000
        self.asked: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        os.unlink(self.path)

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            with link, link.makefile("rwb") as talk:
                command = b""
                while not command.endswith(b"\0"):
                    command += talk.read(1)
                talk.write(self._answer(command, talk) + b"\0")

    def _answer(self, command: bytes, talk: Any) -> bytes:
        self.asked.append(command)
        if command == b"zPING\0":
            return b"PONG"
        got = b""
        while length := struct.unpack(">I", talk.read(4))[0]:
            got += talk.read(length)
        if len(got) > self.limit:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Test-Signature FOUND" if self.WORD in got else b"stream: OK"


@pytest.fixture
def clamd(tmp_path: Path, settings: Settings) -> Iterator[Clamd]:
    made = Clamd(tmp_path)
    settings.FN_CLAMD = f"unix:{made.path}"
    yield made
    if os.path.exists(made.path):
        made.close()


def test_what_the_virus_check_finds_is_opened_by_nobody(eyes: Eyes, clamd: Clamd) -> None:
    # the word lies over the border of two pieces of the talk
    sent(b"x" * 65_530 + Clamd.WORD, b"clean")
    assert looking.look_at_waiting(eyes) == 2
    rows = EvidenceFile.objects.order_by("position").values_list("state", "reason", "shown")
    (first, second) = rows
    assert first == ("refused", "virus", []) and second[0] == "ready"


def test_while_the_virus_check_is_away_files_wait(eyes: Eyes, clamd: Clamd) -> None:
    sent(b"clean", b"x" * 2_000_000)
    clamd.close()
    with pytest.raises(looking.NoVirusCheck):
        looking.look_at_waiting(eyes)
    assert set(EvidenceFile.objects.values_list("state", "reason")) == {("quarantined", "no-virus-check")}
    again = Clamd(Path(clamd.path).parent)
    with pytest.raises(looking.NoVirusCheck):
        looking.look_at_waiting(eyes)  # the second is longer than it takes: nobody knows, so it waits
    states = EvidenceFile.objects.order_by("position").values_list("state", "reason")
    assert list(states) == [("ready", ""), ("quarantined", "no-virus-check")]
    again.close()


def test_check_says_that_the_virus_check_is_away(clamd: Clamd) -> None:
    from fairnotice.site import check_services

    assert list(check_services.evidence()) == []
    clamd.close()
    ((is_error, text, _),) = check_services.evidence()
    assert is_error and "does not answer" in text


@pytest.mark.parametrize(
    "text",
    ["", "unix:clamd", "192.0.2.1:3310", "clamd.example.org:3310", "127.0.0.1", "127.0.0.1:0", ":3310"],
)
def test_it_is_asked_on_this_machine_alone(text: str) -> None:
    with pytest.raises(instream.BadPlace):
        instream.parse(text)
    assert instream.parse("[::1]:3310") == instream.Place(host="::1", port=3310)


def test_held_files_go_with_what_was_held() -> None:
    from tests.cases import received_acts

    received = received_acts.held()
    uploads.keep_with(received, [handle(b"one")])
    assert uploads.sweep(now=timezone.now() + timedelta(days=99)) == 0
    assert uploads.drop_with(received) == 1 and on_disk() == set()


def test_a_held_report_that_became_one_about_a_child_keeps_none_of_its_files() -> None:
    from fairnotice.cases.actions import receive, received_desk
    from tests.cases import received_acts

    received = received_acts.arrived()
    uploads.keep_with(received, [handle(b"one")])
    receive.settle_waiting(received=received, reason="needs-a-person", draft=received_acts.DRAFT)
    draft = replace(received_acts.DRAFT, problem="child-abuse", email="")
    reviewer = making.account("reviewer", "reviewer")
    received_desk.take_draft(actor=reviewer, received_ref=received.ref, draft=uploads.without_files(draft))
    assert files.sweep() == 1 and on_disk() == set() and not EvidenceFile.objects.exists()
