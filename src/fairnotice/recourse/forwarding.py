"""Whom to tell about a report: the notifier reads every name, ticks, and says yes. Nothing is ticked
before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fairnotice.cases import sealed
from fairnotice.cases.actions import forward as actions
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.forward_words import standing
from fairnotice.cases.models import AccessCode, ForwardStatus
from fairnotice.cases.queries import forwards, recourse
from fairnotice.recourse.gate import behind_code


@dataclass(frozen=True)
class Told:
    """One organisation and how it stands with it, in a sentence; `texts` are what it wrote."""

    status: ForwardStatus
    sentence: str
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ItemOnPage:
    """One item: its place, the boxes to tick (None where nothing is left to ask), and what was done."""

    ref: str
    location: str
    boxes: BoundField | None
    told: list[Told]


class ConfirmForm(forms.Form):
    """A group of boxes for each item, and two ticks for what may go along. Everything is off."""

    with_words = forms.BooleanField(
        required=False,
        label=gettext_lazy("Send what I wrote, too"),
        help_text=gettext_lazy("Your reasons and your notes. Look whether they say who you are."),
    )
    with_contact = forms.BooleanField(
        required=False,
        label=gettext_lazy("Send my name and e-mail address, too"),
        help_text=gettext_lazy("They may pass it on to whom you reported. It is never needed."),
    )

    def __init__(self, statuses: list[ForwardStatus], data: Any = None, *, named: bool = False) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        if not named:
            del self.fields["with_contact"]
        by_item: dict[str, list[ForwardStatus]] = {}
        for status in statuses:
            if status.state == "proposed":
                by_item.setdefault(status.forward.item.ref, []).append(status)
        for number, (ref, waiting) in enumerate(by_item.items(), start=1):
            label = _("Whom to tell") if len(by_item) == 1 else _("Whom to tell, item %(n)s") % {"n": number}
            self.fields[f"to_{ref}"] = forms.MultipleChoiceField(
                required=False,
                label=label,
                choices=[(status.forward.ref, _named(status)) for status in waiting],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "invalid_choice": _("One of these was settled meanwhile. Please look once more.")
                },
            )

    def boxes(self, item_ref: str) -> BoundField | None:
        """The boxes of one item, where there are any."""
        name = f"to_{item_ref}"
        return self[name] if name in self.fields else None

    def ticked(self) -> list[str]:
        """The references of all that were ticked."""
        return [ref for name, refs in self.cleaned_data.items() if name.startswith("to_") for ref in refs]


def _named(status: ForwardStatus) -> str:
    name = status.forward.organisation
    return {
        "nearest": _("%(name)s, who answers for the place"),
        "past_site": _("%(name)s, who stands above whoever runs the site"),
        "above": _("%(name)s, one step further up: asked only if nobody before them answers"),
    }[status.forward.reason] % {"name": name}


def standings(access: AccessCode) -> dict[str, list[Told]]:
    """By reference of the item: every organisation that is or was told, or may be."""
    statuses = forwards.own_forwards(access)
    texts = forwards.answer_texts(statuses)
    found: dict[str, list[Told]] = {}
    for status in statuses:
        told = Told(status, standing(status), texts.get(status.forward_id, []))
        found.setdefault(status.forward.item.ref, []).append(told)
    return found


def waits_for_yes(told: list[list[Told]]) -> bool:
    """Whether there is something to say yes or no to."""
    return any(one.status.state == "proposed" for item in told for one in item)


def _forward(request: HttpRequest, access: AccessCode) -> HttpResponse:
    """GET and POST recourse-forward; `act` is "some" (those ticked), "all" (those shown), or "none"."""
    if access.notice is None:
        raise NotFound(_("There is no report behind this code."))
    statuses = forwards.own_forwards(access)
    if request.method != "POST":
        return _page(request, access, statuses, _form(access, statuses))
    form = _form(access, statuses, request.POST)
    act = request.POST.get("act", "some")
    try:
        if act == "none":
            actions.decline(access=access)
            return _back()
        if form.is_valid():
            actions.confirm(
                access=access,
                chosen=request.POST.getlist("shown") if act == "all" else form.ticked(),
                with_words=form.cleaned_data["with_words"],
                with_contact=form.cleaned_data.get("with_contact", False),
            )
            return _back()
    except Invalid as invalid:
        for fault in invalid.faults:
            form.add_error(None, fault.message)
    except (Conflict, Refused) as error:
        statuses = forwards.own_forwards(access)
        form = _form(access, statuses)
        return _page(request, access, statuses, form, problem=str(error), status=409)
    return _page(request, access, statuses, form, status=422)


def _form(access: AccessCode, statuses: list[ForwardStatus], data: Any = None) -> ConfirmForm:
    notice = access.notice
    named = notice is not None and any(
        sealed.exists("notice", notice.ref, name) for name in ("name", "email")
    )
    return ConfirmForm(statuses, data, named=named)


def _page(
    request: HttpRequest,
    access: AccessCode,
    statuses: list[ForwardStatus],
    form: ConfirmForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    told = standings(access)
    items = [
        ItemOnPage(
            view.ref,
            view.location,
            form.boxes(view.ref),
            [one for one in told.get(view.ref, []) if one.status.state != "proposed"],
        )
        for view in recourse.own_items(access)
        if view.ref in told
    ]
    context = {
        "form": form,
        "items": items,
        "shown": [one.forward.ref for one in statuses if one.state == "proposed"],
        "past_site": any(one.forward.reason == "past_site" for one in statuses),
        "withdrawn": access.notice is not None and access.notice.state == "withdrawn",
        "problem_text": problem,
    }
    return render(request, "recourse/forward.html", context, status=status)


def _back() -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse("recourse-view"))
    response.status_code = 303
    return response


forward = require_http_methods(["GET", "HEAD", "POST"])(behind_code(_forward))
