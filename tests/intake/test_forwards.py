"""The API between two services: one notice for one key, nothing said to whom it does not concern."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from fairnotice.cases import codes, sealed
from fairnotice.cases.actions import forward_send, inbox, tokens
from fairnotice.cases.actions.submit import submit_notice
from fairnotice.cases.errors import Invalid, NotFound, Refused
from fairnotice.cases.models import ForwardAnswer, Inbound, Notice
from fairnotice.delivery.runner import run_due
from fairnotice.delivery.xarf import build_report
from fairnotice.intake.readers import read_notice
from fairnotice.ledger import outbox
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.plumbing import limits
from fairnotice.vault import keys
from tests.cases import making, network
from tests.delivery.xarf.facts import facts
from tests.delivery.xarf.peer import listening, says
from tests.intake.reports import report, samples

pytestmark = pytest.mark.usefixtures("fn_db")
URL = "/api/v1/forwards"
KEY = "forward-ABCDEFGH2345"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._full_again.clear()


@pytest.fixture
def token() -> str:
    return making.token("forwards", label="a forum")


def send(client: Client, token: str, body: object, url: str = URL, **headers: str):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"content-type": "application/json", "authorization": f"Bearer {token}", **headers}
    return client.post(url, data, content_type="application/json", headers=named)


def ask(client: Client, token: str, ref: str):
    return client.get(f"{URL}/{ref}", headers={"authorization": f"Bearer {token}"})


def refused(answer, status: int, code: str) -> dict[str, Any]:
    """The body of an error, of the shape that all have."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    found = answer.json()
    assert set(found) == {"code", "message", "faults"}
    assert found["code"] == code
    return found


def test_a_forwarded_notice_is_taken_in_once(client: Client, token: str) -> None:
    body = build_report(facts(text="It asks for my card."))
    first = send(client, token, body, **{"Idempotency-Key": KEY})
    assert first.status_code == 201
    assert first["Cache-Control"] == "no-store"
    said = first.json()
    assert said["status_url"].endswith(f"{URL}/{said['reference']}")
    assert (said["status"], said["answered_at"], said["text"]) == ("received", None, "")
    again = send(client, token, body, **{"Idempotency-Key": KEY})
    assert (again.status_code, again.json()) == (200, said)
    # A reminder brings another day and another token for the answer.
    later = build_report(
        facts(text="It asks for my card.", answer_token="another", deadline=facts().received_at)
    )
    assert send(client, token, later, **{"Idempotency-Key": KEY}).status_code == 200
    notice = Notice.objects.get()
    assert (notice.door, notice.problem, notice.good_faith) == ("forward", "phishing", True)
    assert sealed.read("notice", notice.ref, "why") == "It asks for my card.\nForwarded by A forum."
    assert not sealed.exists("notice", notice.ref, "email")


def test_a_programs_own_report_goes_on_by_the_standing_setting_and_a_forwarded_one_never(
    client: Client, token: str, settings: Settings
) -> None:
    settings.FN_FORWARD_MACHINE_REPORTS = True
    network.network()
    forwarded = build_report(facts(locations=(f"{network.PLACE}?1",)))
    assert send(client, token, forwarded).status_code == 201
    silent = build_report(facts(reference="ABCDEFGH2346", locations=(f"{network.PLACE}?2",)))
    del silent["x-fairnotice"]["deadline"], silent["x-fairnotice"]["answer"]
    assert send(client, token, silent).status_code == 201
    draft, door, machine = read_notice(json.dumps({**silent, "report_id": str(UUID(int=7))}).encode())
    submit_notice(draft=draft, door=door, machine=machine)
    assert network.states() == {}, "no notice goes round in a circle, whichever way it came"
    assert send(client, token, report(url=f"{network.PLACE}?2")).status_code == 201
    assert network.states() == {"FORUM-1": "sending", "HOST-1": "confirmed", "REGISTRAR-1": "confirmed"}


def test_the_same_key_for_something_else_is_a_conflict(client: Client, token: str) -> None:
    assert send(client, token, build_report(facts())).status_code == 201
    other = build_report(facts(locations=("https://other.example.net/",)))
    refused(send(client, token, other), 409, "conflict")
    # Another sender's key is another key.
    others = making.token("forwards", label="a shop")
    assert send(client, others, other).status_code == 201
    assert Notice.objects.count() == 2


def test_a_report_of_a_program_is_taken_too(client: Client, token: str) -> None:
    assert send(client, token, report()).status_code == 201
    assert Notice.objects.get().good_faith is None


def test_whatever_is_wrong_with_the_token_looks_the_same(client: Client, token: str) -> None:
    tokens.revoke_tokens(client_ref=making.client("a forum").ref)
    effects = making.token("effects", label="software")
    wrong = ["", "wrong", "ü", token, effects]
    for url in (URL, f"{URL}/answers"):
        bodies = [refused(send(client, text, {}, url), 401, "token") for text in wrong]
        bodies.append(refused(client.post(url, b"{}", content_type="application/json"), 401, "token"))
        assert all(body == bodies[0] for body in bodies)
    assert refused(ask(client, effects, "ABCDEFGH2345"), 401, "token")
    # The token for forwards reports no effect either.
    forwards = making.token("forwards", label="a shop")
    assert send(client, forwards, {"effect": "confirmed"}, "/api/v1/measures/X/effect").status_code == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (samples()["connection-scraping"], "not_an_item"),
        ({}, "xarf"),
        (report(xarf_version="3"), "xarf"),
        (report(fraud_type=7), "xarf"),
        ({**report(), "x-fairnotice": {"version": 1}}, "xarf"),
        (report(url="http://"), "url"),
    ],
)
def test_what_cannot_be_taken_in_is_said_with_its_place(
    client: Client, token: str, body: dict[str, Any], code: str
) -> None:
    said = refused(send(client, token, body), 422, "invalid")
    assert said["faults"][0]["code"] == code
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_deadline_that_no_calendar_can_show_is_said_with_its_place(
    client: Client, token: str, day: str
) -> None:
    body = build_report(facts())
    body["x-fairnotice"]["deadline"] = day
    assert refused(send(client, token, body), 422, "invalid")["faults"][0]["path"] == "/x-fairnotice/deadline"


def test_the_door_is_strict(client: Client, token: str, settings: Settings) -> None:
    refused(send(client, token, b"{"), 400, "unreadable")
    refused(send(client, token, b"[]"), 422, "invalid")
    refused(send(client, token, {}, **{"content-type": "text/plain"}), 415, "content_type")
    refused(send(client, token, {}, **{"Idempotency-Key": "short"}), 422, "invalid")
    refused(client.get(URL), 405, "method")
    refused(client.get(f"{URL}/answers"), 405, "method")
    refused(send(client, token, {}, f"{URL}/ABCDEFGH2345"), 405, "method")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    refused(send(client, token, build_report(facts())), 413, "too_big")


def test_only_who_forwarded_it_learns_how_it_stands(client: Client, token: str) -> None:
    ref = send(client, token, build_report(facts())).json()["reference"]
    assert ask(client, token, ref).json()["status"] == "received"
    others = making.token("forwards", label="a shop")
    foreign = refused(ask(client, others, ref), 404, "not_found")
    assert foreign == refused(ask(client, others, "ABCDEFGH2345"), 404, "not_found")


def test_a_person_answers_and_the_sender_can_ask(client: Client, token: str) -> None:
    ref = send(client, token, build_report(facts())).json()["reference"]
    reviewer = making.account("reviewer", "reviewer")
    inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="taken")
    assert ask(client, token, ref).json()["status"] == "taken"
    with pytest.raises(Refused):
        inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="taken")
    with pytest.raises(Invalid):
        inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="answered")
    with pytest.raises(Invalid):
        inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="gone", text="x")
    inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="answered", text="The page is gone.")
    said = ask(client, token, ref).json()
    assert (said["status"], said["text"]) == ("answered", "The page is gone.")
    assert said["answered_at"] is not None
    with pytest.raises(Refused):
        inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="too_old")
    with pytest.raises(NotFound):
        inbox.answer_sender(actor=reviewer, inbound_ref="ABCDEFGH2345", answer="taken")
    # The address of the answer is nobody's peer: nothing is sent anywhere.
    assert OutboxRow.objects.count() == 0
    event = Event.objects.filter(kind="inbound.answered").latest("id")
    assert event.open == {"answer": "answered", "by": "person"}


def test_the_answer_is_posted_to_a_peer_s_address_alone(
    client: Client, token: str, settings: Settings, tmp_path
) -> None:
    (tmp_path / "peer.token").write_text("their-token", "utf-8")
    settings.FN_DATA = tmp_path
    reviewer = making.account("reviewer", "reviewer")
    with listening(says(409)) as peer:
        settings.FN_PEERS = [{"url": peer.url, "token_file": "peer.token"}]
        body = build_report(facts(answer_url=f"{peer.url}/forwards/answers", answer_token="for this one"))
        ref = send(client, token, body).json()["reference"]
        inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="not_ours", text="We sold it.")
        assert run_due() == 0, "the peer was too busy"
        assert OutboxRow.objects.get().error_code == "deferred"
        network.hurry()
        peer.answer = says(200)
        assert run_due() == 1
    asked = peer.asked[-1]
    assert asked.path == "/api/v1/forwards/answers"
    assert asked.body == {"token": "for this one", "status": "not_ours", "text": "We sold it."}
    assert asked.headers["Authorization"] == "Bearer their-token"


def test_a_decision_is_the_answer_and_brings_a_code_for_the_notifier(
    client: Client, token: str, settings: Settings
) -> None:
    settings.FN_PEERS = [{"url": "https://forum.example.org", "token_file": "none"}]
    place = "https://forum.example.net/post/7"
    ref = send(client, token, build_report(facts(locations=(place,)))).json()["reference"]
    inbound = Inbound.objects.get(ref=ref)
    reviewer = making.account("reviewer", "reviewer")
    case = inbound.notice.items.get().case
    assert case is not None
    making.decided_case(case, reviewer)
    said = ask(client, token, ref).json()
    assert said["status"] == "answered"
    assert "What was decided" in said["text"] and "can lower somebody in public opinion" in said["text"]
    row = OutboxRow.objects.get(kind=inbox.ANSWER_REST)
    text = outbox.payload(row)["text"]
    assert text.startswith(said["text"]) and len(text) <= inbox.MAX_ANSWER
    code = text.rpartition("the code ")[2]
    access = codes.find(code)
    assert access is not None and access.notice == inbound.notice
    # Nobody at the desk, and nobody who asks, reads the code.
    assert code not in said["text"]


def test_an_erased_notice_can_still_be_answered_without_words(client: Client, token: str) -> None:
    ref = send(client, token, build_report(facts())).json()["reference"]
    inbound = Inbound.objects.get(ref=ref)
    keys.destroy(inbound.notice.notifier_key)
    reviewer = making.account("reviewer", "reviewer")
    inbox.answer_sender(actor=reviewer, inbound_ref=ref, answer="answered", text="Gone.")
    assert ask(client, token, ref).json()["text"] == ""
    assert send(client, token, build_report(facts())).status_code == 200


def forwarded_from_here() -> str:
    """The token of a notice that went out from here to the host, by mail."""
    network.network()
    sent = network.notice()
    network.confirmed(sent, "HOST-1")
    row = OutboxRow.objects.get(kind=forward_send.MAIL)
    forward_send.dispatched(forward_ref=row.ref)
    return str(outbox.payload(row)["token"])


def test_an_answer_to_our_own_is_recorded_and_a_foreign_one_is_not(client: Client, token: str) -> None:
    own = forwarded_from_here()
    url = reverse("api-1:answer-forward")
    unknown = refused(send(client, token, {"token": "A" * 26, "status": "taken"}, url), 404, "not_found")
    assert unknown == refused(send(client, token, {"token": "x", "status": "taken"}, url), 404, "not_found")
    assert ForwardAnswer.objects.count() == 0
    for status in ("taken", "taken", "not_ours"):
        answered = send(client, token, {"token": own, "status": status, "text": ""}, url)
        assert (answered.status_code, answered.json()) == (200, {"status": status})
    assert [row.answer for row in ForwardAnswer.objects.order_by("id")] == ["taken", "not_ours"]
    assert {row.door for row in ForwardAnswer.objects.all()} == {"rest"}
    refused(send(client, token, {"token": own, "status": "taken"}, url), 409, "refused")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": "A" * 26},
        {"token": "A" * 26, "status": "gone"},
        {"token": 7, "status": "taken"},
        {"token": "A" * 26, "status": "taken", "text": "x" * 5001},
        {"token": "", "status": "taken"},
        [],
    ],
)
def test_an_answer_of_another_shape_is_said_to_be_one(client: Client, token: str, body: object) -> None:
    refused(send(client, token, body, reverse("api-1:answer-forward")), 422, "invalid")
