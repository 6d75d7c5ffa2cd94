"""The search form of the register. It only shows; `filters` reads, because an address may hold anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.cases.queries import public
from fairnotice.law.measures import MEASURES
from fairnotice.law.taxonomy import CATEGORIES
from fairnotice.register import wording
from fairnotice.register.filters import APPEALS, GROUNDS, LONGEST_WORDS, Search

Choices = list[tuple[str, str]]


class SearchForm(forms.Form):
    """Filled with what was understood of the search."""

    # A filter is never asked for, so the mark "(optional)" beside every one would only be noise.
    use_required_attribute = False

    q = forms.CharField(label=gettext_lazy("Words in the summary or the ground"), max_length=LONGEST_WORDS)
    category = forms.ChoiceField(label=gettext_lazy("Kind of problem"))
    measure = forms.ChoiceField(label=gettext_lazy("What was decided"))
    ground = forms.ChoiceField(label=gettext_lazy("Ground"))
    appeal = forms.ChoiceField(label=gettext_lazy("On appeal"))
    month = forms.ChoiceField(label=gettext_lazy("Month"))

    def __init__(self, search: Search) -> None:
        super().__init__(initial=search.chosen, auto_id="search-%s")
        months = public.months()
        chosen = search.chosen.get("month", "")
        if chosen and chosen not in months:
            months.append(chosen)
        self._offer("category", _any(_("Any kind"), CATEGORIES, lambda code: _(CATEGORIES[code])))
        self._offer("measure", _any(_("Any measure"), MEASURES, wording.measure_name))
        self._offer("ground", _any(_("Any ground"), GROUNDS, wording.ground_kind))
        self._offer("appeal", _any(_("Any"), APPEALS, wording.appeal_words))
        self._offer("month", _any(_("Any month"), sorted(months, reverse=True), wording.month_words))

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=choices)


def _any(label: str, codes: Iterable[str], name: Callable[[str], str]) -> Choices:
    return [("", label), *((code, name(code)) for code in codes)]
