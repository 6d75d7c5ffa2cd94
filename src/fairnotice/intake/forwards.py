"""The API between two services: a notice that one forwards to the other, how it stands there, and the answer
that comes back. Each asks for a token with the scope `forwards`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Body, Path, Router, Schema, Status
from pydantic import Field, StrictStr

from fairnotice.cases.actions import inbox
from fairnotice.cases.actions.forward import record_answer
from fairnotice.cases.actions.inbox import MAX_ANSWER, Sender
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import Inbound
from fairnotice.intake import xarf, xarf_extension
from fairnotice.intake.bearer import Bearer, token_of
from fairnotice.intake.schemas import ErrorOut, idempotency_key_header
from fairnotice.intake.unreadable import Unreadable
from fairnotice.law.scopes import FORWARDS

_ERRORS = dict.fromkeys((400, 401, 405, 409, 413, 415, 422, 429), ErrorOut)


router = Router(auth=Bearer(FORWARDS))


class ForwardOut(Schema):
    """What became of a forwarded notice so far."""

    reference: Annotated[str, Field(examples=["ABCDEFGH2345"])]
    status_url: Annotated[str, Field(description="Where to ask how it stands, with the same token.")]
    status: Annotated[
        Literal["received", "taken", "not_ours", "too_old", "answered"],
        Field(
            description="`received`: nobody has answered yet; `taken`: somebody looks after it; `not_ours`: "
            "it does not lie with us; `too_old`: nothing can be done any more; `answered`: see `text`."
        ),
    ]
    received_at: datetime
    answered_at: datetime | None
    text: Annotated[str, Field(description="The answer in words, where there are any.")]


class AnswerIn(Schema):
    """An answer to a notice that was forwarded."""

    token: Annotated[
        StrictStr,
        Field(min_length=1, max_length=200, description="`answer.token` of the report that is answered."),
    ]
    status: Literal["taken", "not_ours", "too_old", "answered"]
    text: Annotated[StrictStr, Field(max_length=MAX_ANSWER, description="In words, for the notifier.")] = ""


class AnswerOut(Schema):
    """What was recorded."""

    status: str


@router.post(
    "",
    url_name="take-forward",
    operation_id="takeForward",
    summary="Forward a notice to this service",
    response={201: ForwardOut, 200: ForwardOut, **_ERRORS},
)
def take(
    request: HttpRequest,
    report: Annotated[
        dict[str, Any],
        Body(description="An XARF v4 report, with our extension `x-fairnotice` if it comes from a notice."),
    ],
    idempotency_key: Annotated[
        str | None,
        idempotency_key_header(
            "The same key is the same notice, and a retry gets status 200. Without one, the "
            "extension's `forward` or the report's `report_id` counts."
        ),
    ] = None,
) -> Status[dict[str, Any]]:
    """Take in what another organisation forwards. A person looks at it; the answer goes to the address in the
    extension where that is a peer's, and can be asked for here."""
    try:
        draft = xarf.to_draft(report)
        said = xarf_extension.read(report)
    except Unreadable as error:
        code = "not_an_item" if isinstance(error, xarf.NotAnItem) else "xarf"
        raise Invalid([Fault(error.pointer[:120], code, error.message)]) from None
    sender = Sender(report["sender"]["org"])
    reference = str(report["report_id"])
    if said is not None:
        reference = said.forward
        sender = Sender(sender.name, said.deadline, said.answer.url, said.answer.token, forwarded=True)
    inbound, again = inbox.take_in(
        draft=draft,
        sender=sender,
        token=token_of(request),
        idempotency_key=idempotency_key or f"forward-{reference}",
    )
    return Status(200 if again else 201, _out(inbound, ""))


@router.post(
    "/answers",
    url_name="answer-forward",
    operation_id="answerForward",
    summary="Answer a notice that this service forwarded",
    response={200: AnswerOut, 404: ErrorOut, **_ERRORS},
)
def answer(request: HttpRequest, body: AnswerIn) -> dict[str, Any]:
    """Say what became of a notice that came from here. The same answer again changes nothing."""
    recorded = record_answer(token=body.token, status=body.status, text=body.text, door="rest")
    return {"status": recorded.answer}


@router.get(
    "/{ref}",
    url_name="forward-state",
    operation_id="forwardState",
    summary="Ask how a forwarded notice stands",
    response={200: ForwardOut, 404: ErrorOut, **_ERRORS},
)
def state(
    request: HttpRequest,
    ref: Annotated[
        str, Path(min_length=1, max_length=40, description="Reference that taking it in returned.")
    ],
) -> dict[str, Any]:
    """The answer so far, for whoever forwarded it, with the token that did."""
    inbound, text = inbox.state_of(token=token_of(request), ref=ref)
    return _out(inbound, text)


def _out(inbound: Inbound, text: str) -> dict[str, Any]:
    return {
        "reference": inbound.ref,
        "status_url": settings.FN_BASE_URL + reverse("api-1:forward-state", args=[inbound.ref]),
        "status": inbound.answer or "received",
        "received_at": inbound.received_at,
        "answered_at": inbound.answered_at,
        "text": text,
    }
