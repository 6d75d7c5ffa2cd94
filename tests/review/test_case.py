"""The page of a case: what each role sees, and what each person can do about it."""

from __future__ import annotations

import pytest

from fairnotice.cases.actions import claim
from fairnotice.cases.drafts import ItemDraft
from fairnotice.vault import keys
from tests.answerable.register import example_host
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL, WHY_SENTINEL, with_purpose
from tests.review.reading import text

SEEING = ["holder", "other", "senior", "appeals"]
NOT_SEEING = ["publisher", "admin", "auditor"]


def url(case, verb: str = "") -> str:
    return f"/desk/case/{case.ref}/{verb}"


@pytest.mark.parametrize("name", SEEING)
def test_reviewers_read_the_notice_but_never_who_sent_it(browser, case, name):
    client = with_purpose(browser(name), case.ref) if name == "appeals" else browser(name)
    page = text(client.get(url(case)))
    assert WHY_SENTINEL in page
    assert '<code class="location">hxxps://sealed-place[.]example[.]org/post/7</code>' in page
    assert "A name was given." in page and "Can be reached by e-mail." in page
    assert NAME_SENTINEL not in page and EMAIL_SENTINEL not in page


@pytest.mark.parametrize("name", NOT_SEEING)
def test_other_roles_see_that_texts_are_there_and_no_sealed_word(browser, people, case, name, reported):
    making.decided(reported, people["holder"])
    page = text(browser(name).get(url(case)))
    assert "not shown to your role" in page
    for hidden in (
        WHY_SENTINEL,
        "sealed-place",
        "stole",
        "the court found",
        "no address of the author",
        "second paragraph",
    ):
        assert hidden not in page
    assert "Disabling access to content" in page


def test_a_location_is_never_a_link(browser):
    case = making.case_of(making.notice("https://forum.example.org/post/7?x=<script>"))
    page = browser("holder").get(url(case)).content.decode()
    assert 'href="https://forum' not in page and '<script>"' not in page


def test_look_alike_letters_show_in_both_spellings(browser):
    case = making.case_of(making.notice("https://b\u00fccher.example/1"))
    page = text(browser("holder").get(url(case)))
    assert "b\u00fccher" in page and "xn--bcher-kva" in page


def test_other_items_of_the_notice_and_notices_of_the_item_are_there(browser):
    both = making.notice(
        items=[ItemDraft("https://forum.example.org/1"), ItemDraft("https://forum.example.org/2")]
    )
    making.notice("https://forum.example.org/1", why="A second notifier says the same.")
    first, second = (item.case for item in both.notice.items.all())
    page = text(browser("holder").get(url(first)))
    assert url(second) in page
    assert "2 notices" in page and "A second notifier says the same." in page
    assert "No name was given." in page


def test_the_chain_of_who_answers_is_shown_as_it_was_recorded(browser):
    example_host()
    case = making.case_of(making.notice())
    page = text(browser("holder").get(url(case)))
    assert "Example Hosting" in page and "abuse@host.example" in page


def test_taking_on_deciding_and_giving_back(browser, people, case):
    client = browser("holder")
    assert "Decide this case" not in text(client.get(url(case)))
    assert client.post(url(case, "claim/"), {"version": case.version})["Location"] == url(case)
    case.refresh_from_db()
    assert case.claimed_by_id == people["holder"].user_id
    assert "Decide this case" in text(client.get(url(case)))
    other = browser("other")
    assert "purpose" in other.get(url(case))["Location"]
    assert "It has changed meanwhile" in text(other.post(url(case, "release/"), {"version": case.version}))
    assert "Decide this case" not in text(with_purpose(other, case.ref).get(url(case)))
    refused = other.post(url(case, "release/"), {"version": case.version})
    assert refused.status_code == 409 and "You do not hold this case." in text(refused)
    assert client.post(url(case, "release/"), {"version": case.version}).status_code == 302
    case.refresh_from_db()
    assert case.state == "open"


def test_who_was_slower_sees_how_it_stands_now(browser, people, case):
    holder = browser("holder")
    holder.get(url(case))
    claim.claim(actor=people["other"], case_ref=case.ref, version=case.version)
    answer = holder.post(url(case, "claim/"), {"version": case.version})
    assert answer.status_code == 409
    assert "This was not done" in text(answer) and "desk-other" in text(answer)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "\x00", "\u0663"])
def test_a_version_that_is_none_changes_nothing(browser, case, version):
    assert browser("holder").post(url(case, "claim/"), {"version": version}).status_code == 409
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.parametrize("name", ["appeals", "publisher", "admin", "auditor"])
def test_other_roles_cannot_take_a_case(browser, case, name):
    assert browser(name).post(url(case, "claim/"), {"version": case.version}).status_code == 403
    assert browser(name).post(url(case, "release/"), {"version": case.version}).status_code == 403


def test_somebody_involved_no_longer_finds_it(browser, people, case):
    client = browser("senior")
    answer = client.post(url(case, "involved/"), {"user": people["holder"].user_id})
    assert answer["Location"] == url(case)
    assert browser("holder").get(url(case)).status_code == 404
    assert browser("holder").post(url(case, "claim/"), {"version": case.version}).status_code == 404
    assert case.ref not in text(browser("holder").get("/desk/"))
    assert client.post(url(case, "involved/"), {"user": people["senior"].user_id})["Location"] == "/desk/"


@pytest.mark.parametrize("user", ["", "0", "99999999999999999999", "x", "\x00"])
def test_marking_nobody_is_said_at_the_field(browser, case, user):
    answer = browser("senior").post(url(case, "involved/"), {"user": user})
    assert answer.status_code == 422
    assert 'href="#id_user"' in text(answer)


@pytest.mark.parametrize("name", ["publisher", "auditor"])
def test_who_may_not_mark_somebody_is_not_offered_it(browser, people, case, name):
    assert "Somebody on staff is involved" not in text(browser(name).get(url(case)))
    assert browser(name).post(url(case, "involved/"), {"user": people["holder"].user_id}).status_code == 403


@pytest.mark.parametrize("ref", ["AAAA2222BBBB", "x", "%00", "%ED%A0%80", "a" * 500, "..%2f", "%F0%9F%92%A9"])
def test_a_reference_that_leads_nowhere_is_404_on_every_page(browser, ref):
    client = browser("senior")
    for path in ("case", "appeal", "publication"):
        assert client.get(f"/desk/{path}/{ref}/").status_code == 404
    for path in (
        "case/{}/claim/",
        "decision/{}/confirm/",
        "statement/{}/inform/",
        "statement/{}/letter/",
        "measure/{}/effect/",
    ):
        sent = {"act": "confirm", "version": "1", f"{ref}-effect": "confirmed"}
        assert client.post("/desk/" + path.format(ref), sent).status_code == 404


def test_an_erased_location_is_said_and_breaks_nothing(browser, people, case):
    keys.destroy(case.subject_key)
    assert browser("holder").get(url(case)).status_code in (200, 404)
