"""What came in and is no notice yet: shown harmless, completed into a notice, put away, taken up again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fairnotice.cases import sealed
from fairnotice.cases.actions import receive, received_desk
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.models import Notice, Received
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import keys
from tests.cases import making
from tests.cases.received_acts import DRAFT, arrived, held, waiting
from tests.intake.filling import fields_of, form
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL
from tests.review.reading import text

LETTER = b"""From: Sentinel Notifier Name <sentinel.notifier@example.net>
To: abuse@host.example
Subject: =?utf-8?q?Bad_p=C3=A4ge?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>Please look <script>alert("x")</script>at <b>this</b> page.</p>
--b
Content-Type: image/png; name="secret-name.png"
Content-Disposition: attachment; filename="secret-name.png"
Content-Transfer-Encoding: base64

aGVsbG8=
--b--
"""
SENT = NoticeDraft(
    items=[ItemDraft("https://forum.example.org/post/9", "second picture")],
    problem="defamation",
    why="It says that I stole money, which is false.",
    name=NAME_SENTINEL,
    email=EMAIL_SENTINEL,
)


def letter(**more) -> Received:
    received = arrived(LETTER)
    settled = {"reason": "no-place", "draft": SENT, "detail": "items: nothing found <b>", **more}
    receive.settle_waiting(received=received, **settled)
    return received


def at(received: Received, act: str = "") -> str:
    return f"/desk/message/{received.ref}/{act}"


def test_the_list_shows_what_waits_the_oldest_first_and_how_much(browser, fn_db):
    client = browser("holder")
    assert "Nothing waits" in text(client.get("/desk/messages/"))
    first = letter()
    second = receive.receive(door="mastodon", raw=b"x")[0]
    receive.settle_held(received=second, reason="flood")
    arrived(b"not read yet")
    page = text(client.get("/desk/messages/"))
    assert page.index(first.ref) < page.index(second.ref)
    assert "No exact location was found in it." in page and "Very many came in at once." in page
    assert page.count("/desk/message/") == 2
    assert 'Messages&nbsp;<span class="small">(2' in client.get("/desk/").content.decode()
    assert second.ref not in text(client.get("/desk/messages/?state=waiting"))
    assert first.ref not in text(client.get("/desk/messages/?door=mastodon"))
    assert "No message fits" in text(client.get("/desk/messages/?state=filed"))
    for strange in ("state=nothing", "door=%00", "page=-9", "page=x"):
        assert first.ref in text(client.get(f"/desk/messages/?{strange}"))


def test_many_messages_come_in_pages(browser, fn_db):
    for number in range(51):
        receive.settle_held(received=arrived(b"%d" % number), reason="flood")
    page = text(browser("holder").get("/desk/messages/?page=2"))
    assert "Page 2 of 2" in page and page.count("/desk/message/") == 1


def test_a_letter_is_shown_as_text_and_nobody_s_name_with_it(browser, fn_db):
    page = browser("holder").get(at(letter())).content.decode()
    assert "Bad päge" in page and "Please look" in page and "page." in page
    assert "image/png" in page and "5\xa0bytes" in page and "secret-name" not in page
    assert "items: nothing found &lt;b&gt;" in page
    for hidden in ("alert(", "<b>this</b>", NAME_SENTINEL, EMAIL_SENTINEL):
        assert hidden not in page
    assert "An address of the sender is known" in page
    kept = fields_of(page.encode())
    assert kept["items-0-location"] == SENT.items[0].location and kept["problem"] == "defamation"
    assert kept["why"] == SENT.why and not kept["email"]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (
            json.dumps({"Reporter": {"email": EMAIL_SENTINEL}, "Report": [{"Url": "https://a.example"}]}),
            '"Url": "https://a.example"',
        ),
        ("[" * 5000, "[[[["),
        ("{broken <script>", "{broken &lt;script&gt;"),
        ("\x00\x01 odd-signs", "odd-signs"),
        ("Content-Type: multipart/mixed; boundary=a\n\n" + "--a\n" * 2000, "There is no text in it."),
        ("Content-Type: text/plain; charset=no-such\nSubject: =?x?q?=FF?=\n\nwords", "words"),
        ("", "There is no text in it."),
        ("Subject: long\n\n" + "x" * 300_000, "Only the beginning is shown"),
    ],
)
def test_whatever_came_in_can_be_looked_at(browser, fn_db, raw, shown):
    received = arrived(raw.encode())
    receive.settle_waiting(received=received, reason="unreadable")
    answer = browser("holder").get(at(received))
    assert answer.status_code == 200
    assert shown.replace('"', "&quot;") in answer.content.decode()
    assert EMAIL_SENTINEL not in answer.content.decode()


def test_the_completed_draft_becomes_the_senders_notice(browser, fn_db):
    received = letter()
    client = browser("holder")
    typed = fields_of(client.get(at(received)).content)
    typed["items-0-location"] = "https://forum.example.org/post/10"
    answer = client.post(at(received, "take/"), typed)
    notice = Notice.objects.get()
    case = notice.items.get().case
    assert case is not None and answer["Location"] == f"/desk/case/{case.ref}/"
    assert notice.door == "mail" and notice.good_faith is None
    assert sealed.read("notice", notice.ref, "email") == EMAIL_SENTINEL
    assert sealed.read("notice", notice.ref, "name") == NAME_SENTINEL
    assert OutboxRow.objects.filter(kind="notice-received").count() == 1
    page = text(client.get(answer["Location"]))
    assert "Whoever sent it gets its code by letter" in page and at(received) in page
    assert f"/desk/case/{case.ref}/" in text(client.get(at(received)))
    assert at(received) not in text(browser("auditor").get(answer["Location"]))


def test_an_address_can_be_typed_over_or_left_out(browser, fn_db):
    client = browser("senior")
    for changes, kept in (
        ({"email": "other@example.org"}, "other@example.org"),
        ({"forget_sender": "on"}, None),
        ({"problem": "child-abuse"}, None),
    ):
        received = receive.receive(door="mail", raw=repr(changes).encode())[0]
        receive.settle_waiting(received=received, reason="no-place", draft=SENT)
        client.post(at(received, "take/"), form(**changes))
        received.refresh_from_db()
        assert received.notice is not None
        assert sealed.read("notice", received.notice.ref, "email") == kept


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(browser, fn_db):
    received = letter()
    client = browser("holder")
    typed = form("https://[::1", notes=["third"], why="", law="Some act", email="no address")
    answer = client.post(at(received, "take/"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and Notice.objects.count() == 0
    for field in ("items-0-location", "why", "email"):
        assert f'href="#id_{field}"' in page and f'id="id_{field}-error"' in page
    kept = fields_of(answer.content)
    assert {name: kept.get(name) for name in ("items-0-location", "items-0-note", "law", "email")} == {
        "items-0-location": "https://[::1",
        "items-0-note": "third",
        "law": "Some act",
        "email": "no address",
    }
    more = client.post(at(received, "take/"), {**typed, "add": "1"})
    assert more.status_code == 200 and "items-1-location" in fields_of(more.content)


def test_put_away_with_a_reason_and_taken_up_again(browser, fn_db):
    received = letter()
    client = browser("holder")
    empty = client.post(at(received, "dismiss/"), {"reason": " "})
    assert empty.status_code == 422 and "Say why this is no notice." in text(empty)
    assert client.post(at(received, "dismiss/"), {"reason": "An advert."}).status_code == 302
    assert "An advert." in text(client.get(at(received)))
    again = client.post(at(received, "release/"))
    assert again["Location"] == at(received)
    assert "Make it a notice" in text(client.get(at(received)))
    assert client.post(at(received, "needs-nothing/")).status_code == 302
    received.refresh_from_db()
    assert received.state == "filed"


def test_who_was_slower_is_told_and_keeps_what_they_typed(browser, people, fn_db):
    received = letter()
    client = browser("holder")
    received_desk.file(actor=people["other"], received_ref=received.ref)
    for act, fields in (
        ("take/", form()),
        ("dismiss/", {"reason": "No."}),
        ("release/", {}),
        ("needs-nothing/", {}),
    ):
        answer = client.post(at(received, act), fields)
        assert answer.status_code == 409, act
        assert "This was not done" in text(answer)
    assert Notice.objects.count() == 0


def test_several_at_once_and_what_cannot_go_that_way_is_said(browser, people, fn_db):
    client = browser("holder")
    rows = [receive.receive(door="mail", raw=b"%d" % n)[0] for n in range(3)]
    for row in rows:
        receive.settle_held(received=row, reason="flood")
    gone = waiting()
    refs = [row.ref for row in rows]
    bad = client.post("/desk/messages/several/", {"ref": refs, "act": "dismiss", "reason": ""})
    assert bad.status_code == 422 and text(bad).count(" checked") == 3
    answer = client.post(
        "/desk/messages/several/", {"ref": [*refs[:2], gone.ref, "nothing"], "act": "release"}, follow=True
    )
    assert "2 are done." in text(answer) and "Some were settled in another way" in text(answer)
    client.post("/desk/messages/several/", {"ref": refs[2:], "act": "dismiss", "reason": "The same advert."})
    assert sorted(Received.objects.values_list("state", flat=True)) == ["dismissed", "new", "new", "waiting"]
    assert "Nothing was ticked" in text(
        client.post("/desk/messages/several/", {"act": "release"}, follow=True)
    )


@pytest.mark.parametrize(
    ("name", "reads", "settles"),
    [
        ("holder", 1, 1),
        ("senior", 1, 1),
        ("appeals", 1, 0),
        ("publisher", 0, 0),
        ("admin", 0, 0),
        ("auditor", 0, 0),
    ],
)
def test_who_may_read_and_who_may_settle(browser, fn_db, name, reads, settles):
    received = letter()
    client = browser(name)
    for path in ("/desk/messages/", at(received)):
        assert client.get(path).status_code == client.head(path).status_code == (200 if reads else 403)
    assert ("Make it a notice" in text(client.get(at(received)))) == bool(settles)
    for act in ("take/", "dismiss/", "release/", "needs-nothing/"):
        assert client.get(at(received, act)).status_code == (405 if settles else 403)
        assert settles or client.post(at(received, act), form()).status_code == 403


def test_about_somebody_at_this_service_it_is_for_senior_people(browser, fn_db):
    received = arrived()
    receive.settle_waiting(
        received=received, reason="no-place", draft=NoticeDraft(why="…", staff_involved=True)
    )
    for name, status in (("holder", 404), ("senior", 200), ("appeals", 200)):
        assert browser(name).get(at(received)).status_code == status
    assert browser("holder").post(at(received, "dismiss/"), {"reason": "No."}).status_code == 404
    several = {"ref": received.ref, "act": "dismiss", "reason": "No."}
    browser("holder").post("/desk/messages/several/", several)
    received.refresh_from_db()
    assert received.state == "waiting"


def test_erased_and_unknown_ones_are_not_there(browser, fn_db):
    received = letter()
    keys.destroy(received.key_id)
    client = browser("holder")
    assert client.get(at(received)).status_code == 404
    assert client.post(at(received, "take/"), form()).status_code == 404
    assert client.get("/desk/message/nothing/").status_code == 404


def test_what_is_held_is_seen_and_goes_on(browser, fn_db):
    received = held()
    client = browser("holder")
    page = text(client.get(at(received)))
    assert "Let it go on" in page and "Make it a notice" not in page
    assert client.post(at(received, "release/"))["Location"] == "/desk/messages/"
    received.refresh_from_db()
    assert (received.state, received.reason) == ("new", "")


def test_a_notice_that_came_as_one_has_no_message(browser, reported):
    assert "see the message" not in text(browser("holder").get(f"/desk/case/{making.case_of(reported).ref}/"))


def test_a_draft_of_the_door_says_what_only_the_door_knows(browser, fn_db):
    received = arrived(b"1")
    draft = replace(DRAFT, good_faith=True, source_type="SOURCE_TRUSTED_FLAGGER", language="de")
    receive.settle_waiting(received=received, reason="no-place", draft=draft)
    browser("holder").post(at(received, "take/"), form())
    notice = Notice.objects.get()
    # A status is recorded for a client here, and no letter carries its token.
    assert (notice.good_faith, notice.language) == (True, "de")
    assert notice.source_type == "SOURCE_TYPE_OTHER_NOTIFICATION"
