"""Which messages are listed, and why one is no notice."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fairnotice.cases.actions.received_desk import MAX_WHY
from fairnotice.law.doors import DOORS
from fairnotice.review import words
from fairnotice.review.forms.fields import Choice, Tick, Words
from fairnotice.review.forms.plain import PlainForm

STATES = [
    ("", _("Everything that waits for a person")),
    ("waiting", _("Waiting for a person")),
    ("held", _("Held back")),
    ("new", _("Not read yet")),
    ("taken", _("Became a notice")),
    ("passed_on", _("Passed on")),
    ("filed", _("Needs nothing")),
    ("dismissed", _("No notice")),
]


class MessagesForm(PlainForm):
    """What is not on the lists is treated as not chosen."""

    state = Choice(label=_("Which messages"), choices=STATES, required=False)
    door = Choice(label=_("Came through"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doors = [(slug, words.label("door", slug)) for slug in DOORS]
        self.fields["door"].choices = [("", _("Every door")), *doors]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """The filters as `queries.received.received` takes them."""
        self.is_valid()
        state, door = self.cleaned_data.get("state"), self.cleaned_data.get("door")
        return {
            "state": state if state in dict(STATES) else "",
            "door": door if door in DOORS else "",
        }


class DismissForm(PlainForm):
    """Why it is no notice."""

    reason = Words(
        label=_("Why this is no notice"),
        limit=MAX_WHY,
        rows=2,
        help_text=_("For example: an advertisement. It stays stored and can be taken up again."),
    )


class SenderForm(PlainForm):
    """Whether whoever sent it stays known to delivery."""

    forget_sender = Tick(
        label=_("Keep no name and no address of the sender"),
        required=False,
        help_text=_("They then get no letter and no code."),
    )
