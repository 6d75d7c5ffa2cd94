"""Codes of statistics in the words of whoever reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairnotice.cases.figures.model import Cell
from fairnotice.cases.queries.statistics import UNKNOWN
from fairnotice.cases.queries.statistics_public import QUARTER, Period
from fairnotice.law.doors import DOORS
from fairnotice.law.durations import edges
from fairnotice.law.enums import LANGUAGES, SOURCE_TYPES, TERRITORIES
from fairnotice.law.measures import MEASURES
from fairnotice.law.suppression import OTHERS
from fairnotice.law.taxonomy import CATEGORIES

#: What the pages are about, in their order.
SUBJECTS = ("notices", "decisions", "measures", "appeals", "time", "trends", "orders")


def subject(name: str) -> str:
    return {
        "notices": _("Notices"),
        "decisions": _("Decisions and their grounds"),
        "measures": _("Measures"),
        "appeals": _("Appeals and how they ended"),
        "time": _("Time to decide"),
        "trends": _("What is rising"),
        "orders": _("Orders of authorities"),
    }[name]


def about(name: str) -> str:
    """A sentence under the heading."""
    return {
        "notices": _("Notices that came in, whoever sent them and however they came."),
        "decisions": _("Decisions that a person made and that took effect: about what, and on which ground."),
        "measures": _("What was decided to be done: each measure of each decision counts once."),
        "appeals": _("Complaints against decisions, from both sides, and what became of the decisions."),
        "time": _("From the first notice about an item to the decision on it."),
        "trends": _("Kinds of problem that are reported more often than they used to be."),
        "orders": _("Orders to act against content or to give information, by state and authority."),
    }[name]


def dimension(dim: str) -> str:
    """What the rows of a table are."""
    return {
        "category": _("Kind of problem"),
        "source": _("Source"),
        "language": _("Language"),
        "door": _("How it came in"),
        "result": _("What was decided"),
        "ground": _("Ground"),
        "kind": _("Measure"),
        "side": _("Who appealed"),
        "outcome": _("How it ended"),
        "order": _("Kind of order"),
        "state": _("State"),
        "authority": _("Authority"),
    }[dim]


def label(dim: str, code: str) -> str:
    """A code in words; one that the lists no longer have stays a code."""
    if code == OTHERS:
        return _("All others, together")
    found = _LABELS[dim](code)
    return found or code


def _result(code: str) -> str:
    return {"measure": _("One or more measures"), "none": _("No action")}.get(code, "")


def _ground(code: str) -> str:
    return {"law": _("A law"), "rules": _("Our published rules")}.get(code, "")


def _side(code: str) -> str:
    return {"affected": _("Whom the decision concerns"), "notifier": _("A notifier")}.get(code, "")


def _outcome(code: str) -> str:
    return {
        "upheld": _("The decision stood"),
        "partly_reversed": _("Partly reversed"),
        "reversed": _("Reversed"),
    }.get(code, "")


def _order(code: str) -> str:
    return {"act": _("To act against content"), "inform": _("To give information")}.get(code, "")


def _language(code: str) -> str:
    if code == UNKNOWN:
        return _("Not stated")
    return _(LANGUAGES[code]) if code in LANGUAGES else ""


_LABELS: dict[str, Callable[[str], str]] = {
    "category": lambda code: _(CATEGORIES[code]) if code in CATEGORIES else "",
    "source": lambda code: _(SOURCE_TYPES[code]) if code in SOURCE_TYPES else "",
    "language": _language,
    "door": lambda code: _(DOORS[code]) if code in DOORS else "",
    "result": _result,
    "ground": _ground,
    "kind": lambda code: _(MEASURES[code].label) if code in MEASURES else "",
    "side": _side,
    "outcome": _outcome,
    "order": _order,
    "state": lambda code: _(TERRITORIES[code]) if code in TERRITORIES else "",
    "authority": lambda code: code,
}


def period(found: Period) -> str:
    given = {"number": found.number, "year": found.year}
    return _("Q%(number)s %(year)s") % given if found.length == QUARTER else _("H%(number)s %(year)s") % given


def month(code: str) -> str:
    """ "2026-05" as "May 2026"."""
    return date_format(date.fromisoformat(f"{code}-01"), "M Y")


def hours(found: float) -> str:
    """A time that something took."""
    whole = round(found)
    if whole < 1:
        return _("less than one hour")
    if whole < 48:
        return ngettext("%(n)d hour", "%(n)d hours", whole) % {"n": whole}
    days = round(found / 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def steps(begin: int, end: int) -> str:
    """The steps `begin` to `end` of `law.durations`, as one span."""
    low, high = edges(begin, end)
    if high is None:
        return _("more than %(time)s") % {"time": hours(low)} if low else _("any time")
    if not low:
        return _("up to %(time)s") % {"time": hours(high)}
    return _("%(low)s to %(high)s") % {"low": hours(low), "high": hours(high)}


def took() -> str:
    """How the time to decide is counted."""
    return _(
        "From the first notice about the item to the decision; decisions made anew count from there too."
    )


def within(begin: int, end: int) -> Cell:
    """The same as a cell; its value is the hours, such as "12-48" or "720-"."""
    low, high = edges(begin, end)
    return Cell(f"{low}-{'' if high is None else high}", steps(begin, end))
