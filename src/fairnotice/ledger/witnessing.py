"""The witnesses of the log: whom the settings name, what they cosigned, and whether it is enough to publish.

A witness keeps the largest tree it has seen of a log. So it is asked before the first signature after every
start: where it has seen more than the database holds, the database is an older copy and nothing is signed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from fairnotice.ledger import keys
from fairnotice.ledger.errors import LogAhead, LogRefusal
from fairnotice.ledger.models import CheckpointRow, Cosignature, Log
from fairnotice.translog.errors import NoteError, PolicyError, TranslogError
from fairnotice.translog.notes import parse_note, signature_line
from fairnotice.translog.policy import Policy, parse_policy
from fairnotice.translog.witness import client

logger = logging.getLogger("fairnotice.ledger")

ProofFrom = Callable[[int], Sequence[bytes]]

# Logs that a quorum of witnesses has confirmed since this process was started.
_confirmed: set[int] = set()


class WitnessesMissing(LogRefusal):
    """Too few witnesses answered. Tried again with the next round."""


class WitnessSettings(LogRefusal):
    """The file of witnesses cannot be used; the message says which and why."""


def policy() -> Policy | None:
    """The policy that the settings name, or None where the log has no witnesses. Raises WitnessSettings."""
    path = settings.FN_WITNESS_POLICY
    if path is None:
        return None
    try:
        return parse_policy(path.read_bytes())
    except OSError as error:
        raise WitnessSettings(f"The witness policy {path} cannot be read: {error.strerror}") from error
    except PolicyError as error:
        raise WitnessSettings(f"The witness policy {path} cannot be used: {error}") from error


def before_signing(log: Log, last: CheckpointRow | None, proof_from: ProofFrom) -> None:
    """Ask the witnesses, once in a process's life, whether they know a larger tree than the last one signed.

    Raises LogAhead where one does, WitnessesMissing where the policy asks for a quorum and fewer answered,
    WitnessSettings.
    """
    found = policy()
    if found is None or last is None or log.pk in _confirmed:
        return
    ask(log, last, found, proof_from)
    if log.pk not in _confirmed:
        raise WitnessesMissing(
            "Too few witnesses answered since the start: nothing is signed until they confirm that this is "
            "the newest copy of the log"
        )


def forget() -> None:
    """Ask again before the next signature, as after a start."""
    _confirmed.clear()


def publishable(log: Log, row: CheckpointRow, proof_from: ProofFrom) -> str | None:
    """The checkpoint as it may be published, with the cosignatures there are; None while the policy's quorum
    is not reached. Witnesses that have not cosigned it are asked. Raises LogAhead, WitnessSettings.
    """
    found = policy()
    if found is None:
        return cosigned(row)
    if not _complete(row, found):
        ask(log, row, found, proof_from)
    note = cosigned(row)
    try:
        found.check(note, logs=keys.verifiers(log))
    except PolicyError:
        return None
    return note


def cosigned(row: CheckpointRow) -> str:
    """The checkpoint with all cosignatures that there are, also of witnesses that nobody asks any more."""
    lines = [*row.cosignatures.order_by("id").values_list("line", flat=True)]
    return client.cosigned(row.note, lines) if lines else row.note


def ask(log: Log, row: CheckpointRow, found: Policy, proof_from: ProofFrom) -> None:
    """Submit the last checkpoint to all witnesses that have an address, and store their lines. A quorum that
    answers confirms that this database is not an older copy.

    No database transaction is open while they are waited for. Raises LogAhead where a witness has seen a
    larger tree, or another of this size.
    """
    cosigned: set[str] = set()
    results = client.submit(
        _witnesses(found), row.note, proof_from, _known(log), seconds=settings.FN_WITNESS_TIMEOUT
    )
    for result in results:
        name = result.witness.name
        match result:
            case client.Signed():
                cosigned.add(name)
                with transaction.atomic():
                    for line in result.lines:
                        Cosignature.objects.get_or_create(
                            checkpoint=row, line=line, defaults={"witness": name, "at": timezone.now()}
                        )
            case client.Ahead():
                _confirmed.discard(log.pk)  # nothing is signed until they agree again
                raise LogAhead(
                    f"the witness {name} has seen {result.size} entries of {log.origin}, the database holds "
                    f"{row.size}: the database was rolled back. Restore a newer copy of it, or read what is "
                    "missing back from a newer copy of the published log: fairnotice log recover --from DIR. "
                    "Nothing is signed until then"
                )
            case client.Conflict():
                _confirmed.discard(log.pk)
                raise LogAhead(
                    f"the witness {name} has seen another tree of {log.origin} than the database holds: "
                    f"{result.sentence}"
                )
            case client.Refused():
                logger.warning("witness %s refused: %d %s", name, result.status, result.sentence)
            case client.Unreachable():
                logger.warning("witness %s did not answer: %s", name, result.reason)
    if found.is_quorum({witness.name for witness in found.witnesses if _text(witness.name) in cosigned}):
        _confirmed.add(log.pk)


def take_over(row: CheckpointRow, note: bytes) -> None:
    """Store the cosignatures on a note that was published of this checkpoint, as far as they are by witnesses
    that the settings name and hold, in the caller's transaction. Raises WitnessSettings."""
    found = policy()
    parsed = parse_note(note)
    lines = "".join(signature_line(one.name, one.key_id, one.signature) for one in parsed.signatures)
    for witness in found.witnesses if found else ():
        try:
            verified = client.verified_lines(parsed.text, lines.encode(), witness.key)
        except NoteError:
            continue  # it has not cosigned, and can be asked
        for line in verified:
            name = _text(witness.name)
            Cosignature.objects.create(checkpoint=row, witness=name, line=line, at=timezone.now())


def _witnesses(found: Policy) -> list[client.Witness]:
    try:
        return [
            client.Witness(_text(witness.name), witness.key, _text(witness.url))
            for witness in found.witnesses
            if witness.url
        ]
    except TranslogError as error:
        raise WitnessSettings(f"The witness policy cannot be used: {error}") from error


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")


def _known(log: Log) -> dict[str, int]:
    """The size that each witness cosigned last, as far as this database knows."""
    rows = Cosignature.objects.filter(checkpoint__log=log).values_list("witness")
    return dict(rows.annotate(size=Max("checkpoint__size")))


def _complete(row: CheckpointRow, found: Policy) -> bool:
    """Whether every witness that can be asked has cosigned this checkpoint."""
    have = set(row.cosignatures.values_list("witness", flat=True))
    return all(_text(witness.name) in have for witness in found.witnesses if witness.url)
