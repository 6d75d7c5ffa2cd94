"""Forms about organisations, contacts, and days to look at. What is right is said by the actions."""

from __future__ import annotations

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairnotice.answerable.models import Contact, Organisation
from fairnotice.answerable.resources import NotALocation, Target, parse_resource
from fairnotice.review.forms.fields import Choice, Day, Words
from fairnotice.review.forms.plain import PlainForm


class ResourceWords(Words):
    """A resource as text; cleaned to a Target, or None where it is empty."""

    def clean(self, value: str) -> Target | None:
        """Raises ValidationError in the words of `parse_resource`."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_resource(text)
        except NotALocation as problem:
            raise forms.ValidationError(str(problem)) from problem


#: Fields that bear another name than the action's faults: no form here has a must that is called like what
#: a person is called or reached by (`tests/never/test_forms.py`).
FIELDS = {"name": "called", "address": "where"}
RESOURCE_HINT = _(
    "An address, a prefix such as 192.0.2.0/24, a range, an AS number, a domain, or server: with a name."
)


class ListForm(PlainForm):
    """Which organisations are listed."""

    search = Words(label=_("Handle or name"), required=False)


class OrganisationForm(PlainForm):
    """An organisation to list. Never a private person."""

    handle = Words(
        label=_("Handle"),
        help_text=_("As the registry writes it, for example ORG-EX1-TEST. It never changes."),
    )
    called = Words(label=_("Name"))
    country = Words(label=_("Country"), required=False, help_text=_("Two letters, for example DE."))
    url = Words(label=_("Web site"), required=False)
    basis = Choice(
        label=_("Why it may be listed"),
        choices=[
            (Organisation.Basis.REGISTRY, _("It is public in a registry")),
            (Organisation.Basis.AGREED, _("It agreed to be listed")),
        ],
        initial=Organisation.Basis.REGISTRY,
        widget=forms.RadioSelect,
        help_text=_("Private persons and private customers are never listed."),
    )


class FactsForm(PlainForm):
    """What an organisation is called from now on."""

    called = Words(label=_("Name"))
    country = Words(label=_("Country"), required=False, help_text=_("Two letters, for example DE."))
    url = Words(label=_("Web site"), required=False)


class ContactForm(PlainForm):
    """How an organisation is reached: a role, never a named person."""

    role = Choice(label=_("Role"), choices=Contact.Role.choices, initial=Contact.Role.ABUSE)
    channel = Choice(label=_("How"), choices=Contact.Channel.choices, initial=Contact.Channel.MAIL)
    where = Words(
        label=_("Address"),
        help_text=_("A mailbox of the organisation such as abuse@example.org, or a web address."),
    )
    resource = ResourceWords(
        label=_("For one resource only"), required=False, help_text=_("Empty: for all that it holds.")
    )


class AsOfForm(PlainForm):
    """A day to look at, sent by GET."""

    at = Day(label=_("As it was on"), required=False, help_text=_("Empty means today."))


class KnownForm(PlainForm):
    """A day whose knowledge is shown, sent by GET."""

    known_on = Day(
        label=_("As we knew it on"), required=False, help_text=_("The end of that day. Empty means now.")
    )


class ResourceForm(AsOfForm, KnownForm):
    """What is recorded for one resource, on a day, as known on a day. Sent by GET."""

    resource = ResourceWords(label=_("Resource"), help_text=RESOURCE_HINT)
    field_order = ["resource", "at", "known_on"]


def end_of(form: forms.Form) -> datetime | None:
    """The last moment of the day in `known_on`; None where there is none."""
    form.is_valid()
    day = form.cleaned_data.get("known_on")
    return timezone.make_aware(datetime.combine(day, time.max)) if day else None
