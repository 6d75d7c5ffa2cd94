"""Inclusion proofs from the published tree."""

from __future__ import annotations

from fairnotice.ledger.models import Event, LogEntry
from fairnotice.ledger.publishing import published
from fairnotice.ledger.treefiles import prover
from fairnotice.translog.proof import format_proof


def proof_for(event: Event) -> str | None:
    """A `.tlog-proof` (tlog-proof@v1, the leaf in `extra`) of the event against the latest published
    checkpoint of its log; None while the event is not in the published log."""
    entry = LogEntry.objects.filter(event_id=event.pk).select_related("log").first()
    if entry is None:
        # Asked first: taking a notice in must not depend on the published files.
        return None
    seen = published(entry.log)
    if seen is None or entry.index >= seen.size:
        return None
    path = prover(entry.log).inclusion(entry.index, seen.size)
    return format_proof(entry.index, path, seen.note, extra=bytes(event.leaf))
