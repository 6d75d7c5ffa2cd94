"""Transparency reports and tallies, as `test_every_action` does them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from fairnotice.cases.actions import reports, tallies
from fairnotice.cases.counting.period import month_of, parse_period
from fairnotice.cases.models import Report
from fairnotice.cases.reporting.services import service_name
from fairnotice.harmonised.indicators import QUALITATIVE

YEAR = parse_period("2025-01-01/2025-12-31")


def built(s: Any) -> Report:
    return reports.build(actor=s.senior, service=service_name(), period=YEAR)


def text(s: Any, key: str = "4:TOTAL:note_notices") -> object:
    return reports.save_text(
        actor=s.senior, service=service_name(), period=None, key=key, text="A note.", version=0
    )


def published(s: Any) -> Report:
    for one in QUALITATIVE[:6]:
        text(s, f"11:{one.key}:value")
    return reports.publish(actor=s.publisher, report_ref=built(s).ref)


def month_over() -> datetime:
    """A day after the end of this month, and a moment more."""
    return month_of(datetime.now(UTC).date()).end + timedelta(hours=25)


DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    reports.save_text: (text, "report.text"),
    reports.build: (built, "report.built"),
    reports.publish: (published, "report.published"),
    reports.drop: (lambda s: reports.drop(actor=s.senior, report_ref=built(s).ref), "report.dropped"),
    tallies.close_months: (lambda s: tallies.close_months(now=month_over()), "tally.closed"),
    tallies.close_month: (
        lambda s: tallies.close_month(month=month_of(datetime.now(UTC).date())),
        "tally.closed",
    ),
}
READERS = {tallies.open_months}
PARTS: set[Callable[..., object]] = set()
