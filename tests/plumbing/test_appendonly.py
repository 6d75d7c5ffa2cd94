"""Rows of append-only tables stay as they are, whatever a query or a migration does."""

from __future__ import annotations

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection, connections, transaction

from fairnotice.plumbing import appendonly
from fairnotice.vault.models import Key


@pytest.fixture
def table(fn_db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(appendonly, "_tables", [*appendonly._tables])
    run("CREATE TABLE diary (id INTEGER PRIMARY KEY, line TEXT)")
    run("INSERT INTO diary VALUES (1, 'first')")
    appendonly.register("diary")
    appendonly.install(connection)
    return "diary"


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def lines() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM diary ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE diary SET line = 'other'",
        "UPDATE diary SET line = 'other' WHERE id = 1",
        "DELETE FROM diary WHERE id = 1",
        "DELETE FROM diary",
        "INSERT OR REPLACE INTO diary VALUES (1, 'other')",
        "INSERT INTO diary VALUES (1, 'other') ON CONFLICT (id) DO UPDATE SET line = 'other'",
    ],
)
def test_rows_are_never_changed_or_deleted(table: str, sql: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(sql)
    assert lines() == ["first"]


def test_rows_are_added(table: str) -> None:
    run("INSERT INTO diary VALUES (2, 'second')")
    assert lines() == ["first", "second"]


def test_a_table_rebuild_loses_the_guard_and_the_next_migrate_puts_it_back(table: str) -> None:
    assert table not in appendonly.missing(connection)
    run('CREATE TABLE "new__diary" (id INTEGER PRIMARY KEY, line TEXT, more TEXT)')
    run("INSERT INTO new__diary (id, line) SELECT id, line FROM diary")
    run("DROP TABLE diary")
    run("ALTER TABLE new__diary RENAME TO diary")
    assert table in appendonly.missing(connection)

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert table not in appendonly.missing(connection)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run("DELETE FROM diary")


def test_a_trigger_of_the_right_name_that_does_nothing_counts_as_missing(table: str) -> None:
    run("DROP TRIGGER diary_no_delete")
    run("CREATE TRIGGER diary_no_delete BEFORE DELETE ON diary BEGIN SELECT 1; END")
    assert table in appendonly.missing(connection)
    appendonly.install(connection)
    assert table not in appendonly.missing(connection)


def test_a_registered_table_that_does_not_exist_yet_is_no_error(table: str) -> None:
    appendonly.register("not_made_yet")
    appendonly.install(connection)
    assert "not_made_yet" not in appendonly.missing(connection)


def test_a_model_is_guarded_in_the_database_where_it_lives(
    fn_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appendonly, "_models", [*appendonly._models])
    appendonly.register(Key)
    assert "vault_key" in appendonly.missing(connections["keys"])
    assert "vault_key" not in appendonly.registered("default")


def test_every_registered_table_is_guarded_after_migrate(fn_db: None) -> None:
    assert appendonly.missing(connections["default"]) == []
    assert appendonly.missing(connections["keys"]) == []


@pytest.fixture
def rule(table: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Only what stands in the other table may be written."""
    monkeypatch.setattr(appendonly, "_rules", dict(appendonly._rules))
    run("CREATE TABLE words (word TEXT)")
    appendonly.register_trigger(
        "known_words",
        "diary",
        "CREATE TRIGGER known_words BEFORE INSERT ON diary WHEN NEW.line NOT IN (SELECT word FROM words)\n"
        "BEGIN SELECT RAISE(ABORT, 'unknown word'); END",
    )
    appendonly.install(connection)
    return "known_words"


def test_a_rule_across_tables_is_held_and_looked_for(rule: str) -> None:
    with pytest.raises(IntegrityError, match="unknown word"), transaction.atomic():
        run("INSERT INTO diary VALUES (2, 'second')")
    assert "diary" not in appendonly.missing(connection)
    run(f"DROP TRIGGER {rule}")
    assert "diary" in appendonly.missing(connection)


def test_a_rebuild_of_the_other_table_gets_through_and_the_rule_stays(rule: str) -> None:
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
    run("CREATE TABLE new__words (word TEXT, more TEXT)")
    run("DROP TABLE words")
    run("ALTER TABLE new__words RENAME TO words")
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert "diary" not in appendonly.missing(connection)


def test_a_rule_that_could_never_be_found_again_is_refused() -> None:
    for sql in ("CREATE TRIGGER other AFTER INSERT ON diary BEGIN SELECT 1; END", "CREATE TRIGGER name x;"):
        with pytest.raises(ValueError, match="name"):
            appendonly.register_trigger("name", "diary", sql)
