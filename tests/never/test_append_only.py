"""What is final stays as it was written: nobody edits or removes a decision, a statement, an appeal or the log."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from fairnotice.cases.actions import forward, rules
from fairnotice.delivery.runner import run_due
from fairnotice.ledger import sequencer
from fairnotice.plumbing import appendonly
from tests.cases import making, network
from tests.fault.mailserver import post_office
from tests.register.entries import Desk

FINAL = {
    "cases_decision", "cases_measure", "cases_statement", "cases_appeal", "cases_appealoutcome", "cases_measurechange",
    "cases_forward", "cases_forwardconsent", "cases_forwardanswer", "cases_rulesversion", "cases_rulesclause", "ledger_event", "ledger_logentry", "ledger_checkpointrow",
    "cases_trustedstatus", "cases_trustedend",
}  # fmt: skip


@pytest.fixture
def filled(fn_db: None) -> None:
    """A row in every final table, made by the program itself."""
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First version.")
    admin = making.account("admin", "administrator")
    making.trusted_flagger(admin)
    making.trusted_flagger(admin, reference="File 8")
    desk = Desk()
    desk.reverse_in_part(desk.decide())
    network.network()
    network.confirmed(network.notice(), "HOST-1")
    with post_office() as (port, post):
        run_due(port=network.smtp(port))
        [letter] = [letter for to, letter in post.taken() if to == [network.HOST_DESK]]
    forward.record_answer(token=network.token_in(letter), status="taken", door="link")
    sequencer.run_once()


def _run(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_every_final_table_is_guarded() -> None:
    assert set(appendonly.registered()) >= FINAL


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("table", sorted(FINAL))
def test_no_row_is_changed_or_removed(table: str) -> None:
    before = _run(f"SELECT * FROM {table}")  # noqa: S608
    assert before, "nothing to try it on"
    for sql in (
        "UPDATE {} SET rowid = rowid",
        "DELETE FROM {}",
        "INSERT OR REPLACE INTO {} SELECT * FROM {}",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            _run(sql.format(table, table))
    assert _run(f"SELECT * FROM {table}") == before  # noqa: S608


@pytest.mark.usefixtures("filled")
def test_a_table_that_is_not_final_can_be_changed() -> None:
    """So that the refusals above are the guard's and not the test's."""
    _run("UPDATE cases_case SET version = version + 1")
