"""What a reader asked for: read from the address, which anyone may have written; and the form that asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.observatory.topics import Choice
from fairnotice.observatory.web.answering import Known

_NAMES = ("platform", "since", "until")
_FILES_TOO = (*_NAMES, "table")


@dataclass(frozen=True)
class Asked:
    """`faults` says for each parameter in plain words what was left out and why."""

    choice: Choice = field(default_factory=Choice)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address, without empty ones."""
        given = {
            "platform": self.choice.platform or "",
            "since": self.choice.since.isoformat() if self.choice.since else "",
            "until": self.choice.until.isoformat() if self.choice.until else "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.parameters)


def read(given: Mapping[str, str], known: Known, *, strict: bool) -> Asked:
    """Read query parameters. Never raises. `strict`: for a program, which is refused: nothing is left out
    then, and a parameter that does not exist is a fault too."""
    faults: dict[str, str] = {}
    platform = given.get("platform", "").strip()
    if platform and platform not in known.platforms:
        faults["platform"] = (
            _("There is no statement of such a platform here.")
            if strict
            else _("There is no statement of such a platform here; it was left out.")
        )
        platform = ""
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        text = given.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            days[name] = None
            faults[name] = (
                _("A day is written as 2026-01-31.")
                if strict
                else _("A day is written as 2026-01-31; what cannot be read was left out.")
            )
    since, until = days["since"], days["until"]
    if since and until and since > until:
        faults["until"] = (
            _("The last day lies before the first.")
            if strict
            else _("The last day lies before the first; both were left out.")
        )
        since = until = None
    if strict:
        for name in sorted(set(given) - set(_NAMES)):
            names = {"names": ", ".join(_FILES_TOO)}
            faults[name[:40]] = _("There is no such parameter here. These are: %(names)s") % names
    return Asked(Choice(platform or None, since, until), faults)


class ChoiceForm(forms.Form):
    """Filled with what was understood; it only shows."""

    # A filter is never asked for, so the mark "(optional)" beside every one would only be noise.
    use_required_attribute = False

    platform = forms.ChoiceField(label=gettext_lazy("Platform"))
    since = forms.DateField(label=gettext_lazy("From"))
    until = forms.DateField(label=gettext_lazy("Until, this day included"))

    def __init__(self, asked: Asked, known: Known, *, all_platforms: str) -> None:
        super().__init__(initial=asked.parameters, auto_id="view-%s")
        names = sorted(known.platforms, key=str.casefold)
        span = {"min": known.first.isoformat(), "max": known.last.isoformat()}
        self.fields["platform"] = forms.ChoiceField(
            label=self.fields["platform"].label, choices=[("", all_platforms), *((one, one) for one in names)]
        )
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **span})
