"""Deadlines and priority: no day is lost to the shortness of a month, and every priority has its reason."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fairnotice.law import problems
from fairnotice.law.deadlines import CASE_HOURS, appeal_until, case_due, priority


@pytest.mark.parametrize(
    ("informed", "months", "until"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_the_time_for_appeal_runs_in_calendar_months(informed, months, until):
    assert appeal_until(informed, months) == until


@pytest.mark.parametrize("months", [5, 0, -6])
def test_less_than_six_months_is_refused(months):
    with pytest.raises(ValueError, match="at least 6 months"):
        appeal_until(date(2026, 1, 1), months)


@pytest.mark.parametrize(
    ("flags", "trusted", "source", "level"),
    [
        ({problems.LIFE}, False, "SOURCE_ARTICLE_16", 1),
        ({problems.MINORS}, False, "SOURCE_ARTICLE_16", 1),
        ({problems.INTIMATE}, False, "SOURCE_ARTICLE_16", 2),
        (set(), True, "SOURCE_ARTICLE_16", 2),
        (set(), False, "SOURCE_TRUSTED_FLAGGER", 2),
        (set(), False, "SOURCE_ARTICLE_16", 3),
        (set(), False, "SOURCE_VOLUNTARY", 4),
        ({problems.LIFE}, False, "SOURCE_VOLUNTARY", 1),
    ],
)
def test_priority_and_its_reasons(flags, trusted, source, level):
    found = priority(flags, trusted, source)
    assert found.level == level
    assert found.reasons
    assert all(reason.endswith(".") for reason in found.reasons)


def test_a_danger_to_life_stands_before_a_trusted_flagger_and_both_are_said():
    found = priority({problems.LIFE}, trusted=True, source="SOURCE_ARTICLE_16")
    assert found.level == 1
    assert found.reasons[0] == "Somebody’s life or safety may be in danger."
    assert "A trusted flagger sent a notice." in found.reasons


def test_an_unknown_flag_or_source_is_an_error_and_not_a_low_priority():
    with pytest.raises(ValueError, match="unknown flags"):
        priority({"lief"}, trusted=False, source="SOURCE_ARTICLE_16")
    with pytest.raises(ValueError, match="unknown source"):
        priority(set(), trusted=False, source="SOURCE_AUTHORITY")


def test_a_case_is_due_by_its_level():
    received = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert [case_due(received, level) - received for level in CASE_HOURS] == [
        timedelta(hours=4),
        timedelta(hours=24),
        timedelta(hours=72),
        timedelta(hours=168),
    ]
    with pytest.raises(ValueError, match="zone"):
        case_due(datetime(2026, 3, 28), 1)  # noqa: DTZ001 - the missing zone is what is tested
