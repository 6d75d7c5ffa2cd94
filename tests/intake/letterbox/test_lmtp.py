"""The LMTP door as a real process, spoken to over real sockets."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import smtplib
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.intake.letterbox import listen
from fairnotice.intake.letterbox.lmtp import MOST_CONNECTIONS, MOST_RECIPIENTS
from tests.conftest import DataFolder, folder_at
from tests.intake.letterbox.letters import kept
from tests.site.served import free_port, wait_for

pytestmark = pytest.mark.fault


class Door:
    """The process and where it listens."""

    def __init__(self, folder: DataFolder, where: str) -> None:
        self.folder, self.where = folder, where
        self.output = folder.path.parent / f"lmtp-{re.sub('[^a-z0-9]', '', where)[-20:]}.txt"
        with self.output.open("wb") as out:
            self.process: subprocess.Popen[str] = folder.start(
                "-m", "fairnotice.site.lmtp", where, str(os.getpid()), stdout=out, stderr=out
            )

    def link(self) -> socket.socket:
        place = listen.parse(self.where)
        if place.path:
            link = socket.socket(socket.AF_UNIX)
            link.connect(place.path)
        else:
            link = socket.create_connection((place.host, place.port), timeout=60)
        return link

    def most_memory(self) -> int:
        """In bytes, since it started."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) * 1024  # type: ignore[index]

    def __enter__(self) -> Door:
        wait_for(lambda: self.process.poll() is not None or "Mail is taken" in self.output.read_text())
        assert self.process.poll() is None, self.output.read_text()
        return self

    def __exit__(self, *_how: object) -> None:
        self.process.terminate()
        assert self.process.wait(30) == 0


@pytest.fixture(scope="module")
def door(migrated_databases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = folder_at(tmp_path_factory.mktemp("lmtp"), migrated_databases)
    with Door(folder, f"127.0.0.1:{free_port()}") as running:
        yield running


class Server:
    """A mail server at the door, byte by byte."""

    def __init__(self, door: Door) -> None:
        self.link = door.link()
        self._lines = self.link.makefile("rb")
        self.greeting = self.answer()
        self.features = self.say("LHLO mx.example.net")

    def answer(self) -> str:
        lines = [self._lines.readline().decode()]
        while lines[-1][3:4] == "-":
            lines.append(self._lines.readline().decode())
        return "".join(lines)

    def say(self, line: str | bytes) -> str:
        self.link.sendall((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return self.answer()

    def hand_in(
        self, raw: bytes, sender: str = "<a@example.net>", to: tuple[str, ...] = ("<x@y>",)
    ) -> list[str]:
        """Codes for each recipient, after the letter's bytes were stuffed and sent as they are."""
        assert self.say(f"MAIL FROM:{sender}").startswith("250 2.")
        for one in to:
            assert self.say(f"RCPT TO:{one}").startswith("250 2.1.5")
        assert self.say("DATA").startswith("354")
        self.link.sendall(stuffed(raw))
        return [self.answer()[:9] for _ in to]

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_how: object) -> None:
        self._lines.close()
        self.link.close()


def stuffed(raw: bytes) -> bytes:
    """RFC 5321, 4.5.2: as it travels. What does not end in CRLF gets one, which then is part of it."""
    body = raw.replace(b"\r\n.", b"\r\n..")
    body = b"." + body if body.startswith(b".") else body
    return body + b".\r\n"


def ended(raw: bytes) -> bytes:
    return raw if raw == b"" or raw.endswith(b"\r\n") else raw + b"\r\n"


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def test_it_says_what_lmtp_must_and_that_it_has_no_limit(door: Door) -> None:
    with Server(door) as server:
        assert server.greeting.startswith("220 ")
        for word in ("PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8"):
            assert word in server.features
        assert "SIZE" not in server.features
        assert server.say("EHLO x").startswith("500 5.")


def test_each_recipient_is_answered_and_the_letter_is_there_by_then(door: Door) -> None:
    raw = b"Subject: three\r\n\r\n.\r\n..a line\r\n.b\r\n"
    with Server(door) as server:
        to = ("<a@example.org>", "<b@example.org>", "<abuse+token@example.org>")
        assert server.hand_in(raw, to=to) == ["250 2.0.0"] * 3
        assert kept(door.folder.path)[_hash(raw)] == len(raw)
        before = len(kept(door.folder.path))
        # The answer was lost, so it comes again: over the same connection and over another.
        assert server.hand_in(raw, to=to) == ["250 2.0.0"] * 3
    with smtplib.LMTP(*_host_port(door)) as other:
        assert other.sendmail("a@example.net", ["a@example.org"], raw) == {}
    assert len(kept(door.folder.path)) == before


def _host_port(door: Door) -> tuple[str, int]:
    place = listen.parse(door.where)
    return place.host, place.port


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"a", b"\0", b"\xff", b"\n.\n", b"\n.\r\n"])))
def test_any_bytes_arrive_as_they_were_sent(door: Door, parts: list[bytes]) -> None:
    raw = ended(b"".join(parts))
    with Server(door) as server:
        assert server.hand_in(raw) == ["250 2.0.0"]
        # Nothing inside was taken for the end: the next command is read as one.
        assert server.say("NOOP").startswith("250 2.")
    assert _hash(raw) in kept(door.folder.path)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"X: " + b"x" * 300_000 + b"\r\n\r\n" + b"y" * 65_535 + b"\r\n",
        b"Subject: \xc3\xbc\xff\r\n\r\n" + bytes(range(256)) * 400 + b"\r\n",
        b"a" * 65_534 + b"\r\n." + b"b" * 65_536 + b"\r\n",
    ],
    ids=["empty", "long lines", "all bytes", "at the edge"],
)
def test_no_length_and_no_byte_is_refused(door: Door, raw: bytes) -> None:
    with Server(door) as server:
        assert server.hand_in(raw) == ["250 2.0.0"]
    assert kept(door.folder.path)[_hash(raw)] == len(raw)


def test_of_a_letter_of_any_length_the_beginning_is_kept_in_bounded_memory(door: Door) -> None:
    line, times = b"z" * 998 + b"\r\n", 150_000
    with Server(door) as server:
        server.say("MAIL FROM:<>")
        server.say("RCPT TO:<a@example.org>")
        server.say("DATA")
        expected = hashlib.sha256()
        for _ in range(times // 1000):
            expected.update(line * 1000)
            server.link.sendall(line * 1000)
        server.link.sendall(b".\r\n")
        assert server.answer().startswith("250 2.0.0")
    assert kept(door.folder.path)[expected.hexdigest()] == len(line) * times
    # The letter has 150 MB; the beginning, sealed and on its way into the database, is held a few times.
    assert door.most_memory() < 400_000_000


@pytest.mark.parametrize(
    "sender",
    [
        "<>",
        "<two words@example.net>",
        '<"a>b"@example.net>',
        '<unclosed" @x>',
        "no@brackets",
        "<@r,@s:a@b>",
        "<" + "l" * 3000 + "@x>",
    ],
)
def test_no_address_is_refused(door: Door, sender: str) -> None:
    raw = f"Subject: from {sender[:50]}\r\n\r\n".encode()
    with Server(door) as server:
        assert server.hand_in(raw, sender=sender, to=(sender,)) == ["250 2.0.0"]
        assert server.say(b"MAIL FROM:<\xff\xfe@x>").startswith("250")
        assert server.say(b"RCPT TO:<\xff@x>").startswith("250")
        server.say("DATA")
        server.link.sendall(b"Subject: an address that is no text " + sender[:9].encode() + b"\r\n.\r\n")
        assert server.answer().startswith("250 2.0.0")


def test_commands_may_come_all_at_once(door: Door) -> None:
    one, two = b"Subject: at once 1\r\n", b"Subject: at once 2\r\n"
    with Server(door) as server:
        for raw in (one, two):
            server.link.sendall(b"MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n" + stuffed(raw))
        said = [server.answer()[:3] for _ in range(8)]
    assert said == ["250", "250", "354", "250"] * 2
    assert {_hash(one), _hash(two)} <= set(kept(door.folder.path))


def test_what_is_cut_off_is_not_stored_and_does_no_harm(door: Door) -> None:
    before = kept(door.folder.path)
    with Server(door) as server:
        server.say("MAIL FROM:<>")
        server.say("RCPT TO:<a@b>")
        server.say("DATA")
        server.link.sendall(b"Subject: cut off\r\n\r\nhalf")
    with Server(door) as server:
        assert server.say("NOOP").startswith("250")
    assert kept(door.folder.path) == before


def test_a_full_disk_is_temporary_and_said_for_each_recipient(door: Door) -> None:
    raw = b"Subject: no room\r\n\r\n" + b"x" * 500_000 + b"\r\n"
    before = resource.prlimit(door.process.pid, resource.RLIMIT_FSIZE)
    with Server(door) as server:
        resource.prlimit(door.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        try:
            assert server.hand_in(raw, to=("<a@b>", "<c@d>")) == ["451 4.3.0"] * 2
        finally:
            resource.prlimit(door.process.pid, resource.RLIMIT_FSIZE, before)
        assert _hash(raw) not in kept(door.folder.path)
        assert server.hand_in(raw) == ["250 2.0.0"]
    assert _hash(raw) in kept(door.folder.path)


def test_too_much_at_once_is_temporary(door: Door) -> None:
    links: list[Any] = []
    try:
        with Server(door) as server:
            server.say("MAIL FROM:<>")
            lines = b"RCPT TO:<a@b>\r\n" * (MOST_RECIPIENTS + 1)
            server.link.sendall(lines)
            said = [server.answer()[:3] for _ in range(MOST_RECIPIENTS + 1)]
            assert said == ["250"] * MOST_RECIPIENTS + ["452"]
            links = [Server(door) for _ in range(MOST_CONNECTIONS - 1)]
            with door.link() as one_more:
                assert one_more.makefile("rb").readline().startswith(b"421 4.3.2")
    finally:
        for link in links:
            link.__exit__()
    with Server(door) as server:
        assert server.say("NOOP").startswith("250")


def test_nothing_of_a_letter_is_said_anywhere(door: Door) -> None:
    with Server(door) as server:
        server.hand_in(b"Subject: sentinel-subject\r\n", "<sentinel-from@example.net>", ("<sentinel-to@x>",))
    said = door.output.read_text()
    assert "sentinel" not in said and "127.0.0.1:" + str(_host_port(door)[1]) in said
    files = b"".join(path.read_bytes() for path in door.folder.path.iterdir() if path.is_file())
    assert b"sentinel" not in files


def test_a_socket_in_a_folder_is_for_the_group(data_folder: DataFolder, tmp_path: Path) -> None:
    path = tmp_path / "run" / "lmtp"
    path.parent.mkdir()
    with Door(data_folder, f"unix:{path}") as running:
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with Server(running) as server:
            assert server.hand_in(b"Subject: by a file\r\n") == ["250 2.0.0"]
    assert _hash(b"Subject: by a file\r\n") in kept(data_folder.path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8024", "127.0.0.1:8024"),
        ("localhost:24", "127.0.0.1:24"),
        ("[::1]:24", "[::1]:24"),
        ("unix:/run/a", "unix:/run/a"),
    ],
)
def test_places_that_are_possible(text: str, said: str) -> None:
    assert str(listen.parse(text)) == said
    assert listen.parse(said) == listen.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0:24",
        "192.0.2.1:24",
        "mx.example.net:24",
        "[::]:24",
        "unix:run/a",
        "unix:/" + "a" * 120,
        ":0",
        "x",
        "127.0.0.1:",
        "",
    ],
)
def test_places_that_are_not(text: str) -> None:
    with pytest.raises(listen.BadListen):
        listen.parse(text)
