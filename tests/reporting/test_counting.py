"""Notices, decisions and complaints made through the actions give exactly the report that they should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from fairnotice.cases.actions import appeal, decide
from fairnotice.cases.counting.counts import Counts, count
from fairnotice.cases.counting.definitions import DEFINITIONS
from fairnotice.cases.counting.medians import median_hours
from fairnotice.cases.counting.period import Period, month_of
from fairnotice.cases.drafts import ItemDraft
from fairnotice.cases.models import AppealOutcome, Decision
from tests.cases import making
from tests.reporting import past

pytestmark = pytest.mark.usefixtures("fn_db")

SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
DEFAMATION = f"{SPEECH}/KEYWORD_DEFAMATION"
REMOVED, DISABLED = "DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_VISIBILITY_CONTENT_DISABLED"


def this_month() -> Period:
    return month_of(datetime.now(UTC).date())


def counted() -> Counts:
    return count(this_month())


def table() -> dict[str, dict[str, int]]:
    return counted().table()


def test_a_notice_counts_once_and_each_item_by_itself() -> None:
    making.notice(items=[ItemDraft(f"https://forum.example.org/{n}") for n in range(3)])
    making.notice("https://forum.example.org/9", problem="other")
    found = table()
    assert found == {
        "automated.notices.not": {"": 2},
        "notices.items": {DEFAMATION: 3, "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE": 1},
        "notices.received": {DEFAMATION: 1, "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE": 1},
    }
    counts = counted()
    assert counts.count("notices.items", "TOTAL") == 4
    assert counts.count("notices.items", SPEECH) == 3


def test_without_a_sub_category_it_counts_as_other_of_its_category() -> None:
    making.notice(category="STATEMENT_CATEGORY_VIOLENCE", problem="threat", keyword="")
    making.notice(
        "https://x.example/b", category="STATEMENT_CATEGORY_CYBER_VIOLENCE", keyword="KEYWORD_STALKING"
    )
    making.notice("https://x.example/c", category="STATEMENT_CATEGORY_OTHER_VIOLATION_TC")
    assert table()["notices.received"].keys() >= {
        "STATEMENT_CATEGORY_CYBER_VIOLENCE/KEYWORD_OTHER",
        "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
    }
    assert counted().count("notices.received", "TOTAL") == 3


def test_a_trusted_flaggers_notice_counts_in_both_columns() -> None:
    admin, reviewer = making.account("a", "administrator"), making.account("r", "reviewer")
    making.trusted_flagger(admin)
    sent = making.sent_by(making.client(), "https://forum.example.org/t")
    assert sent.notice.source_type == "SOURCE_TRUSTED_FLAGGER"
    making.decided(sent, reviewer, source_type="SOURCE_TRUSTED_FLAGGER")
    found = table()
    for column in ("received", "received_tf", "items", "items_tf", "law", "law_tf"):
        assert found[f"notices.{column}"] == {DEFAMATION: 1}, column
    assert found["automated.notices_tf.not"] == {"": 1}
    assert len(counted().durations("notices.median_tf", "TOTAL")) == 1


def test_a_measure_counts_when_it_takes_effect_under_the_first_notice() -> None:
    reviewer = making.account("r", "reviewer")
    sent = making.notice()
    making.notice(problem="scam")  # a second notice about the same item
    waiting = making.decided(sent, reviewer, REMOVED, reach=decide.Reach("letter"))
    assert "notices.law" not in table(), "nobody has been told yet"
    past.take_effect(waiting)
    found = table()
    assert found["notices.law"] == {DEFAMATION: 1}
    assert found["automated.total.not"] == {"": 1}
    assert "automated.own.not" not in found


def test_no_action_is_no_action() -> None:
    making.decided(making.notice(), making.account("r", "reviewer"), "NO_ACTION", reach=decide.Reach())
    assert not [one for one in table() if one.startswith(("notices.law", "notices.terms", "automated.total"))]


def test_what_no_notice_preceded_is_own_initiative() -> None:
    reviewer = making.account("r", "reviewer")
    sent = making.forwarded().notice
    case = sent.items.get().case
    assert case is not None
    making.decided_case(
        case,
        reviewer,
        REMOVED,
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
        keywords=["KEYWORD_OTHER", "KEYWORD_HATE_SPEECH"],
        keyword_other="A slur.",
    )
    found = table()
    row = {f"{SPEECH}/KEYWORD_HATE_SPEECH": 1}
    assert found == {
        "own_illegal.measures": row,
        "own_illegal.visibility_removal": row,
        "automated.own.not": {"": 1},
        "automated.total.not": {"": 1},
    }


def lodged(decision: Decision) -> str:
    access = making.affected_access(decision)
    return appeal.lodge(access=access, decision_ref=decision.ref, reasons="It is true.").ref


def answered(ref: str, outcome: str, by: str) -> None:
    actor = making.account(by, "appeals_reviewer")
    appeal.claim_appeal(actor=actor, appeal_ref=ref, version=1)
    appeal.decide_appeal(
        actor=actor, appeal_ref=ref, version=2, outcome=outcome, reasons="So it is.", changes=[]
    )


def test_complaints_count_by_what_they_are_about() -> None:
    reviewer = making.account("r", "reviewer")
    upheld = making.decided(making.notice("https://x.example/1"), reviewer)
    answered(lodged(upheld), "upheld", "one")
    money = making.decided(
        making.notice("https://x.example/2"), reviewer, "DECISION_MONETARY_SUSPENSION", DISABLED
    )
    answered(lodged(money), "reversed", "two")
    taken_back = making.decided(making.notice("https://x.example/3"), reviewer)
    ref = lodged(taken_back)
    appeal.withdraw(access=making.affected_access(taken_back), appeal_ref=ref)
    found = {name: rows[""] for name, rows in table().items() if DEFINITIONS[name].part == 7}
    assert found == {
        "complaints.total": 3,
        "complaints.upheld": 1,
        "complaints.reversed": 1,
        "complaints.omitted": 1,
        "visibility.total": 2,
        "visibility.upheld": 1,
        "monetary.total": 1,
        "monetary.reversed": 1,
    }
    assert len(counted().durations("complaints.median")) == 2


def test_a_notifier_who_was_right_and_what_was_then_imposed() -> None:
    sent = making.notice()
    none = making.decided(sent, making.account("r", "reviewer"), "NO_ACTION", reach=decide.Reach())
    access = making.notifier_access(sent)
    ref = appeal.lodge(access=access, decision_ref=none.ref, reasons="It is false.").ref
    answered(ref, "reversed", "one")
    none.case.refresh_from_db()
    making.decided_case(none.case, making.account("again", "reviewer"), REMOVED)
    found = {name: rows[""] for name, rows in table().items() if DEFINITIONS[name].part == 7}
    assert found == {
        "complaints.total": 1,
        "complaints.reversed": 1,
        "no_action.total": 1,
        "no_action.reversed": 1,
        "new_restrictions.total": 1,
    }
    assert AppealOutcome.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC), "2026-03"),
        (datetime(2026, 4, 1, 0, 0, tzinfo=UTC), "2026-04"),
        # 1 April in Brussels, March in UTC.
        (datetime(2026, 4, 1, 0, 30, tzinfo=timezone.get_fixed_timezone(120)), "2026-03"),
    ],
)
def test_a_month_ends_in_utc(moment: datetime, month: str) -> None:
    past.received(making.notice(), moment)
    for name in ("2026-03", "2026-04"):
        found = count(month_of(datetime.strptime(name, "%Y-%m").date())).table()  # noqa: DTZ007 - a month only
        assert ("notices.received" in found) is (name == month)


def test_a_later_fact_does_not_change_a_closed_month() -> None:
    reviewer = making.account("r", "reviewer")
    sent = making.notice()
    decision = making.decided(sent, reviewer, REMOVED)
    then = timezone.now() - timedelta(days=70)
    past.received(sent, then)
    past.took_effect(decision, then + timedelta(hours=3))
    month = month_of(then.astimezone(UTC).date())
    before = count(month).table()
    assert before["notices.law"] == {DEFAMATION: 1}
    assert median_hours(count(month).durations("notices.median", "TOTAL")) == "3"
    answered(lodged(decision), "reversed", "one")
    assert count(month).table() == before
    assert table()["complaints.reversed"] == {"": 1}


def test_a_case_that_is_decided_with_a_second_measure_later_counts_both() -> None:
    reviewer = making.account("r", "reviewer")
    making.decided(making.notice(), reviewer, REMOVED, "DECISION_VISIBILITY_CONTENT_LABELLED")
    assert table()["notices.law"] == {DEFAMATION: 2}
