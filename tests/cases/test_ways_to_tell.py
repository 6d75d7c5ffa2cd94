"""The ways to the affected party: a letter is printed before it counts as sent, and a code is not had for the
asking."""

from __future__ import annotations

from typing import Any

import pytest

from fairnotice.cases import codes
from fairnotice.cases.actions import claim, decide, inform
from fairnotice.cases.errors import Conflict, Refused
from fairnotice.cases.models import MeasureStatus, Statement
from fairnotice.ledger.models import OutboxRow
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
MAIL = decide.Reach("email", "author@example.net")


def told() -> Statement:
    return Statement.objects.get(audience="affected")


def test_a_letter_that_was_never_printed_was_never_sent() -> None:
    reviewer = making.account("r", "reviewer")
    making.decided(making.notice(), reviewer, reach=decide.Reach("letter"))
    with pytest.raises(Refused):
        inform.letter_sent(actor=reviewer, statement_ref=told().ref)
    assert MeasureStatus.objects.get().state == "proposed"
    inform.print_letter(actor=reviewer, statement_ref=told().ref)
    inform.letter_sent(actor=reviewer, statement_ref=told().ref)
    assert MeasureStatus.objects.get().state == "in_force"
    with pytest.raises(Conflict):
        inform.letter_sent(actor=reviewer, statement_ref=told().ref)


def test_no_code_is_printed_for_whom_a_mail_reaches() -> None:
    reviewer = making.account("r", "reviewer")
    making.decided(making.notice(), reviewer, reach=MAIL)
    with pytest.raises(Refused):
        inform.print_letter(actor=reviewer, statement_ref=told().ref)
    inform.dispatched(statement_ref=told().ref)
    with pytest.raises(Refused):
        inform.print_letter(actor=reviewer, statement_ref=told().ref)


def test_unreachable_then_a_letter_then_a_mail() -> None:
    reviewer = making.account("r", "reviewer")
    decision = making.decided(making.notice(), reviewer)
    assert MeasureStatus.objects.get().state == "in_force", "it is recorded why nobody can be told"
    ref = told().ref
    inform.choose_channel(actor=reviewer, statement_ref=ref, reach=decide.Reach("letter"))
    _, code, body = inform.print_letter(actor=reviewer, statement_ref=ref)
    access = codes.find(code)
    assert access is not None and access.case == decision.case
    assert body["facts"]
    inform.choose_channel(actor=reviewer, statement_ref=ref, reach=MAIL)
    inform.choose_channel(actor=reviewer, statement_ref=ref, reach=decide.Reach("letter"))
    assert not OutboxRow.objects.filter(done_at=None).exists()
    with pytest.raises(Refused):
        inform.letter_sent(actor=reviewer, statement_ref=ref)
    inform.choose_channel(actor=reviewer, statement_ref=ref, reach=MAIL)
    inform.dispatched(statement_ref=ref)
    status = told().status
    assert (status.channel, status.state, status.unreachable_reason_length) == ("email", "dispatched", 0)
    with pytest.raises(Refused):
        inform.choose_channel(actor=reviewer, statement_ref=ref, reach=decide.Reach("letter"))


def test_deciding_twice_from_one_page_is_a_conflict() -> None:
    reviewer = making.account("r", "reviewer")
    sent = making.notice()
    case = making.case_of(sent)
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    values: dict[str, Any] = {
        "actor": reviewer,
        "case_ref": case.ref,
        "version": case.version,
        "draft": making.draft(),
        "reach": MAIL,
        "summary": making.SUMMARY,
    }
    decide.decide(**values)
    with pytest.raises(Conflict):
        decide.decide(**values)
    assert Statement.objects.filter(audience="affected").count() == 1
