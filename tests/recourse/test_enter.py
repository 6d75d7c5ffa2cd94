"""Typing a code: tolerant in form, silent about what exists, and nothing is lost when time runs out."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases.models import AccessCode, Appeal, Statement
from fairnotice.plumbing import access_cookie
from fairnotice.recourse.gate import TRIES_PER_MINUTE
from fairnotice.vault import codes
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
PAGES = ["view/", "statement/AAAA2222BBBB/", "appeal/AAAA2222BBBB/", "withdraw/", "receipt/"]


def text(answer) -> str:
    return answer.content.decode()


def without_token(answer) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text(answer))


@pytest.mark.parametrize(
    "typed",
    [
        codes.show,
        str.lower,
        lambda code: f"  {code[:7]} {code[7:]}\r\n",
        lambda code: code.replace("O", "0").replace("I", "1").replace("B", "8"),
    ],
)
def test_a_code_opens_however_it_is_typed(typed):
    sent = making.notice()
    client = Client()
    answer = client.post("/status/", {"code": typed(sent.code)})
    assert (answer.status_code, answer["Location"]) == (303, "/status/view/")
    cookie = answer.cookies[access_cookie.NAME]
    assert (cookie["max-age"], cookie["path"], cookie["samesite"]) == (1800, "/status/", "Strict")
    assert cookie["httponly"] and sent.code not in cookie.value
    assert client.get("/status/view/").status_code == 200


def test_wrong_revoked_and_never_issued_look_the_same():
    sent = making.notice()
    AccessCode.objects.update(revoked_at=timezone.now())
    revoked, wrong = (Client().post("/status/", {"code": code}) for code in (sent.code, codes.new_code()))
    assert revoked.status_code == wrong.status_code == 200
    assert "Nothing opens with this code" in text(wrong)
    shown = text(wrong).split('name="code" value="')[1][:26]
    assert without_token(revoked) == without_token(wrong).replace(shown, sent.code)
    assert not wrong.cookies.get(access_cookie.NAME)


@pytest.mark.parametrize("typed", ["ABC", "A" * 27, "1" * 25 + "9", "ä" * 26])
def test_only_the_form_of_a_code_is_told(typed):
    page = Client().post("/status/", {"code": typed})
    assert "does not have the form of a code" in text(page) and f'value="{typed}"' in text(page)


def test_an_empty_field_says_what_to_type():
    assert "Please type the code" in text(Client().post("/status/", {"code": " "}))


def test_a_code_taken_back_closes_what_it_had_opened(enter):
    client = enter(making.notice().code)
    AccessCode.objects.update(revoked_at=timezone.now())
    assert client.get("/status/view/").status_code == 403


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_without_a_code_every_page_asks_for_it_and_shows_nothing(path, method):
    making.decided(making.notice(), making.account("r", "reviewer"))
    answer = getattr(Client(), method)(f"/status/{path}")
    assert answer.status_code == 403
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    if method != "head":
        assert "half an hour" in text(answer) and "forum" not in text(answer)
        assert f'action="/status/{path}"' in text(answer)


def test_after_the_code_one_is_where_one_wanted_to_be(enter):
    sent = making.notice()
    decision = making.decided(sent, making.account("r", "reviewer"))
    told = Statement.objects.get(audience="notifier")
    client = Client()
    for path in (f"/status/statement/{told.ref}/", "/status/withdraw/?what=notice"):
        answer = client.post(path, {"code": sent.code})
        assert (answer.status_code, answer["Location"]) == (303, path)
    assert client.get(f"/status/appeal/{decision.ref}/").status_code == 200
    sent.notice.refresh_from_db()
    assert sent.notice.state == "attached"


def test_words_written_when_time_ran_out_come_back_unsent(enter, monkeypatch):
    sent = making.notice()
    decision = making.decided(sent, making.account("r", "reviewer"))
    client, url = enter(sent.code), f"/status/appeal/{decision.ref}/"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 60)
    late = client.post(url, {"reasons": 'It is "still" there.\r\n<b>'})
    assert late.status_code == 403 and "What you wrote is kept" in text(late)
    assert 'name="reasons" value="It is &quot;still&quot; there.' in text(late)
    wrong = client.post(url, {"reasons": "It is still there.", "code": "ABC"})
    assert 'name="reasons" value="It is still there."' in text(wrong)
    back = client.post(url, {"reasons": "It is still there.", "code": sent.code})
    assert "It has not been sent yet" in text(back) and "It is still there.</textarea>" in text(back)
    assert not Appeal.objects.exists()
    assert client.post(url, {"reasons": "It is still there."}).status_code == 303
    assert Appeal.objects.count() == 1


def test_many_tries_are_slowed_and_told_kindly():
    client, code = Client(), making.notice().code
    answers = [client.post("/status/", {"code": "ABC"}) for _ in range(TRIES_PER_MINUTE)]
    assert {answer.status_code for answer in answers} == {200}
    over = client.post("/status/", {"code": code})
    assert (over.status_code, over["Retry-After"]) == (429, "60")
    assert "wait a minute" in text(over) and not over.cookies.get(access_cookie.NAME)
    assert Client(REMOTE_ADDR="192.0.2.7").post("/status/", {"code": code}).status_code == 303


def test_leaving_closes_it_for_whoever_comes_next(enter):
    client = enter(making.notice().code)
    assert "A code is still open" in text(client.get("/status/"))
    assert client.get("/status/leave/").status_code == 405
    answer = client.post("/status/leave/")
    assert answer["Location"] == "/" and answer.cookies[access_cookie.NAME]["max-age"] == 0
    assert client.get("/status/view/").status_code == 403


def test_every_page_has_the_quick_exit_and_stays_out_of_caches_and_searches(enter):
    sent = making.notice()
    decision = making.decided(sent, making.account("r", "reviewer"))
    told = Statement.objects.get(audience="notifier")
    client = enter(sent.code)
    paths = ["", "view/", f"statement/{told.ref}/", f"appeal/{decision.ref}/", "withdraw/?what=notice"]
    for path in paths:
        page = client.get(f"/status/{path}")
        assert page.status_code == 200
        assert page["Cache-Control"] == "no-store" and 'content="noindex, nofollow"' in text(page)
        assert "data-quick-exit" in text(page)
        assert sent.code not in text(page)


def test_forms_are_taken_only_from_our_own_pages(enter):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/status/", {"code": making.notice().code}).status_code == 403
