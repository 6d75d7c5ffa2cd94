"""An installation of its own for each test, with real transactions: the migrated files are copied, because
append-only tables cannot be emptied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from fairnotice.ledger.append import Personal, append
from fairnotice.ledger.models import Event
from fairnotice.vault import keys


def _connect(files: dict[str, Any]) -> dict[str, Any]:
    """Turn this process, and threads that it starts, to these database files; returns those before."""
    before = {}
    for alias, name in files.items():
        connections[alias].close()
        before[alias] = connections[alias].settings_dict["NAME"]
        connections[alias].settings_dict["NAME"] = name
    return before


@pytest.fixture
def data(
    tmp_path: Path, migrated_databases: dict[str, Path], settings: Any, django_db_blocker: Any
) -> Iterator[Path]:
    """An empty installation: its folder, with this process and all its threads connected to it."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings.FN_DATA = folder
    settings.FN_LOG_DIR = folder / "log"
    settings.FN_ORIGIN = "log.example.org/log"
    settings.FN_BASE_URL = "https://notices.example.org"
    settings.FN_PROMISE_DELAY = 86400
    with django_db_blocker.unblock():
        before = _connect(
            {alias: Path(shutil.copy(file, folder)) for alias, file in migrated_databases.items()}
        )
        yield folder
        _connect(before)


@pytest.fixture
def event(data: Path) -> Callable[..., Event]:
    """Writes one event in a transaction of its own."""

    def write(text: str = "a text", **more: Any) -> Event:
        with transaction.atomic():
            values: dict[str, Any] = {
                "kind": "notice.submitted",
                "open": {"category": "scams", "items": 1},
                "personal": [Personal("facts", text, keys.new_key("subject"))],
                **more,
            }
            return append(**values)

    return write


@pytest.fixture
def write(data: Path) -> Callable[[int], None]:
    """Writes many events at little cost: nothing personal, one transaction."""

    def run(count: int) -> None:
        with transaction.atomic():
            for number in range(count):
                append(kind="tally.made", open={"number": number})

    return run
