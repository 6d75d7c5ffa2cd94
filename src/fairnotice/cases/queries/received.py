"""What came in and is no notice yet, for the desk; and how each door does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions import receive, received_desk
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import Notice, Received
from fairnotice.cases.people import hidden_notices, is_trusted, visible_messages
from fairnotice.cases.permissions import Actor
from fairnotice.law.doors import DOORS
from fairnotice.ledger.models import Event
from fairnotice.vault import codes as vault_codes
from fairnotice.vault import keys

#: What a person has to look at.
WAITING = ("waiting", "held")


def received(actor: Actor, *, state: str = "", door: str = "") -> QuerySet[Received]:
    """What came in, the newest first; `state` "" is all that waits for a person, the oldest first."""
    return _narrowed(visible_messages(actor), state, door)


def all_received(*, state: str = "") -> QuerySet[Received]:
    """The same for the command line of the machine, whoever it is about."""
    return _narrowed(Received.objects.all(), state, "")


def _narrowed(found: QuerySet[Received], state: str, door: str) -> QuerySet[Received]:
    rows = found.select_related("notice")
    if door:
        rows = rows.filter(door=door)
    if state:
        return rows.filter(state=state).order_by("-id")
    return rows.filter(state__in=WAITING).order_by("id")


def unread(limit: int) -> list[Received]:
    """What waits to be read by the program, the oldest first."""
    return list(Received.objects.select_related("event").filter(state="new").order_by("id")[:limit])


def waiting_count(actor: Actor) -> int:
    """How many wait for a person, of those that this person may know of. Mostly none does."""
    if not Received.objects.filter(state__in=WAITING).exists():
        return 0
    return visible_messages(actor).filter(state__in=WAITING).count()


def visible_received(actor: Actor, ref: str) -> Received:
    """What came in, for who may read it: where it says that somebody at this service is involved, as with its
    case, only people of trust. Raises NotFound, Forbidden, vault's Erased."""
    found = received_desk.received_for(actor, ref)
    # Also where it came in before the column was there that says so.
    said = receive.draft_of(found).staff_involved or receive.envelope_of(found).get("staff_involved")
    if said and not is_trusted(actor):
        raise NotFound(_("There is no such message."))
    return found


def was_released(received: Received) -> bool:
    """Whether a person let it go on."""
    return Event.objects.filter(case_ref=received.ref, kind="message.released").exists()


def under_code(code: str) -> Received | None:
    """What was held back and is known by this receipt code, in any spelling of it."""
    mac = receive.key_mac("web", vault_codes.normalise(code))
    return Received.objects.select_related("notice").filter(key_mac=mac).first()


def held_under(code: str) -> Received | None:
    """What waits under this code and is no notice yet; None for everything else, in the same steps."""
    mac = receive.key_mac("web", vault_codes.normalise(code))
    found = Received.objects.filter(key_mac=mac).aggregate(
        number=Max("pk", filter=Q(notice_id__isnull=True)), key_id=Max("key_id")
    )
    alive = keys.opens(found["key_id"] or keys.NO_KEY)
    if found["number"] is None or not alive:
        return None
    return Received.objects.filter(pk=found["number"]).first()


def detail_of(received: Received) -> str:
    """What was wrong with it, and where. The caller found it through `visible_received`."""
    return sealed.read(receive.OWNER, received.ref, "detail") or ""


def dismissed_why(received: Received) -> str:
    """Why somebody put it away; "" where nobody did."""
    return sealed.read(receive.OWNER, received.ref, "dismissed") or ""


def message_of(notice: Notice) -> str:
    """The reference of the message that a notice came as, or "" where it came as one itself."""
    return Received.objects.filter(notice=notice).values_list("ref", flat=True).first() or ""


@dataclass(frozen=True)
class DoorView:
    """How one door does: what came through it, lately and ever, and what could not be settled."""

    slug: str
    label: str
    notices: int
    notices_30_days: int
    last: datetime | None
    waiting: int
    held: int
    passed_on: int
    unread: int
    # Those that waited for a person because the program failed on them, and the oldest that it has not read.
    failed: int = 0
    unread_since: datetime | None = None


def doors(actor: Actor) -> list[DoorView]:
    """One row for each door, in the table's order. Counts of notices and messages, never of people, and not
    of what this person must not know of."""
    since = timezone.now() - timedelta(days=30)
    notices: dict[str, dict[str, Any]] = {
        row["door"]: dict(row)
        for row in Notice.objects.exclude(pk__in=hidden_notices(actor).values("pk"))
        .values("door")
        .annotate(
            count=Count("id"), lately=Count("id", filter=Q(received_at__gte=since)), last=Max("received_at")
        )
    }
    counted: dict[str, Any] = {
        name: Count("id", filter=Q(state=name)) for name in ("waiting", "held", "passed_on", "new")
    }
    messages: dict[str, dict[str, Any]] = {
        row["door"]: dict(row)
        for row in visible_messages(actor)
        .values("door")
        .annotate(
            last=Max("received_at"),
            failed=Count("id", filter=Q(state="waiting", reason="failed")),
            unread_since=Min("received_at", filter=Q(state="new")),
            **counted,
        )
    }
    return [_door(slug, notices.get(slug, {}), messages.get(slug, {})) for slug in DOORS]


def _door(slug: str, notices: dict[str, Any], messages: dict[str, Any]) -> DoorView:
    times = [row["last"] for row in (notices, messages) if row.get("last")]
    return DoorView(
        slug=slug,
        label=DOORS[slug],
        notices=notices.get("count", 0),
        notices_30_days=notices.get("lately", 0),
        last=max(times, default=None),
        waiting=messages.get("waiting", 0),
        held=messages.get("held", 0),
        passed_on=messages.get("passed_on", 0),
        unread=messages.get("new", 0),
        failed=messages.get("failed", 0),
        unread_since=messages.get("unread_since"),
    )


@dataclass(frozen=True)
class KindCount:
    """How many reports about no item came in of one kind, and what became of them."""

    about: str
    passed_on: int
    waiting: int
    last: datetime


def not_items() -> list[KindCount]:
    """Reports about no item by kind (`Received.about`), the most frequent first. Counts, and no sender."""
    rows = (
        Received.objects.exclude(about="")
        .values("about")
        .annotate(
            passed_on=Count("id", filter=Q(state="passed_on")),
            waiting=Count("id", filter=Q(state__in=WAITING)),
            all=Count("id"),
            last=Max("received_at"),
        )
        .order_by("-all", "about")
    )
    return [KindCount(row["about"], row["passed_on"], row["waiting"], row["last"]) for row in rows]
