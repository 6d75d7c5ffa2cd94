"""The process in which letters are read: what it may not do, and what happens where it dies or stalls."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairnotice.intake.mail.child import Reader
from fairnotice.intake.mail.reader import read_letter
from fairnotice.intake.mail.samples import SAMPLES
from fairnotice.intake.mail.worker import MEMORY
from fairnotice.intake.reading_types import Envelope
from fairnotice.plumbing import limited
from tests.intake.mail.making import TEMPLATE, letter
from tests.intake.mail.test_limits import EVERY

_PLACE = letter("http://x.example/")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    # What is waited for here is an answer, not how quick a busy machine is.
    with Reader(wall=60) as made:
        yield made


def test_it_says_what_is_read_in_this_process(reader: Reader) -> None:
    envelope = Envelope("writer@example.org", ("a@example.com",), ("fair.example",))
    for raw in (*SAMPLES, *EVERY.values(), b"", b"\x00\xff" * 500):
        assert reader.read(raw, envelope) == read_letter(raw, envelope)
    assert reader.usage.started == 1 and reader.usage.killed == 0
    assert 0 < reader.usage.peak_kb * 1024 < MEMORY


def test_a_charset_that_is_none_is_known_for_one(reader: Reader) -> None:
    """Python looks for a file of that name, and none can be opened there."""
    raw = letter("abc", 'Content-Type: text/plain; charset="no-such-thing"') + b"\xff"
    assert reader.read(raw) == read_letter(raw) and reader.read(raw).reason == "no-place"


def test_it_may_open_nothing_and_has_little_memory(reader: Reader) -> None:
    reader.read(_PLACE)
    said = Path(f"/proc/{reader.pid}/limits").read_text().splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in said}
    assert limits["Max open files"] == ["0", "0"]
    assert limits["Max file size"] == ["0", "0"] and limits["Max core file size"] == ["0", "0"]
    assert limits["Max address space"] == [str(MEMORY)] * 2
    assert int(limits["Max cpu time"][0]) <= 20
    assert b"FAIRNOTICE" not in Path(f"/proc/{reader.pid}/environ").read_bytes()


def test_one_that_was_killed_is_replaced(reader: Reader) -> None:
    reader.read(_PLACE)
    assert reader.pid is not None
    first = reader.pid
    os.kill(first, signal.SIGKILL)
    assert reader.read(letter(TEMPLATE)).outcome == "notice", "the letter that comes next did no harm"
    assert reader.pid != first


def test_one_that_stalls_is_ended_and_a_person_gets_the_letter(reader: Reader) -> None:
    reader.read(_PLACE)
    first, killed = reader.pid, reader.usage.killed
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    reader.wall = 0.2
    reading = reader.read(_PLACE)
    assert (reading.outcome, reading.reason) == ("draft", "too-slow")
    assert reading.draft and reading.draft.why == "http://x.example/", "as it is written"
    assert reader.usage.killed == killed + 1
    reader.wall = 60
    assert reader.read(_PLACE).reason == "needs-a-person" and reader.pid != first


def test_a_letter_that_does_harm_harms_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader with holes: the process has the limits that hold the harm."""
    harm = {
        "memory": "[b'x' * 1_000_000 for _ in range(400)]",
        "file": f"open({str(tmp_path / 'made')!r}, 'w')",
        "net": "__import__('socket').socket()",
        "death": "__import__('os')._exit(1)",
        "time": "exec('while True: pass')",
    }
    lines = [
        "import socket",
        "import fairnotice.plumbing.mail.letter as letter",
        "sound = letter.take_apart",
        "def harmed(raw):",
        *(f"    if b'HARM-{name}' in raw: {code}" for name, code in harm.items()),
        "    return sound(raw)",
        "letter.take_apart = harmed",
    ]
    (tmp_path / "sitecustomize.py").write_text("\n".join(lines))
    monkeypatch.setattr(limited, "_SOURCE", f"{limited._SOURCE}{os.pathsep}{tmp_path}")
    ended = []
    with Reader(wall=60) as reader:
        for name in harm:
            before = reader.usage.killed
            reading = reader.read(letter(f"HARM-{name}"))
            assert reading.outcome == "draft" and reading.draft is not None
            assert reading.reason == ("unreadable" if name in ("file", "net") else "too-slow"), name
            assert reader.read(_PLACE).reason == "needs-a-person"
            ended.append(reader.usage.killed - before)
    assert ended == [0, 0, 0, 2, 1], "one that dies by itself is tried once more"
    assert not (tmp_path / "made").exists()


def test_it_is_renewed_after_many_letters_or_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "MANY", 2)
    with Reader(wall=60) as reader:
        for _ in range(3):
            assert reader.read(_PLACE).reason == "needs-a-person"
        assert reader.usage.started == 2
        reader.spent = 1
        reader.read(_PLACE)
        assert reader.pid is None


def test_one_that_does_not_start_loses_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    for broken in ("/nowhere/python", shutil.which("false")):
        monkeypatch.setattr(sys, "executable", broken)
        with Reader(wall=60) as reader:
            reading = reader.read(_PLACE)
            assert (reading.outcome, reading.reason) == ("draft", "unreadable")


def test_many_threads_share_one(reader: Reader) -> None:
    found: list[bool] = []

    def work(number: int) -> None:
        raw = letter(f"http://x.example/{number}")
        found.extend(reader.read(raw) == read_letter(raw) for _ in range(5))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 30


def test_it_ends_with_whoever_started_it(reader: Reader) -> None:
    reader.read(_PLACE)
    process = reader._process
    assert process is not None and process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    assert reader.read(_PLACE).reason == "needs-a-person"
