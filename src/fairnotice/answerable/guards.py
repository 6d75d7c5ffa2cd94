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

# The row as it was and as it would be, without the one column that may change.
_CLOSES_ELSEWHERE = """
IF (to_jsonb(NEW) - 'recorded_until') IS DISTINCT FROM (to_jsonb(OLD) - 'recorded_until') {closing}
THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;
RETURN NEW;"""
_CLOSING = """
OR (to_jsonb(OLD) ->> 'recorded_until') IS NOT NULL OR (to_jsonb(NEW) ->> 'recorded_until') IS NULL"""

_STAYS_ELSEWHERE = "RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"

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
        closing = issubclass(model, m.Delegation | m.OrganisationVersion | m.Contact)
        if closing:
            changed += ["OLD.recorded_until IS NOT NULL", "NEW.recorded_until IS NULL"]
        name = f"{table}_closes_once"
        sql = _CLOSES.format(name=name, table=table, changed="\n    OR ".join(changed), message=CLOSES)
        body = _CLOSES_ELSEWHERE.format(closing=_CLOSING if closing else "", message=CLOSES)
        rule = appendonly.PostgresRule("BEFORE UPDATE", "FOR EACH ROW", body)
        appendonly.register_trigger(name, table, sql, rule)
        name = f"{table}_stays"
        rule = appendonly.PostgresRule(
            "BEFORE DELETE OR TRUNCATE", "FOR EACH STATEMENT", _STAYS_ELSEWHERE.format(message=STAYS)
        )
        sql = _STAYS.format(name=name, table=table, message=STAYS)
        appendonly.register_trigger(name, table, sql, rule)
