"""An action's faults as errors of a short form."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from fairnotice.answerable.errors import Unfit
from fairnotice.cases.errors import Invalid


def put_on(
    form: forms.Form, error: Invalid | Unfit, prefix: str = "", fields: Mapping[str, str] | None = None
) -> forms.Form:
    """Each fault at its field (its path without `prefix`, or what `fields` names for that), or above the form
    where it has none."""
    form.is_valid()
    for fault in error.faults:
        name = fault.path.removeprefix(prefix)
        name = (fields or {}).get(name, name)
        if name not in form.fields:
            form.add_error(None, fault.message)
        elif name not in form.errors:
            form.add_error(name, fault.message)
    return form


def value(form: forms.Form, name: str) -> str:
    """A text as it was typed. What holds a NUL is empty here, and its error stands on the form already."""
    form.is_valid()
    return str(form.cleaned_data.get(name) or "")
