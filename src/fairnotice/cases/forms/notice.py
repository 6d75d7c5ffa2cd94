"""The fields of the public form. They show and keep; what is wrong is said by `cases.drafts.check_notice`
alone, so that the form, the API and the files all follow one set of rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairnotice.cases import involved
from fairnotice.cases.contact import asks_contact
from fairnotice.cases.drafts import (
    MAX_EMAIL,
    MAX_INVOLVED,
    MAX_LAW,
    MAX_LOCATION,
    MAX_NAME,
    MAX_NOTE,
    MAX_WHY,
)
from fairnotice.cases.errors import FaultLike
from fairnotice.cases.forms.typed import PREFIX, Typed
from fairnotice.cases.queries.public import current_rules
from fairnotice.law.problems import PROBLEMS

Choices = list[tuple[str, str | SafeString]]


class _Unjudged:
    def clean(self, value: Any) -> Any:
        """Keeps what was typed without an opinion of its own."""
        return self.to_python(value)  # type: ignore[attr-defined]


class _Text(_Unjudged, forms.CharField):
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: browsers would cut off the end of a pasted text without a word.
        return {k: v for k, v in super().widget_attrs(widget).items() if k not in ("maxlength", "minlength")}


class _Choice(_Unjudged, forms.ChoiceField):
    pass


class _Tick(_Unjudged, forms.BooleanField):
    pass


class _ProblemSelect(forms.RadioSelect):
    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Marks the choices with which nobody is asked who they are, for the style sheet."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if not asks_contact(str(value)):
            option["attrs"]["data-no-contact"] = ""
        return option


def _problems() -> Choices:
    return [
        (
            problem.slug,
            format_html('{}<br><span class="hint">{}</span>', gettext(problem.label), gettext(problem.hint)),
        )
        for problem in PROBLEMS
    ]


class ItemForm(forms.Form):
    """One exact location with an optional note."""

    location = _Text(
        label=_("Address or exact place"),
        help_text=_(
            "The full web address, or words that say exactly where: which page, which post, which message."
        ),
        max_length=MAX_LOCATION,
        strip=False,
    )
    note = _Text(
        label=_("What to look at there"),
        help_text=_("For example “second picture” or “from minute 3”."),
        max_length=MAX_NOTE,
        required=False,
        strip=False,
    )


ItemFormSet = forms.formset_factory(ItemForm, extra=0, max_num=1000, absolute_max=1000)


class NoticeForm(forms.Form):
    """All but the items."""

    problem = _Choice(label=_("What kind of problem is it?"), choices=_problems, widget=_ProblemSelect)
    why = _Text(
        label=_("Why is it illegal, or which rule does it break?"),
        help_text=_("In your own words. Facts help most: what is shown or said, who is harmed, since when."),
        max_length=MAX_WHY,
        strip=False,
        widget=forms.Textarea,
    )
    ground_kind = _Choice(
        label=_("What does it break?"), help_text=_("It is fine not to know."), widget=forms.RadioSelect
    )
    law = _Text(
        label=_("Which law"),
        help_text=_("Only if you know it, for example the name of the act and the section."),
        max_length=MAX_LAW,
        required=False,
        strip=False,
    )
    clause = _Choice(label=_("Which rule"), required=False)
    name = _Text(label=_("Your name"), max_length=MAX_NAME, required=False, strip=False)
    email = _Text(
        label=_("Your e-mail address"),
        help_text=_("We use it to tell you that your notice came in and what was decided, for nothing else."),
        max_length=MAX_EMAIL,
        required=False,
        strip=False,
        widget=forms.EmailInput,
    )
    life_in_danger = _Tick(
        label=_("Somebody’s life or safety is in danger now"),
        help_text=_(
            "Your report then goes before all others. You need not be sure, and nobody will "
            "blame you. We are slower than the emergency number, so please call that first if you can."
        ),
        required=False,
    )
    staff_involved = _Tick(
        label=_("Somebody who works at this service is involved"),
        help_text=_("Then only people of trust see it, and nobody whom it concerns."),
        required=False,
    )
    involved_role = _Choice(
        label=_("Keep it from"),
        help_text=_("Whoever you choose sees nothing of your report, not even that there is one."),
        required=False,
    )
    involved = _Text(
        label=_("Who it is"),
        help_text=_("Only if you want to say so. It is kept sealed, and only people of trust read it."),
        max_length=MAX_INVOLVED,
        required=False,
        strip=False,
    )
    good_faith = _Tick(
        label=_("I believe in good faith that what I say here is accurate and complete."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clauses = _clauses()
        grounds: Choices = [("unsure", gettext("I am not sure")), ("law", gettext("A law"))]
        if clauses:
            grounds.insert(1, ("rules", gettext("A rule of this service")))
            self.fields["clause"].choices = [("", gettext("Choose a rule")), *clauses]  # type: ignore[attr-defined]
        else:
            del self.fields["clause"]
        self.fields["ground_kind"].choices = grounds  # type: ignore[attr-defined]
        people = [("", gettext("nobody in particular")), *involved.choices()]
        self.fields["involved_role"].choices = people  # type: ignore[attr-defined]
        self.initial.setdefault("ground_kind", "unsure")


def _clauses() -> Choices:
    rules = current_rules()
    return [(clause.reference, str(clause)) for clause in rules.clauses.all()] if rules else []


def rule_title(reference: str) -> str:
    """The clause as the form names it, or its bare reference where the rules changed meanwhile."""
    return str(dict(_clauses()).get(reference, reference))


def kept(typed: Typed) -> tuple[NoticeForm, BaseFormSet[ItemForm]]:
    """Both forms with what was typed, and no word about what is missing: the person is not done yet."""
    initial: dict[str, Any] = {**typed.texts, **dict.fromkeys(typed.ticks, True)}
    rows = [{"location": row.location, "note": row.note} for row in typed.rows]
    return (
        NoticeForm(initial={k: v for k, v in initial.items() if v}, use_required_attribute=False),
        ItemFormSet(initial=rows, prefix=PREFIX),
    )


def judged(typed: Typed, faults: Iterable[FaultLike]) -> tuple[NoticeForm, BaseFormSet[ItemForm]]:
    """Both forms with what was typed and each fault at its field."""
    form = NoticeForm(typed.data(), use_required_attribute=False)
    items = ItemFormSet(typed.data(), prefix=PREFIX, form_kwargs={"empty_permitted": True})
    filled = typed.filled()
    form.full_clean()
    items.full_clean()
    for fault in faults:
        field, *rest = fault.path.split(".")
        if field == PREFIX and rest:
            row = items.forms[filled[int(rest[0])]]
            row.add_error(rest[1], fault.message)
        elif field == PREFIX and fault.code == "missing":
            items.forms[0].add_error("location", fault.message)
        elif field == PREFIX:
            items.non_form_errors().append(fault.message)
        else:
            form.add_error(field if field in form.fields else None, fault.message)
    return form, items


def first_faults_only(faults: Iterable[FaultLike]) -> list[FaultLike]:
    """One fault for each field: two sentences about one box are harder to follow than one."""
    return list({fault.path: fault for fault in reversed(list(faults))}.values())[::-1]
