"""The rows of the ledger that nobody may rewrite, and what keeps a closed log closed."""

from __future__ import annotations

from fairnotice.ledger import models as m
from fairnotice.plumbing import appendonly

FINAL = (m.Event, m.LogEntry, m.CheckpointRow, m.Cosignature)

CLOSED = "this log is closed: nothing is ever added to it"

_INSERT = """CREATE TRIGGER {name} BEFORE INSERT ON "{table}"
WHEN (SELECT l.frozen_at FROM "ledger_log" l WHERE l.id = NEW.log_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

_EDGE = """CREATE TRIGGER {name} BEFORE UPDATE ON "ledger_edge"
WHEN NEW.log_id IS NOT OLD.log_id
    OR (SELECT l.frozen_at FROM "ledger_log" l WHERE l.id = OLD.log_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

# Closing is the one change of a log, and it is for good: its name and year are on paper that people hold.
_LOG = """CREATE TRIGGER {name} BEFORE UPDATE ON "ledger_log"
WHEN OLD.frozen_at IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.origin IS NOT OLD.origin
    OR NEW.year IS NOT OLD.year OR NEW.place IS NOT OLD.place OR NEW.opened_at IS NOT OLD.opened_at
BEGIN SELECT RAISE(ABORT, 'a log is only ever closed, once'); END"""

_GONE = """CREATE TRIGGER {name} BEFORE DELETE ON "ledger_log"
BEGIN SELECT RAISE(ABORT, 'a log is never deleted'); END"""


_KEY = """CREATE TRIGGER {name} BEFORE UPDATE ON "ledger_logkey"
WHEN NEW.id IS NOT OLD.id OR NEW.log_id IS NOT OLD.log_id OR NEW.purpose IS NOT OLD.purpose
    OR NEW.vkey IS NOT OLD.vkey OR NEW.since IS NOT OLD.since OR NEW.since_size IS NOT OLD.since_size
    OR (OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until))
BEGIN SELECT RAISE(ABORT, 'a key of a log only ends, and never later than said'); END"""

_KEY_GONE = """CREATE TRIGGER {name} BEFORE DELETE ON "ledger_logkey"
BEGIN SELECT RAISE(ABORT, 'a key of a log is never deleted'); END"""


def register() -> None:
    """Hand the append-only tables and the triggers to `plumbing.appendonly`, which installs and verifies
    them."""
    for model in FINAL:
        appendonly.register(model)
        if model is m.Cosignature:
            continue  # a witness may cosign the final checkpoint after the closing
        table = model._meta.db_table
        name = f"{table}_not_in_a_closed_log"
        sql = _INSERT.format(name=name, table=table, message=CLOSED)
        appendonly.register_trigger(name, table, sql)
    name = "ledger_edge_of_an_open_log"
    appendonly.register_trigger(name, "ledger_edge", _EDGE.format(name=name, message=CLOSED))
    for name, sql in (("ledger_log_closes_once", _LOG), ("ledger_log_stays", _GONE)):
        appendonly.register_trigger(name, "ledger_log", sql.format(name=name))
    for name, sql in (("ledger_logkey_ends", _KEY), ("ledger_logkey_stays", _KEY_GONE)):
        appendonly.register_trigger(name, "ledger_logkey", sql.format(name=name))
