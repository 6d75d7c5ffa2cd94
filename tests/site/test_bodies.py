"""A body that arrives slowly, or never: its sender is told, and nobody else waits for it."""

import contextlib
import io
import socket
import threading
import time

import pytest

from fairnotice.intake.evidence import CUT
from fairnotice.site import bodies
from tests.site.served import serving, wait_for


class Stalled(io.RawIOBase):
    """Sends a little, then nothing until the test is over."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def read(self, size: int = -1) -> bytes:
        self.over.wait()
        return b""


@pytest.fixture
def stalled():
    stream = Stalled()
    yield stream
    stream.over.set()


def environ(stream, length):
    return {"wsgi.input": stream, "CONTENT_LENGTH": str(length)}


class Dribbling(io.BytesIO):
    """One byte at each reading, as over a bad line."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(1)


@pytest.mark.parametrize("kind", [io.BytesIO, Dribbling])
def test_a_whole_body_is_passed_on(kind):
    taken = environ(kind(b"why=because" + b"&next=request"), 11)
    bodies.take(taken)
    assert taken["wsgi.input"].read() == b"why=because"


@pytest.mark.parametrize("length", ["", "0", "x", "-5"])
def test_nothing_is_waited_for_where_no_body_is_announced(stalled, length):
    taken = environ(stalled, length)
    bodies.take(taken)
    assert taken["wsgi.input"].read() == b""


def test_a_body_that_says_it_is_too_big_is_not_read(stalled, settings):
    taken = environ(stalled, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    bodies.take(taken)
    assert taken["wsgi.input"].read() == b""


def test_half_a_body_counts_as_nothing():
    with pytest.raises(bodies.Refused) as refused:
        bodies.take(environ(io.BytesIO(b"why=bec"), 11))
    assert refused.value.status.startswith("400")


def test_a_stalled_body_is_given_up(stalled, monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS", 0.05)
    with pytest.raises(bodies.Refused) as refused:
        bodies.take(environ(stalled, 11))
    assert refused.value.status.startswith("408")


def test_only_so_many_bodies_are_waited_for_and_the_place_is_given_back(stalled, monkeypatch):
    monkeypatch.setattr(bodies, "_places", threading.BoundedSemaphore(1))

    def wait() -> None:
        with contextlib.suppress(bodies.Refused):
            bodies.take(environ(stalled, 11))

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_for(lambda: bodies._places._value == 0)
    with pytest.raises(bodies.Refused) as refused:
        bodies.take(environ(io.BytesIO(b"why=because"), 11))
    assert refused.value.status.startswith("503")
    stalled.over.set()
    waiting.join()
    bodies.take(environ(io.BytesIO(b"why=because"), 11))


def form_with(length, path="/report/review/"):
    """A form with something typed, then a file of this many bytes."""
    head = (
        b'--B\r\nContent-Disposition: form-data; name="why"\r\n\r\nBecause.\r\n'
        b'--B\r\nContent-Disposition: form-data; name="evidence"; filename="a.bin"\r\n\r\n'
    )
    body = head + bytes(length) + b"\r\n--B--\r\n"
    given = environ(io.BytesIO(body), len(body))
    return given | {"PATH_INFO": path, "CONTENT_TYPE": "multipart/form-data; boundary=B"}


def test_files_of_the_form_are_taken_in_whole():
    for path in ("/report/review/", "/report/send/"):
        taken = form_with(3_000_000, path)
        bodies.take(taken)
        assert len(taken["wsgi.input"].read()) > 3_000_000 and CUT not in taken


def test_of_files_that_are_too_long_only_what_was_typed_is_passed_on(settings):
    settings.FN_EVIDENCE = {"one": 1_000_000, "count": 5, "notice": 1_000_000}
    taken = form_with(5_000_000)
    stream = taken["wsgi.input"]
    bodies.take(taken)
    got = taken["wsgi.input"].read()
    assert len(got) == settings.DATA_UPLOAD_MAX_MEMORY_SIZE and b"Because." in got
    assert taken[CUT] == "long" and stream.read() == b"", "the browser could send all of it"


def test_where_too_many_files_arrive_what_was_typed_is_passed_on(monkeypatch):
    monkeypatch.setattr(bodies, "_large", threading.BoundedSemaphore(1))
    bodies._large.acquire()
    taken = form_with(3_000_000)
    bodies.take(taken)
    assert taken[CUT] == "busy" and b"Because." in taken["wsgi.input"].read()


def test_far_too_much_is_refused_unread(stalled):
    with pytest.raises(bodies.Refused) as refused:
        bodies.take(form_with(0) | {"CONTENT_LENGTH": str(bodies.MOST_DROPPED + 1), "wsgi.input": stalled})
    assert refused.value.status.startswith("413")


def test_nobody_sends_the_mark_themselves():
    taken = environ(io.BytesIO(b"why"), 3) | {CUT: "long"}
    bodies.take(taken)
    assert CUT not in taken


@pytest.mark.fault
@pytest.mark.parametrize("path", ["/api/v1/notices", "/report/send/", "/healthz"])
def test_a_hundred_senders_that_stall_keep_nobody_from_the_pages(data_folder, path):
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000\r\n\r\n{"
    ).encode()
    with serving(data_folder) as served:
        links = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(100)]
        for link in links:
            link.sendall(head)
        # Those beyond the places are told at once; from then on the others hold all that they can hold.
        refused = wait_for(lambda: "body refused: 503" in served.said())
        assert refused
        for _ in range(5):
            assert served.get("/healthz")[0] == served.get("/report/")[0] == 200
        for link in links:
            link.close()
        wait_for(lambda: served.said().count("body refused: 400") >= bodies.AT_ONCE)


@pytest.mark.fault
def test_five_hundred_open_connections_keep_nobody_from_the_pages(data_folder):
    with serving(data_folder) as served:
        links = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(500)]
        for link in links[:250]:
            link.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert served.get("/about/")[0] == 200
        for link in links:
            link.close()
        assert served.get("/about/")[0] == 200


@pytest.mark.fault
def test_a_request_under_way_is_finished_after_sigterm(data_folder):
    body = b'{"items": [{"location": "https://forum.example.org/7"}], "problem": "defamation", "why": "So.", '
    body += b'"good_faith": true}'
    with serving(data_folder) as served:
        with socket.create_connection(("127.0.0.1", served.port), 20) as link:
            head = f"POST /api/v1/notices HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
            link.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body[:10])
            # The worker has taken it up when it answers others beside it, again and again.
            for _ in range(10):
                assert served.get("/healthz")[0] == 200
                time.sleep(0.1)
            served.parent.terminate()
            wait_for(lambda: served.get("/healthz")[0] == 0)
            link.sendall(body[10:])
            assert link.recv(12) == b"HTTP/1.1 201"
        assert served.parent.wait(30) == 0
