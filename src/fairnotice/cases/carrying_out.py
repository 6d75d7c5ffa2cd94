"""What the operator's own software is told of measures: what to carry out, and what to undo.

It hears it at the addresses in the settings ("webhooks"), or asks for it (`waiting`). Neither says anything
of whoever sent the notice. See docs/webhooks.md.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from fairnotice.cases import sealed, services
from fairnotice.cases.models import MeasureStatus
from fairnotice.law.emergencies import EVENT
from fairnotice.law.measures import TO_SOFTWARE
from fairnotice.ledger import outbox
from fairnotice.vault.errors import Erased

KIND = "webhook"
#: What an address can be told of; all of it, unless the settings name some.
WEBHOOK_EVENTS = (*TO_SOFTWARE.values(), EVENT)


@dataclass(frozen=True)
class Hook:
    """One address of the settings. `secret_file` holds a secret on each line; all of them sign, so that one
    can take the place of another. `location`: whether it is told where the item is."""

    url: str
    secret_file: Path
    events: frozenset[str]
    location: bool

    def secrets(self) -> list[str]:
        """The secrets. Raises OSError or UnicodeDecodeError where the file cannot be read."""
        return self.secret_file.read_text("utf-8").split()


def hooks() -> list[Hook]:
    """All webhooks of the settings, in their order. A relative `secret_file` lies in the data folder."""
    return [
        Hook(
            url=str(hook["url"]),
            secret_file=settings.FN_DATA / hook["secret_file"],
            events=frozenset(hook.get("events") or WEBHOOK_EVENTS),
            location=bool(hook.get("location", False)),
        )
        for hook in settings.FN_WEBHOOKS
    ]


def hook_for(url: str) -> Hook | None:
    """The webhook with this address; None where the settings do not name it any more."""
    return next((hook for hook in hooks() if hook.url == url), None)


def announce(status: MeasureStatus, now: datetime) -> None:
    """Tell the service where the item is, and every webhook, that a measure is to be carried out or undone,
    as its effect says. Part of the action that made it so. What was not delivered yet about the same measure
    is taken back: only the last counts."""
    services.enqueue_effect(status.measure, "carry_out" if status.effect == "pending" else "undo")
    event = TO_SOFTWARE[status.effect]
    outbox.cancel(kind=KIND, ref=status.measure.ref)
    wanted = [hook for hook in hooks() if event in hook.events]
    if not wanted:
        return
    case = status.measure.decision.case
    place = place_of(status)
    data = described(status)
    for hook in wanted:
        told = {**data, "location": place} if hook.location else data
        message = {"type": event, "timestamp": now.isoformat(timespec="seconds"), "data": told}
        # A case that was erased has nothing left that could be said about it.
        with suppress(Erased):
            outbox.enqueue(
                kind=KIND,
                ref=status.measure.ref,
                payload={"url": hook.url, "message": message},
                key_id=case.subject_key,
            )


def described(status: MeasureStatus) -> dict[str, Any]:
    """A measure as software is told of it, without the place."""
    measure = status.measure
    ends = [day for day in (measure.end, status.end_early) if day]
    return {
        "measure": measure.ref,
        "decision": measure.decision.ref,
        "act": "carry_out" if status.effect == "pending" else "undo",
        "kind": measure.kind,
        "text": measure.other_text,
        "how_to_undo": measure.how_to_reverse,
        "start": measure.start.isoformat(),
        "end": min(ends).isoformat() if ends else None,
        "review": measure.review_day.isoformat() if measure.review_day else None,
        "territorial_scope": list(measure.decision.territorial_scope),
        "report_to": f"{settings.FN_BASE_URL}/api/v1/measures/{measure.ref}/effect",
    }


def waiting() -> QuerySet[MeasureStatus]:
    """Measures whose effect nobody has reported yet, in an order that does not change. One that was reported
    as failed waits for a person, and is not among them."""
    rows = MeasureStatus.objects.filter(effect__in=TO_SOFTWARE)
    return rows.select_related("measure__decision__case").order_by("measure_id")


def number_of(ref: str) -> int | None:
    """Where a measure stands in that order, whether it still waits or not; None for no measure."""
    return MeasureStatus.objects.filter(measure__ref=ref).values_list("measure_id", flat=True).first()


def place_of(status: MeasureStatus) -> str:
    """Where the item is; "" where it was erased."""
    ref = status.measure.decision.case.ref
    return sealed.read_many("case", ref, ["location"])["location"]
