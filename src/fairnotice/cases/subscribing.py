"""Who asked for the monthly report: one e-mail address each, and nothing else about anybody.

Asking costs the same for every address, so that nobody can tell by it who is subscribed: the row is made in
any case, and looked at later by the clock. One confirmation goes to an address in a day, and so many to all
together in an hour; without an answer the address is gone after two days. No events here: nothing is final.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from fairnotice.cases import sealed
from fairnotice.cases.models import PeriodReport, SealedValue, Subscriber
from fairnotice.cases.models.fields import new_ref
from fairnotice.ledger import outbox
from fairnotice.plumbing.sqlite.scrub import scrub
from fairnotice.vault import codes, keys

OWNER = "subscriber"
CONFIRM, MONTHLY = "subscriber-confirm", "subscriber-report"
KINDS = (CONFIRM, MONTHLY)
PEPPER = "subscriber-pepper"
MAX_ADDRESS = 254
#: Unconfirmed for so long, an address is erased; one confirmation goes out in a day.
KEEP = timedelta(hours=48)
A_DAY = timedelta(hours=24)
#: So many letters in a row that their server refuses for good, and the address is erased.
MOST_REFUSALS = 3
#: So many addresses wait for their question at most.
MOST_WAITING = 1000
#: A report that is older is no news: whoever was away for long gets the next one.
FRESH = timedelta(days=20)


def crowded() -> bool:
    """Whether so many wait for their question already that no further address is taken for now."""
    return Subscriber.objects.filter(state="new").count() >= MOST_WAITING


def remember(*, address: str, now: datetime) -> None:
    """Somebody typed this address. Nothing is sent yet."""
    ref, key_id, token = new_ref(), keys.new_key("subject"), codes.new_code()
    with transaction.atomic():
        Subscriber.objects.create(
            ref=ref,
            key_id=key_id,
            mac=_mac(address),
            token_mac=codes.code_mac(token),
            asked_at=now,
        )
        sealed.put(OWNER, ref, key_id, {"address": address, "token": token})


def _mac(address: str) -> bytes:
    message = b"fair-notice/subscriber/v1\0" + address.strip().casefold().encode()
    return hmac.new(keys.named_secret(PEPPER), message, hashlib.sha256).digest()


def find(token: str) -> Subscriber | None:
    """Whose link this is; None for every other text."""
    if not codes.looks_right(token):
        return None
    found = Subscriber.objects.filter(token_mac=codes.code_mac(token)).exclude(state="new").first()
    return found if found is not None and keys.opens(found.key_id) else None


def tick(*, now: datetime) -> int:
    """What the clock does: write to who asked, forget who did not answer, send the latest month. Returns how
    many letters it put into the outbox."""
    forget(now=now)
    return sort_new(now=now) + send_monthly(now=now)


def sort_new(*, now: datetime, most: int = 100) -> int:
    """Ask each new address for a confirmation, as far as the hour allows. Returns how many."""
    rows = Subscriber.objects.filter(state="new").order_by("asked_at", "pk")[:most]
    return sum(_sort(pk, now) for pk in list(rows.values_list("pk", flat=True)))


@transaction.atomic
def _sort(pk: int, now: datetime) -> int:
    row = Subscriber.objects.filter(pk=pk, state="new").first()
    if row is None:
        return 0
    before = Subscriber.objects.filter(mac=row.mac).exclude(state="new").first()
    if before is not None and (before.state == "confirmed" or _lately(before, now)):
        erase(row)
        return 0
    asked = Subscriber.objects.filter(written_at__gt=now - timedelta(hours=1)).count()
    if asked >= settings.FN_SUBSCRIPTIONS_PER_HOUR:
        return 0  # its turn comes, or its two days are over
    if before is not None:
        erase(before)
    Subscriber.objects.filter(pk=row.pk).update(state="asked", written_at=now)
    outbox.enqueue(kind=CONFIRM, ref=row.ref, payload={"subscriber": row.ref}, key_id=row.key_id)
    return 1


def _lately(row: Subscriber, now: datetime) -> bool:
    return row.written_at is not None and row.written_at > now - A_DAY


def forget(*, now: datetime) -> int:
    """Erase the addresses that nobody confirmed in time. Returns how many."""
    late = Q(state="new", asked_at__lte=now - KEEP) | Q(state="asked", written_at__lte=now - KEEP)
    return _erase_all(Subscriber.objects.filter(late))


def _erase_all(rows: QuerySet[Subscriber]) -> int:
    found = list(rows.order_by("pk"))
    for row in found:
        with transaction.atomic():
            erase(row)
    if found:
        scrub("default")
    return len(found)


def erase(row: Subscriber) -> None:
    """Nothing of this address is left. Belongs into the caller's transaction. Its key goes at once, also
    where that is rolled back: a row whose key is gone is nobody's, and is forgotten like one."""
    for kind in KINDS:
        outbox.cancel(kind=kind, ref=row.ref)
    SealedValue.objects.filter(owner=OWNER, row=row.ref).delete()
    Subscriber.objects.filter(pk=row.pk).delete()
    keys.destroy(row.key_id)


def send_monthly(*, now: datetime, most: int = 200) -> int:
    """Put the latest month into the outbox for who has not had it. Returns how many."""
    latest = PeriodReport.objects.filter(kind="monthly", made_at__gt=now - FRESH).order_by("-period").first()
    if latest is None:
        return 0
    behind = Subscriber.objects.filter(state="confirmed", month__lt=latest.period).order_by("pk")
    with transaction.atomic():
        rows = list(behind[:most])
        for row in rows:
            if not keys.opens(row.key_id):
                erase(row)
                continue
            Subscriber.objects.filter(pk=row.pk).update(month=latest.period)
            payload = {"subscriber": row.ref, "month": latest.period}
            outbox.enqueue(kind=MONTHLY, ref=row.ref, payload=payload, key_id=row.key_id)
    return len(rows)


def given_up(*, kind: str, ref: str, code: str) -> None:
    """A letter to a subscriber will not arrive. After the confirmation, or some reports in a row, whose
    server says no for good, the address is erased; nobody at the desk has to do anything about it. Part of
    delivery's transaction."""
    row = Subscriber.objects.filter(ref=ref).first()
    if row is None or code != "refused":
        return
    if kind == CONFIRM or row.refusals + 1 >= MOST_REFUSALS:
        erase(row)
        return
    Subscriber.objects.filter(pk=row.pk).update(refusals=row.refusals + 1)


def arrived(*, ref: str) -> None:
    """A report was taken: refusals before it count no more."""
    Subscriber.objects.filter(ref=ref, refusals__gt=0).update(refusals=0)
