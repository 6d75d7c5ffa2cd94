"""What keeps the register's past: rows are closed once, and never changed or deleted."""

from __future__ import annotations

from fairnotice.answerable import models as m
from fairnotice.plumbing import appendonly

FINAL = (m.Organisation, m.OrganisationVersion, m.Contact, m.Resource, m.Delegation)
GROWS = (m.ContactMark, m.Change)

_CHANGES = """CREATE TRIGGER {name} BEFORE UPDATE ON "{table}"
WHEN {changed}
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

_STAYS = """CREATE TRIGGER {name} BEFORE DELETE ON "{table}"
BEGIN SELECT RAISE(ABORT, '{message}'); END"""

# An import that turned out to be unusable before its first line leaves nothing behind.
_BEGUN = "OLD.position > 0 OR OLD.ended > 0 OR OLD.bad > 0 OR OLD.state = 'done'"
_BEGUN_STAYS = """CREATE TRIGGER {name} BEFORE DELETE ON "{table}"
WHEN {begun}
BEGIN SELECT RAISE(ABORT, '{message}'); END"""
_BEGUN_ELSEWHERE = """
IF {begun} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;
RETURN OLD;"""

# The row as it was and as it would be, without the one column that may change.
_CLOSES_ELSEWHERE = """
IF (to_jsonb(NEW) - 'recorded_until') IS DISTINCT FROM (to_jsonb(OLD) - 'recorded_until') {closing}
THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;
RETURN NEW;"""
_CLOSING = """
OR (to_jsonb(OLD) ->> 'recorded_until') IS NOT NULL OR (to_jsonb(NEW) ->> 'recorded_until') IS NULL"""

_CHANGES_ELSEWHERE = """
IF {changed} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;
RETURN NEW;"""
_STAYS_ELSEWHERE = "RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"

CLOSES = "the register keeps its past: a row is closed once and otherwise never changed"
STAYS = "the register keeps its past: a row is never deleted"
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
        closing = issubclass(model, m.Delegation | m.OrganisationVersion | m.Contact)
        if closing:
            changed += ["OLD.recorded_until IS NOT NULL", "NEW.recorded_until IS NULL"]
        name = f"{table}_closes_once"
        sql = _CHANGES.format(name=name, table=table, changed="\n    OR ".join(changed), message=CLOSES)
        body = _CLOSES_ELSEWHERE.format(closing=_CLOSING if closing else "", message=CLOSES)
        rule = appendonly.PostgresRule("BEFORE UPDATE", "FOR EACH ROW", body)
        appendonly.register_trigger(name, table, sql, rule)
        _never_deleted(table)
    _register_imports()


def _never_deleted(table: str) -> None:
    name = f"{table}_stays"
    body = _STAYS_ELSEWHERE.format(message=STAYS)
    rule = appendonly.PostgresRule("BEFORE DELETE OR TRUNCATE", "FOR EACH STATEMENT", body)
    appendonly.register_trigger(name, table, _STAYS.format(name=name, table=table, message=STAYS), rule)


def _register_imports() -> None:
    """A run goes on until it is done, and stays; its bad lines may be removed, for they may be somebody's
    data."""
    run, line = m.ImportRun._meta.db_table, m.ImportBadLine._meta.db_table
    fixed = ("id", "digest", "format", "source", "whole", "as_of", "started_at")
    changed = [f'NEW."{column}" IS NOT OLD."{column}"' for column in fixed]
    changed += [
        "OLD.state = 'done'",
        # The key is named with the first bad line.
        "(OLD.key_id <> '' AND NEW.key_id <> OLD.key_id)",
        "NEW.position < OLD.position",
    ]
    _changes(f"{run}_goes_on", run, "\n    OR ".join(changed), DONE)
    name = f"{run}_stays"
    sql = _BEGUN_STAYS.format(name=name, table=run, begun=_BEGUN, message=STAYS)
    body = _BEGUN_ELSEWHERE.format(begun=_BEGUN, message=STAYS)
    appendonly.register_trigger(
        name, run, sql, appendonly.PostgresRule("BEFORE DELETE", "FOR EACH ROW", body)
    )
    _changes(f"{line}_as_it_was", line, "1 = 1", LINE)


def _changes(name: str, table: str, refused: str, message: str) -> None:
    """Refuse an update where `refused` holds."""
    sql = _CHANGES.format(name=name, table=table, changed=refused, message=message)
    elsewhere = refused.replace(" IS NOT OLD", " IS DISTINCT FROM OLD")
    body = _CHANGES_ELSEWHERE.format(changed=elsewhere, message=message)
    rule = appendonly.PostgresRule("BEFORE UPDATE", "FOR EACH ROW", body)
    appendonly.register_trigger(name, table, sql, rule)
