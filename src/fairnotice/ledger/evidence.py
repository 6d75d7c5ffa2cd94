"""The file that people hold: what they may see of an event, opened, with the promise and the proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from fairnotice.ledger import keys
from fairnotice.ledger.models import Event, UnknownPath
from fairnotice.ledger.promises import promise_for
from fairnotice.ledger.proofs import proof_for
from fairnotice.translog import openings
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.evidence import FORMAT
from fairnotice.vault import commitments

Kind = Literal["receipt", "statement", "register-entry"]


class WrongValue(ValueError):
    """A personal value was given that is not the one committed to. The message names the path only."""


def build(
    kind: Kind,
    events_with: Sequence[tuple[Event, Iterable[str] | None, Mapping[str, openings.Json]]],
    promise: bool,
) -> dict[str, Any]:
    """The document that `fairnotice verify` checks (translog.evidence_format), as a dict for JSON.

    For each event: the non-personal paths to open (None: all of `event.open` and `kind`, but not `time` or
    `follows`: those are only opened by name, because a public entry must not tell when somebody wrote), and
    the personal values to open. Nothing else is ever opened. With `promise` the promise is included.

    Raises models.UnknownPath for a path that the event does not have, WrongValue for a personal value that is
    not the committed one, vault's Erased where its key is gone.
    """
    logs = {event.log.origin: event.log for event, _, _ in events_with}
    return {
        "format": FORMAT,
        "kind": kind,
        "logs": [
            {
                "origin": log.origin,
                "vkey": keys.vkey(log),
                "promise_vkey": keys.promise_vkey(log) if promise else None,
            }
            for log in logs.values()
        ],
        "records": [_record(event, paths, values, promise) for event, paths, values in events_with],
    }


def _record(
    event: Event, paths: Iterable[str] | None, values: Mapping[str, openings.Json], promise: bool
) -> dict[str, Any]:
    chosen = ["kind", *event.open] if paths is None else list(paths)
    opened = [event.opening(path) for path in chosen]
    opened += [_personal(event, path, value) for path, value in values.items()]
    return {
        "record": event.record,
        "origin": event.log.origin,
        "salt": encode_base64(commitments.salt(event.key_id, event.record)),
        "leaf": encode_base64(bytes(event.leaf)),
        "openings": [opening.to_json() for opening in opened],
        "promise": promise_for(event) if promise else None,
        "proof": proof_for(event),
    }


def _personal(event: Event, path: str, value: openings.Json) -> openings.Opening:
    if path not in event.personal:
        raise UnknownPath(path)
    opening = commitments.opening(event.personal[path]["key"], record=event.record, path=path, value=value)
    if opening.commitment(event.record) != event.commitment(path):
        raise WrongValue(f"the value given for '{path}' is not the one that was committed to")
    return opening
