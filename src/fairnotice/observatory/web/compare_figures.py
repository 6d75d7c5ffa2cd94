"""A comparison in the language of the reader, as the tables of its page."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairnotice.cases.figures.model import decimal, number
from fairnotice.law.words import gettext_noop
from fairnotice.observatory.comparing.comparison import Comparison
from fairnotice.observatory.comparing.definitions import COMPARED, GENERAL_LIMITS, NOT_COMPARED
from fairnotice.observatory.comparing.document import figure_words, unit_of
from fairnotice.observatory.comparing.lines import SIGNS, Level, Line, worth_showing
from fairnotice.observatory.comparing.peers import PEER_LIMITS, STANDINGS, Standing
from fairnotice.observatory.web.figures import percent

NO_DAYS = gettext_noop("No day of the report’s period is there.")
NO_PERIOD = gettext_noop("The report does not say which period it is about.")
NO_PLATFORM = gettext_noop(
    "No platform in the statements is spelled as the report spells its service. Choose its name in the "
    "statements."
)
NO_REPORT = gettext_noop("Nothing in this report can be compared with statements.")

#: The word carries the meaning, a shape stands before it, and colour only helps.
_TONES: dict[Level, str] = {"alike": "done", "differs": "wait", "far": "alert", "open": "past"}
_PLACES: dict[Standing, str] = {
    "lowest": "wait",
    "low": "busy",
    "middle": "done",
    "high": "busy",
    "highest": "wait",
    "alone": "past",
}
_TITLES = (
    (0, gettext_noop("Shares")),
    (4, gettext_noop("Actions on notices")),
    (5, gettext_noop("Own initiative: illegal content")),
    (6, gettext_noop("Own initiative: against the terms")),
    (8, gettext_noop("Decided by machines, or without them")),
)
_LIMITS_OF = {one.id: one.limits for one in COMPARED}
_ASKED_OF = {one.id: one.asked for one in COMPARED}


def query(report: str, platform: str) -> str:
    """As it stands in an address."""
    return urlencode({name: value for name, value in (("report", report), ("platform", platform)) if value})


def about(found: Comparison) -> list[str]:
    """What has to be known before the figures."""
    cover = found.coverage
    there = {"there": decimal(cover.there), "days": decimal(cover.days)}
    said = [_("%(there)s of the %(days)s days of this period are here.") % there]
    if cover.missing:
        spans = ", ".join(_span(first, last) for first, last in cover.missing[:6])
        said.append(_("Missing: %(days)s") % {"days": spans + (" …" if len(cover.missing) > 6 else "")})
    if cover.damaged:
        said.append(
            _("Of %(n)s days a part could not be read, so they show too few statements.")
            % {"n": decimal(len(cover.damaged))}
        )
    if found.bare:
        said.append(
            _("%(n)s statements name no restriction, and count nowhere here.") % {"n": decimal(found.bare)}
        )
    if found.reported.notes:
        said.append(_("Not everything that stands beside the report was compared; the JSON says what."))
    return said


def counts(found: Comparison) -> list[dict[str, Any]]:
    """How many figures are how far apart."""
    many = Counter(line.level for line in found.lines)
    return [{**_sign(level), "n": decimal(many[level])} for level in SIGNS if many[level]]


def sections(found: Comparison, *, everything: bool) -> list[dict[str, Any]]:
    """A table for each part of the report. Without `everything`: totals, and what differs."""
    made = []
    for part, title in _TITLES:
        lines = [line for line in found.lines if line.part == part]
        shown = worth_showing(lines, everything=everything)
        if not shown:
            continue
        limits = dict.fromkeys(limit for line in shown for limit in _LIMITS_OF.get(line.id, ()))
        made.append(
            {
                "key": f"part-{part}",
                "title": _(title),
                "asked": [
                    _(text) for text in dict.fromkeys(_ASKED_OF.get(line.id, "") for line in shown) if text
                ],
                "limits": [_(limit) for limit in limits],
                "lines": [_line(line) for line in shown],
                "hidden": len(lines) - len(shown),
            }
        )
    return made


def beside(found: Comparison) -> list[dict[str, Any]]:
    """One row for each share, beside those of the peers."""
    rows, heads = [], beside_heads()
    for one in found.beside:
        unit = unit_of(one)
        values = (one.own, one.lowest, one.low, one.middle, one.high, one.highest)
        shape, word = STANDINGS[one.standing]
        rows.append(
            {
                "label": figure_words(one.id, "", _),
                "values": [(head, amount(value, unit)) for head, value in zip(heads, values, strict=True)],
                "shape": shape,
                "word": _(word),
                "tone": _PLACES[one.standing],
            }
        )
    return rows


def beside_heads() -> list[str]:
    """What its columns of numbers are called."""
    return [_("Own"), _("Lowest"), _("Lower quarter"), _("Middle"), _("Upper quarter"), _("Highest")]


def limits() -> list[str]:
    """What holds for every figure."""
    return [_(text) for text in (*GENERAL_LIMITS, *PEER_LIMITS)]


def left_out() -> list[tuple[str, str]]:
    """What is not compared, and why."""
    return [(_(what), _(why)) for what, why in NOT_COMPARED]


def amount(value: float | None, unit: str) -> str:
    """A figure as it is read."""
    if value is None:
        return "–"
    if unit == "share":
        return percent(value)
    if unit == "days":
        return _("%(n)s days") % {"n": number(value)}
    return decimal(value)


def _line(line: Line) -> dict[str, Any]:
    return {
        "label": figure_words(line.id, line.row, _, short=True),
        "reported": amount(line.reported, line.unit),
        "derived": amount(line.derived, line.unit),
        "apart": _apart(line),
        "roughly": line.agreement == "roughly",
        "why": _(line.why) if line.why else "",
        **_sign(line.level),
    }


def _apart(line: Line) -> str:
    if line.difference is None:
        return "–"
    sign = "+" if line.difference > 0 else "−" if line.difference < 0 else "±"
    if line.unit == "share":
        return _("%(n)s points") % {"n": sign + decimal(100 * abs(line.difference), 1)}
    return sign + percent(abs(line.difference))


def _sign(level: Level) -> dict[str, str]:
    shape, word = SIGNS[level]
    return {"shape": shape, "word": _(word), "tone": _TONES[level]}


def _span(first: Any, last: Any) -> str:
    one = date_format(first, "j F Y")
    return (
        one
        if first == last
        else _("%(first)s to %(last)s") % {"first": one, "last": date_format(last, "j F Y")}
    )
