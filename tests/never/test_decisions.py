"""The database itself refuses a decision without ground, facts, end or appeal, whoever writes to it.

Each row is a copy of one that the program made, with one thing taken away; the copy as it is must be accepted, or a
refusal would prove nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from fairnotice.cases.actions import publish
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import (
    Appeal,
    AppealOutcome,
    Decision,
    DecisionStatus,
    Measure,
    MeasureStatus,
    Publication,
    Statement,
)
from tests.cases import making
from tests.register.entries import Desk

BAN = "DECISION_PROVISION_TOTAL_SUSPENSION"


@pytest.fixture
def decision(fn_db: None) -> Decision:
    """A decision whose appeal was answered, by somebody else."""
    desk = Desk()
    decision = desk.decide()
    desk.reverse_in_part(decision)
    return decision


def _copy(row: models.Model, **changes: Any) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop("id", None)
    if "ref" in values:
        values["ref"] = "COPY22222222"
    return {**values, **changes}


def _by_orm(model: type[models.Model], values: dict[str, Any]) -> None:
    model._default_manager.create(**values)


def _by_sql(model: type[models.Model], values: dict[str, Any]) -> None:
    fields = [field for field in model._meta.concrete_fields if field.attname in values]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    row = [field.get_db_prep_save(values[field.attname], connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", row)  # noqa: S608


WRITE = pytest.mark.parametrize("write", [_by_orm, _by_sql], ids=["orm", "sql"])


def _refused(write: Any, model: type[models.Model], values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(model, values)


@WRITE
@pytest.mark.parametrize(
    "missing",
    [
        {"ground_text": ""},
        {"ground_kind": "rules"},
        {"ground_kind": ""},
        {"facts_length": 0},
        {"facts_commitment": None},
        {"explanation_length": 0},
        {"explanation_commitment": None},
        {"necessity_length": 0},
        {"milder_length": 0},
        {"appeal_months": 0},
        {"appeal_months": 5},
        {"appeal_months": None},
        {"decided_by_id": None},
        {"decided_at": None},
        {"event_id": None},
    ],
    ids=str,
)
def test_a_decision_without(decision: Decision, write: Any, missing: dict[str, Any]) -> None:
    with transaction.atomic():
        write(Decision, _copy(decision))
        transaction.set_rollback(True)
    _refused(write, Decision, _copy(decision, **missing))


@WRITE
@pytest.mark.parametrize(
    "missing",
    [{"end": None, "review": None}, {"how_to_reverse": ""}, {"start": None}, {"decision_id": None}],
    ids=str,
)
def test_a_measure_without(decision: Decision, write: Any, missing: dict[str, Any]) -> None:
    """Nothing lasts for ever by itself: it ends, or a person looks at it again."""
    measure = decision.measures.filter(replaces=None).get()
    with transaction.atomic():
        write(Measure, _copy(measure))
        transaction.set_rollback(True)
    _refused(write, Measure, _copy(measure, **missing))


@WRITE
def test_a_measure_in_force_of_which_nobody_was_told(decision: Decision, write: Any) -> None:
    with transaction.atomic():
        measure = Measure.objects.create(**_copy(decision.measures.get(replaces=None)))
        status = {
            "measure_id": measure.pk,
            "state": "in_force",
            "effect": "",
            "effect_note_length": 0,
            "review_reason_length": 0,
        }
        _refused(write, MeasureStatus, status)
        write(MeasureStatus, {**status, "statement_id": Statement.objects.values_list("pk", flat=True)[0]})
        transaction.set_rollback(True)


@WRITE
@pytest.mark.parametrize(
    "missing", [{"reasons_length": 0}, {"reasons_commitment": None}, {"outcome": "maybe"}], ids=str
)
def test_an_answer_to_an_appeal_without_reasons(
    decision: Decision, write: Any, missing: dict[str, Any]
) -> None:
    outcome, copy = _second_appeal(decision)
    with transaction.atomic():
        write(AppealOutcome, copy)
        transaction.set_rollback(True)
    _refused(write, AppealOutcome, {**copy, **missing})
    assert outcome.reasons_length


@WRITE
def test_an_answer_by_whoever_decided_first(decision: Decision, write: Any) -> None:
    _, copy = _second_appeal(decision)
    _refused(write, AppealOutcome, {**copy, "decided_by_id": decision.decided_by_id})


@WRITE
def test_an_answer_that_lies_about_who_decided_first(decision: Decision, write: Any) -> None:
    """The check above compares two columns of one row; this one holds the copy to the original."""
    outcome, copy = _second_appeal(decision)
    lie = {"decided_by_id": decision.decided_by_id, "first_decider_id": outcome.decided_by_id}
    _refused(write, AppealOutcome, {**copy, **lie})


def _second_appeal(decision: Decision) -> tuple[AppealOutcome, dict[str, Any]]:
    """The answer that there is, and a row that would answer an appeal of a notifier."""
    outcome = AppealOutcome.objects.get()
    notice = decision.case.items.get().notice
    appeal = Appeal.objects.create(**_copy(outcome.appeal, side="notifier", notice_id=notice.pk))
    return outcome, _copy(outcome, appeal_id=appeal.pk)


def test_the_second_person_is_never_the_first(fn_db: None) -> None:
    first, other = making.account("one", "reviewer"), making.account("two", "senior_reviewer")
    status = making.decided(making.notice(), first, BAN).status
    rows = DecisionStatus.objects.filter(pk=status.pk)
    for lie in (
        {"second_id": first.user_id},
        {"decider_id": other.user_id},
        {"decider_id": other.user_id, "second_id": first.user_id},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**lie)
        changes = ", ".join(f"{name} = {int(value)}" for name, value in lie.items())
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cases_decisionstatus SET {changes}")  # noqa: S608
    assert rows.update(second_id=other.user_id) == 1


def test_an_entry_is_never_let_through_by_whoever_wrote_it(decision: Decision) -> None:
    mine = Publication.objects.filter(decision=decision)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(approved_by=decision.decided_by_id)


@pytest.mark.usefixtures("fn_db")
@pytest.mark.parametrize(
    "missing",
    [
        {"ground": ""},
        {"ground_reference": " "},
        {"facts": ""},
        {"explanation": "  "},
        {"necessity": ""},
        {"measures": []},
    ],
    ids=str,
)
def test_the_action_refuses_it_first_and_says_why(missing: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        making.decided(making.notice(), making.account("one", "reviewer"), **missing)
    assert not Decision.objects.exists()


def test_nothing_is_published_before_it_takes_effect(fn_db: None) -> None:
    making.decided(making.notice(), making.account("one", "reviewer"), BAN)
    assert publish.publish_batch() == 0
