"""What can happen to a table of notices, as `test_every_action` does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fairnotice.cases.actions import bulk
from fairnotice.cases.bulk import mapping as mappings
from fairnotice.cases.bulk import table as tables
from fairnotice.cases.models import BulkRun
from tests.cases import making

RAW = b"url,problem,why,good_faith\nhttps://forum.example.org/9,defamation,It is false.,yes\n"


def uploaded() -> BulkRun:
    return bulk.upload(actor=None, raw=RAW)[0]


def started() -> BulkRun:
    return bulk.start(actor=None, run=uploaded(), mapping=mappings.guess(tables.read(RAW)))


def ran() -> int:
    run = started()
    mapping = bulk.mapping_of(run)
    assert mapping is not None
    return bulk.run_lines(run=run, lines=tables.read(RAW).lines, mapping=mapping)


def _resumed() -> BulkRun:
    # It was started by a process that is gone.
    run = started()
    return bulk.stop(actor=None, run=run)


DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    bulk.upload: (lambda s: uploaded(), "bulk.uploaded"),
    bulk.start: (lambda s: started(), "bulk.started"),
    bulk.stop: (lambda s: bulk.stop(actor=None, run=started()), "bulk.stopped"),
    bulk.resume: (lambda s: bulk.resume(actor=None, run=_resumed()), "bulk.resumed"),
    bulk.drop: (
        lambda s: bulk.drop(actor=making.account("another", "senior_reviewer"), run=uploaded()),
        "bulk.dropped",
    ),
    bulk.run_lines: (lambda s: ran(), "notice.submitted"),
}
READERS = {bulk.table_of, bulk.mapping_of}
PARTS: set[Callable[..., object]] = set()
# How a table of the same sender is read: nobody relies on it.
SILENT = {bulk.save_mapping}
