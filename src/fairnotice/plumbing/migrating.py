"""Bringing a database up to this version: only what has tables there.

Most of the time of a migration goes into Django's picture of all models at each step. So a database with
one app's tables is not taken through the history of all others, and an empty one through no history at all.
"""

from __future__ import annotations

import importlib
import pkgutil

from django.apps import apps
from django.core.management import call_command
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def waiting(alias: str) -> int:
    """How many migrations this database lacks. Every command asks, so none is read where all are done: one is
    noted as done only after all that it builds on."""
    if _names(alias) <= set(MigrationRecorder(connections[alias]).applied_migrations()):
        return 0
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(_targets(alias, executor.loader)))


def _names(alias: str) -> set[tuple[str, str]]:
    """(app, name) of all migrations of the apps that have tables there, by their files alone."""
    found = set()
    for app in apps.get_app_configs():
        place, _given = MigrationLoader.migrations_module(app.label)
        if place is None or not router.allow_migrate(alias, app.label):
            continue
        try:
            package = importlib.import_module(place)
        except ModuleNotFoundError:
            continue  # an app without tables
        names = (module.name for module in pkgutil.iter_modules(package.__path__) if not module.ispkg)
        found |= {(app.label, name) for name in names if name[0] not in "_~"}
    return found


def migrate(alias: str) -> None:
    """Run them. The triggers of append-only tables are put back by `appendonly`'s signal."""
    connection = connections[alias]
    # On PostgreSQL some migrations make more than tables (`answerable` 0005).
    if connection.vendor == "sqlite" and not connection.introspection.table_names():
        _all_at_once(alias)
    only = _only(alias, MigrationLoader(connection))
    call_command("migrate", *only, database=alias, verbosity=0, interactive=False)


def _all_at_once(alias: str) -> None:
    """Make the tables as they are after the last migration, and note all migrations as done.

    In one transaction, so that a database that is killed meanwhile is taken through its history next time.
    None of them puts anything into an empty database. That both ways end in the same tables, a test holds.
    """
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    only = _only(alias, executor.loader)
    ends = [node for node in executor.loader.graph.leaf_nodes() if not only or node[0] in only]
    executor.recorder.ensure_schema()
    with connection.schema_editor(atomic=True) as editor:
        for model in executor.loader.project_state(ends).apps.get_models():
            if router.allow_migrate_model(alias, model) and model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration, _backwards in executor.migration_plan(ends):
            # The stubs know an older signature.
            executor.record_migration(migration)  # type: ignore[call-arg, arg-type]


def _only(alias: str, loader: MigrationLoader) -> set[str]:
    """The one app that has tables there; empty where several have."""
    found = {app for app, _name in _targets(alias, loader)}
    return found if len(found) == 1 else set()


def _targets(alias: str, loader: MigrationLoader) -> list[tuple[str, str]]:
    return [node for node in loader.graph.leaf_nodes() if router.allow_migrate(alias, node[0])]
