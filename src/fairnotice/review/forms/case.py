"""Keeping somebody out of a case, and answering whoever forwarded a notice about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.inbox import MAX_ANSWER
from fairnotice.review.forms.fields import Choice, Words
from fairnotice.review.forms.plain import PlainForm


class InvolvedForm(forms.Form):
    """Which account is involved."""

    user: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        label=_("Who is involved"),
        empty_label=_("Choose a sign-in name"),
        help_text=_("From then on this person neither sees nor decides the case. You can choose yourself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager.filter(is_active=True).order_by("username")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: user.username  # type: ignore[attr-defined]


class AnswerSenderForm(PlainForm):
    """What is said to the organisation that forwarded a notice; its notifier reads it there."""

    answer = Choice(
        label=_("Your answer"),
        choices=[
            ("taken", _("We look after it")),
            ("not_ours", _("It does not lie with us")),
            ("too_old", _("It is too old; nothing can be done any more")),
            ("answered", _("This is what came of it:")),
        ],
        widget=forms.RadioSelect,
    )
    text = Words(
        label=_("In words"),
        required=False,
        limit=MAX_ANSWER,
        rows=3,
        help_text=_("The sender and the notifier read this. A decision of the case is sent by itself."),
    )
