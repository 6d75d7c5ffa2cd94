"""allauth's forms in our own words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _


def _plain(field: forms.Field, label: Any, help_text: Any = "") -> None:
    field.label = label
    field.help_text = help_text
    # A placeholder vanishes when somebody types; the label stays.
    field.widget.attrs.pop("placeholder", None)


class LoginForm(AllauthLoginForm):
    """Sign-in name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("Sign-in name"))
        _plain(self.fields["password"], _("Password"))


class ChangePasswordForm(AllauthChangePasswordForm):
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Your present password"))
        _plain(self.fields["password1"], _("New password"), " ".join(password_validators_help_texts()))
        _plain(self.fields["password2"], _("New password, once more"))
