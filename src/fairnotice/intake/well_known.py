"""`/.well-known/fair-notice.json`: where a program finds the ways in and the public proof of a service.

Described in docs/well-known.md. A test holds its fields and that page to each other.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from fairnotice.cases.ways_in import WAYS, url
from fairnotice.ledger import logs

VERSION = 1
#: Pages besides the ways in: field -> name of the route.
PAGES = {
    "openapi": "api-1:openapi-json",
    "status": "recourse-enter",
    "rules": "rules",
    "register": "register-list",
    "register_json": "register-list-json",
    "rdap": "rdap",
    "log": "log",
    "log_check": "log-check",
    "about": "about",
}


@require_safe
def pointer(request: HttpRequest) -> JsonResponse:
    """The pointer, the same for everybody; any page anywhere may read it."""
    response = JsonResponse(document(), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=3600"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def document() -> dict[str, Any]:
    """All fields; one that does not apply here is left out."""
    operator = settings.FN_OPERATOR
    log = logs.newest()
    found: dict[str, Any] = {
        "version": VERSION,
        "software": "Fair Notice",
        "service": operator["name"],
        "url": f"{settings.FN_BASE_URL}/",
        "languages": list(operator["languages"]),
        "contact": operator["contact"],
        "legal_representative": operator["legal_representative"],
        "log_origin": log.origin if log else "",
    }
    found |= {way.field: way.address() for way in WAYS if way.field}
    found |= {field: url(name) for field, name in PAGES.items()}
    return {field: value for field, value in found.items() if value != ""}
