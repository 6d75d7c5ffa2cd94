"""allauth's forms in our own words."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthCodeForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fairnotice.accounts.models import KINDS
from fairnotice.cases.permissions import ROLE_WORDS, ROLES
from fairnotice.vault.errors import SealBroken


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


class PasswordAgainForm(AllauthReauthenticateForm):
    """The password, once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Your password"))


class CodeForm(AllauthCodeForm):
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Code"), _("Six digits from your app, or one of your recovery codes."))


class CodeAgainForm(AllauthCodeAgainForm):
    """The same, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Code"), _("Six digits from your app, or one of your recovery codes."))


class AppForm(ActivateTOTPForm):
    """The first code of an app shows that it has the secret, which waits sealed in the session until then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Not allauth's: that would put the secret into the session in the clear.
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = waiting_secret(context.request) or new_secret(context.request)
        _plain(self.fields["code"], _("Code from the app"), _("Six digits. They change every 30 seconds."))


def waiting_secret(request: HttpRequest) -> str:
    """The secret that the app on the page is to get; "" where none waits."""
    sealed = request.session.get(SECRET_SESSION_KEY)
    try:
        return str(decrypt(sealed)) if sealed else ""
    except SealBroken:
        return ""


def new_secret(request: HttpRequest) -> str:
    """160 random bits in base32 (RFC 4226, section 4), sealed into the session."""
    secret = str(generate_totp_secret())
    request.session[SECRET_SESSION_KEY] = encrypt(secret)
    return secret


# What fido2 raises at answers that no browser gives, besides what allauth looks for.
_NO_PASSKEY = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    OverflowError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


class _Answer(forms.Form):
    """The answer of a passkey: whatever was sent in its place is wrong, and no fault of ours."""

    def clean_credential(self) -> Any:
        """The account's passkey."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _NO_PASSKEY:
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyLoginForm(_Answer, LoginWebAuthnForm):
    """Signing in by it alone."""


class PasskeySecondForm(_Answer, AuthenticateWebAuthnForm):
    """The second step."""


class PasskeyAgainForm(_Answer, ReauthenticateWebAuthnForm):
    """Before something that matters."""


class PasskeyForm(AddWebAuthnForm):
    """What the browser made. Its name is counted and not typed."""

    def clean(self) -> dict[str, Any]:
        """As above."""
        try:
            return dict(super().clean())
        except _NO_PASSKEY:
            raise get_adapter().validation_error("incorrect_code") from None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean_name(self) -> str:
        """Whatever was sent."""
        return str(self.get_initial_for_field(self.fields["name"], "name"))


CHANGES = {
    "open": _("open an account"),
    "give": _("give roles"),
    "take": _("take roles away"),
    "password": _("a new password"),
    "factor": _("a new second factor"),
    "close": _("close the account"),
}


class ProposalForm(forms.Form):
    """A change of an account or of roles."""

    kind = forms.ChoiceField(
        label=_("What should change?"),
        choices=[(kind, CHANGES[kind]) for kind in CHANGES if kind in KINDS],
        widget=forms.RadioSelect,
    )
    sign_in = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        help_text=_("Of the account that it is about. A new one: letters, digits and @ . + - _"),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role, ROLE_WORDS[role]) for role in ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a new account, and where roles are given or taken."),
    )
