"""Pages that exist for tests only: one of every component, on the public base and on the desk base."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLPattern, path

from fairnotice.site import errors

_GUIDE = Path(__file__).with_name("looks_guide.html")
_DAY = dt.datetime(2026, 3, 4, 15, 30, tzinfo=dt.UTC)


class ItemForm(forms.Form):
    """One reported item."""

    location = forms.CharField(label="Exact location", help_text="An address or a precise description.")
    note = forms.CharField(label="Note about this item", required=False)


class GuideForm(forms.Form):
    """One field of every kind."""

    reason = forms.CharField(
        label="Why is it illegal?",
        help_text="In your own words.",
        widget=forms.Textarea,
        max_length=500,
    )
    problem = forms.ChoiceField(
        label="What kind of problem is it?",
        help_text="Choose the nearest one.",
        widget=forms.RadioSelect,
        choices=[("fraud", "Somebody is being cheated"), ("copy", "My work is used without permission")],
    )
    scope = forms.MultipleChoiceField(
        label="Where?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("AT", "Austria"), ("FR", "France")],
    )
    language = forms.ChoiceField(label="Language", choices=[("en", "English"), ("de", "Deutsch")])
    until = forms.DateField(label="Review date", widget=forms.DateInput(attrs={"type": "date"}))
    email = forms.EmailField(label="E-mail", required=False, help_text="Only if you want an answer by mail.")
    good_faith = forms.BooleanField(label="To the best of my knowledge this notice is accurate and complete.")


ItemFormSet = forms.formset_factory(ItemForm, extra=1)


def _context(data: dict[str, str] | None) -> dict[str, object]:
    rows = None
    if data is not None:
        rows = {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-note": "only a note"}
    return {
        "form": GuideForm(data),
        "items": ItemFormSet(rows, prefix="items"),
        "moment": _DAY,
        "code": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "url": "https://shop.example.org/a/very/long/way/" + "to-an-item-" * 12 + "?id=4711",
        "states": ["received", "claimed", "in_force", "partly reversed", "suspended"],
        "steps": [
            {"label": "Received", "state": "done", "when": _DAY},
            {"label": "A person is reading it", "state": "current", "note": "An answer comes within a week."},
            {"label": "Decision with its reasons", "state": "next"},
        ],
        "rows": [("FN-2K4M", "2 days left", True), ("FN-9P1C", "6 days left", False)],
        "page": Paginator(range(60), 20).page(2),
        "helplines": [
            {
                "name": "A helpline",
                "country": "Everywhere",
                "contact": "Day and night",
                "url": "https://help.example.org/",
            }
        ],
        "locations": [f"Location {n}" for n in range(3)],
    }


def _render(request: HttpRequest, base: str, data: dict[str, str] | None) -> HttpResponse:
    template = engines["django"].from_string(_GUIDE.read_text("utf-8"))
    return HttpResponse(template.render({**_context(data), "base": base}, request))


def public(request: HttpRequest) -> HttpResponse:
    """Every component; `?errors` shows the forms as refused."""
    return _render(request, "base.html", {"reason": "x" * 600} if "errors" in request.GET else None)


def desk(request: HttpRequest) -> HttpResponse:
    """The same for somebody signed in, without asking the database who."""
    request.user = SimpleNamespace(  # type: ignore[assignment]
        is_authenticated=True, role_names=frozenset({"reviewer"}), get_username=lambda: "somebody"
    )
    return _render(request, "desk.html", None)


def fails(request: HttpRequest, status: int) -> HttpResponse:
    """An error page by its status; 499 stands for the form that was open for too long."""
    return errors.csrf_failure(request) if status == 499 else errors.page(status, request.path)


def _at(route: str, view: Callable[[HttpRequest], HttpResponse], *names: str) -> list[URLPattern]:
    return [path(f"{route}{name}/", view, name=name) for name in names]


urlpatterns = [
    path("", public, name="home"),
    path("desk/", desk, name="desk"),
    path("fails/<int:status>/", fails),
    *_at("", public, "about", "notice-new", "recourse-enter", "register-list", "rules", "log"),
    *_at("desk/", desk, "desk-appeals", "desk-seconds", "desk-statements", "desk-publications"),
    *_at("desk/", desk, "desk-measures", "desk-lookup", "desk-rules"),
    *_at("accounts/", public, "account_login", "account_logout"),
]
