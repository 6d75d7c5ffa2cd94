"""The page that compares in a real browser: wide and narrow, light and dark, accessible, without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fairnotice.observatory.web import answering
from tests.browser.visit import BASE, Visit, no_fault
from tests.observatory.compared import with_reports

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def test_it_is_accessible_fits_and_works_without_scripts(
    visit: Visit, settings: Settings, tmp_path: Path
) -> None:
    settings.FN_OBSERVATORY_STORE = with_reports(tmp_path).path
    answering.forget()
    page = visit.page("/observatory/compare/", scripts=False)
    page.get_by_label("Report").select_option("other")
    page.get_by_role("button", name="Compare").click()
    assert page.get_by_text("■ far apart: 1").count() == 1
    shown = visit.page("/observatory/compare/?report=file:other")
    no_fault(shown, "observatory-compare")
    shown.goto(BASE + "/observatory/compare/?report=file:nothing")
    no_fault(shown, "observatory-compare-choose")
    assert visit.complaints == []
    assert visit.outside == []
