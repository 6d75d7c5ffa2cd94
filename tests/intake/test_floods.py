"""Crowds and floods: nothing is lost, nobody is locked out, and only numbers count."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta

import altcha
import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases import codes, sealed
from fairnotice.cases.actions import receive, received_desk
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import Notice, Received
from fairnotice.cases.queries.received import visible_received
from fairnotice.intake import proof, reading, views
from fairnotice.intake.reading_types import Reading
from fairnotice.ledger.models import OutboxRow
from fairnotice.plumbing import floods, limits
from fairnotice.vault import codes as vault_codes
from tests.cases import making
from tests.cases.received_acts import DRAFT
from tests.intake.filling import WHY, fields_of, form

pytestmark = pytest.mark.usefixtures("fn_db")
CODE = re.compile(r'id="receipt-code"[^>]*>([A-Z2-7-]+)<')


@pytest.fixture(autouse=True)
def fresh(settings, monkeypatch) -> None:
    limits._full_again.clear()
    floods.forget()
    proof._used.clear()
    settings.FN_FLOOD_PER_MINUTE = 1
    # The sum is the same, only shorter.
    monkeypatch.setattr(proof, "COST", 10)
    monkeypatch.setattr(proof, "STEPS", (3, 9))


def last_page(client: Client, **fields: str) -> dict[str, str]:
    return fields_of(client.post("/report/review/", form(**fields)).content)


def send(client: Client, **fields: str):
    return client.post("/report/send/", {**last_page(client, **fields)})


def solved(given: dict) -> str:
    """As the page's own script does it (that one is tried in a browser, in `test_doors_browser`)."""
    challenge = altcha.Challenge.from_dict(given)
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def asked(client: Client) -> dict:
    answer = client.get("/report/challenge/")
    assert answer["Cache-Control"] == "no-store"
    return answer.json()


def code_of(answer) -> str:
    found = CODE.search(answer.content.decode())
    assert found is not None
    return found[1]


def test_in_a_crowd_a_notice_is_stored_whole_with_a_code_and_goes_on_under_it(client: Client) -> None:
    send(client)
    answer = send(client, email="notifier@example.org")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert "It is held back for now" in answer.content.decode()
    assert Notice.objects.count() == 1
    received = Received.objects.get()
    assert (received.state, received.reason, received.door) == ("held", "flood", "web")
    code = code_of(answer)
    asked_for = client.post("/status/", {"code": code.lower()})
    assert "It is held back for now" in asked_for.content.decode()

    received_desk.release(actor=making.account("reviewer", "reviewer"), received_ref=received.ref)
    assert "It goes on now" in client.post("/status/", {"code": code}).content.decode()
    assert reading.read_waiting() == 1
    access = codes.find(code)
    assert access is not None and access.notice is not None
    assert sealed.read("notice", access.notice.ref, "why") == WHY
    assert access.notice.good_faith is True and access.notice.codes.count() == 1
    assert client.post("/status/", {"code": code}).status_code == 303
    # The letter says that it came in; the code is known already and travels in none.
    row = OutboxRow.objects.get(kind="notice-received")
    assert row.ref == access.notice.ref


def test_a_second_click_is_the_same_report_with_the_same_code(client: Client) -> None:
    send(client)
    fields = last_page(client)
    seen = {code_of(client.post("/report/send/", fields)) for _ in range(2)}
    assert len(seen) == 1 and Received.objects.count() == 1
    received = Received.objects.get()
    received_desk.release(actor=making.account("reviewer", "reviewer"), received_ref=received.ref)
    reading.read_waiting()
    floods.forget()
    again = client.post("/report/send/", fields)
    assert {code_of(again)} == seen and "Your report is with us" in again.content.decode()
    assert Notice.objects.count() == 2


def test_what_went_in_before_the_crowd_is_no_second_report_in_it(client: Client) -> None:
    fields = last_page(client)
    first = client.post("/report/send/", fields)
    assert code_of(client.post("/report/send/", fields)) == code_of(first)
    assert Received.objects.count() == 0 and Notice.objects.count() == 1


def test_with_a_proof_it_goes_straight_in_and_a_proof_counts_once(client: Client) -> None:
    send(client)
    fields = {**last_page(client, why="Something else."), "altcha": solved(asked(client))}
    assert "Your report is with us" in client.post("/report/send/", fields).content.decode()
    again = {**last_page(client, why="Something third."), "altcha": fields["altcha"]}
    assert "held back" in client.post("/report/send/", again).content.decode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: {},
        lambda p: [],
        lambda p: {**p, "challenge": {**p["challenge"], "signature": None}},
        lambda p: {**p, "challenge": {**p["challenge"], "signature": "00"}},
        lambda p: {**p, "solution": {**p["solution"], "derivedKey": "00" * 32}},
        lambda p: {**p, "solution": {}},
        lambda p: {
            **p,
            "challenge": {**p["challenge"], "parameters": {**p["challenge"]["parameters"], "cost": 1}},
        },
    ],
)
def test_what_is_no_proof_is_none_and_never_a_failure(client: Client, spoil) -> None:
    payload = json.loads(base64.b64decode(solved(asked(client))))
    assert not proof.spend(base64.b64encode(json.dumps(spoil(payload)).encode()).decode())


@pytest.mark.parametrize("text", ["", "x", "\u00e9", "A" * 5000, base64.b64encode(b"[" * 2900).decode()])
def test_any_text_in_its_place_is_no_proof(text: str) -> None:
    assert not proof.spend(text)


def test_an_old_proof_counts_no_more(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(proof, "VALID_SECONDS", -1)
    assert not proof.spend(solved(asked(client)))


def test_one_spelling_of_a_proof_is_used_with_the_others(client: Client) -> None:
    text = solved(asked(client))
    assert proof.spend(text)
    payload = json.loads(base64.b64decode(text))
    payload["challenge"]["signature"] = payload["challenge"]["signature"].upper()
    assert not proof.spend(base64.b64encode(json.dumps(payload, indent=2).encode()).decode())


def test_challenges_run_out_for_one_sender_and_the_form_does_not(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(views, "CHALLENGES_PER_MINUTE", 1)
    asked(client)
    assert client.get("/report/challenge/").status_code == 429
    assert client.post("/report/challenge/").status_code == 405
    assert "Your report is with us" in send(client).content.decode()


def test_one_network_that_sends_much_is_held_back_and_not_turned_away(
    client: Client, monkeypatch, settings
) -> None:
    settings.FN_FLOOD_PER_MINUTE = 0
    monkeypatch.setattr(views, "SENT_PER_MINUTE", 1)
    send(client)
    assert "held back" in send(client).content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert "Your report is with us" in send(elsewhere).content.decode()


def test_only_what_nobody_types_has_to_wait_and_keeps_its_text(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(views, "MOST_SENT_PER_MINUTE", 1)
    send(client)
    fields = last_page(client)
    answer = client.post("/report/send/", fields)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    kept = fields_of(answer.content)
    assert kept["why"] == WHY and kept["token"] == fields["token"]
    limits._full_again.clear()
    assert client.post("/report/send/", kept).status_code == 200


def test_an_incomplete_one_is_not_held_but_shown_again(client: Client) -> None:
    send(client)
    answer = client.post("/report/send/", form(why=""))
    assert answer.status_code == 422 and Received.objects.count() == 0


def test_words_play_no_part(client: Client) -> None:
    """The same words pass, are held, and pass again, as the numbers say."""
    seen = []
    for fresh_minute in (True, False, True):
        if fresh_minute:
            floods.forget()
        seen.append("held back" in send(client).content.decode())
    assert seen == [False, True, False]


def test_what_is_put_away_says_so_behind_its_code(client: Client) -> None:
    send(client)
    code = code_of(send(client))
    reviewer = making.account("reviewer", "reviewer")
    ref = Received.objects.get().ref
    received_desk.dismiss(actor=reviewer, received_ref=ref, why="A thousand of the same.")
    page = client.post("/status/", {"code": code}).content.decode()
    assert "put it away as no notice" in page and "A thousand of the same." in page
    assert not Notice.objects.filter(codes__mac=vault_codes.code_mac(code)).exists()


def test_a_held_notice_about_staff_is_not_for_every_reviewer(client: Client) -> None:
    send(client)
    send(client, staff_involved="on")
    ref = Received.objects.get().ref
    with pytest.raises(NotFound):
        visible_received(making.account("reviewer", "reviewer"), ref)
    assert visible_received(making.account("senior", "senior_reviewer"), ref).ref == ref


# Mail and other doors that store first


def come_in(number: int, door: str = "mail") -> Received:
    return receive.receive(door=door, raw=b"%d" % number)[0]


@pytest.fixture
def readers(monkeypatch) -> None:
    say = {b"reply": Reading("reply", "mail")}
    for door in ("mail", "discourse"):
        monkeypatch.setitem(
            reading.READERS,
            door,
            lambda raw, envelope: say.get(raw, Reading("notice", "mail", DRAFT, machine=True)),
        )


def states() -> list[str]:
    return list(Received.objects.order_by("id").values_list("state", flat=True))


def test_what_is_too_many_for_a_minute_is_held_and_goes_on_when_let(readers, settings) -> None:
    settings.FN_FLOOD_PER_MINUTE = 2
    rows = [come_in(n) for n in range(4)]
    reading.read_waiting()
    assert states() == ["taken", "taken", "held", "held"]
    received_desk.release(actor=making.account("reviewer", "reviewer"), received_ref=rows[2].ref)
    reading.read_waiting()
    assert states() == ["taken", "taken", "taken", "held"]


def test_a_backlog_of_hours_is_no_flood(readers) -> None:
    for number in range(4):
        when = timezone.now() - timedelta(hours=4 - number)
        Received.objects.filter(pk=come_in(number).pk).update(received_at=when)
    reading.read_waiting()
    assert states() == ["taken"] * 4


def test_known_senders_and_answers_to_our_letters_are_never_held(readers) -> None:
    for number in range(3):
        come_in(number, "discourse")
    receive.receive(door="mail", raw=b"1")
    receive.receive(door="mail", raw=b"reply")
    reading.read_waiting()
    assert states() == ["taken"] * 4 + ["waiting"]


def test_what_the_operator_feeds_in_is_no_flood(readers) -> None:
    for number in range(3):
        reading.process(come_in(number))
    assert states() == ["taken"] * 3


def test_a_clock_that_is_set_back_shuts_no_door() -> None:
    assert not floods.flooded("mail", 1, 1_000_000.0)
    assert floods.flooded("mail", 1, 1_000_030.0)
    assert not floods.flooded("mail", 1, 1000.0)
    assert floods.flooded("mail", 1, 999.0)
    assert not any(floods.flooded("mail", 0, 1060.0) for _ in range(9))
