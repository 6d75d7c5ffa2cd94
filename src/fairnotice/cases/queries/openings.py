"""Who opened what: for auditors and administrators, and without names for the people whom it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from fairnotice.cases.models import AccessCode, Case, ForwardLetter, Notice, Opened, Received, TableRun
from fairnotice.cases.people import hidden_cases, hidden_notices, visible_messages
from fairnotice.cases.permissions import Actor, require

#: Names of the columns of the CSV file; for programs, so never translated.
COLUMNS = ("at", "who", "role", "about", "reference", "purpose", "kinds")


def openings(actor: Actor, *, ref: str = "", month: date | None = None) -> QuerySet[Opened]:
    """The access log, the newest first; of one thing, of one month. Without a row about a case that must not
    exist for this person. Raises Forbidden."""
    require(actor, "see_openings")
    hidden = hidden_cases(actor)
    notices = hidden_notices(actor).values("pk")
    seen = visible_messages(actor).values("ref")
    messages = Received.objects.exclude(ref__in=seen)
    rows = (
        Opened.objects.select_related("user")
        .exclude(about="case", ref__in=hidden.values("ref"))
        .exclude(about="notice", ref__in=Notice.objects.filter(pk__in=notices).values("ref"))
        .exclude(about="message", ref__in=messages.values("ref"))
        .exclude(
            about="letter", ref__in=ForwardLetter.objects.filter(forward__item__case__in=hidden).values("ref")
        )
        .exclude(about="table", ref__in=TableRun.objects.filter(lines__notice__in=notices).values("ref"))
    )
    if ref:
        rows = rows.filter(ref=ref)
    if month:
        start = timezone.make_aware(datetime.combine(month, time.min))
        rows = rows.filter(at__gte=start, at__lt=timezone.make_aware(_next_month(month)))
    return rows.order_by("-at", "-id")


def csv_rows(rows: Iterable[Opened]) -> Iterator[list[str]]:
    """One line for each row, below COLUMNS."""
    for row in rows:
        yield [
            row.at.isoformat(timespec="seconds"),
            row.user.get_username(),
            row.role,
            row.about,
            row.ref,
            row.purpose,
            " ".join(row.kinds),
        ]


@dataclass(frozen=True)
class Look:
    """That somebody looked, as the people whom it is about are shown it: a role, a purpose and a day, never a
    name. `day` None: at some time before the decision."""

    role: str
    purpose: str
    day: date | None


def own_looks(access: AccessCode) -> list[Look]:
    """Who looked at what this code opens, the newest day first.

    The notifier sees who opened their notice, or its cases since it came in: not whether an earlier notice
    was looked at. The affected party sees days from the decision on; an earlier one would tell when somebody
    reported."""
    if access.notice is not None:
        return _looks(_of_notice(access.notice))
    return _of_affected(access.case) if access.case is not None else []


def _of_notice(notice: Notice) -> QuerySet[Opened]:
    cases = Case.objects.filter(items__notice=notice).values("ref")
    messages = Received.objects.filter(notice=notice).values("ref")
    about = (
        Q(about="case", ref__in=cases, at__gte=notice.received_at)
        | Q(about="notice", ref=notice.ref)
        | Q(about="message", ref__in=messages)
    )
    return Opened.objects.filter(about)


def _of_affected(case: Case) -> list[Look]:
    rows = Opened.objects.filter(about="case", ref=case.ref)
    first = case.decisions.order_by("id").first()
    if first is None:
        return []
    day = timezone.localdate(first.decided_at)
    start = timezone.make_aware(datetime.combine(day, time.min))
    earlier = {(row.role, _for_affected(row.purpose)) for row in rows.filter(at__lt=start).exclude(kinds=[])}
    before = [Look(role, purpose, None) for role, purpose in sorted(earlier)]
    later = {
        Look(look.role, _for_affected(look.purpose), look.day) for look in _looks(rows.filter(at__gte=start))
    }
    return _sorted(later) + before


def _for_affected(purpose: str) -> str:
    # That somebody feared for a life is the notifier's to say, and leads to them.
    return "triage" if purpose == "emergency" else purpose


def _looks(rows: QuerySet[Opened]) -> list[Look]:
    found = {Look(row.role, row.purpose, timezone.localdate(row.at)) for row in rows.exclude(kinds=[])}
    return _sorted(found)


def _sorted(found: Iterable[Look]) -> list[Look]:
    return sorted(found, key=lambda look: (-(look.day or date.min).toordinal(), look.role, look.purpose))


def _next_month(month: date) -> datetime:
    later = month.replace(day=28) + timedelta(days=4)
    return datetime.combine(later.replace(day=1), time.min)
