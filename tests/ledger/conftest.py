"""A fresh data folder per test: migrated files are copied, because append-only tables cannot be emptied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from fairnotice.ledger.append import Personal, append
from fairnotice.vault import keys, master

APPS = {"default": "ledger", "keys": "vault"}


def _point(folder: Path) -> dict[str, object]:
    before = {}
    for alias in APPS:
        connections[alias].close()
        before[alias] = connections[alias].settings_dict["NAME"]
        connections[alias].settings_dict["NAME"] = folder / f"{alias}.sqlite3"
    return before


def _restore(before: dict[str, object]) -> None:
    for alias, name in before.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def migrated(tmp_path_factory, django_db_blocker):
    """Folder with both databases migrated and empty."""
    folder = tmp_path_factory.mktemp("migrated")
    with django_db_blocker.unblock():
        before = _point(folder)
        for alias, app in APPS.items():
            call_command("migrate", app, database=alias, verbosity=0)
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _restore(before)
    return folder


@pytest.fixture
def data(tmp_path, migrated, settings, django_db_blocker):
    """An empty installation in a folder of its own, with real transactions."""
    for alias in APPS:
        shutil.copy(migrated / f"{alias}.sqlite3", tmp_path / f"{alias}.sqlite3")
    settings.FN_LOG_DIR = tmp_path / "log"
    settings.FN_ORIGIN = "log.example.org/log"
    settings.FN_BASE_URL = "https://notices.example.org"
    settings.FN_PROMISE_DELAY = 86400
    settings.FN_MASTER_KEY_FILE = tmp_path / "elsewhere" / "master.key"
    settings.FN_DATA = tmp_path / "data"
    master.create(settings.FN_MASTER_KEY_FILE)
    with django_db_blocker.unblock():
        before = _point(tmp_path)
        yield tmp_path
        _restore(before)


@pytest.fixture
def event(data):
    """Writes one event in a transaction of its own."""

    def write(text: str = "a text", **more):
        more.setdefault("kind", "notice.submitted")
        more.setdefault("open", {"category": "scams", "items": 1})
        with transaction.atomic():
            more.setdefault("personal", [Personal("facts", text, keys.new_key("subject"))])
            return append(**more)

    return write
