"""The actions of statements for the EU database and of scheduled reports, done once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from fairnotice.cases import filing_leases, subscribing
from fairnotice.cases.actions import erase, filing, period_reports, subscribers
from fairnotice.cases.models import Case, Filing, Subscriber
from tests.cases import making

READERS: set[Callable[..., Any]] = {filing.filing_for}
PARTS: set[Callable[..., Any]] = set()
ADDRESS = "reader@example.org"


def prepared(s: Any, **changes: Any) -> Filing:
    """The statement of a decision that took effect."""
    making.decided(s.sent, s.reviewer, **changes)
    assert filing.prepare(place="sandbox", now=timezone.now()) == 1
    return Filing.objects.get()


def sending(s: Any) -> Filing:
    """The same in a call."""
    prepared(s)
    call = filing_leases.take()
    assert call is not None
    return call.filings[0]


def held(s: Any) -> Filing:
    """One with something that looks like personal data."""
    found = prepared(s, facts="The post of @somebody says that a person took money.")
    assert (found.state, found.reason) == ("held", "personal")
    return found


def _released(s: Any) -> None:
    found = held(s)
    filing.release(
        actor=s.reviewer,
        filing_ref=found.ref,
        version=found.version,
        facts="The post says that somebody took money.",
        explanation="A false statement of fact.",
    )


def _erased(s: Any) -> None:
    found = prepared(s)
    Case.objects.update(state="closed", closed_at=timezone.now())
    erase.erase(what="case", ref=found.decision.case.ref, now=timezone.now() + timedelta(days=400))
    filing.stop_one(filing_ref=found.ref)
    assert Filing.objects.get().state == "erased"


def _accepted(s: Any) -> None:
    found = sending(s)
    uuid = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    assert filing.accepted(filing_ref=found.ref, uuid=uuid, made={"puid": found.puid}, how="sent")
    assert not filing.accepted(filing_ref=found.ref, uuid=uuid, made=None, how="known")


def _rejected(s: Any) -> None:
    found = sending(s)
    assert filing.rejected(filing_ref=found.ref, call=found.call, said="No.")
    assert not filing.rejected(filing_ref=found.ref, call=found.call, said="No.")


def _stopped(s: Any) -> None:
    assert filing.stop_all(why="token")
    assert not filing.stop_all(why="token")


def _resumed(s: Any) -> None:
    _stopped(s)
    filing.go_on(actor=s.admin)


def asked(s: Any) -> str:
    """The token of somebody who was asked for a confirmation."""
    subscribing.remember(address=ADDRESS, now=timezone.now())
    assert subscribing.sort_new(now=timezone.now()) == 1
    from fairnotice.cases import sealed

    return sealed.read(subscribing.OWNER, Subscriber.objects.get().ref, "token") or ""


def _confirmed(s: Any) -> None:
    token = asked(s)
    subscribers.confirm_subscription(token=token)
    subscribers.confirm_subscription(token=token)


def _monthly(s: Any) -> None:
    later = timezone.now() + timedelta(days=200)
    assert period_reports.make_monthly(now=later) is not None
    assert period_reports.make_monthly(now=later) is None


def _weekly(s: Any) -> None:
    now = timezone.now() + timedelta(days=14)
    period_reports.make_weekly(now=now)
    assert period_reports.make_weekly(now=now) == 0


DONE: dict[Callable[..., Any], tuple[Callable[[Any], Any], str]] = {
    filing.prepare: (prepared, "filing.prepared"),
    filing.release: (_released, "filing.released"),
    filing.stop_one: (_erased, "filing.held"),
    filing.accepted: (_accepted, "filing.accepted"),
    filing.rejected: (_rejected, "filing.rejected"),
    filing.stop_all: (_stopped, "filing.stopped"),
    filing.go_on: (_resumed, "filing.resumed"),
    filing.exported: (
        lambda s: filing.exported(place="sandbox", form="json", statements=1),
        "filing.exported",
    ),
    subscribers.confirm_subscription: (_confirmed, "subscription.confirmed"),
    subscribers.end_subscription: (
        lambda s: subscribers.end_subscription(token=asked(s)),
        "subscription.ended",
    ),
    period_reports.make_weekly: (_weekly, "report.weekly"),
    period_reports.make_monthly: (_monthly, "report.monthly"),
}
