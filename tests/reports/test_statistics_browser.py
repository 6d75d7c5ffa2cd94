"""Statistics in a real browser: accessible, wide and narrow, light and dark, without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from fairnotice.cases.permissions import REVIEWER
from fairnotice.cases.queries import statistics_public
from tests.browser.visit import BASE, Visit, no_fault
from tests.cases import making
from tests.reports.past import FRAUD, HARM, LABEL, Past, at

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


@pytest.fixture
def past() -> Past:
    """A year and a half that is over, with one kind of problem rising at its end, and something of this month."""
    statistics_public.forget()
    made, today = Past(), timezone.now()
    # The newest quarter that was released, and five before it.
    first = (today.year * 12 + (today - timedelta(days=statistics_public.SETTLES)).month - 1) // 3 * 3 - 18
    for number in range(18):
        year, month = divmod(first + number, 12)
        when = at(year, month + 1)
        made.notices(35 + number % 5, when, language="en")
        made.notices(14 if number < 15 else 60, when, category=FRAUD, language="de")
        if number % 3 == 0:
            made.notices(12, when, category=HARM, door="json", language="fr")
            made.decisions(40, when, hours=5)
            made.decisions(25, when, hours=60, category=FRAUD, kind=LABEL)
            made.decisions(21, when, hours=900, no_action=True)
            for outcome in ("upheld", "reversed", "partly_reversed"):
                made.appeals(7, when, outcome)
    now = timezone.now()
    made.notices(12, now, category=FRAUD)
    made.decisions(7, now, hours=30)
    made.appeals(2, now, "reversed")
    return made


def test_pages_are_accessible_and_fit(visit: Visit, past: Past) -> None:
    page = visit.page("/statistics/", scripts=False)
    page.click("nav.tabs >> text=Notices")
    assert page.locator("svg[role=img]").count() >= 4
    page.select_option("[name=category]", FRAUD)
    page.click("button:has-text('Show')")
    assert "Scams and/or fraud" in page.locator("h2").first.inner_text()
    page = visit.page("/statistics/")
    paths = {n: f"/statistics/{n}/" for n in ("notices", "appeals", "trends")}
    visit.client.force_login(get_user_model().objects.get(pk=making.account("desk-counts", REVIEWER).user_id))
    paths["desk-appeals"] = "/desk/statistics/appeals/"
    for name, path in paths.items():
        page.goto(BASE + path)
        no_fault(page, f"statistics-{name}")
    assert visit.complaints == []
