"""A register entry in plain words: one wording for the list, the page and the printout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairnotice.cases import wording
from fairnotice.cases.models import PublicEntry, RulesClause
from fairnotice.law.enums import AUTOMATED_DECISION, CONTENT_TYPES, LANGUAGES, SOURCE_TYPES, TERRITORIES
from fairnotice.law.measures import MEASURES
from fairnotice.law.taxonomy import CATEGORIES, keyword_label

_CITED = re.compile(r"(\S+) .+ \(rules, version ([0-9]{1,9})\)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """A name and its values; `url` leads on from the (only) value."""

    name: str
    values: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class Listed:
    """One entry as the list shows it."""

    entry: PublicEntry
    title: str
    category: str
    month: str
    ground: str
    appeal: str


def listed(entry: PublicEntry) -> Listed:
    """An entry for the list."""
    return Listed(
        entry,
        title(entry),
        category(entry),
        month_words(entry.month),
        ground_kind(entry.ground_kind),
        appeal_words(entry.appeal_outcome) if entry.appeal_outcome else "",
    )


def title(entry: PublicEntry) -> str:
    """What was decided, as a heading."""
    return "; ".join(measure_name(code) for code in entry.measures) or _("Decision")


def category(entry: PublicEntry) -> str:
    return _(CATEGORIES.get(entry.category, entry.category))


def measure_name(code: str) -> str:
    """The label of a measure; a code that the list no longer has stays a code."""
    return _(MEASURES[code].label) if code in MEASURES else code


def month_words(month: str) -> str:
    """ "2026-05" as "May 2026"; anything else unchanged."""
    try:
        return date_format(date.fromisoformat(f"{month}-01"), "F Y")
    except ValueError:
        return month


def ground_kind(kind: str) -> str:
    return {"law": _("A law"), "rules": _("Our published rules")}.get(kind, kind)


def appeal_words(outcome: str) -> str:
    return {
        "none": _("No appeal was answered"),
        "upheld": _("The decision stood on appeal"),
        "partly_reversed": _("Partly reversed on appeal"),
        "reversed": _("Reversed on appeal"),
    }.get(outcome, outcome)


def record(entry: PublicEntry) -> list[Line]:
    """Every public field of an entry; what is empty is left out."""
    places = [_(TERRITORIES.get(code, code)) for code in entry.territorial_scope]
    lines = [
        Line(_("What was decided"), tuple(_measures(entry))),
        Line(_("Ground"), (entry.ground_text,), ground_url(entry)),
        Line(_("Kind of ground"), (ground_kind(entry.ground_kind),)),
        Line(_("Kind of problem"), (category(entry),)),
        Line(_("More precisely"), tuple(_keyword(code) for code in entry.keywords)),
        Line(_("Kind of content"), tuple(_(CONTENT_TYPES.get(code, code)) for code in entry.content_types)),
        Line(
            _("Language of the content"), (_(LANGUAGES.get(entry.content_language, entry.content_language)),)
        ),
        Line(_("Where it applies"), tuple(places) or (_("Everywhere"),)),
        Line(_("How it came about"), (_(SOURCE_TYPES.get(entry.source_type, entry.source_type)),)),
        Line(_("Automation"), _automation(entry)),
        Line(_("Month of the decision"), (month_words(entry.month),)),
    ]
    return [line for line in lines if any(line.values)]


def ground_url(entry: PublicEntry) -> str:
    """Where the cited clause can be read, or "" for a law."""
    cited = _CITED.fullmatch(entry.ground_text)
    if entry.ground_kind != "rules" or cited is None:
        return ""
    reference, number = cited[1], int(cited[2])
    if not RulesClause.objects.filter(version__number=number, reference=reference).exists():
        return ""
    return f"{reverse('rules-version', args=[number])}#c-{reference}"


def appeal_lines(entry: PublicEntry) -> list[str]:
    """What happened on appeal, in sentences."""
    if not entry.appeal_outcome:
        return [
            _("No appeal against this decision has been answered so far. If one is, this page will say so.")
        ]
    lines = [_(wording.OUTCOMES.get(entry.appeal_outcome, entry.appeal_outcome))]
    side = opened(entry, "side")
    if side in ("affected", "notifier"):
        lines.append(
            _("The appeal was made by the affected party.")
            if side == "affected"
            else _("A notifier appealed.")
        )
    lines.append(_("It was answered by somebody who had no part in the first decision."))
    changes = opened(entry, "changes")
    lines += [_change(change) for change in changes or () if isinstance(change, dict)]
    return lines


def opened(entry: PublicEntry, path: str) -> Any:
    """The value that the entry's own proof opens under a path, or None."""
    for one in entry.evidence.get("records", ()):
        for opening in one.get("openings", ()):
            if opening.get("path") == path:
                return opening.get("value")
    return None


def _measures(entry: PublicEntry) -> Iterator[str]:
    """Each measure with its term, as far as the entry's own proof opens the terms."""
    terms = opened(entry, "measure_terms") or []
    for number, code in enumerate(entry.measures):
        term = terms[number] if number < len(terms) else {}
        yield measure_name(code) + (_term(term) if term.get("kind") == code else "")


def _term(term: dict[str, Any]) -> str:
    words = {
        "ends": ngettext(", for %(days)d day", ", for %(days)d days", term["days"] or 0),
        "is reviewed": ngettext(
            ", looked at again after %(days)d day", ", looked at again after %(days)d days", term["days"] or 0
        ),
    }.get(term["then"], "")
    return words % {"days": term["days"]} if words else ""


def _change(change: dict[str, Any]) -> str:
    words = {
        "keep": _("One measure stays as it is."),
        "reverse": _("One measure is undone."),
        "shorten": _("One measure ends earlier."),
        "replace": _("One measure is replaced by a milder one: %(measure)s.")
        % {"measure": measure_name(str(change.get("kind", "")))},
    }
    return words.get(str(change.get("change")), "")


def _keyword(code: str) -> str:
    try:
        return _(keyword_label(code))
    except KeyError:
        return code


def _automation(entry: PublicEntry) -> tuple[str, ...]:
    how = _(AUTOMATED_DECISION.get(entry.automated_decision, entry.automated_decision))
    found = (
        _("The item was found with automated means.")
        if entry.automated_detection
        else _("The item was not found by automated means.")
    )
    return (found, _("A person decided. Automation of the decision: %(how)s") % {"how": how})
