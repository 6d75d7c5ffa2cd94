"""Take in a file about who is answerable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.imports import formats
from fairnotice.answerable.imports.opening import Opened, digest_of
from fairnotice.answerable.imports.running import Recorded, Tried, Work
from fairnotice.answerable.imports.scratch import alone, database
from fairnotice.answerable.imports.shape import Entry, Reading, Unusable
from fairnotice.answerable.imports.store import Store
from fairnotice.answerable.imports.watch import Watch
from fairnotice.answerable.models import ImportRun

#: Entries that are written in one transaction: others write in between.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Lines by what became of them; a line that did several things counts once. `bad` lines are not in. `run`
    is the number of the import, 0 for a dry run; `too_much` says that it would be refused without `yes`."""

    run: int
    format: str
    added: int
    changed: int
    unchanged: int
    ended: int
    bad: int
    left_out: int
    too_much: str = ""

    @property
    def lines(self) -> int:
        return self.added + self.changed + self.unchanged + self.bad


def import_file(
    *,
    path: Path,
    actor_id: int | None,
    format: str = formats.AUTO,
    source: str = "",
    whole: bool = False,
    as_of: date | None = None,
    yes: bool = False,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> ImportResult:
    """Take in a file, zipped or not; taking it in again changes nothing, and where an import of it was cut
    off it goes on there.

    Statements go in, `BATCH` at a time in a transaction of their own; each bad line stays out whole and is
    kept with its reason (`ImportBadLine`). `source` is recorded where a line names none (if empty: what is
    usual for the format). `whole`: the file is all that the source says, so what else it said ends on the day
    `as_of` (today, in UTC); refused where that is more than a fifth, unless `yes`. Without a day of its own,
    a delegation begins on `as_of` too. One event is appended at the end. A dry run decides the same, writes
    nothing and holds no lock.

    Raises Unusable: the file cannot be read as that format, another import is at work (Busy), too much would
    end (TooMuch); Stopped where `watch` asked for it. What was written until then stays.
    """
    watch = watch or Watch()
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(alone())
        opened = stack.enter_context(Opened(path))
        if format == formats.AUTO:
            format, usual = formats.recognise(opened)
        elif format in formats.FORMATS:
            usual = formats.usual_source(opened, format)
        else:
            raise Unusable(_("There is no such format."))
        source = source or usual
        if len(source) > 64 or not source.isprintable():
            raise Unusable(_("A source has 1 to 64 characters on one line."))
        place = stack.enter_context(database())
        store = Store(place if dry_run else None)
        stack.enter_context(_room())
        run = _run(path, format, source, whole, as_of, dry_run)
        reading = Reading(own=settings.FN_OWN_ORGANISATION, listed=_remembering(store))

        def entries() -> Iterator[Entry]:
            reading.left_out = 0
            return formats.entries(opened, format, reading, place)

        work = Work(run, store, place, watch, shown=watch.shows)
        written = Tried(work) if dry_run else Recorded(work, actor_id)
        watch.begin(opened.size)
        try:
            if whole:
                written.end(entries(), yes=yes)
            written.resume(pending := entries())
            while batch := list(islice(pending, BATCH)):
                written.take(batch)
                run.left_out = reading.left_out
                watch.moved(opened.position, run.lines)
        except Unusable:
            written.forget()
            raise
        written.finish(reading.left_out)
    return ImportResult(
        run=run.pk or 0,
        format=format,
        added=run.added,
        changed=run.changed,
        unchanged=run.unchanged,
        ended=run.ended,
        bad=run.bad,
        left_out=reading.left_out,
        too_much=written.too_much,
    )


def _run(path: Path, format: str, source: str, whole: bool, as_of: date | None, dry_run: bool) -> ImportRun:
    """The import of this very file that was cut off, else a new one."""
    today = timezone.now().date()
    digest = digest_of(path)
    about = {"digest": digest, "format": format, "source": source, "whole": whole}
    if dry_run:
        return ImportRun(**about, as_of=as_of or today)
    found = ImportRun.objects.filter(**about, state=ImportRun.State.RUNNING).first()
    if found is None:
        return ImportRun.objects.create(**about, as_of=as_of or today, started_at=timezone.now())
    if as_of not in (None, found.as_of):
        words = _("An import of this file was cut off. It goes on only as of the same day, %(day)s.")
        raise Unusable(words % {"day": found.as_of.isoformat()})
    return found


def _remembering(store: Store) -> Callable[[str], str]:
    """Which organisation is meant by a handle or name, looked up once for each."""
    known: dict[str, str] = {}

    def listed(text: str) -> str:
        if text not in known:
            if len(known) > 10_000:
                known.clear()
            known[text] = store.handle_of(text)
        return known[text]

    return listed


@contextmanager
def _room() -> Iterator[None]:
    """Let SQLite keep more of its file at hand while so many rows go in (64 MB, otherwise 2)."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = cursor.fetchone()[0]
        cursor.execute("PRAGMA cache_size = -65536")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")
