"""What keeps the register's past: rows are closed once, and never changed or deleted."""

from __future__ import annotations

from fairnotice.answerable import models as m
from fairnotice.plumbing import appendonly

FINAL = (m.Organisation, m.OrganisationVersion, m.Contact, m.Resource, m.Delegation)
GROWS = (m.ContactMark, m.Change)

_CLOSES = """CREATE TRIGGER {name} BEFORE UPDATE ON "{table}"
WHEN {changed}
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

_STAYS = """CREATE TRIGGER {name} BEFORE DELETE ON "{table}"
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

CLOSES = "the register keeps its past: a row is closed once and otherwise never changed"
STAYS = "the register keeps its past: a row is never deleted"


_RUN_STAYS = """CREATE TRIGGER {name} BEFORE UPDATE ON "{table}"
WHEN {changed}
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

_BEGUN_STAYS = """CREATE TRIGGER {name} BEFORE DELETE ON "{table}"
WHEN OLD.position > 0 OR OLD.ended > 0 OR OLD.bad > 0 OR OLD.state = 'done'
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

_LINE_STAYS = """CREATE TRIGGER {name} BEFORE UPDATE ON "{table}"
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

DONE = "an import that is done stays as it was, and what was imported is never another file"
LINE = "a line that did not go in is kept as it was, or removed"


def register() -> None:
    """Hand the tables and triggers to `plumbing.appendonly`, which installs and verifies them."""
    for grows in GROWS:
        appendonly.register(grows)
    for model in FINAL:
        table = model._meta.db_table
        columns = [field.column for field in model._meta.concrete_fields if field.column != "recorded_until"]
        changed = [f'NEW."{column}" IS NOT OLD."{column}"' for column in columns]
        if issubclass(model, m.Delegation | m.OrganisationVersion | m.Contact):
            changed += ["OLD.recorded_until IS NOT NULL", "NEW.recorded_until IS NULL"]
        name = f"{table}_closes_once"
        sql = _CLOSES.format(name=name, table=table, changed="\n    OR ".join(changed), message=CLOSES)
        appendonly.register_trigger(name, table, sql)
        name = f"{table}_stays"
        appendonly.register_trigger(name, table, _STAYS.format(name=name, table=table, message=STAYS))
    _register_imports()


def _register_imports() -> None:
    """A run goes on until it is done, and stays; its bad lines may be removed, for they may be somebody's
    data."""
    table = m.ImportRun._meta.db_table
    fixed = ("id", "digest", "format", "source", "whole", "as_of", "started_at")
    changed = [f'NEW."{column}" IS NOT OLD."{column}"' for column in fixed]
    # The key is named with the first bad line.
    changed += [
        "OLD.state = 'done'",
        "(OLD.key_id <> '' AND NEW.key_id <> OLD.key_id)",
        "NEW.position < OLD.position",
    ]
    name = f"{table}_goes_on"
    sql = _RUN_STAYS.format(name=name, table=table, changed="\n    OR ".join(changed), message=DONE)
    appendonly.register_trigger(name, table, sql)
    name = f"{table}_stays"
    appendonly.register_trigger(name, table, _BEGUN_STAYS.format(name=name, table=table, message=STAYS))
    table = m.ImportBadLine._meta.db_table
    name = f"{table}_as_it_was"
    appendonly.register_trigger(name, table, _LINE_STAYS.format(name=name, table=table, message=LINE))
