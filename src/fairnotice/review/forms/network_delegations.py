"""Forms about delegations: record one, correct it, give it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.answerable.actions.delegate import Terms
from fairnotice.answerable.models import Delegation
from fairnotice.review.forms.fields import Choice, Day, Tick, Words
from fairnotice.review.forms.network import RESOURCE_HINT, ResourceWords
from fairnotice.review.forms.plain import PlainForm


class Hours(forms.IntegerField):
    """A number of hours, or None; how many there may be is said by the action."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("Give a whole number of hours.")})
        super().__init__(required=False, **kwargs)


class TermsForm(PlainForm):
    """What can be corrected about a delegation."""

    valid_from = Day(label=_("From"), help_text=_("The first day."))
    valid_until = Day(
        label=_("Until"),
        required=False,
        help_text=_("The first day on which it is no longer held. Empty: no end is known."),
    )
    visibility = Choice(
        label=_("Who may see it"),
        choices=[
            (Delegation.Visibility.PRIVATE, _("Only people who work here")),
            (Delegation.Visibility.PUBLIC, _("Everybody")),
        ],
        initial=Delegation.Visibility.PRIVATE,
        widget=forms.RadioSelect,
    )
    shared = Tick(
        label=_("It is shared with another lease"),
        required=False,
        help_text=_("Only where both sides know that two hold the same at the same time."),
    )
    answer_hours = Hours(
        label=_("Hours to answer a notice"), help_text=_("Empty: as the settings of this site say.")
    )

    def terms(self) -> Terms | None:
        """None where the fields cannot be read; the errors then stand on the form."""
        if not self.is_valid():
            return None
        if self.cleaned_data["valid_from"] is None:
            self.add_error("valid_from", _("Give the first day."))
            return None
        return Terms(**{name: self.cleaned_data[name] for name in TermsForm.base_fields})


class DelegationForm(TermsForm):
    """Who passed what on to whom. The names of the fields are those in the action's faults."""

    kind = Choice(label=_("Kind"), choices=Delegation.Kind.choices, initial=Delegation.Kind.LEASE)
    resource = ResourceWords(label=_("Resource"), help_text=RESOURCE_HINT)
    from_handle = Words(
        label=_("Who passed it on"),
        required=False,
        help_text=_("A handle. Empty: a registry that is not listed here."),
    )
    holder = Words(label=_("Who holds it"), help_text=_("A handle of an organisation that is listed."))
    field_order = ["kind", "resource", "from_handle", "holder"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from_handle", "holder"):
            self.fields[name].widget.attrs["list"] = "handles"

    def terms(self) -> Terms | None:
        """As above; the resource and holder must be there as well."""
        terms = super().terms()
        for name in ("resource", "holder"):
            if not self.has_error(name) and not self.cleaned_data.get(name):
                words = _("Give a resource.") if name == "resource" else _("Give a handle.")
                self.add_error(name, words)
        return None if self.errors else terms


class GiveBackForm(PlainForm):
    """From when on it is back with its giver."""

    on = Day(label=_("The first day without it"))
    with_below = Tick(
        label=_("End what was passed on from it as well, on the same day"),
        required=False,
        help_text=_("All of it is listed on the next page before anything is written."),
    )


class RetractForm(PlainForm):
    """Nothing to fill in: only faults to show."""
