"""Building a report, and writing one cell of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.counting.period import Period, WrongPeriod, check_period
from fairnotice.cases.reporting import places
from fairnotice.review.forms.fields import Day, Words
from fairnotice.review.forms.plain import PlainForm


class PeriodForm(PlainForm):
    """First and last day of a period of whole months."""

    first = Day(label=_("First day"))
    last = Day(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        """`period`, where both days make one."""
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        for name, day in (("first", first), ("last", last)):
            if day is None and not self.has_error(name):
                self.add_error(name, gettext("Give this day, such as 2026-01-01."))
        if isinstance(first, date) and isinstance(last, date):
            try:
                found["period"] = check_period(first, last)
            except WrongPeriod as error:
                self.add_error("last", gettext(str(error)))
        return found

    @property
    def period(self) -> Period:
        """The period of a valid form."""
        period: Period = self.cleaned_data["period"]
        return period


class BuildForm(PeriodForm):
    """Which period, and for a correction why."""

    reason = Words(
        label=_("What it corrects, and why"),
        required=False,
        limit=2000,
        rows=3,
        help_text=_("Only where a report of this period is published already. Everybody reads this."),
    )


class TextForm(PlainForm):
    """One cell. What is wrong with it is said by the action."""

    text = Words(label=_("Text"), required=False, limit=places.MOST, rows=8)
