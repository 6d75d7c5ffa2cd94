"""What platforms report to the EU's database: one page for each topic, and the same as CSV and JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.law.words import gettext_noop
from fairnotice.observatory.topics import TOPICS, Topic, View, files
from fairnotice.observatory.web import answering, asked, figures
from fairnotice.observatory.web.answering import Busy, Known, Unavailable

SHORTLY = "public, max-age=3600"
#: Pages of this section that are no topics: name of the address, what it is called, what it is about.
OTHER_PAGES: tuple[tuple[str, str, str], ...] = (
    (
        "observatory-compare",
        gettext_noop("Reports beside statements"),
        gettext_noop("What a platform’s transparency report says, beside what its statements add up to."),
    ),
)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """GET observatory: what is there, and the ways to the topics."""
    try:
        known = answering.known()
    except (Busy, Unavailable) as error:
        return _later(request, error)
    others = [
        {"url": reverse(name), "title": _(label), "about": _(about)} for name, label, about in OTHER_PAGES
    ]
    context = {"known": known, "tabs": tabs("observatory"), "topics": [*topics(), *others]}
    return render(request, "observatory/overview.html", context)


@require_safe
def topic(request: HttpRequest, name: str) -> HttpResponse:
    """GET observatory-topic. What cannot be used of the address is left out and said."""
    one = _topic(name)
    view: View | None = None
    wanted = asked.Asked()
    try:
        known = answering.known()
        if known:
            wanted = asked.read(request.GET, known, strict=False)
            view = answering.view(one, wanted.choice)
    except (Busy, Unavailable) as error:
        return _later(request, error)
    context = {
        "topic": {
            "title": _(one.title),
            "about": _(one.about),
            "definition": [_(text) for text in one.definition],
            "limits": [_(text) for text in one.limits],
        },
        "tabs": tabs(name),
        "known": known,
        "form": form(one, wanted, known) if known else None,
        "choose": one.of_one and wanted.choice.platform is None,
        "view": view,
        "figures": figures.figures(view) if view else [],
        "about_days": figures.about_days(view) if view else [],
        "faults": list(wanted.faults.values()),
        "narrowed": bool(wanted.parameters),
        "query": wanted.query,
        "files": {kind: reverse(f"observatory-{kind}", args=[name]) for kind in ("csv", "json")},
    }
    return render(request, "observatory/topic.html", context)


@require_safe
def as_json(request: HttpRequest, name: str) -> HttpResponse:
    """GET observatory-json: the tables of a page, or the one named by `table`. 400 for what cannot be read,
    404 where nothing is there, 503 while it cannot be answered."""
    found = _asked_for(request, name)
    if isinstance(found, HttpResponse):
        return found
    return _open(JsonResponse(files.as_json(found), json_dumps_params={"ensure_ascii": False}))


@require_safe
def as_csv(request: HttpRequest, name: str) -> HttpResponse:
    """GET observatory-csv: the same, a line for each cell."""
    found = _asked_for(request, name)
    if isinstance(found, HttpResponse):
        return found
    answer = HttpResponse(files.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="observatory-{name}.csv"'
    return _open(answer)


def tabs(current: str) -> list[dict[str, str]]:
    """Links to all pages of this section. `current`: a topic's name, or the name of another address."""
    found = [("observatory", reverse("observatory"), _("Overview"))]
    found += [(one["name"], one["url"], one["label"]) for one in topics()]
    found += [(name, reverse(name), _(label)) for name, label, _about in OTHER_PAGES]
    return [
        {"url": url, "label": label, "current": "page" if name == current else ""}
        for name, url, label in found
    ]


def topics() -> list[dict[str, str]]:
    """The topics with where they are."""
    return [
        {
            "name": one.name,
            "url": reverse("observatory-topic", args=[one.name]),
            "label": _(one.short),
            "title": _(one.title),
            "about": _(one.about),
        }
        for one in TOPICS.values()
    ]


def form(one: Topic, wanted: asked.Asked, known: Known) -> asked.ChoiceForm:
    """The form of a page."""
    return asked.ChoiceForm(wanted, known, all_platforms=_("Choose one") if one.of_one else _("All"))


def _topic(name: str) -> Topic:
    if name not in TOPICS:
        raise Http404
    return TOPICS[name]


def _asked_for(request: HttpRequest, name: str) -> View | HttpResponse:
    """The view, or the refusal."""
    one = _topic(name)
    given = {name: request.GET[name] for name in request.GET if name != "table"}
    table = request.GET.get("table", "")
    try:
        known = answering.known()
        if known is None:
            return _refused({"store": _("This site has no statements to show.")}, 404)
        wanted = asked.read(given, known, strict=True)
        faults = dict(wanted.faults)
        if one.of_one and wanted.choice.platform is None:
            faults.setdefault("platform", _("This view is about one platform: name it."))
        keys = [part.key for part in one.parts]
        if table and table not in keys:
            names = {"names": ", ".join(keys)}
            faults["table"] = _("There is no such table here. These are: %(names)s") % names
        if faults:
            return _refused(faults, 400)
        view = answering.view(one, wanted.choice)
    except Busy:
        return _refused({"store": _("Others are being answered. Please try again in a minute.")}, 503)
    except Unavailable:
        return _refused({"store": _("The figures cannot be read at present.")}, 503)
    if view is None:
        return _refused({"since": _("No day of this time is there.")}, 404)
    return view.part(table) if table else view


def _refused(faults: dict[str, str], status: int) -> JsonResponse:
    answer = JsonResponse({"format": files.FORMAT, "faults": faults}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _later(request: HttpRequest, error: Busy | Unavailable) -> HttpResponse:
    context = {"tabs": tabs(""), "busy": isinstance(error, Busy)}
    answer = render(request, "observatory/later.html", context, status=503)
    if isinstance(error, Busy):
        answer["Retry-After"] = "60"
    return answer


def _open(answer: HttpResponse) -> HttpResponse:
    """For programs of anybody, also in a browser on another site."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = SHORTLY
    return answer
