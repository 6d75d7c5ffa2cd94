"""The notifier's page on which nothing is ticked beforehand, and the page on which an organisation answers."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from fairnotice.cases.models import ForwardAnswer, ForwardConsent
from fairnotice.delivery.runner import run_due
from fairnotice.plumbing import limits
from tests.browser.visit import BASE, Visit, no_fault
from tests.cases import making, network
from tests.fault.mailserver import post_office
from tests.intake import filling

pytestmark = pytest.mark.usefixtures("fn_db")
PAGE = "/status/forward/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits._full_again.clear()


@pytest.fixture
def sent(fn_db: None) -> making.Submitted:
    network.network()
    return network.notice()


def behind(sent: making.Submitted) -> Client:
    client = Client()
    assert client.post("/status/", {"code": sent.code}).status_code == 303
    return client


def answer_page(sent: making.Submitted) -> str:
    """The page behind the link in the letter to HOST-1."""
    network.confirmed(sent, "HOST-1")
    return link_to(network.HOST_DESK)


def link_to(address: str) -> str:
    """Where the letter that now goes to this address leads."""
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        [letter] = [letter for to, letter in post.taken() if to == [address]]
    return f"/answer/{network.token_in(letter)}/"


def test_every_name_is_read_before_anything_is_ticked(sent) -> None:
    client = behind(sent)
    assert PAGE in client.get("/status/view/").content.decode()
    page = client.get(PAGE).content.decode()
    for name in (
        "FORUM-1 Ltd, who answers for the place",
        "HOST-1 Ltd, one step further up",
        "REGISTRAR-1 Ltd",
    ):
        assert name in page
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page)
    assert len(boxes) == 5 and not any("checked" in box for box in boxes)


def test_those_who_are_ticked_and_nobody_else(sent) -> None:
    client = behind(sent)
    item = sent.notice.items.get()
    nothing = client.post(PAGE, {"act": "some"})
    assert nothing.status_code == 422 and "Tick whom to tell" in nothing.content.decode()
    wrong = client.post(PAGE, {"act": "some", f"to_{item.ref}": ["AAAAAAAAAAAA"]})
    assert wrong.status_code == 422
    assert not ForwardConsent.objects.exists()
    chosen = [network.of("HOST-1").forward.ref]
    assert client.post(PAGE, {"act": "some", f"to_{item.ref}": chosen}).status_code == 303
    consent = ForwardConsent.objects.get()
    assert (consent.given_by, consent.with_words, consent.with_contact) == ("notifier", False, False)
    assert network.states() == {"FORUM-1": "proposed", "HOST-1": "sending", "REGISTRAR-1": "proposed"}
    page = client.get(PAGE).content.decode()
    assert "HOST-1 Ltd, one step" not in page and "REGISTRAR-1 Ltd, one step" in page
    again = client.post(PAGE, {"act": "all", "shown": chosen})
    assert again.status_code == 409 and ForwardConsent.objects.count() == 1


def test_all_at_once_with_both_ticks_and_only_those_that_were_shown(sent) -> None:
    client = behind(sent)
    shown = [network.of(handle).forward.ref for handle in ("FORUM-1", "HOST-1")]
    ticks = {"with_words": "on", "with_contact": "on"}
    assert client.post(PAGE, {"act": "all", "shown": shown, **ticks}).status_code == 303
    assert set(ForwardConsent.objects.values_list("with_words", "with_contact")) == {(True, True)}
    assert network.states()["REGISTRAR-1"] == "proposed"


def test_nobody(sent) -> None:
    client = behind(sent)
    assert client.post(PAGE, {"act": "none"}).status_code == 303
    assert set(network.states().values()) == {"declined"}
    assert client.post(PAGE, {"act": "none"}).status_code == 409
    view = client.get("/status/view/").content.decode()
    assert "was not told, as you wished" in view and PAGE not in view
    assert "nothing to decide" in client.get(PAGE).content.decode()


def test_another_code_confirms_nothing_of_it(sent) -> None:
    other = behind(making.notice("https://elsewhere.example.net/"))
    refs = [network.of("HOST-1").forward.ref]
    assert other.post(PAGE, {"act": "all", "shown": refs}).status_code == 409
    assert Client().get(PAGE).status_code == 403
    assert not ForwardConsent.objects.exists()


def test_no_tick_for_an_identity_that_was_not_given() -> None:
    network.network()
    client = behind(network.notice(name="", email=""))
    page = client.get(PAGE).content.decode()
    assert "with_contact" not in page and "You gave no name" in page
    shown = [network.of("HOST-1").forward.ref]
    client.post(PAGE, {"act": "all", "shown": shown, "with_contact": "on"})
    assert not ForwardConsent.objects.get().with_contact


def test_a_private_organisation_is_never_named() -> None:
    network.network(forum_public=False)
    sent = network.notice()
    client = behind(sent)
    assert network.states() == {"HOST-1": "proposed", "REGISTRAR-1": "proposed"}
    for page in (PAGE, "/status/view/"):
        assert "FORUM-1" not in client.get(page).content.decode()


def test_the_page_after_sending_offers_it(client: Client) -> None:
    network.network()
    page = client.post("/report/send/", filling.form()).content.decode()
    assert "Choose whom to tell" in page
    assert client.get(PAGE).status_code == 200, "the code that was just shown is still open"


def test_an_organisation_answers_without_an_account(sent, client: Client) -> None:
    where = answer_page(sent)
    shown = client.get(where)
    page = shown.content.decode()
    assert shown["Cache-Control"] == "no-store" and "hxxps://forum[.]example[.]org/post/7" in page
    assert network.of("HOST-1").forward.ref in page and "Answer by" in page
    for kept in ("stole money", "notifier@example.net", "A notifier"):
        assert kept not in page
    assert client.post(where, {"text": "no choice"}).status_code == 422
    assert client.post(where, {"status": "taken", "text": "x" * 5001}).status_code == 422
    assert client.post(where, {"status": "taken"}).status_code == 303
    page = client.get(where).content.decode()
    assert "We have your answer" in page and 'value="taken"' not in page
    assert client.post(where, {"status": "answered", "text": "Gone."}).status_code == 303
    page = client.get(where).content.decode()
    assert "Nothing more is needed" in page and "forum[.]example" not in page, "the place is needed no more"
    assert client.post(where, {"status": "not_ours"}).status_code == 409
    assert list(ForwardAnswer.objects.values_list("answer", "door")) == [
        ("taken", "link"),
        ("answered", "link"),
    ]


def test_a_token_that_opens_nothing_says_so_kindly(client: Client) -> None:
    for token in ("a", "A" * 26, "ä" * 26, "%00"):
        answer = client.get(f"/answer/{token}/")
        assert answer.status_code == 404 and b"Nothing opens with this link" in answer.content
    assert client.post(f"/answer/{'A' * 26}/", {"status": "taken"}).status_code == 404


@pytest.mark.browser
def test_the_pages_are_accessible_and_work_without_scripts(visit: Visit, sent) -> None:
    visit.client.post("/status/", {"code": sent.code})
    page = visit.page(PAGE)
    no_fault(page, "forward-choose")
    page.goto(BASE + "/status/view/")
    no_fault(page, "forward-overview")

    plain = visit.page(PAGE, scripts=False, width=360)
    plain.get_by_role("button", name="Tell those I ticked").click()
    assert plain.get_by_text("Tick whom to tell").first.is_visible()
    plain.get_by_label("REGISTRAR-1 Ltd").check()
    plain.get_by_label("Send what I wrote, too").check()
    plain.get_by_role("button", name="Tell those I ticked").click()
    assert plain.get_by_text("A letter to REGISTRAR-1 Ltd is on its way.").is_visible()

    where = link_to(network.REGISTRAR_DESK)
    page = visit.page(where)
    no_fault(page, "answer")
    plain = visit.page(where, scripts=False, width=360)
    plain.get_by_role("button", name="Send the answer").click()
    assert plain.get_by_role("link", name="Please choose one of the answers.").is_visible()
    plain.get_by_label("It is not ours").check()
    plain.get_by_role("button", name="Send the answer").click()
    assert plain.get_by_text("We have your answer").is_visible()
    page.goto(BASE + where)
    no_fault(page, "answer-given")
    page.goto(f"{BASE}/answer/none/")
    no_fault(page, "answer-unknown")
    assert [text for text in visit.complaints if "404" not in text and "422" not in text] == []
