"""The JSON API, version 1: notices in, and the effect of measures back from the service's own software. What
two services say to each other stands in `forwards`.

Every error is JSON of one shape (`schemas.ErrorOut`), also what goes wrong before an operation is reached.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from ninja import NinjaAPI, Path, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from fairnotice.cases.actions import effect
from fairnotice.cases.actions.submit import Submitted, submit_notice
from fairnotice.cases.errors import ActionError, Conflict, Invalid, NotFound
from fairnotice.intake import api_files, forwards, measures, reports
from fairnotice.intake.api_files import NoticeWithFilesIn
from fairnotice.intake.bearer import Bearer, OptionalBearer, client_of, token_of
from fairnotice.intake.json_body import NotJson, read_json
from fairnotice.intake.report_reader import NoReport
from fairnotice.intake.schemas import (
    EffectIn,
    EffectOut,
    ErrorOut,
    NoticeOut,
    SubmittedWithFilesOut,
    error,
    faults_of,
    idempotency_key_header,
)
from fairnotice.law.scopes import EFFECTS, NOTICES
from fairnotice.plumbing.limits import limit
from fairnotice.vault.codes import show

# Of the operations that are not posted to.
_METHODS = {"forward-state": ["GET"], "waiting-measures": ["GET"]}
# Operations that say themselves which kinds of body they take.
_ANY_BODY = frozenset({"submit-report"})
View = Callable[..., HttpResponseBase]


class _Parser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """Any JSON value; the framework answers whatever is raised here with 400."""
        return read_json(request.body)


api = NinjaAPI(
    title="Fair Notice",
    version="1",
    urls_namespace="api-1",
    docs_url=None,
    openapi_url=None,  # `api_page` serves it: the framework needs a page at the root for that
    parser=_Parser(),
    description="Point at an item on the internet; a person decides with reasons; everybody can appeal.",
)

_ERRORS = {
    400: ErrorOut,
    405: ErrorOut,
    409: ErrorOut,
    413: ErrorOut,
    415: ErrorOut,
    422: ErrorOut,
    429: ErrorOut,
}


@api.post(
    "/notices",
    url_name="submit-notice",
    operation_id="submitNotice",
    summary="Send a notice",
    auth=OptionalBearer(NOTICES),
    openapi_extra={"security": [{}]},  # beside the token: no token
    response={201: SubmittedWithFilesOut, 200: SubmittedWithFilesOut, 401: ErrorOut, **_ERRORS},
)
def submit(
    request: HttpRequest,
    notice: NoticeWithFilesIn,
    idempotency_key: Annotated[
        str | None,
        idempotency_key_header(
            "A long random text of your own. The same key within 24 hours is the same notice: "
            "a retry gets the same answer with status 200; other words under the same key get 409."
        ),
    ] = None,
) -> Status[dict[str, Any]]:
    """Take a notice in. No account and no token is needed. A token with the scope `notices` makes it one of
    its client's; a token that is not good for this gets 401, and the notice is not taken."""
    with api_files.waiting(request, notice) as handles:
        submitted = submit_notice(
            draft=replace(notice.to_draft(), files=handles),
            door="json",
            idempotency_key=idempotency_key or "",
            client=client_of(request),
        )
    answer = _submitted(submitted) | {
        "files": [one.dict() for one in api_files.taken(submitted.notice)],
        "files_not_taken": api_files.not_taken(notice),
    }
    return Status(200 if submitted.replayed else 201, answer)


@api.post(
    "/measures/{ref}/effect",
    url_name="report-effect",
    operation_id="reportEffect",
    summary="Report whether a measure was carried out or undone",
    auth=Bearer(EFFECTS),
    response={200: EffectOut, 401: ErrorOut, 404: ErrorOut, **_ERRORS},
)
def report_effect(
    request: HttpRequest,
    ref: Annotated[str, Path(min_length=1, max_length=40, description="Reference of the measure.")],
    body: EffectIn,
) -> dict[str, Any]:
    """Confirm that the service did (or undid) what was decided, or say that it could not. Repeating a report
    changes nothing; a late “confirmed” about a measure that is to be undone by now gets 409."""
    status = effect.report_effect(
        measure_ref=ref, effect=body.effect, note=body.note, token=token_of(request)
    )
    return {"measure": ref, "effect": status.effect, "at": status.effect_at}


api.add_router("/forwards", forwards.router)
api.add_router("/reports", reports.router)
api.add_router("/measures", measures.router)


def _submitted(submitted: Submitted) -> dict[str, Any]:
    notice = submitted.notice
    return {
        "notice": NoticeOut(
            received_at=notice.received_at, problem=notice.problem, items=notice.items.count()
        ),
        "code": show(submitted.code),
        "receipt": submitted.receipt,
    }


def _error(status: int, code: str, message: str, **more: Any) -> HttpResponse:
    response = JsonResponse(error(code, message, more.pop("faults", ())), status=status)
    response["Cache-Control"] = "no-store"
    for name, value in more.items():
        response[name.replace("_", "-")] = value
    return response


@api.exception_handler(ValidationError)
def _invalid_shape(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    faults = faults_of(problem.errors, inside=("body", "notice", "report", "header", "path", "query"))
    return _error(422, "invalid", "Something is missing or not as expected.", faults=faults)


@api.exception_handler(ActionError)
def _refused(request: HttpRequest, problem: ActionError) -> HttpResponse:
    if isinstance(problem, Invalid):
        return _error(422, "invalid", "Something is missing or not as expected.", faults=problem.faults)
    if isinstance(problem, NotFound):
        return _error(404, "not_found", str(problem))
    return _error(409, "conflict" if isinstance(problem, Conflict) else "refused", str(problem))


@api.exception_handler(AuthenticationError)
def _unknown_token(request: HttpRequest, problem: AuthenticationError) -> HttpResponse:
    unsaid = str(problem) == "Unauthorized"
    message = "This needs a token that is in force." if unsaid else str(problem)
    return _error(401, "token", message, WWW_Authenticate="Bearer")


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, problem: HttpError) -> HttpResponse:
    cause = problem.__cause__ or problem.__context__
    message = str(cause) if isinstance(cause, NotJson) else "The body cannot be read as JSON."
    return _error(problem.status_code, "unreadable", message)


@api.exception_handler(NoReport)
def _no_report(request: HttpRequest, problem: NoReport) -> HttpResponse:
    status, code = (415, "content_type") if problem.kind else (400, "unreadable")
    return _error(status, code, str(problem))


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, problem: RequestDataTooBig) -> HttpResponse:
    return _error(
        413,
        "too_big",
        "The body is too big. One notice takes at most 50 items and "
        f"{settings.FN_EVIDENCE['notice'] // 1_000_000} MB of files, a report at most 16 MB.",
    )


@api.exception_handler(UnreadablePostError)
def _broken_off(request: HttpRequest, problem: UnreadablePostError) -> HttpResponse:
    return _error(400, "unreadable", "The body broke off before its end.")


def guarded(name: str, view: View) -> View:
    """The view of one operation behind what must be answered in JSON before it: method, rate, kind of
    body."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        methods = _METHODS.get(name, ["POST"])
        if request.method not in methods:
            return _error(405, "method", f"Use {methods[0]} here.", Allow=", ".join(methods))
        if limit(f"api-{name}", request, settings.FN_API_PER_MINUTE):
            return _error(429, "slow_down", "Too many requests just now. Wait a minute.", Retry_After="60")
        kind = (request.content_type or "").lower()
        if request.method == "POST" and kind != "application/json" and name not in _ANY_BODY:
            return _error(415, "content_type", "Send the body as application/json.")
        if name == "submit-notice":
            try:
                api_files.take_body(request)
            except RequestDataTooBig as problem:
                return _too_big(request, problem)
            except UnreadablePostError as problem:
                return _broken_off(request, problem)
        response = view(request, *args, **kwargs)
        # An answer may hold a code.
        response["Cache-Control"] = "no-store"
        return response

    inner.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie means anything here
    return inner
