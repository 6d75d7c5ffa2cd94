"""What the service's own software asks for: measures that are to be carried out or undone. It acknowledges
each by reporting its effect (`api.report_effect`), which takes it off the list. See docs/webhooks.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from fairnotice.cases import carrying_out
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Invalid
from fairnotice.intake.bearer import Bearer
from fairnotice.intake.schemas import ErrorOut
from fairnotice.law.scopes import EFFECTS

MOST = 100
_ERRORS = dict.fromkeys((401, 405, 422, 429), ErrorOut)


router = Router(auth=Bearer(EFFECTS))


class WaitingMeasure(Schema):
    """One thing to do."""

    measure: Annotated[str, Field(examples=["ABCDEFGH2345"], description="Its reference.")]
    decision: Annotated[str, Field(description="The decision that it is part of.")]
    act: Annotated[
        Literal["carry_out", "undo"], Field(description="What to do now; report it at `report_to`.")
    ]
    kind: Annotated[str, Field(description="A code such as `DECISION_VISIBILITY_CONTENT_DISABLED`.")]
    text: Annotated[str, Field(description="What exactly, where the kind leaves it open.")]
    how_to_undo: str
    start: date
    end: Annotated[date | None, Field(description="Its last day. It is told again when it is to be undone.")]
    review: date | None
    territorial_scope: Annotated[list[str], Field(description="Country codes; none: everywhere.")]
    report_to: str
    location: Annotated[str, Field(description="Where the item is; empty where that was erased.")]


class WaitingOut(Schema):
    """One page of what is to be done."""

    measures: list[WaitingMeasure]
    next: Annotated[
        str | None, Field(description="Give this as `after` for the next page; null on the last one.")
    ]


@router.get(
    "/waiting",
    url_name="waiting-measures",
    operation_id="waitingMeasures",
    summary="Ask which measures are to be carried out or undone",
    response={200: WaitingOut, **_ERRORS},
)
def waiting(
    request: HttpRequest,
    after: Annotated[
        str,
        Query(
            max_length=40,
            pattern=r"^[A-Z0-9]*$",
            description="`next` of the page before; empty for the first page.",
        ),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 50,
) -> dict[str, Any]:
    """Everything whose effect nobody has reported yet, in an order that does not change. Start each round
    without `after`: what was put in force meanwhile may stand before the place where you left off."""
    if set(request.GET) - {"after", "limit"}:
        # A misspelt one must not silently be left out.
        raise Invalid([Fault("query", "unknown", "Only `after` and `limit` can be asked for.")])
    rows = carrying_out.waiting()
    if after:
        last = carrying_out.number_of(after)
        if last is None:
            raise Invalid([Fault("after", "choice", "No page ended with this.")])
        rows = rows.filter(measure_id__gt=last)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return {
        "measures": [
            {**carrying_out.described(status), "location": carrying_out.place_of(status)} for status in shown
        ],
        "next": shown[-1].measure.ref if len(found) > limit else None,
    }
