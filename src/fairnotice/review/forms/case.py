"""Keeping somebody out of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _


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
