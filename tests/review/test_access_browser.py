"""Emergencies, who opened what, two people and people of trust in a real browser: wide and narrow, light and dark."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from fairnotice.cases.actions import claim, emergency, trusted_people, two_people
from fairnotice.cases.models import Emergency
from tests.browser.visit import Visit, no_fault
from tests.cases import making

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def test_the_pages_read_well_and_work_by_keyboard_without_scripts(visit: Visit) -> None:
    both = making.account("both", "senior_reviewer", "administrator")
    holder = making.account("holder", "reviewer")
    sent = making.notice(life_in_danger=True)
    alarm = Emergency.objects.get()
    case = making.case_of(sent)
    visit.client.force_login(get_user_model().objects.get(pk=both.user_id))
    no_fault(visit.page("/desk/emergencies/"), "desk-emergencies")
    page = visit.page(f"/desk/emergency/{alarm.ref}/", scripts=False)
    page.get_by_role("button", name="I look after it").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "You look after it" in page.inner_text("main")
    no_fault(visit.page(f"/desk/emergency/{alarm.ref}/"), "desk-emergency")
    emergency.assess(actor=both, emergency_ref=alarm.ref, passed_on=False, why="A poem.")
    claim.claim(actor=holder, case_ref=case.ref, version=case.version)
    page = visit.page(f"/desk/case/{case.ref}/purpose/")
    assert "Why do you open case" in page.inner_text("h1")
    no_fault(page, "desk-purpose")
    two_people.propose(actor=holder, verb="export", why="court", reason="The court asked.", case_ref=case.ref)
    no_fault(visit.page("/desk/by-two/"), "desk-proposals")
    trusted_people.add_trusted_person(actor=both, label="works council", mailbox="c@example.org")
    no_fault(visit.page("/desk/trust/"), "desk-trust")
    no_fault(visit.page("/desk/openings/"), "desk-openings")
    assert visit.outside == [] and visit.complaints == []
