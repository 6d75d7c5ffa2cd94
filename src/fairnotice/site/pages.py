"""The first page, what this is and who runs it, and a page for machines that ask whether we are up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three choices: report something, follow a report, look at decisions."""
    return render(request, "site/home.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the service does, what it never does and why, who runs it (DSA articles 11 to 13), what is
    kept."""
    return render(request, "site/about.html")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers "ok" without asking the database: a busy database must not make a supervisor kill us."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
