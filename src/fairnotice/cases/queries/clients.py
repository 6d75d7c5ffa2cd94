"""Clients as the desk sees them: organisations and programs, their tokens, and what became of their notices.

Numbers are counted for clients alone. Whoever sends without a token, named or not, is counted nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from fairnotice.cases.clients import client_for, status_of, usable
from fairnotice.cases.models import ApiClient, ApiToken, Decision, Notice, NoticeItem, TrustedStatus
from fairnotice.cases.people import hidden_notices
from fairnotice.cases.permissions import Actor
from fairnotice.law import trusted

MONTHS = 12
# Under this many decided items a percentage says more than is known; the numbers themselves are always shown.
FEWEST_FOR_SHARE = 10
# A decision that took effect, whatever became of it later.
_MADE = ("in_force", "expired", "lapsed", "partly_reversed", "reversed")
_CHANGED = ("partly_reversed", "reversed")


@dataclass(frozen=True)
class ListedClient:
    """A line of the list. `status`: that of a trusted flagger in force today. `notices`: of twelve months."""

    client: ApiClient
    status: TrustedStatus | None
    tokens: int
    notices: int
    used_on: date | None


@dataclass(frozen=True)
class ShownToken:
    """A token, never its text. `works`: it opens something now; `ends`: when it stops by itself."""

    row: ApiToken
    works: bool
    successor: ApiToken | None

    @property
    def ends(self) -> datetime | None:
        """The moment from which it is void, where it still works."""
        return self.row.expires_at if self.works else None


@dataclass
class Tally:
    """What became of the notices of one month, or of all.

    `upheld`: items where a measure was taken and stands, at least in part. `reversed`: items where a measure
    was taken back, at least in part, on appeal.
    """

    month: date | None
    notices: int = 0
    items: int = 0
    upheld: int = 0
    reversed: int = 0
    hours: list[float] = field(default_factory=list, repr=False)

    @property
    def decided(self) -> int:
        """Items with a decision that took effect."""
        return len(self.hours)

    @property
    def share(self) -> int | None:
        """How many of a hundred decided items were upheld; None where too few are decided to say so."""
        return round(100 * self.upheld / self.decided) if self.decided >= FEWEST_FOR_SHARE else None

    @property
    def median_hours(self) -> float | None:
        """From a notice to the first decision on its item: half of them took longer. None where there is
        none."""
        return round(median(self.hours), 1) if self.hours else None


@dataclass(frozen=True)
class ClientView:
    """One client with all that the desk sees of it."""

    client: ApiClient
    status: TrustedStatus | None
    past: list[TrustedStatus]
    tokens: list[ShownToken]
    months: list[Tally]
    total: Tally

    @property
    def review_due(self) -> bool:
        """Whether somebody has to look at its status again."""
        day = self.status.review_on if self.status else None
        return day is not None and day <= timezone.localdate()


def listed(search: str = "", actor: Actor | None = None) -> list[ListedClient]:
    """All clients, open ones first, by their labels; `search` is a part of a label. For an `actor`, without
    what must not exist for them."""
    since = first_month(timezone.localdate())
    rows = ApiClient.objects.annotate(used_on=Max("tokens__last_used_on")).filter(label__icontains=search)
    standing = {
        row.client_id: row
        for row in TrustedStatus.objects.filter(end__isnull=True)
        if trusted.in_force(row.awarded_on, row.expires_on, timezone.localdate())
    }
    working = dict(usable().values_list("client").annotate(n=Count("pk")))
    sent = dict(
        _notices(actor)
        .filter(client__isnull=False, received_at__date__gte=since)
        .values_list("client")
        .annotate(n=Count("pk"))
    )
    return [
        ListedClient(
            client=row,
            status=standing.get(row.pk) if row.closed_at is None else None,
            tokens=working.get(row.pk, 0),
            notices=sent.get(row.pk, 0),
            used_on=row.used_on,
        )
        for row in rows.order_by(F("closed_at").asc(nulls_first=True), "label", "id")
    ]


def client_view(ref: str, actor: Actor | None = None) -> ClientView:
    """Raises NotFound."""
    client = client_for(ref)
    months, total = tallies(client, actor=actor)
    working = set(usable().filter(client=client).values_list("pk", flat=True))
    rows = list(client.tokens.prefetch_related("scope_rows").select_related("replaced_by"))
    statuses = list(client.trusted.select_related("end", "recorded_by", "end__ended_by"))
    standing = status_of(client)
    return ClientView(
        client=client,
        status=standing,
        past=[row for row in statuses if standing is None or row.pk != standing.pk],
        tokens=[ShownToken(row, row.pk in working, getattr(row, "replaced_by", None)) for row in rows],
        months=months,
        total=total,
    )


def first_month(today: date, months: int = MONTHS) -> date:
    """The first day of the month that lies `months` - 1 months back."""
    years, month0 = divmod(today.year * 12 + today.month - months, 12)
    return date(years, month0 + 1, 1)


def _notices(actor: Actor | None) -> QuerySet[Notice]:
    if actor is None:
        return Notice.objects.all()
    return Notice.objects.exclude(pk__in=hidden_notices(actor).values("pk"))


def tallies(
    client: ApiClient, today: date | None = None, actor: Actor | None = None
) -> tuple[list[Tally], Tally]:
    """Numbers by the month in which a notice came in, the last twelve, newest first and without those in
    which none came; and all twelve together."""
    since = first_month(today or timezone.localdate())
    notices = _notices(actor).filter(client=client, received_at__date__gte=since)
    by_month: dict[date, Tally] = {}
    total = Tally(None)

    def both(moment: datetime) -> Iterable[Tally]:
        month = timezone.localdate(moment).replace(day=1)
        return by_month.setdefault(month, Tally(month)), total

    for (moment,) in notices.values_list("received_at").iterator():
        for tally in both(moment):
            tally.notices += 1
    rows = NoticeItem.objects.filter(notice__in=notices)
    decisions = _decisions_of(rows.values_list("case", flat=True))
    for case, moment in rows.values_list("case", "notice__received_at").iterator():
        made = [one for one in decisions.get(case, ()) if one.decided_at >= moment]
        for tally in both(moment):
            tally.items += 1
            if not made:
                continue
            tally.hours.append((made[0].decided_at - moment).total_seconds() / 3600)
            last = made[-1]
            tally.upheld += not last.no_action and last.status.state != "reversed"
            tally.reversed += any(not one.no_action and one.status.state in _CHANGED for one in made)
    return sorted(by_month.values(), key=lambda tally: tally.month or since, reverse=True), total


def _decisions_of(cases: Iterable[int | None]) -> dict[int, list[Decision]]:
    """Decisions that took effect, by case, in order. One that lapsed for want of a second person did not."""
    unconfirmed = Q(status__state="lapsed", severe=True, status__second__isnull=True)
    rows = (
        Decision.objects.filter(case__in=cases, status__state__in=_MADE)
        .exclude(unconfirmed)
        .select_related("status")
        .only("case_id", "decided_at", "no_action", "status__state")
        .order_by("id")
    )
    found: dict[int, list[Decision]] = {}
    for row in rows.iterator():
        found.setdefault(row.case_id, []).append(row)
    return found
