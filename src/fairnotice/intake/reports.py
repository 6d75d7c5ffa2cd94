"""`POST /api/v1/reports`: what other programs report, in their formats. No token is needed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from fairnotice.intake import report_door
from fairnotice.intake.report_door import Taken
from fairnotice.intake.schemas import ErrorOut, FaultOut, NoticeOut, idempotency_key_header
from fairnotice.vault.codes import show

_ERRORS = dict.fromkeys((400, 405, 409, 413, 415, 422, 429), ErrorOut)
router = Router()
_OBJECT: dict[str, Any] = {
    "type": "object",
    "description": "An XARF report of version 4, or of versions 0.2 to 3.",
    "additionalProperties": True,
}
_LETTER: dict[str, Any] = {"type": "string", "format": "binary"}


class ReportOut(Schema):
    """What became of a report. All of it is kept, whatever the outcome."""

    reference: Annotated[str, Field(description="Our name for the report, for questions.")]
    outcome: Annotated[
        Literal["notice", "passed_on", "waiting", "kept"],
        Field(
            description="`notice`: it is one now; `passed_on`: it is about no item and goes to whoever looks "
            "after such reports here; `waiting`: a person looks at it; `kept`: it is read in a moment."
        ),
    ]
    reason: Annotated[str, Field(description="Why a person looks at it, as a code.")] = ""
    faults: Annotated[list[FaultOut], Field(description="What is wrong, with its place (RFC 6901).")] = []
    notice: NoticeOut | None = None
    code: Annotated[str, Field(description="The receipt code, shown this once.")] = ""
    receipt: Annotated[dict[str, Any] | None, Field(description="The evidence file of the notice.")] = None


@router.post(
    "",
    url_name="submit-report",
    operation_id="submitReport",
    summary="Send a report of a program (XARF, ARF)",
    response={201: ReportOut, 200: ReportOut, 202: ReportOut, **_ERRORS},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _OBJECT},
                "message/rfc822": {"schema": _LETTER},
                "multipart/report": {"schema": _LETTER},
            },
        }
    },
)
def submit(
    request: HttpRequest,
    idempotency_key: Annotated[
        str | None,
        idempotency_key_header(
            "A long random text of your own: a retry under it gets the same answer for 24 hours, with status "
            "200; another report under it gets 409. Without it, the same content is the same report, and a "
            "retry is told no code."
        ),
    ] = None,
) -> Status[dict[str, Any]]:
    """Take a report in: 201 where it is a notice, 202 where a person looks at it or it is passed on. Nothing
    that is a report is refused: what breaks its schema is kept for a person, and the answer says what is
    wrong."""
    raw = request.read(report_door.MAX_BYTES + 1)
    if len(raw) > report_door.MAX_BYTES:
        raise RequestDataTooBig
    taken = report_door.take(
        raw,
        (request.content_type or "").lower(),
        full_type=request.META.get("CONTENT_TYPE", ""),
        idempotency_key=idempotency_key or "",
    )
    status = 200 if taken.again else 201 if taken.received.notice_id else 202
    return Status(status, _out(taken))


def _out(taken: Taken) -> dict[str, Any]:
    received = taken.received
    found: dict[str, Any] = {
        "reference": received.ref,
        "outcome": _OUTCOMES.get(received.state, "waiting"),
        "reason": received.reason if received.state == "waiting" else "",
        "faults": taken.faults,
    }
    if received.notice is not None:
        notice = received.notice
        found["notice"] = NoticeOut(
            received_at=notice.received_at, problem=notice.problem, items=notice.items.count()
        )
    if taken.submitted is not None:
        found |= {"code": show(taken.submitted.code), "receipt": taken.submitted.receipt}
    return found


_OUTCOMES = {"new": "kept", "taken": "notice", "passed_on": "passed_on", "filed": "kept"}
