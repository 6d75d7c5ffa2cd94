"""Transparency reports beside the public data: those that this service published, and those of others that
whoever runs it has put into the folder `reports` of the store.

Small numbers show only as published reports have them: cases are never counted for this page.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.queries import reports as published
from fairnotice.cases.reporting import files
from fairnotice.harmonised.report import Report
from fairnotice.observatory.asking import NoDays, ask
from fairnotice.observatory.comparing import document
from fairnotice.observatory.comparing.comparison import (
    CompareError,
    Comparison,
    NoPeriod,
    NoPlatform,
    compare,
)
from fairnotice.observatory.comparing.reported import NoReport, Reported, read_path, reported
from fairnotice.observatory.store import Store
from fairnotice.observatory.web import answering, compare_figures
from fairnotice.observatory.web.answering import Busy, Known, Unavailable
from fairnotice.observatory.web.compare_form import CompareForm
from fairnotice.observatory.web.views import SHORTLY, tabs

NAME = "observatory-compare"
#: Below the store: reports of others, each a folder, a ZIP or a workbook.
FOLDER = "reports"
_PARAMETERS = ("report", "platform", "all")


@dataclass(frozen=True, slots=True)
class Source:
    """A report that can be chosen. `path`: where it lies; None: a published version of this service."""

    key: str
    label: str
    path: Path | None = None


@dataclass(slots=True)
class Asked:
    """What a reader chose, and what came of it. `faults`: parameter -> what is amiss, in words."""

    sources: dict[str, Source]
    known: Known | None = None
    source: Source | None = None
    platform: str = ""
    found: Comparison | None = None
    faults: dict[str, str] | None = None


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """GET observatory-compare. What cannot be used of the address is left out and said."""
    try:
        asked = _asked(request)
    except (Busy, Unavailable) as error:
        return _later(request, error)
    everything = request.GET.get("all") == "yes"
    found = asked.found
    context: dict[str, Any] = {
        "tabs": tabs(NAME),
        "known": asked.known,
        "sources": asked.sources,
        "form": CompareForm(asked.sources.values(), asked.known, request.GET) if asked.known else None,
        "faults": list((asked.faults or {}).values()),
        "found": found,
        "limits": compare_figures.limits(),
        "left_out": compare_figures.left_out(),
    }
    if found is not None and asked.source is not None:
        query = compare_figures.query(asked.source.key, asked.platform)
        context |= {
            "query": query,
            "everything": everything,
            "about": compare_figures.about(found),
            "counts": compare_figures.counts(found),
            "sections": compare_figures.sections(found, everything=everything),
            "beside": compare_figures.beside(found),
            "beside_heads": compare_figures.beside_heads(),
        }
    return render(request, "observatory/compare.html", context)


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """GET observatory-compare-json: the whole comparison, to be cited. 400 for what cannot be read, 404 where
    there is nothing, 503 while it cannot be answered."""
    found = _for_programs(request)
    if isinstance(found, HttpResponse):
        return found
    return _open(HttpResponse(document.dumps(found), content_type="application/json"), "json")


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """GET observatory-compare-csv: both tables as one."""
    found = _for_programs(request)
    if isinstance(found, HttpResponse):
        return found
    return _open(HttpResponse(document.to_csv(found), content_type="text/csv; charset=utf-8"), "csv")


def sources(store: Store | None) -> dict[str, Source]:
    """Every report that can be chosen, the newest of this service first."""
    found = [*_of_this_service(), *(_of_others(store.path / FOLDER) if store else ())]
    return {one.key: one for one in found}


def _of_this_service() -> Iterator[Source]:
    for row in published.published().filter(status__state="published").defer("parts", "provenance"):
        yield Source(row.ref, f"{row.service}, {row.period}")


def _of_others(folder: Path) -> Iterator[Source]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if not path.name.startswith(".") and not path.is_symlink():
            yield Source(f"file:{path.name}", path.name if path.is_dir() else path.stem, path)


def _asked(request: HttpRequest) -> Asked:
    store, known = answering.store(), answering.known()
    asked = Asked(sources(store if known else None), known, faults={})
    assert asked.faults is not None  # noqa: S101 - just set
    asked.platform = request.GET.get("platform", "").strip()
    if store is None or known is None:
        return asked
    if asked.platform and asked.platform not in known.platforms:
        asked.faults["platform"] = _("There is no statement of such a platform here; it was left out.")
        asked.platform = ""
    key = request.GET.get("report", "")
    asked.source = asked.sources.get(key)
    if key and asked.source is None:
        asked.faults["report"] = _("There is no such report here.")
    if asked.source is not None:
        answer = _compared(store, asked.source, asked.platform)
        if isinstance(answer, Comparison):
            asked.found = answer
        else:
            name, text = answer
            asked.faults[name] = _(text)
    return asked


def _compared(store: Store, source: Source, platform: str) -> Comparison | tuple[str, str]:
    """The comparison, or which parameter is to blame and why; remembered as long as nothing changes."""

    def make() -> Comparison | tuple[str, str]:
        try:
            return compare(_read(source), store, ask, platforms=[platform] if platform else [])
        except NoDays:
            return "report", compare_figures.NO_DAYS
        except NoPeriod:
            return "report", compare_figures.NO_PERIOD
        except NoPlatform:
            return "platform", compare_figures.NO_PLATFORM
        except (NoReport, CompareError, OSError):
            return "report", compare_figures.NO_REPORT

    return answering._once(store, (NAME, source.key, _stamp(source), platform), make)


def _read(source: Source) -> Reported:
    if source.path is not None:
        return read_path(source.path)
    row = published.published().get(ref=source.key)
    found = reported(Report(files.parts_of(row)), row.service)
    found.files = dict(row.files.values_list("name", "sha256"))
    return found


def _stamp(source: Source) -> Hashable:
    """Changes with the files. A published version never changes."""
    if source.path is None:
        return ""
    paths = sorted(source.path.rglob("*")) if source.path.is_dir() else [source.path]
    return tuple((one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in paths if one.is_file())


def _for_programs(request: HttpRequest) -> Comparison | HttpResponse:
    try:
        asked = _asked(request)
    except Busy:
        return _refused({"store": _("Others are being answered. Please try again in a minute.")}, 503)
    except Unavailable:
        return _refused({"store": _("The figures cannot be read at present.")}, 503)
    if asked.known is None:
        return _refused({"store": _("This site has no statements to show.")}, 404)
    faults = dict(asked.faults or {})
    for name in sorted(set(request.GET) - set(_PARAMETERS)):
        names = {"names": ", ".join(_PARAMETERS)}
        faults[name[:40]] = _("There is no such parameter here. These are: %(names)s") % names
    if asked.source is None:
        faults.setdefault("report", _("Name a report."))
    if faults or asked.found is None:
        return _refused(faults, 400)
    return asked.found


def _refused(faults: dict[str, str], status: int) -> JsonResponse:
    answer = JsonResponse({"format": document.FORMAT, "faults": faults}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _later(request: HttpRequest, error: Busy | Unavailable) -> HttpResponse:
    busy = isinstance(error, Busy)
    answer = render(request, "observatory/later.html", {"tabs": tabs(NAME), "busy": busy}, status=503)
    if busy:
        answer["Retry-After"] = "60"
    return answer


def _open(answer: HttpResponse, kind: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="observatory-compare.{kind}"'
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = SHORTLY
    return answer
