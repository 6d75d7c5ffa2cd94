"""Goes through the tables that were started, some lines at a time, until asked to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fairnotice.cases.actions import bulk
from fairnotice.cases.errors import Conflict
from fairnotice.cases.models import BulkRun
from fairnotice.cases.queries.bulk import running
from fairnotice.vault.errors import Erased

logger = logging.getLogger("fairnotice.intake")


def go_on(stopped: Callable[[], bool] = lambda: False) -> int:
    """Work through what is started; how many lines it were. What is stopped at the desk meanwhile ends
    there."""
    return sum(_run(run, stopped) for run in running())


def _run(run: BulkRun, stopped: Callable[[], bool]) -> int:
    try:
        lines, mapping = bulk.table_of(run).lines, bulk.mapping_of(run)
    except Erased:
        mapping, lines = None, []
    if mapping is None:
        bulk.stop(actor=None, run=run)
        return 0
    done = 0
    while not stopped():
        try:
            taken = bulk.run_lines(run=run, lines=lines, mapping=mapping)
        except Conflict:
            break  # somebody stopped it, or another process goes on with it
        done += taken
        if run.state != "running":
            break
    return done
