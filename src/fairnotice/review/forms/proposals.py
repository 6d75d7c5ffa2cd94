"""What is proposed to a second person, and their answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.two_people import MAX_REASON, verbs
from fairnotice.cases.permissions import Actor
from fairnotice.law.two_people import REASONS, VERBS
from fairnotice.review.forms.fields import Choice, Day, Words
from fairnotice.review.forms.plain import PlainForm


class ProposeForm(PlainForm):
    """One thing that this person's roles may propose for a case."""

    verb = Choice(label=_("What should be done"), widget=forms.RadioSelect)
    why = Choice(label=_("What for"), widget=forms.RadioSelect)
    reason = Words(
        label=_("Why"),
        limit=MAX_REASON,
        rows=4,
        help_text=_("The second person judges by this. It is sealed with the case."),
    )
    until = Day(label=_("Until"), required=False, help_text=_("Only for what has a last day."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = {
            name: verb for name, verb in verbs().items() if "case" in verb.about and actor.roles & verb.roles
        }
        choices = [(name, gettext(VERBS[name])) for name in able]
        self.fields["verb"].choices = choices  # type: ignore[attr-defined]
        whys = [(slug, gettext(words)) for slug, words in REASONS.items()]
        self.fields["why"].choices = whys  # type: ignore[attr-defined]
        if not any(verb.until for verb in able.values()):
            del self.fields["until"]


class AnswerForm(PlainForm):
    """Why the second person does not agree."""

    reason = Words(
        label=_("Why you do not agree"),
        required=False,
        limit=MAX_REASON,
        rows=2,
        help_text=_("Only where you do not agree. Whoever proposed it reads this."),
    )
