"""A report is posted to a peer that the operator named, and to nobody else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fairnotice.cases.peers import Peer, peer_for, safe_url
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.visit import MAX_ANSWER_BYTES
from fairnotice.delivery.xarf import RestPort, build_report
from fairnotice.ledger.models import ERROR_CODES
from tests.delivery.xarf.facts import facts
from tests.delivery.xarf.peer import Answer, Handler, Listening, listening, says

REPORT = build_report(facts())


@pytest.fixture
def there(settings: Settings, tmp_path: Path) -> Iterator[Listening]:
    """A peer that takes everything."""
    (tmp_path / "peer.token").write_text("secret-token\n", "utf-8")
    settings.FN_DATA = tmp_path
    with listening(says(201, b'{"reference": "REF"}')) as server:
        settings.FN_PEERS = [{"url": f"{server.url}/", "token_file": "peer.token"}]
        yield server


def peer_of(server: Listening) -> Peer:
    found = peer_for(server.url)
    assert found is not None
    return found


def failure(server: Listening, answer: Answer, timeout: float = 10.0) -> tuple[str, bool]:
    """Code and finality of what goes wrong when the peer answers like this."""
    server.answer = answer
    with pytest.raises(SendFailed) as caught:
        RestPort(timeout).post(REPORT, peer_of(server))
    assert caught.value.code in ERROR_CODES
    return caught.value.code, caught.value.final


def test_a_report_arrives_with_token_and_key(there: Listening) -> None:
    reply = RestPort().post(REPORT, peer_of(there))
    assert (reply.status, reply.body) == (201, {"reference": "REF"})
    (asked,) = there.asked
    assert asked.path == "/api/v1/forwards"
    assert asked.body == REPORT
    assert asked.headers["Authorization"] == "Bearer secret-token"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Idempotency-Key"] == "forward-ABCDEFGH2345"


def test_an_answer_without_json_is_a_success_all_the_same(there: Listening) -> None:
    there.answer = says(202, b"thanks")
    assert RestPort().post(REPORT, peer_of(there)).body == {}


@pytest.mark.parametrize(
    ("status", "code", "final"),
    [
        (400, "refused", True),
        (409, "refused", True),
        (413, "refused", True),
        (422, "refused", True),
        (401, "misconfigured", False),
        (403, "misconfigured", False),
        (404, "misconfigured", False),
        (408, "deferred", False),
        (429, "deferred", False),
        (500, "deferred", False),
        (503, "deferred", False),
    ],
)
def test_what_the_peer_answers_becomes_a_code_of_the_outbox(
    there: Listening, status: int, code: str, final: bool
) -> None:
    assert failure(there, says(status)) == (code, final)


def test_a_redirect_is_not_followed(there: Listening) -> None:
    for status in (301, 302, 307, 308):
        assert failure(there, says(status, Location=f"{there.url}/elsewhere")) == ("misconfigured", False)
    assert {asked.path for asked in there.asked} == {"/api/v1/forwards"}


def test_an_endless_answer_is_cut(there: Listening) -> None:
    assert failure(there, says(201, b"x" * (MAX_ANSWER_BYTES + 1))) == ("deferred", False)


def test_who_sends_a_byte_now_and_then_does_not_hold_us(there: Listening) -> None:
    def drip(handler: Handler) -> None:
        handler.send_response(201)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not there.stop.wait(0.05):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    assert failure(there, drip, timeout=0.5) == ("timeout", False)


def test_nobody_there_is_said(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "peer.token").write_text("secret-token", "utf-8")
    settings.FN_DATA = tmp_path
    with socket.socket() as taken:
        # Bound and not listening: nothing else can take the port meanwhile.
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings.FN_PEERS = [{"url": url, "token_file": "peer.token"}]
        with pytest.raises(SendFailed) as caught:
            RestPort().post(REPORT, Peer(url, tmp_path / "peer.token"))
    assert (caught.value.code, caught.value.final) == ("unreachable", False)


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ü"])
def test_a_token_file_that_holds_no_token_is_for_our_operator(
    there: Listening, tmp_path: Path, token: str
) -> None:
    (tmp_path / "peer.token").write_text(token, "utf-8")
    assert failure(there, says(201)) == ("misconfigured", False)
    (tmp_path / "peer.token").unlink()
    assert failure(there, says(201)) == ("misconfigured", False)
    assert there.asked == []


def test_who_is_no_peer_is_never_connected_to(there: Listening, settings: Settings, tmp_path: Path) -> None:
    stranger = Peer(there.url, tmp_path / "peer.token")
    settings.FN_PEERS = [{"url": "https://abuse.example.org/api/v1", "token_file": "peer.token"}]
    with pytest.raises(SendFailed) as caught:
        RestPort().post(REPORT, stranger)
    assert caught.value.code == "misconfigured"
    assert there.asked == []


PEERS = [
    {"url": "https://abuse.example.org/api/v1", "token_file": "a"},
    {"url": "https://abuse.example.org/api/v1/special", "token_file": "b"},
    {"url": "http://127.0.0.1:8001", "token_file": "c"},
]


@pytest.mark.parametrize(
    ("url", "token_file"),
    [
        ("https://abuse.example.org/api/v1", "a"),
        ("https://abuse.example.org/api/v1/forwards/answers", "a"),
        ("https://ABUSE.example.org:443/api/v1/forwards", "a"),
        ("https://abuse.example.org/api/v1/special/x", "b"),
        ("http://127.0.0.1:8001/api/v1/forwards", "c"),
        ("https://abuse.example.org/api/v10", None),
        ("https://abuse.example.org/api/v1/../other", None),
        ("https://abuse.example.org/api/v1/%2e%2e/other", None),
        ("https://abuse.example.org/api/v1/./x", None),
        ("https://abuse.example.org/api/v1\\..\\x", None),
        ("https://abuse.example.org/api/v1?next=x", None),
        ("https://abuse.example.org/api/v1#x", None),
        ("https://abuse.example.org.evil.example/api/v1", None),
        ("https://abuse.example.org:8443/api/v1", None),
        ("https://abuse.example.org@evil.example/api/v1", None),
        ("http://abuse.example.org/api/v1", None),
        ("http://127.0.0.2:8001/x", None),
        ("http://127.0.0.1:99999/x", None),
        ("file:///etc/hosts", None),
        ("https://abuse.example.org/api/v1/" + "x" * 2000, None),
        ("", None),
    ],
)
def test_an_address_is_a_peer_s_only_where_it_lies_under_it(
    settings: Settings, url: str, token_file: str | None
) -> None:
    settings.FN_PEERS = PEERS
    found = peer_for(url)
    assert (found.token_file.name if found else None) == token_file


def test_an_address_in_the_clear_is_taken_on_this_machine_alone() -> None:
    assert safe_url("http://localhost:8000/x") is not None
    assert safe_url("http://[::1]:8000/x") is not None
    assert safe_url("http://192.0.2.1/x") is None
