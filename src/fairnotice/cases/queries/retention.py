"""What the schedule will erase, when and why; what is held; what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from fairnotice.answerable.models import ImportBadLine, ImportRun
from fairnotice.cases import holds
from fairnotice.cases import models as m
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.law.retention import SCHEDULE, schedule

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

Held: TypeAlias = QuerySet[m.Case]

_OVER = ("upheld", "partly_reversed", "reversed", "omitted")
_DEALT_WITH = ("dismissed", "filed", "passed_on")


class _Since(TypedDict):
    since: datetime


@dataclass(frozen=True)
class Due:
    """One thing that is erased on a day: its kind and reference."""

    what: str
    ref: str
    at: datetime


def days() -> dict[str, int]:
    """Days by kind, as the settings have it."""
    return schedule(settings.FN_KEEP_DAYS)


def due(before: datetime) -> Iterator[Due]:
    """What the schedule erases up to a moment, in the order of the schedule. What a hold keeps is not in
    it."""
    keep, held = days(), m.Case.objects.filter(holds__in=holds.standing(timezone.localdate(before)))
    for rule in SCHEDULE:
        spare = timedelta(days=keep[rule.kind])
        for ref, since in _SINCE[rule.kind](before - spare, held):
            yield Due(rule.kind, ref, since + spare)


def _contacts(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    named = m.SealedValue.objects.filter(
        owner="notice", row=OuterRef("ref"), field__in=("name", "email"), key_id=OuterRef("notifier_key")
    )
    rows = _closed_notices(until, held).filter(~Q(contact_key="") | Exists(named))
    yield from rows.values_list("ref", "since")
    # Taken back: nobody writes to them any more.
    back = m.Notice.objects.filter(state="withdrawn", erased_at=None).filter(
        ~Q(contact_key="") | Exists(named)
    )
    back = back.exclude(pk__in=_closed_notices(until, held).values("pk")).exclude(_held_notice(held))
    yield from back.values_list("ref", "received_at")


def _closed_notices(until: datetime, held: Held) -> QuerySet[WithAnnotations[m.Notice, _Since]]:
    """Notices all of whose cases were closed by then and are not held; `since`: when the last one was."""
    rows = m.Notice.objects.annotate(since=Max("items__case__closed_at")).filter(since__lte=until)
    running = m.NoticeItem.objects.filter(notice=OuterRef("pk")).filter(
        Q(case=None) | ~Q(case__state="closed")
    )
    return rows.exclude(Exists(running)).exclude(_held_notice(held)).order_by("since", "pk")


def _held_notice(held: Held) -> Exists:
    return Exists(m.NoticeItem.objects.filter(notice=OuterRef("pk"), case__in=held))


def _decided() -> Exists:
    return Exists(m.Decision.objects.filter(case__items__notice=OuterRef("pk")))


def _notices(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    rows = _closed_notices(until, held).filter(erased_at=None).filter(_decided())
    yield from rows.values_list("ref", "since")


def _undecided(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    rows = _closed_notices(until, held).filter(erased_at=None).exclude(_decided())
    yield from rows.values_list("ref", "since")


def _cases(until: datetime, held: Held) -> QuerySet[m.Case]:
    rows = m.Case.objects.filter(state="closed", closed_at__lte=until).exclude(pk__in=held)
    return rows.order_by("closed_at", "pk")


def _whole_cases(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    yield from _dated(_cases(until, held).filter(erased_at=None), "closed_at")


def _affected_contacts(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    yield from _dated(_cases(until, held).exclude(contact_key=""), "closed_at")


def _appeals(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    rows = m.Appeal.objects.filter(status__erased_at=None, status__state__in=_OVER)
    rows = rows.exclude(decision__case__state__in=(*OPEN_STATES, "appealed"))
    rows = rows.exclude(decision__case__in=held)
    for ref, came, answered in rows.order_by("pk").values_list("ref", "received_at", "outcome__decided_at"):
        since = came if answered is None else answered
        if since <= until:
            yield ref, since


def _messages(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    rows = m.Received.objects.filter(
        state__in=_DEALT_WITH, notice=None, erased_at=None, settled_at__lte=until
    ).exclude(table__state__in=("running", "stopped"))
    yield from _dated(rows.order_by("settled_at", "pk"), "settled_at")


def _letters(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    rows = m.ForwardLetter.objects.filter(forward=None, erased_at=None).filter(
        Q(handled_at__lte=until) | Q(automatic=True, received_at__lte=until)
    )
    yield from rows.order_by("received_at", "pk").values_list("ref", "received_at")


def _imports(until: datetime, held: Held) -> Iterator[tuple[str, datetime]]:
    lines = Exists(ImportBadLine.objects.filter(run=OuterRef("pk")))
    rows = ImportRun.objects.filter(lines, finished_at__lte=until).order_by("finished_at")
    for pk, ended in rows.values_list("pk", "finished_at"):
        if ended is not None:
            yield str(pk), ended


def _dated(rows: QuerySet[m.Case] | QuerySet[m.Received], column: str) -> Iterator[tuple[str, datetime]]:
    yield from rows.values_list("ref", column)


_SINCE: dict[str, Callable[[datetime, Held], Iterator[tuple[str, datetime]]]] = {
    "contact": _contacts,
    "affected-contact": _affected_contacts,
    "appeal": _appeals,
    "undecided-notice": _undecided,
    "notice": _notices,
    "case": _whole_cases,
    "message": _messages,
    "letter": _letters,
    "import": _imports,
}


def erased() -> dict[str, int]:
    """How many erasures there were, by ground."""
    rows = m.Erasure.objects.values("ground").annotate(n=Count("pk")).order_by("ground")
    return {row["ground"]: row["n"] for row in rows}


def held() -> QuerySet[m.Hold]:
    """The holds in force, the one that ends first at the head."""
    return holds.standing().select_related("case", "begun_by", "second").order_by("until", "pk")


def requests_open() -> QuerySet[m.ErasureRequest]:
    """What people asked to have erased and nobody has answered, the most urgent first."""
    return m.ErasureRequest.objects.filter(state__in=("asked", "granted")).order_by("due_at", "pk")


def erasures_of(ref: str) -> QuerySet[m.Erasure]:
    """What was erased of one notice, case or message."""
    return m.Erasure.objects.filter(of=ref).order_by("pk")


def last_run() -> m.RetentionRun:
    """When the schedule last ran (a row of its own, made where there is none yet)."""
    return m.RetentionRun.objects.get_or_create(one=1)[0]
