"""This instance's own cases beside the public data: the same measures, counted and as if they were filed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fairnotice.cases.counting.period import Period, month_of
from fairnotice.harmonised.categories import TOTAL
from fairnotice.observatory import own
from fairnotice.observatory.comparing import compare
from fairnotice.observatory.comparing.comparison import Own
from fairnotice.observatory.comparing.document import document
from fairnotice.observatory.comparing.measures import Practice, figures
from fairnotice.observatory.question import Question
from fairnotice.observatory.result import Input, Result
from fairnotice.observatory.store import Store
from tests.cases import making
from tests.reporting import past

pytestmark = pytest.mark.usefixtures("fn_db")

SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
DISABLED, REMOVED = "DECISION_VISIBILITY_CONTENT_DISABLED", "DECISION_VISIBILITY_CONTENT_REMOVED"


def this_month() -> Period:
    return month_of(datetime.now(UTC).date())


@pytest.fixture
def decisions() -> None:
    """On a notice: one with two measures, one that does nothing; a forwarded case: one on own initiative."""
    reviewer = making.account("r", "reviewer")
    making.decided(making.notice("https://x.example/1"), reviewer, DISABLED, "DECISION_MONETARY_SUSPENSION")
    making.decided(making.notice("https://x.example/2"), reviewer, "NO_ACTION")
    case = making.forwarded("https://x.example/3").notice.items.get().case
    assert case is not None
    making.decided_case(
        case,
        reviewer,
        REMOVED,
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
        automated_detection=True,
    )


@pytest.mark.usefixtures("decisions")
def test_the_report_and_the_measures_give_the_same_figures() -> None:
    said = own.reported(this_month()).figures
    done = own.practice(this_month())
    from_measures = figures(done.practice)
    assert {cell: number for cell, number in said.items() if number} == from_measures
    assert (done.practice.statements, sum(done.practice.measures.values())) == (2, 3)
    assert (said["notices.law", TOTAL], said["notices.law", SPEECH]) == (2, 2)
    assert (said["own_illegal.measures", TOTAL], said["own_illegal.automated", SPEECH]) == (1, 1)
    assert said["automated.total.not", ""] == 3


def test_what_took_effect_in_another_month_is_not_in_it() -> None:
    decision = making.decided(making.notice(), making.account("r", "reviewer"))
    before = month_of(this_month().first - timedelta(days=1))
    past.took_effect(decision, before.start + timedelta(hours=5))
    assert own.practice(this_month()) == Own(Practice())
    assert own.practice(before).practice.statements == 1
    assert own.practice(before).delay is None, "its content is younger than what was done about it"


@pytest.mark.usefixtures("decisions")
def test_it_is_laid_beside_peers_without_a_statement_of_its_own() -> None:
    period = this_month()
    columns = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
    about = ("category", "decision_ground", "source_type", "automated_detection", "automated_decision")

    def ask(_store: Store, question: Question) -> Result:
        given = Input(date(2026, 1, 1), "global", "full", "d.zip", "0" * 40, 300, "v2", whole=True)
        if question.measure == "delay_decision":
            return Result(question, ("platform", "median"), (("Harbour", 7),), (given,), "rows", "duckdb")
        row = (REMOVED, None, None, None, SPEECH, "DECISION_GROUND_ILLEGAL_CONTENT", "SOURCE_VOLUNTARY", "No")
        rows = (("Harbour", *row, "AUTOMATED_DECISION_FULLY", 300),)
        named = ("platform", *columns, *about, "statements")
        return Result(question, named, rows, (given,), "cube practice", "duckdb")

    found = compare(own.reported(period), Store(Path()), ask, own=own.practice(period))
    assert len(found.platforms) + len(found.lines) == 0
    assert found.own
    standing = {one.id: (one.own, one.highest, one.standing) for one in found.beside}
    named = ("share.automated", "share.own", "delay.decision")
    assert [standing[name] for name in named] == [
        (0.0, 1.0, "lowest"),
        (0.333333, 1.0, "lowest"),
        (3, 7, "lowest"),
    ]
    assert "Harbour" in document(found)["peers"]
