"""Short forms with one or two fields each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairnotice.review.forms.fields import Choice, Day, Words


class PlainForm(forms.Form):
    """Labels without a colon; what is required is left to the action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})


class RefuseForm(PlainForm):
    """Why the second person does not agree."""

    reason = Words(
        label=_("Why you do not agree"),
        limit=1000,
        rows=3,
        help_text=_(
            "The person who proposed it reads this. Nothing takes effect; the case goes back to the queue."
        ),
    )


class EffectForm(PlainForm):
    """Whether a measure was carried out, or with `undo` whether it was undone. The values differ, so that a
    page that was opened before the measure ended cannot report the one as the other."""

    effect = Choice(label=_("What happened"), widget=forms.RadioSelect)
    note = Words(label=_("Note"), required=False, limit=500)

    def __init__(self, *args: Any, undo: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        done, not_done = ("restored", "restore_failed") if undo else ("confirmed", "failed")
        choices = [(done, _("It is done")), (not_done, _("It could not be done"))]
        self.fields["effect"].choices = choices  # type: ignore[attr-defined]


class ReviewForm(PlainForm):
    """Whether a measure is kept until another review, or ends."""

    act = Choice(
        label=_("After looking at it again"),
        choices=[("keep", _("It is still needed")), ("end", _("It ends now"))],
        widget=forms.RadioSelect,
    )
    keep_until = Day(
        label=_("Looked at again on"),
        required=False,
        help_text=_("Only if it is still needed. Within a year."),
    )
    reason = Words(label=_("Why"), limit=1000, rows=2)


class EffectFilterForm(PlainForm):
    """Which measures are listed."""

    effect = Choice(
        label=_("Which measures"),
        choices=[
            ("", _("Everything that is still to be done")),
            ("pending", _("To be carried out")),
            ("failed", _("Could not be carried out")),
            ("restoring", _("To be undone")),
            ("restore_failed", _("Could not be undone")),
            ("confirmed", _("Carried out")),
            ("restored", _("Undone")),
        ],
    )


class ApproveForm(PlainForm):
    """The summary as it will be published."""

    summary = Words(
        label=_("Summary for the public register"),
        limit=1000,
        rows=4,
        help_text=_("You may mend it. No names, web addresses, account names or quotations."),
    )


class WithholdForm(PlainForm):
    """Why an entry is not published."""

    reason = Words(label=_("Why this is not published"), limit=500, rows=2)


class LookupForm(PlainForm):
    """What to look up. Sent by POST, so that a reported address does not end up in anybody's history."""

    location = Words(
        label=_("Address, domain or network"),
        help_text=_("A web address, a domain such as example.org, an IP address or range, or an AS number."),
    )
    at = Day(label=_("As it was on"), required=False, help_text=_("Empty means today."))
    known_on = Day(
        label=_("As we knew it on"),
        required=False,
        help_text=_("What this register said at the end of that day. Empty means now."),
    )


class RulesForm(PlainForm):
    """A new version of the rules."""

    text = Words(
        label=_("The rules"),
        rows=20,
        help_text=_("A line “## 3.2 Its title” begins a clause; the lines after it are its text."),
    )
    note = Words(label=_("What is new"), limit=500, rows=2, help_text=_("Everybody can read this."))
