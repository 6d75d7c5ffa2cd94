"""The file of a case as plain text: for a court, or for the person whom it is about."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairnotice.cases import bodies, sealed
from fairnotice.cases.models import Appeal, AppealOutcome, Case, Decision, Measure
from fairnotice.cases.wording import in_words, measure_words
from fairnotice.law.taxonomy import CATEGORIES


def case_file(case: Case) -> str:
    """What was reported and decided, what each measure does now, and every appeal. Of whoever sent a notice
    nothing, neither who they are nor their words: those may lead to them."""
    return "\n".join(_lines(case)) + "\n"


def _lines(case: Case) -> Iterator[str]:
    yield _("File of case %(ref)s") % {"ref": case.ref}
    yield "=" * 30
    yield _("Written by: %(name)s") % {"name": settings.FN_OPERATOR["name"]}
    yield _("Opened: %(day)s") % {"day": _day(case.opened_at)}
    category = CATEGORIES.get(case.category, case.category)
    yield _("Category: %(words)s") % {"words": _(category)}
    location = sealed.read_many("case", case.ref, ["location"])["location"]
    yield _("Place: %(place)s") % {"place": location or _("erased")}
    yield ""
    yield _("Notices")
    yield "-" * 30
    for item in case.items.select_related("notice").order_by("notice__received_at", "id"):
        yield _("A notice came in on %(day)s.") % {"day": _day(item.notice.received_at)}
    yield _(
        "Who sent a notice, how they can be reached and what they wrote is not part of this file: it may "
        "lead to them. What was alleged stands below, in the words of who decided."
    )
    for decision in case.decisions.select_related("status", "clause__version").order_by("id"):
        yield ""
        yield from _decision(decision)


def _decision(decision: Decision) -> Iterator[str]:
    yield _("Decision %(ref)s, %(day)s") % {"ref": decision.ref, "day": _day(decision.decided_at)}
    yield "-" * 30
    for section in in_words(bodies.for_affected(decision)):
        yield from _section(section.title, section.lines)
    for measure in decision.measures.select_related("status").order_by("id"):
        yield from _measure(measure)
    for appeal in decision.appeals.order_by("id"):
        yield ""
        yield from _appeal(appeal)


def _measure(measure: Measure) -> Iterator[str]:
    words = measure_words(bodies.measure_body(measure))
    yield _("Today: %(measure)s – %(state)s") % {"measure": words, "state": measure.status.state}


def _appeal(appeal: Appeal) -> Iterator[str]:
    yield _("Appeal of %(day)s") % {"day": _day(appeal.received_at)}
    if appeal.side == "affected":
        reasons = sealed.read_many("appeal", appeal.ref, ["reasons"])["reasons"]
        yield from _section(_("Reasons of the affected party"), (reasons or _("erased"),))
    else:
        yield _("By whoever sent a notice; their reasons are not part of this file.")
    outcome = AppealOutcome.objects.filter(appeal=appeal).first()
    if outcome is not None:
        for section in in_words(bodies.for_outcome(outcome)):
            yield from _section(section.title, section.lines)


def _section(title: str, lines: tuple[str, ...] | list[str]) -> Iterator[str]:
    yield ""
    yield title
    for line in lines:
        yield f"  {line}"


def _day(moment: object) -> str:
    return date_format(moment, "j F Y")  # type: ignore[arg-type]  # a date or a moment, both are taken
