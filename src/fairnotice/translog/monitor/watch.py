"""Looking at a log once, or again and again until somebody stops it."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from fairnotice.translog.encoding import encode_base64, printable
from fairnotice.translog.monitor.follow import Follower, Look
from fairnotice.translog.monitor.incidents import Incident, count_incidents, write_incident
from fairnotice.translog.monitor.state import StateDamaged
from fairnotice.translog.sources import Unreachable

WELL, WRONG, UNKNOWN = 0, 1, 2


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sentence(look: Look) -> str:
    """What one look found, for people."""
    checkpoint = look.signed.checkpoint
    origin = printable(checkpoint.origin)
    if not look.changed:
        return f"{origin}: {checkpoint.size} entries, nothing new"
    parts = [f"{checkpoint.size} entries", f"{look.new} new", f"root {encode_base64(checkpoint.root)}"]
    parts += [f"{count} of type {printable(name)}" for name, count in sorted(look.types.items())]
    if look.cosignatures:
        known = sum(item.verified for item in look.cosignatures)
        parts.append(f"{len(look.cosignatures)} cosignatures ({known} of known witnesses)")
    return f"{origin}: {', '.join(parts)}{'; followed from here on' if look.first else ''}"


def look_once(follower: Follower) -> int:
    """One look, said on standard output, what is wrong on standard error; returns the exit status."""
    try:
        look = follower.look()
    except Incident as incident:
        place, new = write_incident(
            follower.folder.incidents, incident, url=follower.source.name, origin=follower.trust.origin
        )
        print(f"{_now()} INCIDENT {incident.kind}: {printable(str(incident))}", file=sys.stderr)
        print(f"    {incident.known}", file=sys.stderr)
        print(f"    evidence{'' if new else ' (kept before)'}: {place}", file=sys.stderr, flush=True)
        return WRONG
    except Unreachable as fault:
        print(f"{_now()} nothing learned: {printable(str(fault))}", file=sys.stderr, flush=True)
        return UNKNOWN
    earlier = count_incidents(follower.folder.incidents)
    note = f" ({earlier} incidents on record)" if earlier else ""
    print(f"{_now()} {sentence(look)}{note}", flush=True)
    return WELL


def watch(follower: Follower, every: float) -> int:
    """Look every so many seconds until interrupted; 1 where any look found something wrong, else 0."""
    status = WELL
    try:
        while True:
            begun = time.monotonic()
            try:
                found = look_once(follower)
            except StateDamaged:
                raise
            except OSError as fault:  # a full disk may be emptied; the next look tries again
                print(f"{_now()} {fault.filename}: {fault.strerror}", file=sys.stderr, flush=True)
                found = UNKNOWN
            if found == WRONG:
                status = WRONG
            time.sleep(max(0.0, begun + every - time.monotonic()))
    except KeyboardInterrupt:
        print(f"{_now()} stopped", flush=True)
    return status
