"""Send the statements that are due, so that each is in the database once, whatever breaks off.

First everything whose last call ended in the dark is asked about by its identifier: what the database knows
is done, what it does not know waits again. Then calls of up to 100 are sent, all or nothing. What is held is
never locked while the other side takes its time: take, send, then write down.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from fairnotice.cases import filing_leases as leases
from fairnotice.cases import filings
from fairnotice.cases.actions import filing as actions
from fairnotice.cases.models import Filing
from fairnotice.delivery.database import client as api
from fairnotice.delivery.database.pace import Pace

logger = logging.getLogger("fairnotice.database")
_PACE = Pace()


@dataclass
class Done:
    """What one run did, by word; `stopped`: why it ended before everything was sent."""

    counts: Counter[str] = field(default_factory=Counter)
    stopped: str = ""


def run(stop: Callable[[], bool] = lambda: False) -> Done:
    """For the runner: make ready what took effect, and send it where the settings say so. Only one process
    sends at a time, so that the limits hold for all of them; another one returns at once."""
    if not settings.FN_STATEMENTS["send"]:
        return Done()
    actions.prepare(place=leases.place(), now=timezone.now())
    return send_due(stop=stop)


def send_due(
    pace: Pace | None = None, timeout: float = api.TIMEOUT, stop: Callable[[], bool] = lambda: False
) -> Done:
    """Ask about what is unclear, then send what waits. Returns what was done; never raises for what the other
    side answers. Raises api.Misconfigured."""
    done = Done()
    if not leases.may_send(timezone.now()):
        found = leases.gate()
        done.stopped = found.stopped_for or "wait"
        return done
    client = api.Client(pace or _PACE, timeout)
    with _alone() as ours:
        if not ours:
            done.stopped = "busy"
            return done
        while not done.stopped and not stop() and _one_question(client, done):
            pass
        while not done.stopped and not stop() and _one_call(client, done):
            pass
    return done


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this process is the one that sends; the kernel frees the lock of one that is killed."""
    path = Path(settings.FN_DATA) / "statements.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)


def _one_question(client: api.Client, done: Done) -> bool:
    """Ask about one identifier; False where there is nothing to ask."""
    filing = leases.take_unclear()
    if filing is None:
        return False
    call = leases.Call(filing.call, [filing])
    ending = client.known(filing.puid)
    if isinstance(ending, api.Known):
        made = _object(filing)
        done.counts["known"] += actions.accepted(
            filing_ref=filing.ref, uuid=ending.uuid, made=made, how="known"
        )
    elif isinstance(ending, api.Unknown):
        done.counts["again"] += leases.give_back_one(filing)
    else:
        leases.unclear(call, getattr(ending, "code", "") or "deferred", getattr(ending, "after", 0))
        _hold_on(ending, done)
        done.stopped = done.stopped or "unclear"
    return True


def _one_call(client: api.Client, done: Done) -> bool:
    """Send one call; False where nothing waits."""
    call = leases.take()
    if call is None:
        return False
    fit: list[Filing] = []
    made: list[dict[str, object]] = []
    for filing in call.filings:
        found = _object(filing, checked=True)
        if found is None:
            _keep_back(filing, done)
        else:
            fit.append(filing)
            made.append(found)
    call = leases.Call(call.name, fit)
    if not fit:
        return True
    ending = client.submit(made)
    if isinstance(ending, api.Taken):
        for filing, uuid, one in zip(fit, ending.uuids, made, strict=True):
            done.counts["sent"] += actions.accepted(filing_ref=filing.ref, uuid=uuid, made=one, how="sent")
    elif isinstance(ending, api.Refused):
        _refused(call, made, ending, done)
    elif isinstance(ending, api.Unclear):
        done.counts["unclear"] += leases.unclear(call, ending.code, ending.after)
        done.stopped = "unclear"
        logger.warning("statements: %s, to be asked about: %d", ending.code, len(fit))
    else:
        leases.give_back(call, code="deferred" if isinstance(ending, api.Wait) else "misconfigured")
        _hold_on(ending, done)
    return True


def _refused(call: leases.Call, made: list[dict[str, object]], ending: api.Refused, done: Done) -> None:
    """None was stored. Those that it names wait for a person, those that it knows are done, and the rest goes
    out again at once; where it names none of several, each goes alone."""
    named = bool(ending.faults or ending.known)
    for number, filing in enumerate(call.filings):
        if filing.puid in ending.known:
            done.counts["known"] += actions.accepted(
                filing_ref=filing.ref, uuid=ending.known[filing.puid], made=made[number], how="known"
            )
        elif number in ending.faults or (not named and len(call.filings) == 1):
            said = ending.faults.get(number) or ending.said
            done.counts["refused"] += actions.rejected(filing_ref=filing.ref, call=call.name, said=said)
    if back := leases.give_back(call, alone=not named):
        done.counts["again"] += back


def _hold_on(ending: object, done: Done) -> None:
    if isinstance(ending, api.NotOurs):
        done.stopped = "token"
        if actions.stop_all(why="token"):
            logger.error("statements: the database does not take our token; nothing is sent any more")
    elif isinstance(ending, api.Wait):
        done.stopped = "wait"
        leases.wait(ending.after, timezone.now())


def _object(filing: Filing, *, checked: bool = False) -> dict[str, object] | None:
    """What leaves, made anew from what is sealed. With `checked`, None where it may not leave."""
    try:
        looked = filings.look(filing)
    except filings.TextsErased:
        return None
    if checked and looked.hindered(cleared=filing.cleared):
        return None
    return looked.object


def _keep_back(filing: Filing, done: Done) -> None:
    """It was to leave, and may not: its texts were erased, or break a rule that came since."""
    if leases.give_back_one(filing):
        actions.stop_one(filing_ref=filing.ref)
        filing.refresh_from_db()
        if filing.state == "queued":
            # Whatever stood in its way is gone again: not at once, so that nothing turns in a circle.
            Filing.objects.filter(pk=filing.pk, state="queued").update(
                due_at=timezone.now() + timedelta(minutes=10)
            )
        done.counts["held"] += 1
