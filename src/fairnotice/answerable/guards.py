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
