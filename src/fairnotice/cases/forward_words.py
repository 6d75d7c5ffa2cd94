"""How a forwarded notice stands, in sentences for the notifier: on their page, and in the letters to them."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairnotice.cases.models import ForwardStatus


def standing(status: ForwardStatus) -> str:
    """One sentence: which organisation, and what became of it."""
    words = {"name": status.forward.organisation, "day": _due(status)}
    if status.state == "answered":
        return _answered(status.answer) % words
    return _sentence(status.state) % words


def _answered(answer: str) -> str:
    if answer == "not_ours":
        return _("%(name)s says that this is not theirs to answer.")
    if answer == "too_old":
        return _("%(name)s says that it is too old for them to act on.")
    return _("%(name)s has answered.")


def _sentence(state: str) -> str:
    return {
        "proposed": _("%(name)s may answer for it. They are told only if you say so."),
        "confirmed": _("%(name)s is asked if those before them do not answer."),
        "sending": _("A letter to %(name)s is on its way."),
        "dispatched": _("It was forwarded to %(name)s, who should answer by %(day)s."),
        "reminded": _("%(name)s was reminded and should answer by %(day)s."),
        "taken": _("%(name)s has taken it on."),
        "overdue": _("%(name)s has not answered in time."),
        "escalated": _("%(name)s has not answered in time, so the next was asked."),
        "undeliverable": _("Our letter to %(name)s could not be delivered."),
        "declined": _("%(name)s was not told, as you wished."),
        "spared": _("%(name)s was not told: it was no longer needed."),
        "stopped": _("%(name)s is not asked any more."),
    }[state]


def _due(status: ForwardStatus) -> str:
    return date_format(timezone.localtime(status.due_at), "j F Y, H:i T") if status.due_at else ""
