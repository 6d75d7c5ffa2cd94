"""The one writer of events."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import logs
from fairnotice.ledger.models import OWN_PATHS, Event, Waiting, value_length
from fairnotice.translog import merkle, openings
from fairnotice.translog.errors import OpeningError
from fairnotice.vault import commitments, keys

MAX_COMMITMENTS = openings.LEAF_COMMITMENTS


class AppendError(ValueError):
    """The event cannot be written as asked; the message names the path, never a value."""


class NotInTransaction(AppendError):
    """`append` was called outside `transaction.atomic`: an event must stand or fall with the rows it is
    about."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal value: committed in the leaf under `key_id` (a subject's key), never stored by the
    ledger."""

    path: str
    value: openings.Json
    key_id: str

    def __repr__(self) -> str:
        # Exceptions and logs print arguments: the value must not be among them.
        return f"Personal(path={self.path!r}, key_id={self.key_id!r})"


def append(
    *,
    kind: str,
    open: Mapping[str, openings.Json],
    personal: Iterable[Personal] = (),
    actor_id: int | None = None,
    case_ref: str = "",
    follows: Event | None = None,
    clear_type: str | None = None,
) -> Event:
    """Write one event in the caller's transaction; the sequencer enters it into the log later.

    Commits to every open field, every personal value, and to `kind`, `time` and `follows` by itself (at most
    64 together). Whoever holds a file of the event can tell whether it has a path that they guess: a field
    that may be empty is committed all the same, with an empty value (docs/adr/0013). Raises NotInTransaction
    outside `transaction.atomic`, AppendError for a reserved, repeated or malformed path or too many fields.
    """
    if not transaction.get_connection("default").in_atomic_block:
        raise NotInTransaction(
            "append() belongs inside transaction.atomic(), together with the rows it is about"
        )
    people = list(personal)
    _check_paths(list(open), [p.path for p in people])
    key_id = keys.new_key("record")
    event = Event(
        log=logs.current(),
        record=secrets.token_hex(16),
        kind=kind,
        # Whole seconds: the stored time is then exactly the committed one.
        at=timezone.now().replace(microsecond=0),
        actor_id=actor_id,
        case_ref=case_ref,
        open=dict(open),
        key_id=key_id,
        follows=follows.record if follows else "",
        clear_type=clear_type or "",
    )
    committed = _commitments(event.record, key_id, {**event.open, **event.own_values()})
    for key, values in _by_key(people).items():
        committed |= _commitments(event.record, key, values)
    event.personal = {
        person.path: {
            "commitment": committed[person.path].hex(),
            "length": value_length(person.value),
            "key": person.key_id,
        }
        for person in people
    }
    salt = commitments.salt(key_id, event.record)
    leaf = openings.build_leaf(salt, event.record, committed, clear_type=clear_type)
    event.leaf = leaf
    event.leaf_hash = merkle.leaf_hash(leaf)
    event.save(force_insert=True)
    Waiting.objects.create(event=event)
    return event


def _commitments(record: str, key_id: str, values: Mapping[str, openings.Json]) -> dict[str, bytes]:
    opened = commitments.openings(key_id, record=record, values=values)
    return {opening.path: opening.commitment(record) for opening in opened}


def _by_key(people: list[Personal]) -> dict[str, dict[str, openings.Json]]:
    keyed: dict[str, dict[str, openings.Json]] = {}
    for person in people:
        keyed.setdefault(person.key_id, {})[person.path] = person.value
    return keyed


def _check_paths(open_paths: list[str], personal_paths: list[str]) -> None:
    paths = open_paths + personal_paths
    for path in paths:
        try:
            openings.check_path(path)
        except OpeningError as fault:
            raise AppendError(f"the field {path!r}: {fault}") from None
        if path in OWN_PATHS:
            raise AppendError(f"the path '{path}' is committed by the ledger itself; use another name")
    repeated = sorted({path for path in paths if paths.count(path) > 1})
    if repeated:
        raise AppendError(f"the same path twice: {', '.join(repeated)}")
    if len(paths) + len(OWN_PATHS) > MAX_COMMITMENTS:
        raise AppendError(
            f"{len(paths)} fields are too many: an event commits at most {MAX_COMMITMENTS - len(OWN_PATHS)}"
        )
