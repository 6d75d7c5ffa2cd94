"""On PostgreSQL the database itself holds what the actions check on SQLite: leases beside each other do not overlap,
and a series says one thing at a time."""

from typing import Any

from django.db import migrations

_SPAN = "CREATE TYPE fairnotice_span AS RANGE (subtype = bytea)"
_BESIDE = """ALTER TABLE answerable_delegation ADD CONSTRAINT delegation_leases_beside EXCLUDE USING gist (
    parent WITH =,
    fairnotice_span(low, high, '[]') WITH &&,
    daterange(valid_from, valid_until) WITH &&
) WHERE (recorded_until IS NULL AND parent IS NOT NULL AND NOT shared AND kind IN ('lease', 'sublease'))"""
_ONE = """ALTER TABLE answerable_delegation ADD CONSTRAINT delegation_says_one_thing EXCLUDE USING gist (
    series WITH =,
    tstzrange(recorded_from, recorded_until) WITH &&
)"""
_GONE = (
    "ALTER TABLE answerable_delegation DROP CONSTRAINT delegation_leases_beside",
    "ALTER TABLE answerable_delegation DROP CONSTRAINT delegation_says_one_thing",
    "DROP TYPE fairnotice_span",
)


def exclude(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        # Comes with PostgreSQL; without it an index cannot compare a number for being equal beside a range.
        for statement in ("CREATE EXTENSION IF NOT EXISTS btree_gist", _SPAN, _BESIDE, _ONE):
            schema_editor.execute(statement)


def allow(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in _GONE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('answerable', '0004_imports'),
    ]

    operations = [
        migrations.RunPython(exclude, allow),
    ]
