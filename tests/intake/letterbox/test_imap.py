"""The IMAP door against a real server, and against one that does what real ones do now and then."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Received
from fairnotice.intake.letterbox import imap, imap_link
from fairnotice.intake.letterbox.mutf7 import quoted
from fairnotice.site import check, runner
from tests.intake.letterbox.imap_server import PASSWORD, USER, Box, post_box
from tests.intake.letterbox.letters import sample
from tests.intake.letterbox.made_up import commands, literal, made_up
from tests.site.served import free_port, hearing

DONE = '"Done &- dusted"'
pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with post_box(tmp_path_factory.mktemp("imap") / "said.txt") as running:
        yield running


@pytest.fixture(autouse=True)
def _clean(settings: LazySettings, tmp_path: Path, box: Box) -> Iterator[None]:
    settings.FN_DATA = tmp_path
    yield
    box.empty(DONE)


def account(server: int, tmp_path: Path, **changes: object) -> imap_link.Account:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n", "utf-8")
    secret.chmod(0o400)
    said: dict[str, object] = {
        "host": "127.0.0.1", "port": server, "user": USER, "password_file": secret, "folder": "INBOX",
        "done_folder": "", "tls": "none", **changes,
    }  # fmt: skip
    return imap_link.Account(**said)  # type: ignore[arg-type]


def stored() -> list[bytes]:
    return [receive.raw_of(one) for one in Received.objects.order_by("id")]


def test_what_is_new_is_stored_whole_and_then_marked(box: Box, tmp_path: Path) -> None:
    # (pymap itself loses the last byte of a letter whose headers have no end.)
    letters = [
        *(raw for raw in sample(8) if b"\r\n\r\n" in raw),
        b"a: b\r\n\r\nno end of line",
        b"\r\n\r\nall \1\xff\xfe",
    ]
    box.put(*letters)
    where = account(box.port, tmp_path)
    assert imap.poll(where) == len(letters)
    assert stored() == letters
    for one, raw in zip(Received.objects.order_by("id"), letters, strict=True):
        assert bytes(one.sha256) == hashlib.sha256(raw).digest() and one.door == "mail" and one.state == "new"
    assert box.lies() == [(raw, True) for raw in letters]
    assert imap.poll(where) == 0 and len(stored()) == len(letters)
    said = imap.health()
    assert said is not None and said.trouble == "" and said.stored == 0


def test_what_somebody_read_before_is_not_taken_unless_letters_are_moved(box: Box, tmp_path: Path) -> None:
    raw = b"Subject: read before\r\n\r\n"
    box.put(raw)
    box.mark_read()
    assert imap.poll(account(box.port, tmp_path)) == 0
    moved = account(box.port, tmp_path, done_folder="Done & dusted")
    assert imap.poll(moved) == 1 and stored() == [raw]
    assert box.lies() == []
    assert [one for one, _read in box.lies(DONE)] == [raw]
    assert imap.poll(moved) == 0


def test_a_letter_is_marked_only_after_it_was_stored(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n")
    where = account(box.port, tmp_path)

    def full(**_what: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(receive, "receive", full)
        imap.poll(where)
    assert [read for _raw, read in box.lies()] == [False, False] and stored() == []
    said = imap.health()
    assert said is not None and said.trouble
    # Stored, and the connection broke before the mark: the next visit makes no second one of it.
    with monkeypatch.context() as broken:

        def cut(self: object, uid: str) -> None:
            raise imap_link.Trouble("it ended the connection")

        broken.setattr(imap_link.Visit, "done", cut)
        assert imap.poll(where) == 0
    assert len(stored()) == 1 and [read for _raw, read in box.lies()] == [False, False]
    assert imap.poll(where) == 1
    assert len(stored()) == 2 and [read for _raw, read in box.lies()] == [True, True]


@pytest.mark.parametrize("length", [2999, 3000, 3001])
def test_a_long_letter_comes_in_pieces(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(imap_link, "PIECE", 1000)
    monkeypatch.setattr(receive, "MAX_KEPT", 2000)
    raw = bytes(32 + number % 200 for number in range(length))
    box.put(raw)
    assert imap.poll(account(box.port, tmp_path)) == 1
    one = Received.objects.get()
    assert bytes(one.sha256) == hashlib.sha256(raw).digest() and one.size == length and not one.whole
    assert stored() == [raw[:2000]]


def test_asked_to_stop_it_stops_between_two_letters(box: Box, tmp_path: Path) -> None:
    box.put(*sample(3))
    answers = iter([False, True])
    assert imap.poll(account(box.port, tmp_path), lambda: next(answers)) == 1
    assert [read for _raw, read in box.lies()] == [True, False, False]


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "imap")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


def test_with_starttls_the_certificate_has_to_be_trusted(tmp_path: Path) -> None:
    cert, key = _certificate(tmp_path)
    with post_box(tmp_path / "said.txt", "--cert", str(cert), "--key", str(key)) as safe:
        assert imap.poll(account(safe.port, tmp_path, tls="starttls")) == 0
        said = imap.health()
        assert said is not None and "certificate" in said.trouble
        imap.poll(account(safe.port, tmp_path, tls="starttls", ca_file=str(cert)))
        said = imap.health()
        assert said is not None and said.trouble == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user": "somebody"}, "name or the password"),
        ({"folder": "No such"}, "imap_folder"),
        ({"password_file": Path("/nowhere/at/all")}, "imap_password_file"),
        ({"port": 0}, "cannot be reached"),
        ({"tls": "tls"}, "imap_tls"),
        ({"tls": "starttls", "ca_file": "/nowhere/at/all"}, "imap_ca_file"),
    ],
)
def test_what_goes_wrong_is_said_once_and_shown_by_check(
    box: Box, tmp_path: Path, settings: LazySettings, changes: dict[str, object], words: str
) -> None:
    box.put(b"Subject: sentinel\r\n\r\n")
    if changes.get("port") == 0:
        changes = {"port": free_port()}
    where = account(box.port, tmp_path, **changes)
    with hearing("fairnotice.imap") as lines:
        for _visit in range(3):
            assert imap.poll(where) == 0
        assert len(lines) == 1 and words in lines[0] and PASSWORD not in lines[0]
        settings.FN_IMAP = {**vars(where), "password_file": str(where.password_file)}
        found = [one for one in check._letterbox() if words in one.text and one.level == "error"]
        assert found and "sentinel" not in str(found)
        assert imap.poll(account(box.port, tmp_path)) == 1
        assert len(lines) == 2 and "well again" in lines[1]


@pytest.mark.parametrize(
    ("answer", "raw"),
    [
        (b'* 1 FETCH (UID 7 BODY[]<0> "a \\"b\\" \\\\")\r\n', b'a "b" \\'),
        (b"* 1 FETCH (BODY[]<0> {3}\r\nabc UID 7)\r\n", b"abc"),
        (b"* 2 FETCH (FLAGS (\\Seen))\r\n" + literal(b"abc"), b"abc"),
        (literal(b"abcdef", "BODY[]"), b"abcdef"),
        (b"* 1 FETCH (UID 7 BODY[]<0> NIL)\r\n", b""),
    ],
    ids=["quoted", "uid at the end", "another's flags first", "knows no pieces", "nil"],
)
def test_every_form_of_an_answer_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, raw: bytes
) -> None:
    monkeypatch.setattr(imap_link, "PIECE", max(len(raw) - 1, 1) if raw == b"abcdef" else 1000)
    with made_up({"UID FETCH": answer}) as server:
        assert imap.poll(account(server.port, tmp_path)) == 1
        assert stored() == [raw] and commands(server, "UID STORE 7")


def test_without_move_a_letter_is_copied_and_only_it_is_taken_away(tmp_path: Path) -> None:
    can = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS\r\n"
    with made_up({"CAPABILITY": can, "UID FETCH": literal(b"abc")}) as server:
        assert imap.poll(account(server.port, tmp_path, done_folder="Done")) == 1
        assert [said.split()[1] for said in commands(server, "UID")][2:] == ["COPY", "STORE", "EXPUNGE"]
        assert commands(server, "UID EXPUNGE") == ["UID EXPUNGE 7"]
    with made_up({"UID FETCH": literal(b"abcd"), "UID COPY": b"NO"}) as server:
        imap.poll(account(server.port, tmp_path, done_folder="Done"))
        assert not commands(server, "UID STORE") and not commands(server, "EXPUNGE")
    with made_up({"UID FETCH": literal(b"abcde")}) as server:
        imap.poll(account(server.port, tmp_path, done_folder="Done"))
        # Nobody else's letters are expunged, and closing a folder would expunge.
        assert not commands(server, "(UID )?EXPUNGE|CLOSE")


@pytest.mark.parametrize(
    ("answer", "words"),
    [(None, "ended the connection"), (b"* 1 FETCH (UID 7 BODY[]<0> {99000000}\r\n", "ended the connection")],
)
def test_a_server_that_breaks_off_is_asked_again(tmp_path: Path, answer: bytes | None, words: str) -> None:
    with made_up({"UID FETCH": answer}) as server:
        assert imap.poll(account(server.port, tmp_path)) == 0 and stored() == []
        said = imap.health()
        assert said is not None and words in said.trouble
        server.answers["UID FETCH"] = literal(b"abc")
        assert imap.poll(account(server.port, tmp_path)) == 1


def test_one_letter_that_is_not_given_does_not_stop_the_others(tmp_path: Path) -> None:
    answers = {"UID SEARCH": b"* SEARCH 7 8\r\n", "UID FETCH 7": b"NO", "UID FETCH 8": literal(b"abc")}
    with made_up(answers) as server:
        assert imap.poll(account(server.port, tmp_path)) == 1 and stored() == [b"abc"]
        said = imap.health()
        assert said is not None and "does not give a letter" in said.trouble
        assert [one.split()[2] for one in commands(server, "UID STORE")] == ["8"]


def test_nothing_is_asked_for_where_no_server_is_set(settings: LazySettings) -> None:
    settings.FN_IMAP = {**settings.FN_IMAP, "host": ""}
    assert imap.account() is None and runner.mailbox(threading.Event()) == []
    settings.FN_IMAP = {**settings.FN_IMAP, "host": "127.0.0.1", "password_file": "/x"}
    assert [task.name for task in runner.mailbox(threading.Event())] == ["mailbox"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", '"INBOX"'),
        ("a&b", '"a&-b"'),
        ('say "x\\"', '"say \\"x\\\\\\""'),
        # The examples of RFC 3501, 5.1.3.
        ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),
        ("Entwürfe", '"Entw&APw-rfe"'),
    ],
)
def test_names_of_folders(name: str, written: str) -> None:
    assert quoted(name) == written
