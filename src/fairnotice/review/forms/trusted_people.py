"""Who is named as a person of trust."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.trusted_people import MAX_LABEL
from fairnotice.cases.drafts import MAX_EMAIL
from fairnotice.review.forms.fields import Words
from fairnotice.review.forms.plain import PlainForm


class TrustedPersonForm(PlainForm):
    """An account, or an organisation outside by its mailbox."""

    label = Words(
        label=_("What notifiers are shown"),
        limit=MAX_LABEL,
        help_text=_("A task and no name, such as “works council” or “ombudsperson”."),
    )
    user: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label=_("Account"), required=False, empty_label=_("An organisation outside")
    )
    mailbox = Words(
        label=_("Mailbox of the organisation outside"),
        required=False,
        limit=MAX_EMAIL,
        help_text=_("Instead of an account. It is told that such a notice came in, and nothing of it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager.filter(is_active=True).order_by("username")
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: user.username  # type: ignore[attr-defined]
