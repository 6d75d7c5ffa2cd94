"""What can happen to a table of notices, as `test_every_action` does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fairnotice.cases.actions import table_runs
from fairnotice.cases.models import TableRun
from fairnotice.cases.tables import mapping as mappings
from fairnotice.cases.tables import table as tables
from tests.cases import making

RAW = b"url,problem,why,good_faith\nhttps://forum.example.org/9,defamation,It is false.,yes\n"


def uploaded() -> TableRun:
    return table_runs.keep(actor=None, raw=RAW)[0]


def started() -> TableRun:
    return table_runs.start(actor=None, run=uploaded(), mapping=mappings.guess(tables.read(RAW)))


def ran() -> int:
    run = started()
    mapping = table_runs.mapping_of(run)
    assert mapping is not None
    return table_runs.run_lines(run=run, lines=tables.read(RAW).lines, mapping=mapping)


def _resumed() -> TableRun:
    # It was started by a process that is gone.
    run = started()
    return table_runs.stop(actor=None, run=run)


DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    table_runs.keep: (lambda s: uploaded(), "table.kept"),
    table_runs.start: (lambda s: started(), "table.started"),
    table_runs.stop: (lambda s: table_runs.stop(actor=None, run=started()), "table.stopped"),
    table_runs.resume: (lambda s: table_runs.resume(actor=None, run=_resumed()), "table.resumed"),
    table_runs.drop: (
        lambda s: table_runs.drop(actor=making.account("another", "senior_reviewer"), run=uploaded()),
        "table.dropped",
    ),
    table_runs.run_lines: (lambda s: ran(), "notice.submitted"),
}
READERS = {table_runs.table_of, table_runs.mapping_of}
PARTS: set[Callable[..., object]] = set()
# How a table of the same sender is read: nobody relies on it.
SILENT = {table_runs.save_mapping}
