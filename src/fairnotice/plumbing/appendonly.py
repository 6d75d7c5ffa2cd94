"""Tables that are only ever added to, and rules across tables, guarded inside the database.

SQLite's table rebuilds during a migration drop triggers without a word, so they are put back after each
migrate (`connect`) and looked for at start (`missing`).
"""

from __future__ import annotations

import re
import threading
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate


class PostgresRule(NamedTuple):
    """A trigger on PostgreSQL: when it runs (such as `BEFORE UPDATE`, with `FOR EACH ROW`), and the PL/pgSQL
    between BEGIN and END of its function."""

    when: str
    each: str
    body: str


MESSAGE = "append-only: rows of this table are never changed or deleted"

_FUNCTION = "fairnotice_append_only"
_guard = threading.Lock()
_models: list[type[models.Model]] = []
_tables: list[str] = []
_rules: dict[str, tuple[str, str]] = {}
# The same rules as PostgreSQL has them: the function that the trigger runs, its body, and when it runs.
_elsewhere: dict[str, PostgresRule] = {}


def register(model_or_table: type[models.Model] | str) -> None:
    """Declare a table append-only. A name given as text is a table of the default database."""
    with _guard:
        if isinstance(model_or_table, str):
            if model_or_table not in _tables:
                _tables.append(model_or_table)
        elif model_or_table not in _models:
            _models.append(model_or_table)


def register_trigger(name: str, table: str, sqlite_sql: str, postgresql: PostgresRule | None = None) -> None:
    """Declare a rule that a CHECK cannot hold, because it asks another table of the default database, or the
    row as it was.

    `sqlite_sql` is the whole statement, beginning with `CREATE TRIGGER <name>` and without a semicolon at
    its end: SQLite keeps it word for word, and `missing` compares it so. `postgresql` is the same rule
    there; without it, `missing` says on PostgreSQL that nothing holds the rule.
    """
    if not re.match(rf'CREATE TRIGGER "?{re.escape(name)}"? ', sqlite_sql) or sqlite_sql.endswith(";"):
        raise ValueError(f"the statement of the trigger {name} is not written as SQLite keeps it")
    with _guard:
        _rules[name] = (table, sqlite_sql)
        if postgresql is not None:
            _elsewhere[name] = postgresql


def registered(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of the append-only tables that belong in this database, sorted."""
    names = {m._meta.db_table for m in _models if router.allow_migrate_model(alias, m)}
    if alias == DEFAULT_DB_ALIAS:
        names.update(_tables)
    return sorted(names)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the missing triggers on all registered tables that exist. Safe to repeat."""
    wanted = _wanted(connection)
    if not wanted:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        present = _present(connection)
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
            for name, rule in _elsewhere.items():
                if name in wanted:
                    cursor.execute(_function(name, rule))
        for name, (table, sql) in wanted.items():
            if present.get(name) == _fingerprint(connection, name, table, sql):
                continue
            cursor.execute(_drop(connection, name, table))
            cursor.execute(sql)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Registered tables that exist but are not fully guarded by exactly our triggers, sorted."""
    present = _present(connection)
    found = {
        table
        for name, (table, sql) in _wanted(connection).items()
        if present.get(name) != _fingerprint(connection, name, table, sql)
    }
    if connection.vendor != "sqlite" and connection.alias == DEFAULT_DB_ALIAS:
        # A rule that is written for SQLite only holds nowhere else, and we say so.
        found |= {table for name, (table, _sql) in _rules.items() if name not in _elsewhere}
    return sorted(found)


def connect() -> None:
    """Put the triggers back after each migrate. Called once, when the vault app is ready."""
    pre_migrate.connect(_before_migrate, dispatch_uid="fairnotice.plumbing.appendonly")
    post_migrate.connect(_after_migrate, dispatch_uid="fairnotice.plumbing.appendonly")


def _before_migrate(*, using: str, **_kwargs: Any) -> None:
    # SQLite refuses to rename a table while a trigger on another one names a table that is not there, which
    # is the moment between drop and rename in every table rebuild.
    connection = connections[using]
    if connection.vendor != "sqlite" or using != DEFAULT_DB_ALIAS:
        return
    with connection.cursor() as cursor:
        for name, (table, _sql) in _rules.items():
            cursor.execute(_drop(connection, name, table))


def _after_migrate(*, using: str, **_kwargs: Any) -> None:
    install(connections[using])


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    """Trigger name -> (table, statement that makes it), for the registered tables that exist."""
    tables = registered(connection.alias)
    rules: dict[str, tuple[str, str]] = {}
    if connection.alias == DEFAULT_DB_ALIAS:
        rules = _rules if connection.vendor == "sqlite" else _on_postgresql(connection)
    if not tables and not rules:
        return {}
    existing = set(connection.introspection.table_names())
    quote = connection.ops.quote_name
    wanted = {name: (table, sql) for name, (table, sql) in rules.items() if table in existing}
    for table in tables:
        if table not in existing:
            continue
        if connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                name = f"{table}_no_{verb}"
                wanted[name] = (
                    table,
                    f"CREATE TRIGGER {quote(name)} BEFORE {verb.upper()} ON {quote(table)} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
                )
        else:
            # One statement-level trigger; TRUNCATE passes by row triggers.
            name = f"{table[:50]}_append_only"
            wanted[name] = (
                table,
                f"CREATE TRIGGER {quote(name)} BEFORE UPDATE OR DELETE OR TRUNCATE ON {quote(table)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()",
            )
    return wanted


def _on_postgresql(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    quote = connection.ops.quote_name
    found = {}
    for name, rule in _elsewhere.items():
        table = _rules[name][0]
        statement = f"CREATE TRIGGER {quote(name)} {rule.when} ON {quote(table)} {rule.each}"
        found[name] = (table, f"{statement} EXECUTE FUNCTION {quote(_function_name(name))}()")
    return found


def _function_name(trigger: str) -> str:
    return f"fairnotice_{trigger}"[:63]


def _function(trigger: str, rule: PostgresRule) -> str:
    return (
        f'CREATE OR REPLACE FUNCTION "{_function_name(trigger)}"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$${_source(rule.body)}$$"
    )


def _present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Trigger name -> what tells it from another of the same name."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname || ':' || p.prosrc FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE p.proname LIKE 'fairnotice\\_%' AND t.tgenabled IN ('O', 'A')"
            )
        return dict(cursor.fetchall())


def _fingerprint(connection: BaseDatabaseWrapper, name: str, table: str, sql: str) -> str:
    if connection.vendor == "sqlite":
        return sql
    return f"{table}:{_source(_elsewhere[name].body if name in _elsewhere else _REFUSE)}"


def _source(body: str) -> str:
    """The text of a function as PostgreSQL keeps it."""
    return f" BEGIN {body} END "


def _drop(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    quoted = connection.ops.quote_name(name)
    if connection.vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {quoted}"
    return f"DROP TRIGGER IF EXISTS {quoted} ON {connection.ops.quote_name(table)}"


_REFUSE = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation';"
_POSTGRESQL_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_source(_REFUSE)}$$"
)
