"""Template tags of all pages: fields with hints and errors, badges, dates, codes, defanged addresses.

Everything is returned as plain text (so that Django escapes it) or built with `format_html`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext

from fairnotice.law import redaction
from fairnotice.site.badges import describe
from fairnotice.vault.codes import show

register = template.Library()
_GROUPED_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.filter
def defang(value: object) -> str:
    """An address as harmless text (hxxps://example[.]org), so that nobody opens it by a slip."""
    return redaction.defang(str(value or ""))


@register.filter
def code_groups(value: object) -> str:
    """A receipt code in groups, easy to read aloud and to copy by hand."""
    return show(str(value))


@register.filter
def when(value: dt.datetime | dt.date | None) -> SafeString | str:
    """A day, or a moment with its time zone, in words inside <time datetime>; "" for none."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        moment = localtime(value) if is_aware(value) else value
        return format_html(
            '<time datetime="{}">{}</time>',
            moment.isoformat(timespec="seconds"),
            date_format(moment, "j F Y, H:i T").strip(),
        )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "j F Y"))


@register.simple_tag
def badge(state: object) -> SafeString | str:
    """A state of a notice, case, decision, measure or appeal as a word with a tone; the word suffices."""
    if not state:
        return ""
    label, tone = describe(str(getattr(state, "value", state)))
    return format_html('<span class="badge {}">{}</span>', tone, label)


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, _GROUPED_WIDGETS):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "single"


@register.inclusion_tag("includes/field.html")
def field(bound: BoundField, **attrs: Any) -> dict[str, Any]:
    """One form field in our markup: label, hint and error joined to the control by aria-describedby.

    Further arguments become attributes of the control (`autocomplete="email"`, `rows=6`). Radio buttons and
    lists of checkboxes become a fieldset. Hidden fields print bare: `{{ form.name }}`.
    """
    if not isinstance(bound, BoundField):
        raise template.TemplateSyntaxError("{% field %} needs a field of a form: the name may be misspelt")
    kind = _kind(bound)
    name = bound.auto_id or bound.html_name
    errors = [str(error) for error in bound.errors]
    described = " ".join(
        f"{name}-{part}" for part, there in (("hint", bound.help_text), ("error", errors)) if there
    )
    shown: dict[str, Any] = {
        "kind": kind,
        "id": name,
        "label": bound.label,
        "hint": bound.help_text,
        "errors": errors,
        "optional": not bound.field.required,
        "described": described,
        "limit": None,
    }
    if kind == "group":
        shown["options"] = bound.subwidgets
        return shown
    control: dict[str, Any] = {"id": name, **{key.replace("_", "-"): value for key, value in attrs.items()}}
    if described:
        control["aria-describedby"] = described
    if errors:
        control["aria-invalid"] = "true"
    control.setdefault("autocomplete", bound.field.widget.attrs.get("autocomplete", "off"))
    if kind == "check":
        control.pop("autocomplete")
    shown["widget"] = bound.as_widget(attrs=control)
    if isinstance(bound.field.widget, forms.Textarea):
        shown["limit"] = getattr(bound.field, "max_length", None)
    return shown


@register.inclusion_tag("includes/error_summary.html")
def error_summary(form: forms.BaseForm, *more: forms.BaseForm | forms.BaseFormSet[Any]) -> dict[str, Any]:
    """All errors of one form and of further forms or formsets, with links to the fields."""
    items: list[dict[str, str]] = []
    for one in (form, *more):
        if isinstance(one, forms.BaseFormSet):
            if not one.is_bound:
                continue
            items.extend({"id": "", "label": "", "text": str(text)} for text in one.non_form_errors())
            for number, part in enumerate(one.forms, start=1):
                items.extend(_errors(part, gettext("Item %(number)s") % {"number": number} + ", "))
        else:
            items.extend(_errors(one, ""))
    return {"items": items}


def _errors(form: forms.BaseForm, prefix: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    if not form.is_bound:
        return found
    for name, errors in form.errors.items():
        for text in errors:
            if name not in form.fields:
                found.append({"id": "", "label": "", "text": f"{prefix}{text}"})
                continue
            bound = form[name]
            label = f"{prefix}{bound.label}".rstrip(".:")
            found.append({"id": bound.auto_id or bound.html_name, "label": label, "text": str(text)})
    return found
