"""Promises that were not kept, seen from our own side: whoever holds one is told plainly."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from fairnotice.ledger.models import Event
from fairnotice.ledger.promises import word_for
from fairnotice.ledger.proofs import proof_for
from fairnotice.translog.errors import TranslogError


def broken_since(event: Event, now: datetime | None = None) -> datetime | None:
    """By when the event was promised to be in the log, if that time is over and the published log does not
    hold it; None where the promise was kept or is still open.

    What others can fetch counts, not what our database knows: an entry that was never published is missing.
    """
    deadline = datetime.fromtimestamp(word_for(event).deadline, UTC)
    return deadline if (now or timezone.now()) > deadline and not _published(event) else None


def _published(event: Event) -> bool:
    try:
        return proof_for(event) is not None
    except (TranslogError, OSError):
        return False  # a log that cannot be read holds nothing that anybody could check
