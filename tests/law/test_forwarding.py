"""Whom a report passes by, and when the next step is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.law.forwarding import answer_due, names_those_above_us, passes_by_site, remind_at
from fairnotice.law.problems import INTIMATE, MINORS, PROBLEMS
from fairnotice.law.taxonomy import CATEGORIES

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_intimate_pictures_minors_and_stalking_pass_by_the_site():
    passed = {problem.slug for problem in PROBLEMS if passes_by_site(problem.slug, "")}
    assert passed == {"child-abuse", "child-approached", "intimate", "fake-intimate", "harassment"}
    assert passed >= {problem.slug for problem in PROBLEMS if problem.flags & {INTIMATE, MINORS}}


def test_a_code_is_enough_whatever_problem_was_chosen():
    """Programs send codes and no choice of the form."""
    passed = {category for category in CATEGORIES if passes_by_site("other", category)}
    assert passed == {
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
        "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    }
    assert passes_by_site("other", "STATEMENT_CATEGORY_VIOLENCE", "KEYWORD_STALKING")
    assert not passes_by_site("no such problem", "nor category", "nor keyword")


def test_where_staff_is_involved_those_above_us_are_named():
    assert names_those_above_us("involved", "") and not passes_by_site("involved", "")
    assert names_those_above_us("intimate", "") and not names_those_above_us("scam", "")


@given(st.integers(1, 8760))
def test_the_reminder_lies_between_the_letter_and_the_deadline(hours):
    due = answer_due(NOW, hours)
    assert due == NOW + timedelta(hours=hours)
    assert NOW < remind_at(NOW, due) < due
    assert (due - remind_at(NOW, due)) * 3 == remind_at(NOW, due) - NOW


@pytest.mark.parametrize(("sent", "hours"), [(NOW.replace(tzinfo=None), 72), (NOW, 0)])
def test_a_deadline_needs_a_zone_and_time(sent, hours):
    with pytest.raises(ValueError, match="deadline"):
        answer_due(sent, hours)
