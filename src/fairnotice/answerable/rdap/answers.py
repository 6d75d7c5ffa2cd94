"""The way out: every answer under `/rdap/`, good or bad, is RDAP's JSON with the same headers (RFC 7480)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fairnotice.answerable.rdap.asked import Malformed
from fairnotice.answerable.rdap.words import RDAP_JSON, Json, notices
from fairnotice.plumbing.limits import limit

_SECONDS = 300
_METHODS = "GET, HEAD, OPTIONS"
View = Callable[..., HttpResponseBase]


class NotShown(Exception):
    """Nothing public is recorded for what was asked."""


def served(view: View) -> View:
    """Decorator: GET and HEAD reach the view, slowed down per visitor; what it raises becomes an answer."""

    @wraps(view)
    def inner(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _headers(HttpResponse(status=204, headers={"Allow": _METHODS}))
        if request.method not in ("GET", "HEAD"):
            words = _("This server is asked with GET and HEAD.")
            answer = refused(request, 405, _("Not this method"), words)
            answer["Allow"] = _METHODS
            return answer
        if limit("rdap", request, settings.FN_RDAP_PER_MINUTE):
            words = _("Too many requests just now. Please wait a minute and try again.")
            answer = refused(request, 429, _("Please wait a little"), words)
            answer["Retry-After"] = "60"
            answer["Cache-Control"] = "no-store"
            return answer
        try:
            return view(request, *args, **kwargs)
        except Malformed as problem:
            return refused(request, 400, _("We could not read that query"), str(problem))
        except NotShown:
            words = _(
                "Nothing public is recorded here for it. Whether anything more is recorded is not said."
            )
            return refused(request, 404, _("Not found"), words)

    # No cookie means anything here, so nobody can be made to do something by a forged request.
    inner.csrf_exempt = True  # type: ignore[attr-defined]
    return inner


def good(
    request: HttpRequest, found: Json, extensions: Sequence[str] = (), more: Sequence[Json] = ()
) -> HttpResponseBase:
    """An object as the whole answer; `more` are notices beside the usual ones."""
    return _known(request, {**_top(extensions), "notices": [*more, *notices(where(request))], **found})


def plain(request: HttpRequest, found: Json) -> HttpResponseBase:
    """A JSON file that is no RDAP answer (RFC 9224)."""
    return _known(request, found, "application/json")


def refused(request: HttpRequest, status: int, title: str, *description: str) -> HttpResponse:
    """An error (RFC 9083 section 6)."""
    body = {
        **_top(),
        "errorCode": status,
        "title": title,
        "description": list(description),
        "notices": notices(where(request)),
    }
    return _headers(_json(body, status))


def where(request: HttpRequest) -> str:
    """The address that was asked, as others reach it; without what stands behind a question mark, which means
    nothing here (RFC 7480 section 4.3)."""
    return f"{settings.FN_BASE_URL}{request.get_full_path().partition('?')[0]}"


def _top(extensions: Sequence[str] = ()) -> Json:
    return {"rdapConformance": ["rdap_level_0", *extensions], "lang": get_language() or "en"}


def _json(body: Json, status: int = 200, media: str = RDAP_JSON) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    return HttpResponse(text, status=status, content_type=media)


def _known(request: HttpRequest, body: Json, media: str = RDAP_JSON) -> HttpResponseBase:
    """With a tag made of the content alone: who has it already gets 304."""
    answer = _headers(_json(body, media=media))
    etag = f'"{hashlib.blake2b(answer.content, digest_size=16).hexdigest()}"'
    answer["ETag"] = etag
    same = get_conditional_response(request, etag=etag, response=answer)
    return _headers(same) if same is not None else answer


def _headers(answer: HttpResponse) -> HttpResponse:
    """Open to pages of other sites (RFC 7480 section 5.6), and kept by caches for some minutes."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Allow-Methods"] = _METHODS
    answer.setdefault("Cache-Control", f"public, max-age={_SECONDS}")
    return answer
