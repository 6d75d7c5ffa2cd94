"""Bringing a database up to this version: only what has tables there.

Most of the time of a migration goes into Django's picture of all models at each step, so a database with
one app's tables is not taken through the history of all others.
"""

from __future__ import annotations

from django.core.management import call_command
from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def waiting(alias: str) -> int:
    """How many migrations this database lacks."""
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(_targets(alias, executor.loader)))


def migrate(alias: str) -> None:
    """Run them. The triggers of append-only tables are put back by `appendonly`'s signal."""
    apps = {app for app, _name in _targets(alias, MigrationLoader(connections[alias]))}
    only = apps if len(apps) == 1 else ()
    call_command("migrate", *only, database=alias, verbosity=0, interactive=False)


def _targets(alias: str, loader: MigrationLoader) -> list[tuple[str, str]]:
    return [node for node in loader.graph.leaf_nodes() if router.allow_migrate(alias, node[0])]
