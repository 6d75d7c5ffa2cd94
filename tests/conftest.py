"""What all tests share: a data folder and a master key of their own, real databases, copies for subprocesses.

The environment is set when this file is imported, before Django's settings are read; therefore pyproject.toml
names no settings module.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_django
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.visit import Visit

# How fast a machine makes up examples says nothing about the program.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")

SOURCE = Path(__file__).resolve().parent.parent / "src"
ROOT = Path(tempfile.mkdtemp(prefix="fairnotice-tests-"))
DATA = ROOT / "data"
KEY_FILE = ROOT / "key" / "master.key"
TEST_DATABASES = {"default": ROOT / "databases" / "db.sqlite3", "keys": ROOT / "databases" / "keys.sqlite3"}
DATABASES = ["default", "keys"]


def write_config(folder: Path, **settings: str | int | bool) -> None:
    """Write `fairnotice.toml`; JSON's texts, numbers and truth values are TOML's too."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    (folder / "fairnotice.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _environment(folder: Path, home: Path) -> dict[str, str]:
    return {
        "FAIRNOTICE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "fairnotice.site.settings",
        # Nothing that a test starts may find the developer's own key or settings.
        "XDG_CONFIG_HOME": str(home),
        "PYTHONPATH": str(SOURCE),
    }


DATA.mkdir(mode=0o700)
TEST_DATABASES["default"].parent.mkdir()
os.environ.update(_environment(DATA, ROOT / "home"))
write_config(DATA, master_key_file=str(KEY_FILE), log_interval=1)

import django  # noqa: E402 - needs the environment above

django.setup()

# Collecting garbage takes a quarter of the time of a migration, which makes models by the thousand; what is
# imported by now stays to the end.
gc.freeze()
gc.set_threshold(50_000, 20, 100)

from tests import postgres  # noqa: E402 - needs Django

postgres.use()

from fairnotice.vault import master  # noqa: E402 - needs Django

master.create(KEY_FILE)


def pytest_unconfigure() -> None:
    shutil.rmtree(ROOT, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A further test process must not find settings named: it would read them before it has a folder of its own,
    and work with ours."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Database tests use both databases; none may flush, because append-only tables refuse it."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: a transactional test would flush append-only tables; use data_folder instead"
            )
        if mark is not None or "fn_db" in getattr(item, "fixturenames", ()):
            kwargs = {"databases": DATABASES, **(mark.kwargs if mark else {})}
            item.add_marker(pytest.mark.django_db(**kwargs), append=False)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Make both test databases, whichever tests were chosen.

    They are files, so that the tests go through the same locking and pragmas as the program. As an installed
    vault does, the keys database knows its master key before the first test.
    """
    from django.db import connections
    from django.test.utils import setup_databases

    from fairnotice.plumbing import migrating
    from fairnotice.vault.wrapping import check_master

    connections["keys"].settings_dict["NAME"] = str(TEST_DATABASES["keys"])
    with django_db_blocker.unblock():
        if postgres.SOCKETS:
            setup_databases(verbosity=0, interactive=False, aliases={"default": None})
        else:
            # As `fairnotice init` does: Django would take an empty database through the history of all apps.
            connections["default"].settings_dict["NAME"] = str(TEST_DATABASES["default"])
            migrating.migrate("default")
        migrating.migrate("keys")
        # An earlier test may have looked at a key of its own.
        master.forget()
        check_master()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def fn_db(settings: Settings, tmp_path: Path) -> None:
    """Both databases, rolled back after the test (the mark is set while collecting).

    What is published goes into folders of the test's own, since its signing key is rolled back too.
    """
    settings.FN_LOG_DIR = tmp_path / "log"
    settings.FN_MAIL_DIR = tmp_path / "mail"
    settings.FN_EVIDENCE_DIR = tmp_path / "files"


@dataclass(frozen=True)
class DataFolder:
    """A migrated data folder of one test, and how to run programs on it."""

    path: Path
    key_file: Path
    env: dict[str, str]

    def configure(self, **settings: str | int | bool) -> None:
        """Replace the settings file; the master key stays named."""
        write_config(self.path, master_key_file=str(self.key_file), **{"log_interval": 1, **settings})

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        """Start `python <arguments>` on this folder; standard output is a pipe, unless said otherwise."""
        given = {"stdout": subprocess.PIPE, "text": True, **options}
        return subprocess.Popen([sys.executable, *arguments], env=self.env, **given)  # type: ignore[call-overload]

    def run(self, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        """Run `python <arguments>` on this folder to its end; the output is in the result."""
        given = {"capture_output": True, "text": True, "timeout": 120, **options}
        return subprocess.run([sys.executable, *arguments], env=self.env, **given)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def migrated_databases(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both databases as `migrate` leaves them; what tests wrote is not in them, as it was never committed."""
    folder = tmp_path_factory.mktemp("migrated")
    copies = {"default": folder / "db.sqlite3", "keys": folder / "keys.sqlite3"}
    for alias, target in copies.items():
        source_db, target_db = sqlite3.connect(TEST_DATABASES[alias]), sqlite3.connect(target)
        try:
            source_db.backup(target_db)
        finally:
            target_db.close()
            source_db.close()
    return copies


def folder_at(place: Path, databases: dict[str, Path]) -> DataFolder:
    """A data folder inside this place, with copies of the databases and a key elsewhere."""
    path, key_file = place / "data", place / "key" / "master.key"
    path.mkdir(parents=True)
    path.chmod(0o700)
    for copy in databases.values():
        shutil.copy(copy, path)
    key_file.parent.mkdir(mode=0o700)
    shutil.copy(KEY_FILE, key_file)
    folder = DataFolder(path, key_file, {**os.environ, **_environment(path, place / "home")})
    folder.configure()
    return folder


@pytest.fixture
def data_folder(migrated_databases: dict[str, Path], tmp_path: Path) -> DataFolder:
    """A data folder with databases and settings, its master key elsewhere, for tests that start programs."""
    return folder_at(tmp_path, migrated_databases)


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """One browser per module: its event loop must be gone before tests that look for none."""
    from tests.browser.visit import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Somebody at a browser whose requests Django answers inside the test."""
    from tests.browser.visit import Visit

    yield Visit(chromium)
    for window in chromium.contexts:
        window.close()
