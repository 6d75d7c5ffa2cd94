"""A whole case, from notice to closing, and what is readable of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from fairnotice.cases import codes
from fairnotice.cases.actions import appeal, clock, decide, inform
from fairnotice.cases.actions.submit import Submitted
from fairnotice.cases.models import AccessCode, Appeal, Case, Decision, SealedValue, Statement
from fairnotice.cases.permissions import Actor
from tests.cases import making

LETTER = decide.Reach("email", email="author@example.net")


@dataclass
class Whole:
    """What one case left behind."""

    reviewer: Actor
    submitted: Submitted
    case: Case
    decision: Decision
    appeal: Appeal

    @property
    def notice_code(self) -> AccessCode:
        found = codes.find(self.submitted.code)
        assert found is not None
        return found


def whole(location: str = "https://forum.example.org/post/7", *, number: int = 1) -> Whole:
    """Reported by name, decided, told, appealed against and answered; not closed yet."""
    reviewer = making.account(f"a reviewer {number}", "reviewer")
    appeals = making.account(f"an appeals reviewer {number}", "appeals_reviewer")
    submitted = making.notice(location, name="Name of the notifier", email="notifier@example.org")
    decision = making.decided(submitted, reviewer, reach=LETTER)
    for statement in Statement.objects.filter(decision=decision):
        inform.dispatched(statement_ref=statement.ref)
    access = AccessCode.objects.get(case=decision.case, side="affected")
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="I never wrote that.")
    appeal.claim_appeal(actor=appeals, appeal_ref=lodged.ref, version=1)
    appeal.decide_appeal(
        actor=appeals, appeal_ref=lodged.ref, version=2, outcome="upheld", reasons="It stands.", changes=[]
    )
    for statement in Statement.objects.filter(decision=decision, status__dispatched_at=None):
        inform.dispatched(statement_ref=statement.ref)
    for status in decision.measures.all():
        status.status.effect = "confirmed"
        status.status.save()
    case = Case.objects.get(pk=decision.case_id)
    return Whole(reviewer, submitted, case, decision, lodged)


def closed(made: Whole) -> datetime:
    """The moment at which the clock closes it; the time for appeal is over then."""
    later = timezone.now() + timedelta(days=190)
    clock.close_finished(now=later)
    made.case.refresh_from_db()
    assert made.case.state == "closed", made.case.state
    assert made.case.closed_at == later
    return later


def sealed_fields() -> set[str]:
    """Names of all that lies sealed."""
    return {f"{owner}.{name}" for owner, name in SealedValue.objects.values_list("owner", "field")}
