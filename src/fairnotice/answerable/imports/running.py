"""One import at work: batch after batch is decided and written, or, in a dry run, only decided."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.actions.recording import last_change, queue, tell
from fairnotice.answerable.errors import Changed
from fairnotice.answerable.imports import bad, ending
from fairnotice.answerable.imports.deciding import Batch, Decision, Difference, Numbers
from fairnotice.answerable.imports.held import Writes
from fairnotice.answerable.imports.said import Agreement, facts_of
from fairnotice.answerable.imports.scratch import Facts
from fairnotice.answerable.imports.shape import BadLine, Entry, Refused, Statement
from fairnotice.answerable.imports.store import Store
from fairnotice.answerable.imports.watch import Watch
from fairnotice.answerable.models import Change, ImportBadLine, ImportRun
from fairnotice.ledger import append as ledger

_BATCH = 2000


class Work:
    """What both ways of running share."""

    def __init__(
        self, run: ImportRun, store: Store, place: sqlite3.Connection, watch: Watch, *, shown: bool
    ) -> None:
        self.run, self.store, self.place, self.watch, self.shown = run, store, place, watch, shown
        self.agreement = Agreement(Facts(place, "fact"))
        self.numbers = Numbers()

    def decide(self, entries: list[Entry]) -> Decision:
        batch = Batch(
            self.store,
            self.agreement,
            source=self.run.source,
            as_of=self.run.as_of,
            numbers=self.numbers,
            shown=self.shown,
        )
        return batch.decide(entries)

    def ending(self, entries: Iterable[Entry]) -> ending.Ending:
        """Read the file once for what it says at all, and find what it no longer says."""
        facts = Facts(self.place, "mentioned")
        pending = iter(entries)
        while batch := list(islice(pending, _BATCH)):
            said = (entry for entry in batch if isinstance(entry, Statement))
            facts.note({key: (1, "") for one in said for key, _values in facts_of(one)})
            self.watch.moved(0, 0)
        return ending.find(self.place, facts, self.run.source, self.run.as_of)

    def count(self, decision: Decision, entries: int) -> list[BadLine]:
        """Add to the run what became of a batch; returns its bad lines."""
        lines = [outcome for outcome in decision.outcomes if isinstance(outcome, BadLine)]
        self.run.position += entries
        self.run.added += decision.outcomes.count("added")
        self.run.changed += decision.outcomes.count("changed")
        self.run.unchanged += decision.outcomes.count("unchanged")
        self.run.bad += len(lines)
        return lines

    def tell(self, decision: Decision, lines: Iterable[BadLine]) -> None:
        for difference in decision.differences:
            self.watch.differs(difference)
        for line in lines:
            self.watch.bad(line)


class Tried:
    """A dry run."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.too_much = ""

    def end(self, entries: Iterable[Entry], *, yes: bool) -> None:
        work = self._work
        found = work.ending(entries)
        try:
            found.ask()
        except ending.TooMuch as problem:
            self.too_much = "" if yes else str(problem)
        for page in ending.pages(work.place):
            writes, lines, differences = ending.end(work.store, page, work.run.as_of)
            self._ended(writes, lines, differences)
        for contacts in ending.contact_pages(work.place):
            writes, differences = ending.end_contacts(contacts)
            self._ended(writes, [], differences)

    def _ended(self, writes: Writes, lines: list[BadLine], differences: list[Difference]) -> None:
        self._work.store.save(writes)
        self._work.run.ended += len(differences)
        self._work.run.bad += len(lines)
        self._work.tell(Decision(differences=differences), lines)

    def forget(self) -> None:
        """A dry run leaves nothing."""

    def resume(self, entries: Iterator[Entry]) -> None:
        """A dry run begins at the beginning."""

    def take(self, batch: list[Entry]) -> None:
        decision = self._work.decide(batch)
        self._work.store.save(decision.writes)
        self._work.agreement.keep()
        self._work.tell(decision, self._work.count(decision, len(batch)))

    def finish(self, left_out: int) -> None:
        self._work.run.left_out = left_out


class Recorded:
    """A run that writes."""

    def __init__(self, work: Work, actor_id: int | None) -> None:
        self._work, self._actor_id = work, actor_id
        self._position = work.run.position
        self.too_much = ""

    def end(self, entries: Iterable[Entry], *, yes: bool) -> None:
        """End what the file no longer says. Raises TooMuch, unless it has begun to already."""
        work = self._work
        found = work.ending(entries)
        if not yes and not work.run.ended:
            found.ask()
        # What stood in the way of an ending, in an earlier attempt at this run, is looked at anew.
        work.run.bad -= ImportBadLine.objects.filter(run=work.run, number=0).delete()[0]
        for page in ending.pages(work.place):
            with transaction.atomic():
                queue()
                writes, lines, differences = ending.end(work.store, page, work.run.as_of)
                work.run.ended += len(differences)
                work.run.bad += len(lines)
                self._write(writes, lines)
            work.tell(Decision(differences=differences), lines)
        for contacts in ending.contact_pages(work.place):
            with transaction.atomic():
                queue()
                writes, differences = ending.end_contacts(contacts)
                work.run.ended += len(differences)
                self._write(writes, [])
            work.tell(Decision(differences=differences), [])

    def forget(self) -> None:
        """The file cannot be used; an import of it that has done nothing yet is none."""
        ImportRun.objects.filter(
            pk=self._work.run.pk, state=ImportRun.State.RUNNING, position=0, ended=0, bad=0
        ).delete()

    def resume(self, entries: Iterator[Entry]) -> None:
        """Pass over what is dealt with already, but remember what it said."""
        work = self._work
        left = work.run.position
        if not left:
            return
        stayed_out = set(ImportBadLine.objects.filter(run=work.run).values_list("number", flat=True))
        while left and (batch := list(islice(entries, min(left, _BATCH)))):
            left -= len(batch)
            said = [one for one in batch if isinstance(one, Statement) and one.number not in stayed_out]
            work.agreement.fetch(said)
            for one in said:
                try:
                    work.agreement.remember(work.agreement.ask(one))
                except Refused:
                    continue
            work.agreement.keep()
            work.watch.moved(0, 0)

    def take(self, batch: list[Entry]) -> None:
        """Decide without any lock; decide again under it where the register was changed meanwhile."""
        work = self._work
        seen = last_change()
        decision = work.decide(batch)
        with transaction.atomic():
            queue()
            if last_change() != seen:
                decision = work.decide(batch)
            lines = work.count(decision, len(batch))
            self._write(decision.writes, lines)
        work.agreement.keep()
        work.tell(decision, lines)

    def _write(self, writes: Writes, lines: list[BadLine]) -> None:
        run = self._work.run
        self._work.store.save(writes)
        if writes:
            tell(Change.What.BULK)
        if lines:
            run.key_id = bad.key_for(run)
            last = ImportBadLine.objects.filter(run=run).aggregate(last=Max("place"))["last"]
            first = (last or 0) + 1
            ImportBadLine.objects.bulk_create(bad.sealed(run, run.key_id, first, lines), batch_size=100)
        self._save()

    def _save(self) -> None:
        names = ("position", "added", "changed", "unchanged", "ended", "bad", "left_out", "key_id")
        run = self._work.run
        values = {name: getattr(run, name) for name in names}
        at_work = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING, position=self._position)
        if not at_work.update(**values):
            raise Changed(_("Another process is taking in the same file."))
        self._position = run.position

    @transaction.atomic
    def finish(self, left_out: int) -> None:
        """The run is done: one event for all of it."""
        run = self._work.run
        run.left_out = left_out
        self._save()
        run.state, run.finished_at = ImportRun.State.DONE, timezone.now()
        run.save(update_fields=["state", "finished_at"])
        ledger.append(
            kind="answerable.imported",
            open={
                "run": run.pk,
                "digest": run.digest,
                "format": run.format,
                "source": run.source,
                "whole": run.whole,
                "lines": run.lines,
                "added": run.added,
                "changed": run.changed,
                "unchanged": run.unchanged,
                "ended": run.ended,
                "bad": run.bad,
                "left_out": run.left_out,
            },
            actor_id=self._actor_id,
        )
