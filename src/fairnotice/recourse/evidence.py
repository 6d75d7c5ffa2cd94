"""Somebody takes back a file that they sent with their notice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fairnotice.cases.actions import files
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.models import AccessCode
from fairnotice.cases.queries import evidence
from fairnotice.recourse.gate import behind_code


def _take_back(request: HttpRequest, access: AccessCode, ref: str) -> HttpResponse:
    """Asks once more, then removes it for good."""
    own = next((file for file in evidence.own(access) if file.ref == ref), None)
    if own is None:
        raise NotFound
    late = own.state == "removed"
    if request.method != "POST" or late:
        context = {"file": own, "late": late}
        return render(request, "recourse/evidence.html", context, status=409 if late else 200)
    try:
        files.take_back(access=access, file_ref=ref)
    except (Conflict, Refused):
        return render(request, "recourse/evidence.html", {"file": own, "late": True}, status=409)
    # 303: the browser gets the page anew, and reloading sends nothing twice.
    response = HttpResponseRedirect(reverse("recourse-view"))
    response.status_code = 303
    return response


take_back = require_http_methods(["GET", "HEAD", "POST"])(behind_code(_take_back))
