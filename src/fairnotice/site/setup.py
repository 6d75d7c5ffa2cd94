"""From a data folder to a Django that may work on it; refuses with all reasons and their mends."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import django
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from fairnotice.plumbing import garbage
from fairnotice.site.config import ConfigError

DEFAULT_DATA = "var/data"
SETTINGS = "fairnotice.site.settings"


class NotReady(Exception):
    """The data folder cannot be worked on. `reasons` says why, each with how to mend it."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def use(data: Path | None = None) -> Path:
    """Choose the data folder of this process: the argument, else FAIRNOTICE_DATA, else var/data.

    Must come before the settings are read for the first time. Returns the folder.
    """
    folder = (data or Path(os.environ.get("FAIRNOTICE_DATA") or DEFAULT_DATA)).resolve()
    os.environ["FAIRNOTICE_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    # Everything this process writes is for its own user alone.
    os.umask(0o077)
    return folder


def start(data: Path | None = None) -> Path:
    """Choose the data folder and set Django up, without looking into the folder. Raises NotReady."""
    folder = use(data)
    try:
        with garbage.uncollected():
            django.setup()
    except ConfigError as error:
        raise NotReady([str(error)]) from error
    return folder


def prepare(data: Path | None = None) -> Path:
    """Set Django up and make sure that the folder may be used: key, migrations, triggers, secret. Raises
    NotReady.

    Every process of ours begins with this: web worker, runner and each command.
    """
    folder = start(data)
    if not (folder / "db.sqlite3").exists():
        raise NotReady([f"There is no Fair Notice in {folder}. Run: fairnotice init --data {folder}"])
    reasons = key_problems() or pending_migrations() or missing_triggers()
    if reasons:
        raise NotReady(reasons)
    use_secret()
    return folder


def key_problems() -> list[str]:
    """What keeps the master key from being used, or what is kept under it from being safe."""
    from fairnotice.site import layout

    return layout.problems()


def pending_migrations() -> list[str]:
    """One line for each database that an older version of the program left behind."""
    from fairnotice.plumbing import migrating

    reasons = []
    for alias in connections:
        if count := migrating.waiting(alias):
            reasons.append(
                f"The database '{alias}' is of another version of the program: {count} changes wait. "
                f"Make a copy of the data folder, then run: fairnotice init --data {settings.FN_DATA}"
            )
    return reasons


def missing_triggers() -> list[str]:
    """Tables that only grow, where the database would let somebody rewrite them."""
    from fairnotice.plumbing import appendonly

    open_tables = appendonly.missing(connections[DEFAULT_DB_ALIAS])
    if not open_tables:
        return []
    return [
        f"These tables have lost their protection against rewriting: {', '.join(open_tables)}. Find out who "
        f"changed the database, then put it back with: fairnotice init --data {settings.FN_DATA}"
    ]


def use_secret() -> None:
    """Give Django the installation's own secret for signing cookies; until now it had a random one."""
    from fairnotice.vault.errors import VaultError
    from fairnotice.vault.keys import named_secret

    try:
        settings.SECRET_KEY = base64.b64encode(named_secret("django-secret-key")).decode()
    except VaultError as error:
        raise NotReady([str(error)]) from error


def erase_again() -> int:
    """Destroy what `erased.log` names and an older copy of the keys database still holds, and drop what was
    sealed under it; returns how many keys. Before anything is served. Raises NotReady."""
    from fairnotice.cases.actions import erase
    from fairnotice.vault import erased

    try:
        named = erased.unfollowed()
        if named:
            erase.forget_destroyed(named)
        count = erased.replay()
    except OSError as error:
        raise NotReady(
            [f"{erased.path()} cannot be read ({error.strerror}): erased data might come back. Mend it."]
        ) from error
    return count
