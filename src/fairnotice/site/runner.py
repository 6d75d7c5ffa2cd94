"""The runner child of `serve`: what happens by the clock. Run as `python -m fairnotice.site.runner
PARENT`."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from fairnotice.plumbing.locks import die_with_parent
from fairnotice.site import setup
from fairnotice.site.describe import describe
from fairnotice.site.supervisor import REFUSED

if TYPE_CHECKING:
    from fairnotice.cases.actions.retention import Run
    from fairnotice.cases.services import Service

logger = logging.getLogger("fairnotice.runner")

_ROUND = 0.5
_LONGEST_PAUSE = 300.0
_LAST_LETTER = 8.0
_LOOK = 10.0
_MAILBOX = 60.0


class Task:
    """Something to do once in every slot of so many seconds.

    Slots are counted by the clock on the wall, not from the start of the process: restarts neither hurry a
    round of the log (whose length hides who came when) nor put off the register's batch. A clock that is set
    makes a new slot, so nothing waits for years.
    """

    def __init__(self, name: str, every: float, act: Callable[[], object], *, at_start: bool) -> None:
        self.name = name
        self._every = every
        self._act = act
        self._slot = None if at_start else self._slot_of(time.time())
        self._failures = 0
        self._not_before = 0.0

    def run_if_due(self) -> None:
        """Act if the slot is new. An exception is logged by class and place, and the task pauses: 2 s, 4 s,
        ..."""
        if time.monotonic() < self._not_before:
            return
        slot = self._slot_of(time.time())
        if slot == self._slot:
            return
        try:
            self._act()
        except Exception as error:
            self._failed(error)
        else:
            self._slot = slot
            self._failures = 0

    def _failed(self, error: Exception) -> None:
        from django.db import connections

        self._failures += 1
        # Bounded before it is raised: after days of failures the power would be too large for a float.
        pause = min(2.0 ** min(self._failures, 16), _LONGEST_PAUSE)
        self._not_before = time.monotonic() + pause
        logger.error("%s failed, again in %.0f s: %s", self.name, pause, describe(error))
        connections.close_all()

    def _slot_of(self, now: float) -> int:
        return int(now // self._every)


def tasks() -> list[Task]:
    """All that the runner does but for the letters."""
    from django.conf import settings

    from fairnotice.accounts import proposals
    from fairnotice.cases import files
    from fairnotice.cases.actions import clock, housekeeping, publish, retention, tallies
    from fairnotice.ledger import sequencer

    return [
        # After a crash between commit and publication: publish the stored checkpoint again, complete.
        Task("publication", float("inf"), _said(sequencer.publish), at_start=True),
        Task("log", settings.FN_LOG_INTERVAL, _said(sequencer.run_once), at_start=False),
        Task("full round of the log", _ROUND, _said(sequencer.run_if_full), at_start=False),
        Task("deadlines", 10, clock.tick, at_start=True),
        Task("register", settings.FN_REGISTER_INTERVAL, publish.publish_batch, at_start=False),
        Task("keys", 86400, housekeeping.sweep_keys, at_start=False),
        Task("retention", 3600, _told(retention.run), at_start=True),
        # After the schedule, which knows whether the clock may have jumped.
        Task("months", 600, tallies.close_months, at_start=True),
        Task("files", 3600, housekeeping.forget_files, at_start=True),
        Task("old mail", 3600, housekeeping.forget_originals, at_start=True),
        Task("evidence files", 600, files.sweep, at_start=True),
        Task("sessions", 3600, _forget_old_sessions, at_start=True),
        # Soon, since what was erased after the last copy comes back with a backup if this disk is lost.
        Task("list of erased keys", 60, _copy_erased, at_start=True),
        Task("accounts", 60, proposals.tick, at_start=True),
        Task("scheduled reports", 60, _scheduled_reports, at_start=True),
    ]


def _said(act: Callable[[], object]) -> Callable[[], object]:
    """The same act, whose refusals are logged in their own words, which are never about a person."""
    from fairnotice.ledger.errors import LogRefusal

    def said() -> object:
        try:
            return act()
        except LogRefusal as refusal:
            logger.error("the log: %s", refusal)
            raise

    return said


def _told(run: Callable[[], Run]) -> Callable[[], object]:
    """The run of the schedule, which says when it waits for a person."""

    def told() -> object:
        done = run()
        if done.waiting:
            logger.error(
                "retention: the clock may have jumped, so %d erasures wait. Look at the clock; if it is "
                "right: fairnotice retention run --clock-is-right",
                done.waiting,
            )
        return done

    return told


def letters(stop: threading.Event) -> Task:
    """Sends what is due, one letter after the other until asked to stop."""
    from fairnotice.delivery.runner import run_due

    def act() -> None:
        while not stop.is_set() and run_due(1):
            pass

    return Task("letters", 1, act, at_start=True)


def imports(stop: threading.Event) -> list[Task]:
    """Takes in the files that lie in the import folder; none where no folder is set."""
    from django.conf import settings

    from fairnotice.answerable.imports.drop import Drop

    if settings.FN_IMPORT_FOLDER is None:
        return []
    drop = Drop(settings.FN_IMPORT_FOLDER)
    return [Task("imports", _LOOK, lambda: drop.look(stop.is_set), at_start=True)]


def messages(stop: threading.Event) -> Task:
    """Reads what came in at the doors that store first, the oldest first, until asked to stop."""
    from fairnotice.intake.reading import read_waiting

    def act() -> None:
        while not stop.is_set() and read_waiting(5):
            pass

    return Task("messages", 1, act, at_start=True)


def evidence(stop: threading.Event) -> Task:
    """Looks at the files that came with notices, until asked to stop."""
    from fairnotice.cases.looking import look_at_waiting
    from fairnotice.plumbing.looking.eyes import Eyes

    eyes = Eyes()

    def act() -> None:
        look_at_waiting(eyes, stop.is_set)
        if stop.is_set():
            eyes.close()

    return Task("evidence", 2, act, at_start=True)


def mailbox(stop: threading.Event) -> list[Task]:
    """Looks into the operator's IMAP folder; none where none is set."""
    from fairnotice.intake.letterbox import imap

    where = imap.account()
    if where is None:
        return []
    return [Task("mailbox", _MAILBOX, lambda: imap.poll(where, stop.is_set), at_start=True)]


def tables(stop: threading.Event) -> Task:
    """Takes in the lines of tables that somebody started, until asked to stop."""
    from fairnotice.intake.table_runner import go_on

    return Task("tables", 1, lambda: go_on(stop.is_set), at_start=True)


def reports(stop: threading.Event) -> list[Task]:
    """Asks the Mastodon servers of the settings for their open reports; none where there is none."""
    from fairnotice.intake.fediverse.pull import EVERY, pull, pulled

    def act(service: Service) -> Callable[[], object]:
        return lambda: pull(service, stop.is_set)

    return [Task(f"reports of {one.name}", EVERY, act(one), at_start=True) for one in pulled()]


def statements(stop: threading.Event) -> Task:
    """Sends statements of reasons to the EU database, where the settings say so."""
    from fairnotice.delivery.database import Misconfigured
    from fairnotice.delivery.database import run as send

    def act() -> None:
        try:
            done = send(stop.is_set)
        except Misconfigured as wrong:
            # Its words name a setting and no secret.
            logger.error("statements: %s", wrong)
            return
        if done.counts["refused"] or done.counts["held"]:
            logger.warning("statements: %d wait for a person", done.counts["refused"] + done.counts["held"])

    return Task("statements", 30, act, at_start=True)


def _scheduled_reports() -> None:
    from django.utils import timezone

    from fairnotice.cases import subscribing
    from fairnotice.cases.actions import period_reports

    now = timezone.now()
    period_reports.make_weekly(now=now)
    period_reports.make_monthly(now=now)
    subscribing.tick(now=now)


def _copy_erased() -> None:
    from django.conf import settings

    from fairnotice.site.backup import make

    folder = settings.FN_BACKUP_FOLDER
    # Where its disk is away, `fairnotice check` says so.
    if folder is not None and folder.is_dir():
        make.copy_erased(folder)


def _forget_old_sessions() -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from fairnotice.accounts import sign_ins

    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    sign_ins.forget_old()


def run(stop: threading.Event) -> None:
    """Do the tasks until asked to stop; the one at work is finished first.

    Letters have a thread of their own: a mail server that takes its time must not hold up the log or a
    deadline. So have imports, which may take minutes; they stop between two batches and go on next time.
    """
    post = threading.Thread(target=_rounds, args=([letters(stop)], stop), name="letters", daemon=True)
    post.start()
    # So has reading: a message that takes its time must not hold up what is due.
    threading.Thread(target=_rounds, args=([messages(stop)], stop), name="messages", daemon=True).start()
    # And looking at files, which may wait for a virus check.
    threading.Thread(target=_rounds, args=([evidence(stop)], stop), name="evidence", daemon=True).start()
    # And the EU database, which may take its time to answer.
    threading.Thread(target=_rounds, args=([statements(stop)], stop), name="statements", daemon=True).start()
    if letterbox := mailbox(stop):
        threading.Thread(target=_rounds, args=(letterbox, stop), name="mailbox", daemon=True).start()
    # And tables, which may take an hour.
    threading.Thread(target=_rounds, args=([tables(stop)], stop), name="tables", daemon=True).start()
    if servers := reports(stop):
        threading.Thread(target=_rounds, args=(servers, stop), name="reports", daemon=True).start()
    if files := imports(stop):
        threading.Thread(target=_rounds, args=(files, stop), name="imports", daemon=True).start()
    _rounds(tasks(), stop)
    # A letter that is on its way is finished, or it would be sent again; a stalled server is not waited for.
    post.join(_LAST_LETTER)


def _rounds(todo: list[Task], stop: threading.Event) -> None:
    while True:
        for task in todo:
            if stop.is_set():
                return
            task.run_if_due()
        stop.wait(_ROUND)


def main(parent: int) -> int:
    """Exit status: 0 when asked to stop, REFUSED where the data folder may not be used."""
    die_with_parent(parent)
    stop = threading.Event()

    def asked(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
    try:
        setup.prepare()
        run(stop)
    except setup.NotReady as refused:
        print(refused, file=sys.stderr)
        return REFUSED
    except Exception as error:
        # Only what fails outside of a task comes here; `serve` starts the runner again.
        logger.error("stopped: %s", describe(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
