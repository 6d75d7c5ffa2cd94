"""Letters from files and from a mail server's pipe, by the commands that people and mail servers run."""

from __future__ import annotations

import argparse
import hashlib
import json
import mailbox
import resource
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Notice, Received
from fairnotice.intake import reading
from fairnotice.intake.letterbox import files
from fairnotice.intake.letterbox.kept import Letter, envelope
from fairnotice.intake.reading_types import Reading
from fairnotice.ledger.models import OutboxRow
from fairnotice.site import intake_commands
from tests.cases.received_acts import DRAFT
from tests.conftest import DataFolder
from tests.intake.letterbox.letters import kept, sample

LETTER = b"From: a@example.net\r\nSubject: one\r\n\r\nhello\r\n"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, fn_db: None) -> None:
    """Stands in for the reader of letters: those that say "notice" are one."""

    def read(raw: bytes, said: dict[str, Any]) -> Reading:
        if b"notice" in raw:
            return Reading("notice", "mail", DRAFT, machine=True, receipt_to="a@example.net")
        return Reading("draft", "mail", DRAFT, reason="needs-a-person", receipt_to="a@example.net")

    monkeypatch.setitem(reading.READERS, "mail", read)


def _run(*paths: Path, json: bool = False, receipts: bool = False) -> int:
    return intake_commands.mail(argparse.Namespace(paths=list(paths), json=json, receipts=receipts))


def _all(path: Path) -> list[bytes]:
    return [bytes(letter._kept) for letter, _count in files.letters_of(path)]


@pytest.mark.usefixtures("reader")
def test_a_mailbox_of_each_kind_is_taken_in_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box, maildir, folder = tmp_path / "old.mbox", tmp_path / "Maildir", tmp_path / "folder" / "deep"
    letters = sample(6)
    made = mailbox.mbox(box)
    for raw in letters[:3]:
        made.add(raw)
    made.close()
    real = mailbox.Maildir(maildir)
    for raw in letters[3:5]:
        real.add(raw)
    folder.mkdir(parents=True)
    (folder / "a.eml").write_bytes(letters[5])
    (folder / "b.eml").write_bytes(LETTER + b"a notice\r\n")
    (folder / "c.txt").write_bytes(b"no letter")
    assert _run(box, maildir, tmp_path / "folder") == 0
    said = capsys.readouterr().out
    assert (
        "6 wait for a person" in said
        and "1 notices" in said
        and f"Notice: {Notice.objects.get().ref}" in said
    )
    assert Received.objects.count() == 7
    assert {bytes(one.sha256) for one in Received.objects.all()} >= {
        hashlib.sha256(raw).digest() for raw in [*letters[5:], LETTER + b"a notice\r\n"]
    }
    assert _run(box, maildir, tmp_path / "folder") == 0
    assert "7 known already" in capsys.readouterr().out and Received.objects.count() == 7
    # Letters of some time ago get no receipt unless it is asked for; a notice has its code.
    assert [row.kind for row in OutboxRow.objects.all()] == ["notice-received"]


@pytest.mark.usefixtures("reader")
def test_each_letter_is_a_line_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.eml").write_bytes(LETTER)
    assert _run(tmp_path / "a.eml", tmp_path / "a.eml", json=True, receipts=True) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "path": str(tmp_path / "a.eml"), "sha256": hashlib.sha256(LETTER).hexdigest(), "known": False,
        "ref": Received.objects.get().ref, "state": "waiting", "reason": "needs-a-person", "notice": "",
    }  # fmt: skip
    assert second == {**first, "known": True}
    assert [row.kind for row in OutboxRow.objects.all()] == [receive.RECEIPT]
    assert intake_commands.show(argparse.Namespace(state="")) == 0
    assert first["ref"] in capsys.readouterr().out


@pytest.mark.usefixtures("reader")
def test_what_cannot_be_read_is_said_and_the_rest_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.eml").write_bytes(LETTER)
    (tmp_path / "empty").mkdir()
    assert _run(tmp_path / "none", tmp_path / "empty", tmp_path / "a.eml") == 1
    said = capsys.readouterr().err
    assert "none: No such file" in said and "neither a Maildir" in said
    assert Received.objects.count() == 1


@pytest.mark.usefixtures("fn_db")
def test_what_was_stored_before_is_read_later(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    receive.receive(door="mail", raw=LETTER)
    assert intake_commands.show(argparse.Namespace(state="new")) == 0
    assert " mail new" in capsys.readouterr().out
    monkeypatch.setitem(reading.READERS, "mail", lambda raw, said: Reading("automatic", "mail"))
    assert intake_commands.read(argparse.Namespace()) == 0
    assert Received.objects.get().state == "filed"


@given(
    st.lists(st.text("ab.\n ", max_size=20).map(str.encode), min_size=1, max_size=5),
    st.sampled_from([b"\n", b"\r\n"]),
)
def test_an_mbox_gives_back_what_was_put_in(tmp_path_factory: Any, bodies: list[bytes], end: bytes) -> None:
    letters = [(b"Subject: x\n\n" + body + b"\n").replace(b"\n", end) for body in bodies]
    path = tmp_path_factory.mktemp("mbox") / "box"
    path.write_bytes(b"".join(b"From a@b Thu Nov 26 07:35:06 2026" + end + one + end for one in letters))
    assert _all(path) == letters
    assert [sum(count for _letter, count in files.letters_of(path))] == [path.stat().st_size]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (b"From a@b Thu Nov 26 07:35:06 2026\na: b\n\nFrom here on it is text.\n\nFrom me\n", 1),
        (b"From a@b Thu Nov 26 07:35:06 2026\na: b\n\nx\nFrom a@b Thu Nov 26 07:35:06 2026\n", 1),
        (b"From - Thu Nov 26 07:35:06 2026\r\n\r\n\r\nFrom - Thu Nov 26 07:35:06 2026\r\n", 2),
        (b"From 1@xxx Thu Nov 26 07:35:06 +0000 2026\n\n" + b"x" * 200_000 + b"\n\n", 1),
        (b"From: a@b\n\nhello\n\nFrom a@b Thu Nov 26 07:35:06 2026\n", 1),
    ],
)
def test_only_a_line_of_an_mbox_ends_a_letter(tmp_path: Path, text: bytes, count: int) -> None:
    (tmp_path / "box").write_bytes(text)
    assert len(_all(tmp_path / "box")) == count


@pytest.mark.usefixtures("fn_db")
def test_of_a_letter_that_is_too_long_the_hash_is_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "MAX_KEPT", 10)
    letter = Letter()
    for piece in (b"01234", b"56789abc", b"def"):
        letter.add(piece)
    received, known = letter.store()
    assert not known and receive.raw_of(received) == b"0123456789" and not received.whole
    assert received.size == 16 and bytes(received.sha256) == hashlib.sha256(b"0123456789abcdef").digest()


@pytest.mark.parametrize(
    ("sender", "to", "said"),
    [
        (None, [""], {}),
        ("", ["<a@b>"], {"from": "", "to": ["a@b"]}),
        ("MAILER-DAEMON", [], {"from": ""}),
        ("<>", ["a@b", "c@d"], {"from": "", "to": ["a@b", "c@d"]}),
        ("a\udcff@b", [], {"from": "a\ufffd@b"}),
    ],
)
def test_what_the_envelope_says(sender: str | None, to: list[str], said: dict[str, Any]) -> None:
    assert envelope(sender, to) == said


def _pipe(folder: DataFolder, *words: str, **options: Any) -> subprocess.CompletedProcess[Any]:
    command = ("-m", "fairnotice", "intake", "pipe", *words)
    return folder.run(*command, text=False, **{"input": LETTER, **options})


def test_a_pipe_is_done_only_when_the_letter_is_stored(data_folder: DataFolder, tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    tries = [
        _pipe(data_folder, preexec_fn=small),
        _pipe(data_folder, "--no-such-option"),
        _pipe(data_folder, "--data", str(tmp_path / "nowhere")),
    ]
    assert [one.returncode for one in tries] == [75] * 3
    assert kept(data_folder.path) == {}
    done = _pipe(data_folder, "--sender", "a@example.net", "--recipient", "abuse@example.org")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert _pipe(data_folder).returncode == 0
    assert kept(data_folder.path) == {hashlib.sha256(LETTER).hexdigest(): len(LETTER)}
