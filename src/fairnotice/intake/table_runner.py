"""Goes through the tables that were started, some lines at a time, until asked to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fairnotice.cases.actions import table_runs
from fairnotice.cases.errors import Conflict
from fairnotice.cases.models import TableRun
from fairnotice.cases.queries.tables import running
from fairnotice.vault.errors import Erased

logger = logging.getLogger("fairnotice.intake")


def go_on(stopped: Callable[[], bool] = lambda: False) -> int:
    """Work through what is started; how many lines it were. What is stopped at the desk meanwhile ends
    there."""
    return sum(_run(run, stopped) for run in running())


def _run(run: TableRun, stopped: Callable[[], bool]) -> int:
    try:
        lines, mapping = table_runs.table_of(run).lines, table_runs.mapping_of(run)
    except Erased:
        mapping, lines = None, []
    if mapping is None:
        table_runs.stop(actor=None, run=run)
        return 0
    done = 0
    while not stopped():
        try:
            taken = table_runs.run_lines(run=run, lines=lines, mapping=mapping)
        except Conflict:
            break  # somebody stopped it, or another process goes on with it
        done += taken
        if run.state != "running":
            break
    return done
