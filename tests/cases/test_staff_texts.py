"""What people at the desk write about a case is sealed under its key, like all that leads to somebody."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from fairnotice.cases.actions import confirm, decide, effect, inform, publish
from fairnotice.cases.models import DecisionStatus, Publication, StatementStatus
from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries import desk
from fairnotice.vault import keys
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"
SENTINEL = "sentinel words of the desk"


def written() -> tuple[Actor, dict[tuple[str, str], str], str]:
    """Every such text, once: who may read them, (owner, field) -> row, and the key of one case."""
    reviewer, senior = making.account("r", "reviewer"), making.account("s", "senior_reviewer")
    reach = decide.Reach("unreachable", reason=SENTINEL)
    decision = making.decided(making.notice(), reviewer, reach=reach)
    told = decision.statements.get(audience="affected")
    measure = decision.measures.get()
    effect.report_effect(measure_ref=measure.ref, effect="failed", note=SENTINEL, actor=reviewer)
    publish.withhold_publication(
        actor=making.account("p", "publisher"), publication_ref=decision.publication.ref, reason=SENTINEL
    )
    second = making.decided(making.notice("https://example.org/2"), reviewer, BAN)
    confirm.refuse(actor=senior, decision_ref=second.ref, reason=SENTINEL)
    rows = {
        ("statement", "unreachable_reason"): told.ref,
        ("measure", "effect_note"): measure.ref,
        ("publication", "withheld_reason"): decision.publication.ref,
        ("decision", "second_reason"): second.ref,
    }
    return reviewer, rows, decision.case.subject_key


def test_they_stand_nowhere_in_the_clear_and_only_some_roles_read_them() -> None:
    reviewer, rows, key = written()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            assert not any(SENTINEL in repr(row) for row in cursor.fetchall()), table
    for (owner, name), row in rows.items():
        assert desk.staff_text(reviewer, owner, row, name) == SENTINEL
        for role in ("publisher", "administrator", "auditor"):
            assert desk.staff_text(Actor(0, frozenset({role})), owner, row, name) == ""
    keys.destroy(key)
    assert desk.staff_text(reviewer, "measure", rows["measure", "effect_note"], "effect_note") == ""
    with pytest.raises(KeyError):
        desk.staff_text(reviewer, "notice", "any", "email")


def test_what_is_said_of_an_erased_case_is_not_kept_and_stops_nothing() -> None:
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer)
    keys.destroy(decision.case.subject_key)
    ref = decision.measures.get().ref
    status = effect.report_effect(measure_ref=ref, effect="failed", note=SENTINEL, actor=reviewer)
    assert (status.effect, status.effect_note_length) == ("failed", len(SENTINEL))
    assert desk.staff_text(reviewer, "measure", ref, "effect_note") == ""


def test_a_later_report_without_a_note_leaves_none() -> None:
    reviewer, rows, _key = written()
    ref = rows["measure", "effect_note"]
    status = effect.report_effect(measure_ref=ref, effect="confirmed", actor=reviewer)
    assert status.effect_note_length == 0
    assert desk.staff_text(reviewer, "measure", ref, "effect_note") == ""


def test_the_database_asks_for_a_reason_all_the_same() -> None:
    written()
    changes = (
        (StatementStatus.objects.filter(channel="unreachable"), "unreachable_reason_length"),
        (DecisionStatus.objects.filter(state="refused"), "second_reason_length"),
        (Publication.objects.filter(state="withheld"), "withheld_reason_length"),
    )
    for rows, column in changes:
        assert rows.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**{column: 0})


def test_choosing_another_way_forgets_why_nobody_could_be_told() -> None:
    reviewer, rows, _key = written()
    ref = rows["statement", "unreachable_reason"]
    inform.choose_channel(actor=reviewer, statement_ref=ref, reach=decide.Reach("letter"))
    assert desk.staff_text(reviewer, "statement", ref, "unreachable_reason") == ""
