"""The second person for severe measures."""

from __future__ import annotations

import pytest

from fairnotice.cases.actions import confirm
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL
from tests.review.reading import text

SEVERE = "DECISION_PROVISION_TOTAL_SUSPENSION"


@pytest.fixture
def proposed(people, reported):
    return making.decided(reported, people["holder"], SEVERE)


def url(decision) -> str:
    return f"/desk/decision/{decision.ref}/confirm/"


def test_the_list_has_all_that_is_needed_to_agree_or_not(browser, proposed):
    page = text(browser("senior").get("/desk/second/"))
    assert "Lapses on" in page and "the court found the opposite" in page and "hxxps://sealed-place" in page
    assert "I agree: confirm" in page
    assert "It can be undone: The post is shown again." in page
    assert NAME_SENTINEL not in page and EMAIL_SENTINEL not in page


def test_an_auditor_sees_that_it_waits_and_no_sealed_word(browser, proposed):
    page = text(browser("auditor").get("/desk/second/"))
    assert proposed.case.ref in page and "not shown to your role" in page
    assert "the court found" not in page and "sealed-place" not in page and "I agree" not in page


def test_confirming_puts_it_in_force(browser, people, proposed):
    assert browser("senior").post(url(proposed), {"act": "confirm"}).status_code == 302
    proposed.status.refresh_from_db()
    assert (proposed.status.state, proposed.status.second_id) == ("in_force", people["senior"].user_id)


def test_refusing_needs_a_reason_and_gives_the_case_back(browser, proposed):
    client = browser("senior")
    answer = client.post(url(proposed), {"act": "refuse", f"{proposed.ref}-reason": " "})
    assert answer.status_code == 422
    assert f'href="#id_{proposed.ref}-reason"' in text(answer)
    sent = {"act": "refuse", f"{proposed.ref}-reason": "A shorter suspension is enough."}
    assert client.post(url(proposed), sent).status_code == 302
    proposed.case.refresh_from_db()
    assert proposed.case.state == "open"
    assert "A shorter suspension is enough." in text(client.get(f"/desk/case/{proposed.case.ref}/"))


def test_a_reason_that_is_too_long_or_holds_a_nul_is_kept_and_refused(browser, proposed):
    for reason in ("x" * 1001, "a\x00b"):
        answer = browser("senior").post(url(proposed), {"act": "refuse", f"{proposed.ref}-reason": reason})
        assert answer.status_code == 422
        assert reason[:1] in text(answer)


def test_the_decider_and_other_roles_cannot_confirm(browser, people):
    own = making.decided(making.notice(), people["senior"], SEVERE)
    answer = browser("senior").post(url(own), {"act": "confirm"})
    assert answer.status_code == 409 and "a second person has to look at it" in text(answer)
    for name in ("holder", "other", "appeals", "publisher", "admin", "auditor"):
        assert browser(name).post(url(own), {"act": "confirm"}).status_code == 403
    own.status.refresh_from_db()
    assert own.status.state == "proposed"


def test_confirming_what_was_settled_meanwhile_shows_the_list_as_it_stands(browser, people, proposed):
    confirm.confirm(actor=people["senior"], decision_ref=proposed.ref)
    answer = browser("senior").post(url(proposed), {"act": "confirm"})
    assert answer.status_code == 409
    assert "Nothing waits for a second person" in text(answer)


def test_a_reason_that_came_too_late_is_not_lost(browser, people, proposed):
    confirm.confirm(actor=people["senior"], decision_ref=proposed.ref)
    sent = {"act": "refuse", f"{proposed.ref}-reason": "A shorter suspension is enough."}
    answer = browser("senior").post(url(proposed), sent)
    assert answer.status_code == 409
    assert "A shorter suspension is enough." in text(answer)
