"""The figures of scheduled reports in words: one list of lines for letters and pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Name of a count -> its words, in the order in which they are read.
HAPPENED = {
    "notices": gettext_lazy("Notices received"),
    "decisions": gettext_lazy("Decisions"),
    "restricted": gettext_lazy("… with a measure"),
    "no_action": gettext_lazy("… without any"),
    "measures": gettext_lazy("Measures that took effect"),
    "appeals": gettext_lazy("Appeals received"),
    "answered": gettext_lazy("Appeals answered"),
    "upheld": gettext_lazy("… the decision stands"),
    "changed": gettext_lazy("… the decision was changed"),
    "emergencies": gettext_lazy("Notices that a life is in danger"),
}
WAITING = {
    "open": gettext_lazy("Cases that wait"),
    "overdue": gettext_lazy("… past their time"),
    "oldest": gettext_lazy("Days that the oldest has waited"),
    "appeals_open": gettext_lazy("Appeals that wait"),
    "appeals_overdue": gettext_lazy("… past their time"),
    "emergencies_open": gettext_lazy("Emergencies not closed"),
    "not_sent": gettext_lazy("Letters that could not be sent"),
    "statements_waiting": gettext_lazy("Statements for the EU database that wait for a person"),
}


def lines(words: Mapping[str, object], counts: Mapping[str, int | None]) -> list[tuple[str, str]]:
    """(words, figure) for each count that there is; a hidden one is said to be small."""
    return [(str(words[name]), figure(counts[name])) for name in words if name in counts]


def figure(number: int | None) -> str:
    """A figure as it is shown."""
    return _("too small to publish") if number is None else str(number)
