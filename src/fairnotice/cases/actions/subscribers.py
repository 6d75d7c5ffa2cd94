"""Somebody says yes to the monthly report, or has had enough of it: each by a link that only they have."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import periods, subscribing
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import Subscriber
from fairnotice.ledger.append import append
from fairnotice.plumbing.sqlite.scrub import scrub


@transaction.atomic
def confirm_subscription(*, token: str) -> None:
    """From the next month on. Once more changes nothing. Raises NotFound."""
    row = _row(token)
    if row.state != "asked":
        return
    now = timezone.now()
    same = Subscriber.objects.filter(pk=row.pk, state="asked")
    if same.update(state="confirmed", confirmed_at=now, month=periods.last_month(now)):
        append(kind="subscription.confirmed", open={})


def end_subscription(*, token: str) -> None:
    """The address is erased at once, confirmed or not. Raises NotFound, also for what has ended."""
    with transaction.atomic():
        row = _row(token)
        append(kind="subscription.ended", open={})
        subscribing.erase(row)
    scrub("default")


def _row(token: str) -> Subscriber:
    found = subscribing.find(token)
    if found is None:
        raise NotFound(_("There is no such subscription (any more)."))
    return found
