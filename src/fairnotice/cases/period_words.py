"""The figures of scheduled reports in words: one list of lines for letters and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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


#: Subject of the public statistics -> its words.
RELEASED = {
    "notices": gettext_lazy("Notices received"),
    "decisions": gettext_lazy("Decisions"),
    "measures": gettext_lazy("Measures decided"),
    "appeals": gettext_lazy("Appeals received"),
    "answers": gettext_lazy("Appeals answered"),
    "restored": gettext_lazy("Measures undone after an appeal"),
}


def lines(words: Mapping[str, object], counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """(words, figure) for each count that there is."""
    return [(str(words[name]), str(counts[name])) for name in words if name in counts]


def released(figures: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(words with the period, figure) of a monthly report; a figure that is not shown is said to be small."""
    return [
        (
            f"{RELEASED.get(one['subject'], one['subject'])}, {one['period']}",
            _("too small to publish") if one["total"] is None else str(one["total"]),
        )
        for one in figures
    ]
