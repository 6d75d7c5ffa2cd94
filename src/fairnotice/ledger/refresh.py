"""Proofs for a document that was kept: a register entry stores its openings, and gets its proofs when
read."""

from __future__ import annotations

import base64
import copy
from typing import Any

from fairnotice.ledger import keys
from fairnotice.ledger.models import Event, Log
from fairnotice.ledger.proofs import proof_for
from fairnotice.translog import merkle


def with_proofs(document: dict[str, Any]) -> dict[str, Any]:
    """A copy of an evidence document with the proof of each record against the latest published checkpoint;
    None where a record is not in the published log yet. With it come the keys that sign checkpoints by now:
    they may have changed since the document was kept."""
    fresh = copy.deepcopy(document)
    for named in fresh.get("logs", []):
        log = Log.objects.filter(origin=named["origin"]).first()
        if log is not None:
            named["vkey"] = keys.vkey(log)
    for record in fresh.get("records", []):
        leaf_hash = merkle.leaf_hash(base64.b64decode(record["leaf"], validate=True))
        event = Event.objects.filter(leaf_hash=leaf_hash).first()
        record["proof"] = proof_for(event) if event else None
    return fresh
