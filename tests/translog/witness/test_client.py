"""The log's side: what it makes of every answer, from real servers, good and bad ones."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from fairnotice.translog import cosignature
from fairnotice.translog.errors import NoteError, TranslogError
from fairnotice.translog.notes import open_note, signature_line, verify_note
from fairnotice.translog.signing import SeedKey
from fairnotice.translog.witness import http as link
from fairnotice.translog.witness.app import App
from fairnotice.translog.witness.client import (
    Ahead,
    Conflict,
    Refused,
    Result,
    Signed,
    Unreachable,
    Witness,
    cosigned,
    submit,
)
from fairnotice.translog.witness.cosigner import Cosigner
from fairnotice.translog.witness.errors import WitnessError
from fairnotice.translog.witness.http import check_url
from tests.site.served import free_port
from tests.translog.witness.made import COSIGNER, LOG_KEY, LOGS, NOW, Tree, opened

TREE = Tree()
OTHER = Cosigner("other.example.net", SeedKey(bytes(range(5, 37))))
Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextlib.contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """A server on loopback that answers as told; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

        do_GET = do_POST  # noqa: N815  the base class's name

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def say(handler: BaseHTTPRequestHandler, status: int, text: str | bytes, **headers: str) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    handler.send_response(status)
    for name, value in ({"Content_Type": "text/plain"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def fixed(status: int, text: str | bytes, **headers: str) -> Answer:
    return lambda handler, _: say(handler, status, text, **headers)


@contextlib.contextmanager
def real(folder: Path, cosigner: Cosigner = COSIGNER) -> Iterator[tuple[str, list[str]]]:
    """A real witness (its WSGI application) over a real socket: its address, and the first lines it was sent."""
    seen: list[str] = []
    with opened(folder) as state:
        app = App(cosigner=cosigner, logs=LOGS, state=state, clock=lambda: NOW)

        def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
            import io

            if handler.command == "POST":
                seen.append(body.split(b"\n")[0].decode())
            environ = {
                "REQUEST_METHOD": handler.command,
                "PATH_INFO": handler.path,
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
            said: list[Any] = []
            parts = app(environ, lambda status, headers: said.extend((status, dict(headers))))
            say(handler, int(said[0][:3]), b"".join(parts), Content_Type=said[1]["Content-Type"])

        with answering(answer) as url:
            yield url, seen


def witness(url: str, name: str = "w", cosigner: Cosigner = COSIGNER, key: int = 0) -> Witness:
    return Witness(name, cosigner.verifiers[key], url)


def ask(
    url: str | Sequence[Witness],
    size: int = 7,
    known: dict[str, int] | None = None,
    seconds: float = 10,
    tree: Tree = TREE,
) -> list[Result]:
    witnesses = [witness(url)] if isinstance(url, str) else url
    return submit(witnesses, tree.note(size), lambda old: tree.proof(old, size), known or {}, seconds=seconds)


def test_a_first_submission_and_one_that_remembers(tmp_path: Path) -> None:
    with real(tmp_path) as (url, seen):
        (first,) = ask(url, 3)
        assert isinstance(first, Signed) and first.size == 3
        (second,) = ask(url, 7, {"w": first.size})
        assert isinstance(second, Signed)
        assert seen == ["old 0", "old 3"]
    note = cosigned(TREE.note(7), second.lines)
    assert open_note(note, [COSIGNER.verifiers[0]]) == open_note(note, [LOG_KEY.verifier])


def test_one_that_forgot_reads_the_size_and_tries_once_more(tmp_path: Path) -> None:
    with real(tmp_path) as (url, seen):
        ask(url, 3)
        assert isinstance(ask(url, 7)[0], Signed)
        assert isinstance(ask(url, 9, {"w": 5})[0], Signed)
        # A memory that is larger than our own tree cannot be right for this note.
        assert isinstance(ask(url, 9, {"w": 99})[0], Signed)
        assert seen == ["old 0", "old 0", "old 3", "old 5", "old 7", "old 0", "old 9"]


def test_a_log_that_was_put_back_is_told_with_evidence(tmp_path: Path) -> None:
    with real(tmp_path) as (url, _):
        (signed,) = ask(url, 9)
        assert isinstance(signed, Signed)
        (result,) = ask(url, 7, {"w": 7})
    assert isinstance(result, Ahead) and result.size == 9
    assert result.checkpoint == cosigned(TREE.note(9), signed.lines)
    assert len(verify_note(result.checkpoint, [LOG_KEY.verifier, *COSIGNER.verifiers]).verified) == 2


@pytest.mark.parametrize(("old", "size"), [(7, 9), (0, 7), (7, 7)])
def test_a_fork_is_told_with_evidence(tmp_path: Path, old: int, size: int) -> None:
    with real(tmp_path) as (url, _):
        ask(url, 7)
        (result,) = ask(url, size, {"w": old}, tree=Tree(fork=2))
    assert isinstance(result, Conflict) and "does not continue" in result.sentence
    assert verify_note(result.checkpoint, [LOG_KEY.verifier]).text == TREE.note(7).split("\n\n")[0] + "\n"


def test_409_for_another_root_of_the_same_size_is_a_fork_too() -> None:
    """Witnesses of the protocol before version 1 answer like this."""
    for answer in (fixed(409, "7\n", Content_Type="text/x.tlog.size"), fixed(409, "different root")):
        with answering(answer) as url:
            assert isinstance(ask(url, 7, {"w": 7})[0], Conflict)


def test_an_address_with_two_keys_is_asked_once(tmp_path: Path) -> None:
    both = Cosigner(COSIGNER.name, COSIGNER.key, bytes(range(4, 36)))
    with real(tmp_path, both) as (url, seen):
        results = ask([witness(url, "a", both, 0), witness(f"{url}/", "b", both, 1)])
        assert seen == ["old 0"]
    lines = [line for result in results if isinstance(result, Signed) for line in result.lines]
    note = cosigned(TREE.note(7), lines)
    assert len(verify_note(note, [LOG_KEY.verifier, *both.verifiers]).verified) == 3


def test_lines_by_other_keys_are_dropped() -> None:
    text = TREE.note(7).split("\n\n")[0] + "\n"
    mine, other = COSIGNER.lines(text, NOW), OTHER.lines(text, NOW)
    with answering(fixed(200, other + mine)) as url:
        (result,) = ask(url)
    assert isinstance(result, Signed) and result.lines == (mine,)


def bad_lines() -> dict[str, str | bytes]:
    text = TREE.note(7).split("\n\n")[0] + "\n"
    mine = COSIGNER.lines(text, NOW)
    zero = signature_line(
        COSIGNER.name,
        COSIGNER.verifiers[0].key_id,
        bytes(8) + COSIGNER.key.sign(cosignature.cosigned_message(text.encode(), 0)),
    )
    return {
        "nothing": "",
        "another key": OTHER.lines(text, NOW),
        "another tree": COSIGNER.lines(TREE.note(8).split("\n\n")[0] + "\n", NOW),
        "another time": mine[:30] + ("A" if mine[30] != "A" else "B") + mine[31:],
        "no time": zero,
        "no line feed": mine[:-1],
        "no line": f"{mine}thank you\n",
        "no text": b"\xff\xfe",
        "a line of another shape": mine.replace("\u2014 ", "- "),
        "far too many": mine * 101,
        "one good and one bad": mine + COSIGNER.lines(TREE.note(8).split("\n\n")[0] + "\n", NOW),
    }


@pytest.mark.parametrize("what", list(bad_lines()))
def test_an_answer_200_that_does_not_hold_is_refused(what: str) -> None:
    with answering(fixed(200, bad_lines()[what])) as url:
        (result,) = ask(url)
    assert isinstance(result, Refused) and result.status == 200 and result.sentence


@pytest.mark.parametrize("status", [302, 400, 403, 404, 405, 413, 429, 500, 503])
def test_another_status_is_refused_with_its_sentence(status: int) -> None:
    with answering(fixed(status, "Not \x1b[2J today.\n", Location="http://127.0.0.1:9/")) as url:
        (result,) = ask(url)
    assert result == Refused(witness(url), status, "Not \\u001b[2J today.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("3\n", "text/plain"), ("3", "text/x.tlog.size"), ("03\n", "text/x.tlog.size"), ("-1\n", "text/x.tlog.size"),
     ("\n", "text/x.tlog.size"), (f"{2**63}\n", "text/x.tlog.size"), ("3\n3\n", "text/x.tlog.size")],
)  # fmt: skip
def test_a_size_that_is_none_is_not_believed(text: str, kind: str) -> None:
    with answering(fixed(409, text, Content_Type=kind)) as url:
        (result,) = ask(url)
    assert isinstance(result, Refused) and result.status == 409


def test_a_witness_that_names_another_size_each_time_is_asked_twice_only() -> None:
    count = []

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        count.append(1)
        say(handler, 409, f"{len(count)}\n", Content_Type="text/x.tlog.size; charset=utf-8")

    with answering(answer) as url:
        (result,) = ask(url)
    assert isinstance(result, Refused) and len(count) == 2


def test_redirects_are_not_followed() -> None:
    asked = []
    with answering(lambda handler, _: asked.append(handler.path)) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            with answering(fixed(status, "", Location=f"{elsewhere}/add-checkpoint")) as url:
                assert isinstance(ask(url)[0], Refused)
    assert asked == []


def test_nobody_there() -> None:
    (result,) = ask(f"http://127.0.0.1:{free_port()}")
    assert isinstance(result, Unreachable) and result.reason == "it does not take connections"


def silent(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    time.sleep(4)


def dripping(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """A byte now and then: no single wait is long."""
    with contextlib.suppress(OSError):
        for _number in range(200):
            handler.wfile.write(b"H")
            time.sleep(0.02)


def endless(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _number in range(64):
            handler.wfile.write(b"x" * 65536)


def cut(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


@pytest.mark.parametrize(
    ("answer", "reason"), [(silent, "no answer in time"), (dripping, "no answer in time")]
)
def test_a_slow_one_holds_up_nobody(tmp_path: Path, answer: Answer, reason: str) -> None:
    with answering(answer) as slow, real(tmp_path) as (url, _):
        result, good = ask([witness(slow, "slow"), witness(url, "good")], seconds=2)
        assert isinstance(result, Unreachable) and result.reason == reason
        assert isinstance(good, Signed)
        # Its thread ends with the deadline instead of waiting on.
        for thread in threading.enumerate():
            if thread.name == "witness":
                thread.join(5)
                assert not thread.is_alive()


@pytest.mark.parametrize(("answer", "reason"), [(endless, "longer than"), (cut, "the connection failed")])
def test_an_answer_that_is_too_long_or_cut_is_none(answer: Answer, reason: str) -> None:
    with answering(answer) as url:
        (result,) = ask(url)
    assert isinstance(result, Unreachable) and reason in result.reason


def test_a_compressed_answer_is_not_unpacked() -> None:
    import gzip

    with answering(
        fixed(200, gzip.compress(bytes(link.MAX_ANSWER_BYTES * 40)), Content_Encoding="gzip")
    ) as url:
        (result,) = ask(url)
    assert isinstance(result, Refused)


def test_proofs_are_made_in_the_calling_thread_and_once_for_each_size(tmp_path: Path) -> None:
    asked: list[tuple[int, bool]] = []

    def proof_from(old: int) -> list[bytes]:
        asked.append((old, threading.current_thread() is threading.main_thread()))
        return TREE.proof(old, 7)

    with real(tmp_path / "a") as (a, _), real(tmp_path / "b", OTHER) as (b, _):
        both = [witness(a, "a"), witness(b, "b", OTHER)]
        ask(both, 3)
        results = submit(both, TREE.note(7), proof_from, {})
    assert [type(result) for result in results] == [Signed, Signed]
    assert [result.witness.name for result in results] == ["a", "b"]
    assert asked == [(3, True)]


def test_a_proof_that_cannot_be_made_goes_up_to_the_caller(tmp_path: Path) -> None:
    def proof_from(old: int) -> list[bytes]:
        raise LookupError("a tile is missing")

    with real(tmp_path) as (url, _):
        ask(url, 3)
        with pytest.raises(LookupError):
            submit([witness(url)], TREE.note(7), proof_from, {})


def test_nothing_to_ask_and_nothing_to_submit() -> None:
    assert submit([], TREE.note(7), lambda old: [], {}) == []
    with pytest.raises(TranslogError):
        submit([], "no note", lambda old: [], {})


@pytest.mark.parametrize(
    "url",
    ["https://witness.example.org", "https://witness.example.org:8443/a/b", "http://127.0.0.1:1/", "http://[::1]:1",
     "http://localhost/w"],
)  # fmt: skip
def test_addresses_that_may_be_asked(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url",
    ["http://witness.example.org", "http://192.0.2.7/", "http://127.0.0.1.example.org", "http://127.0.0.1@example.org/",
     "https://user@witness.example.org", "https://witness.example.org/?x", "https://witness.example.org/#x", "https://",
     "ftp://witness.example.org", "file:///etc/hosts", "witness.example.org", "", "https://witness.example.org:99999",
     "https://witness.example.org/a b", "https://witness.example.org/\r\nX: y", "https://[::1", "http://0.0.0.0/"],
)  # fmt: skip
def test_addresses_that_may_not(url: str) -> None:
    with pytest.raises(WitnessError):
        check_url(url)
    with pytest.raises(WitnessError):
        witness(url)


def test_a_logs_key_is_no_witness() -> None:
    with pytest.raises(WitnessError, match="not a witness's"):
        Witness("w", LOG_KEY.verifier, "https://witness.example.org")


def test_lines_are_appended_once_and_newer_ones_replace() -> None:
    note = TREE.note(7)
    text = note.split("\n\n")[0] + "\n"
    old, new, other = COSIGNER.lines(text, NOW), COSIGNER.lines(text, NOW + 9), OTHER.lines(text, NOW)
    assert cosigned(note, []) == note
    assert cosigned(note, [old, old, other]) == note + old + other
    assert cosigned(note + old + other, [new]) == note + other + new
    assert cosigned(cosigned(note, [old]), [old]) == note + old
    with pytest.raises(NoteError):
        cosigned(note, ["hello\n"])
