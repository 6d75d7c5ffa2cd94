"""The witness over WSGI: addresses, methods, limits, and what it says when it cannot work."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairnotice.translog.errors import SigningError
from fairnotice.translog.notes import verify_note
from fairnotice.translog.signing import SeedKey
from fairnotice.translog.witness import body as bodies
from fairnotice.translog.witness.app import App
from fairnotice.translog.witness.cosigner import Cosigner
from fairnotice.translog.witness.marks import Marks
from fairnotice.translog.witness.rules import MAX_BODY_BYTES
from fairnotice.translog.witness.state import State
from tests.translog.witness.made import COSIGNER, LOGS, NAME, NOW, ORIGIN, Tree, opened

TREE = Tree()
DIGEST = hashlib.sha256(ORIGIN.encode()).hexdigest()
LAST = f"/{DIGEST}/checkpoint"
PLAIN = "text/plain; charset=utf-8"


class Page:
    """An answer, taken apart."""

    def __init__(self, app: App, method: str, path: str, data: bytes | None = None, **environ: Any) -> None:
        request = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(data or b"")}
        if data is not None:
            request["CONTENT_LENGTH"] = str(len(data))
        said: list[Any] = []
        parts = app(request | environ, lambda status, headers: said.extend((status, headers)))
        self.text = b"".join(parts).decode()
        self.status = int(said[0].split()[0])
        self.headers = dict(said[1])


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path) as made:
        yield made


@pytest.fixture
def app(state: State, tmp_path: Path) -> App:
    evidence = tmp_path / "evidence"
    return App(cosigner=COSIGNER, logs=LOGS, state=state, evidence=evidence, clock=lambda: NOW + 0.9)


def add(app: App, old: int, size: int, tree: Tree = TREE) -> Page:
    return Page(app, "POST", "/add-checkpoint", tree.body(old, size))


def test_a_cosigned_checkpoint_can_be_fetched(app: App) -> None:
    assert Page(app, "GET", LAST).status == 404
    page = add(app, 0, 7)
    assert (page.status, page.headers["Content-Type"]) == (200, PLAIN)
    assert page.text.startswith(f"\u2014 {NAME} ") and page.text.endswith("\n")
    last = Page(app, "GET", LAST)
    assert (last.status, last.text) == (200, TREE.note(7) + page.text)
    head = Page(app, "HEAD", LAST)
    assert (head.status, head.text) == (200, "")
    assert head.headers["Content-Length"] == str(len(last.text.encode()))


def test_conflict_and_fork_as_the_specification_says(app: App) -> None:
    add(app, 0, 7)
    conflict = add(app, 0, 9)
    assert (conflict.status, conflict.text) == (409, "7\n")
    assert conflict.headers["Content-Type"] == "text/x.tlog.size"
    fork = add(app, 7, 9, Tree(fork=2))
    assert (fork.status, fork.headers["Content-Type"]) == (422, PLAIN)
    assert "forked" in fork.text


def test_the_proof_of_a_fork_is_kept_once_and_a_bad_proof_is_none(app: App, tmp_path: Path) -> None:
    signed = add(app, 0, 7).text
    fork = Tree(fork=2)
    assert add(app, 7, 9, fork).status == 422
    assert Page(app, "POST", "/add-checkpoint", TREE.body(7, 9, proof=[bytes(32)])).status == 422
    assert not (tmp_path / "evidence").exists()
    for _ in range(2):
        assert add(app, 7, 7, fork).status == 422
    (kept,) = (tmp_path / "evidence").iterdir()
    ours, theirs = kept.read_text().split("\n\n\n")
    assert ours + "\n" == TREE.note(7) + signed
    assert theirs == fork.note(7)
    assert verify_note(theirs, LOGS[ORIGIN]).text.startswith(f"{ORIGIN}\n7\n")


def test_evidence_that_cannot_be_kept_changes_no_answer(app: App, tmp_path: Path) -> None:
    add(app, 0, 7)
    (tmp_path / "evidence").write_text("in the way")
    assert add(app, 7, 7, Tree(fork=2)).status == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/", 200, None),
        ("HEAD", "/", 200, None),
        ("POST", "/", 405, "GET, HEAD"),
        ("GET", "/add-checkpoint", 405, "POST"),
        ("PUT", "/add-checkpoint", 405, "POST"),
        ("POST", LAST, 405, "GET, HEAD"),
        ("GET", "/add-checkpoint/", 404, None),
        ("GET", f"/{DIGEST.upper()}/checkpoint", 404, None),
        ("GET", f"/{'0' * 64}/checkpoint", 404, None),
        ("GET", f"/{DIGEST}", 404, None),
        ("GET", f"/{DIGEST}/checkpoint\n", 404, None),
        ("GET", "/robots.txt", 404, None),
    ],
)
def test_addresses_and_methods(app: App, method: str, path: str, status: int, allow: str | None) -> None:
    page = Page(app, method, path)
    assert (page.status, page.headers.get("Allow")) == (status, allow)


def test_a_prefix_stands_before_every_address(state: State) -> None:
    app = App(cosigner=COSIGNER, logs=LOGS, state=state, prefix="/witness", clock=lambda: NOW)
    assert Page(app, "POST", "/witness/add-checkpoint", TREE.body(0, 7)).status == 200
    assert Page(app, "GET", f"/witness{LAST}").status == 200
    assert Page(app, "GET", "/witness").status == Page(app, "GET", "/witness/").status == 200
    for path in ("/add-checkpoint", LAST, "/", "/witnesses/"):
        assert Page(app, "GET", path).status == 404


@pytest.mark.parametrize(
    ("length", "status"),
    [("", 411), ("seven", 400), ("-1", 400), (str(MAX_BODY_BYTES + 1), 413), ("9" * 17, 413)],
)
def test_the_length_decides_before_anything_is_read(app: App, length: str, status: int) -> None:
    class Untouched:
        def read(self, size: int) -> bytes:
            raise AssertionError("it was read")

    environ: dict[str, Any] = {"CONTENT_LENGTH": length, "wsgi.input": Untouched()}
    page = Page(app, "POST", "/add-checkpoint", **environ)
    assert (page.status, page.headers["Connection"]) == (status, "close")


def test_a_body_cut_short_is_400(app: App) -> None:
    raw = TREE.body(0, 7)
    environ = {"CONTENT_LENGTH": str(len(raw) + 1)}
    page = Page(app, "POST", "/add-checkpoint", raw, **environ)
    assert (page.status, page.text) == (400, "The request broke off before its end.\n")


def test_a_sender_who_stalls_is_let_go(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    release = threading.Event()

    class Stalled:
        def read(self, size: int) -> bytes:
            release.wait()
            return b""

    monkeypatch.setattr(bodies, "SECONDS", 0.05)
    environ: dict[str, Any] = {"CONTENT_LENGTH": "9", "wsgi.input": Stalled()}
    try:
        assert Page(app, "POST", "/add-checkpoint", **environ).status == 408
    finally:
        release.set()


def test_too_many_senders_are_asked_to_come_back(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(bodies, "_places", threading.BoundedSemaphore(1))
    assert bodies._places.acquire()
    assert add(app, 0, 7).status == 503
    bodies._places.release()
    assert add(app, 0, 7).status == 200


def test_a_memory_that_was_put_back_is_503_with_a_sentence(
    app: App, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add(app, 0, 7)
    Marks(tmp_path / "marks").path(ORIGIN).unlink()
    for page in (add(app, 7, 9), Page(app, "GET", LAST)):
        assert page.status == 503
        assert page.text.startswith("This witness has noticed that its memory of this log was put back.")
        assert str(tmp_path) not in page.text
    assert Page(app, "GET", "/").status == 200
    assert f"the mark of {ORIGIN} is missing" in caplog.text


class PulledOut:
    """A key whose card was pulled out after the start."""

    public_key = SeedKey(bytes(range(3, 35))).public_key

    def sign(self, message: bytes) -> bytes:
        raise SigningError("the card with serial number 17 is gone")


def test_a_key_that_cannot_sign_is_503_without_its_words(
    state: State, caplog: pytest.LogCaptureFixture
) -> None:
    app = App(cosigner=Cosigner(NAME, PulledOut()), logs=LOGS, state=state, clock=lambda: NOW)
    page = add(app, 0, 7)
    assert page.status == 503 and "17" not in page.text
    assert "serial number 17" in caplog.text
    assert Page(app, "GET", LAST).status == 404


def test_a_fault_of_ours_is_500_without_its_words(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("the inside of the program")

    monkeypatch.setattr(State, "cosign", broken)
    page = add(app, 0, 7)
    assert page.status == 500 and "inside" not in page.text
    assert "the inside of the program" in caplog.text


def test_the_page_says_what_this_is_whose_and_for_which_logs(app: App) -> None:
    text = Page(app, "GET", "/").text
    for expected in (*COSIGNER.vkeys, ORIGIN, LAST, "witness for transparency logs"):
        assert expected in text


def test_with_an_ml_dsa_key_there_are_two_lines(state: State) -> None:
    both = Cosigner(NAME, COSIGNER.key, bytes(range(4, 36)))
    app = App(cosigner=both, logs=LOGS, state=state, clock=lambda: NOW)
    page = add(app, 0, 7)
    lines = page.text.splitlines(keepends=True)
    assert page.status == 200 and len(lines) == 2
    from fairnotice.translog.witness.client import verified_lines

    text = TREE.note(7).split("\n\n")[0] + "\n"
    for verifier, line in zip(both.verifiers, lines, strict=True):
        assert verified_lines(text, page.text.encode(), verifier) == (line,)
