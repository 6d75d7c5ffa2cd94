"""The form of the page that compares: which report, and whose statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.observatory.web.answering import Known


class Named(Protocol):
    """What can be chosen."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...


class CompareForm(forms.Form):
    """Filled with what was asked for; it only shows."""

    use_required_attribute = False

    report = forms.ChoiceField(label=gettext_lazy("Report"))
    platform = forms.ChoiceField(label=gettext_lazy("Its name in the statements"))

    def __init__(self, reports: Iterable[Named], known: Known, given: Mapping[str, str]) -> None:
        initial = {name: given.get(name, "") for name in ("report", "platform")}
        super().__init__(initial=initial, auto_id="compare-%s")
        names = sorted(known.platforms, key=str.casefold)
        self.fields["report"] = forms.ChoiceField(
            label=self.fields["report"].label,
            choices=[("", _("Choose one")), *((one.key, one.label) for one in reports)],
        )
        self.fields["platform"] = forms.ChoiceField(
            label=self.fields["platform"].label,
            choices=[("", _("as the report spells it")), *((one, one) for one in names)],
        )
