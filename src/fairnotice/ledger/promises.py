"""The operator's word, given at once, that an event will be in the log within a known time."""

from __future__ import annotations

from django.conf import settings

from fairnotice.ledger import keys
from fairnotice.ledger.models import CheckpointRow, Event, LogEntry
from fairnotice.translog.promise import Promise, sign_promise


def promise_for(event: Event) -> str:
    """A signed note (translog.promise) of :func:`word_for`. The same event always gives the same note while
    the key stays."""
    return sign_promise(word_for(event), keys.promise_signer(event.log))


def word_for(event: Event) -> Promise:
    """What is promised: leaf hash, time of the event, longest delay in seconds, tree size then.

    The tree size is that of the last checkpoint signed before the event's (whole) second, so the entry's
    index is never below it; also where the clock was set back in between.
    """
    before = CheckpointRow.objects.filter(log=event.log, at__lte=event.at)
    entered = LogEntry.objects.filter(event_id=event.pk).values_list("index", flat=True).first()
    if entered is not None:
        before = before.filter(size__lte=entered)
    size = before.order_by("-size").values_list("size", flat=True).first() or 0
    return Promise(
        origin=event.log.origin,
        leaf_hash=bytes(event.leaf_hash),
        time=int(event.at.timestamp()),
        delay=int(settings.FN_PROMISE_DELAY),
        tree_size=size,
    )
