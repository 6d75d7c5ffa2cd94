"""The queue: who sees what, filters, and taking a case on from it."""

from __future__ import annotations

from fairnotice.cases.actions import claim
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL


def text(response) -> str:
    return response.content.decode()


def test_a_visitor_is_asked_to_sign_in(client, fn_db):
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_the_queue_says_why_a_case_is_urgent_and_who_holds_it(browser, people, case):
    claim.claim(actor=people["other"], case_ref=case.ref, version=case.version)
    page = text(browser("holder").get("/desk/"))
    assert case.ref in page
    assert "Somebody outside is waiting for an answer." in page
    assert "Within three days" in page
    assert "desk-other" in page
    assert "Take it on" not in page.split("<tbody>")[1]


def test_an_open_case_can_be_taken_from_the_list_by_reviewers_only(browser, case):
    assert f"/desk/case/{case.ref}/claim/" in text(browser("holder").get("/desk/"))
    assert f"/desk/case/{case.ref}/claim/" not in text(browser("auditor").get("/desk/"))


def test_filters_narrow_and_an_unknown_filter_shows_everything(browser, people, case):
    client = browser("holder")
    assert case.ref not in text(client.get("/desk/", {"mine": "on"}))
    claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)
    assert case.ref in text(client.get("/desk/", {"mine": "on"}))
    assert case.ref not in text(client.get("/desk/", {"state": "closed"}))
    assert case.ref not in text(client.get("/desk/", {"category": "STATEMENT_CATEGORY_SELF_HARM"}))
    for strange in ({"state": "no such"}, {"category": "\x00"}, {"page": "-9" * 40}, {"page": "x"}):
        answer = client.get("/desk/", strange)
        assert answer.status_code == 200
        assert case.ref in text(answer)


def test_an_overdue_case_is_marked(browser, case):
    type(case).objects.filter(pk=case.pk).update(due_at=case.opened_at)
    assert "Overdue" in text(browser("holder").get("/desk/"))


def test_many_cases_come_in_pages_of_fifty(browser, fn_db):
    for number in range(51):
        making.notice(f"https://forum.example.org/post/{number}")
    client = browser("holder")
    first, second = text(client.get("/desk/")), text(client.get("/desk/", {"page": 2}))
    assert first.count("/claim/") == 50
    assert second.count("/claim/") == 1
    assert "Page 1 of 2" in first


def test_the_list_holds_no_location_and_no_notifier(browser, case):
    page = text(browser("senior").get("/desk/"))
    assert case.ref in page
    for hidden in ("sealed-place", NAME_SENTINEL, EMAIL_SENTINEL):
        assert hidden not in page


def test_a_case_about_somebody_on_staff_is_for_senior_people(browser):
    case = making.case_of(making.notice(staff_involved=True))
    assert case.ref not in text(browser("holder").get("/desk/"))
    assert case.ref in text(browser("senior").get("/desk/"))


def test_the_navigation_says_how_much_waits(browser, case):
    page = text(browser("holder").get("/desk/"))
    assert "(1<span" in page


def test_the_navigation_marks_the_list_that_a_page_belongs_to(browser, people, case, reported):
    entry = making.decided(reported, people["holder"]).publication
    page = text(browser("publisher").get(f"/desk/publication/{entry.ref}/"))
    assert '<a href="/desk/publications/" aria-current="true">' in page
    assert '<a href="/desk/" aria-current' not in page
