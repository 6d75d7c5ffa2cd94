"""Forms about clients, their tokens and their status. What is right is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.clients import MAX_LABEL
from fairnotice.cases.actions.tokens import GRACE_DAYS, MAX_GRACE_DAYS
from fairnotice.cases.actions.trusted import MAX_REASON, MAX_REFERENCE
from fairnotice.law.scopes import SCOPES
from fairnotice.law.trusted import AREAS
from fairnotice.review.forms.fields import Choices, Day, Words
from fairnotice.review.forms.plain import PlainForm


class ClientListForm(PlainForm):
    """Which clients are listed."""

    search = Words(label=_("Part of a label"), required=False)


class ClientForm(PlainForm):
    """A client to add."""

    label = Words(
        label=_("Which organisation or program it is"),
        limit=MAX_LABEL,
        help_text=_("Never a person, and no address: everybody at the desk reads this."),
    )


class TokenForm(PlainForm):
    """What a new token is for."""

    scopes = Choices(
        label=_("What the token is for"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As little as the program needs. This is not changed later: make another token."),
    )
    last_day = Day(
        label=_("Its last day"), required=False, help_text=_("Empty: it works until somebody revokes it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, _(words)) for code, words in SCOPES.items()]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class RotateForm(PlainForm):
    """How a token gives way to its successor."""

    grace_days = Words(
        label=_("For how many days the old one goes on"),
        initial=str(GRACE_DAYS),
        widget=forms.NumberInput(attrs={"min": 0, "max": MAX_GRACE_DAYS}),
        help_text=_("So that both work while the program is changed. 0: the old one ends now."),
    )
    last_day = Day(
        label=_("Last day of the new one"),
        required=False,
        help_text=_("Empty: it works until somebody revokes it."),
    )


class TrustedForm(PlainForm):
    """What the coordinator's register says."""

    reference = Words(
        label=_("Where the status can be looked up"),
        limit=MAX_REFERENCE,
        help_text=_("The page of the Digital Services Coordinator’s register, or the number of its file."),
    )
    country = Words(
        label=_("Country of that authority"), help_text=_("Two letters, for example IE."), limit=2
    )
    awarded_on = Day(label=_("Trusted flagger since"))
    expires_on = Day(label=_("Last day of the status"), required=False, help_text=_("Where it has one."))
    review_on = Day(
        label=_("Looked at again on"),
        required=False,
        help_text=_("Needed where it has no last day. Within two years."),
    )
    areas = Choices(
        label=_("Areas of expertise"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Notices in other categories get no priority. None ticked: not limited."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, _(words)) for code, words in AREAS.items()]
        self.fields["areas"].choices = choices  # type: ignore[attr-defined]


class EndTrustedForm(PlainForm):
    """Why a status ends."""

    reason = Words(
        label=_("Why it ends"),
        limit=MAX_REASON,
        rows=3,
        help_text=_("For example that the coordinator withdrew it. This stays for good: name no person."),
    )
