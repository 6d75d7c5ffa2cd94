"""`fairnotice init`: makes a data folder, or brings an old one up to this version. Safe to repeat."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from fairnotice.site import setup
from fairnotice.site.config import FILE_NAME, Config
from fairnotice.site.settings_file import render

Say = Callable[[str], None]


def run(data: Path | None = None, *, config: Config | None = None, say: Say = print) -> Path:
    """Make or update the folder and return it; what is there already is kept as it is.

    `config` is what a new settings file says (the defaults if None). Raises setup.NotReady with reasons and
    mends, OSError where the folder cannot be made.
    """
    folder = setup.use(data)
    _make_folder(folder, say)
    _write_settings(folder, config or Config(), say)
    setup.start(folder)
    _make_key(folder, say)
    _migrate(say)
    setup.use_secret()
    if again := setup.erase_again():
        say(f"Destroyed {again} keys again that had been erased since this copy was made.")
    return folder


def next_steps(folder: Path) -> list[str]:
    """What somebody who made a new folder does next, in this order."""
    from django.conf import settings

    where = f"--data {folder}"
    return [
        f"Make a copy of the master key ({settings.FN_MASTER_KEY_FILE}) and keep it somewhere else.",
        "  Without it, nobody can open any name, address or text in this folder again.",
        f"Look through {folder / FILE_NAME}: who you are, and at which address people reach you.",
        "Open accounts for the people who work here, for example:",
        f"  fairnotice user add NAME --role administrator --role publisher {where}",
        f"  fairnotice user add NAME --role reviewer {where}",
        f"  fairnotice user add NAME --role senior_reviewer --role appeals_reviewer {where}",
        f"Publish your rules: fairnotice rules publish FILE {where}",
        f"See what is missing: fairnotice check {where}",
        f"Start: fairnotice serve {where}",
    ]


def _make_folder(folder: Path, say: Say) -> None:
    if folder.is_dir():
        say(f"Found the data folder {folder}.")
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    say(f"Made the data folder {folder}.")


def _write_settings(folder: Path, config: Config, say: Say) -> None:
    path = folder / FILE_NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        say(f"Found the settings {path}.")
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(render(config))
    say(f"Wrote the settings {path}.")


def _make_key(folder: Path, say: Say) -> None:
    from django.conf import settings

    from fairnotice.vault import master, sources

    try:
        source = sources.parse(settings.FN_MASTER_KEY_FILE)
    except ValueError as error:
        raise setup.NotReady([str(error)]) from error
    # A key that systemd or a program gives is never made here.
    path = source.path if isinstance(source, sources.KeyFile) else None
    if path is None or path.exists() or (folder / "keys.sqlite3").exists():
        reasons = setup.key_problems()
        if reasons:
            # Never a new key for an old folder: it would open nothing.
            raise setup.NotReady(reasons)
        say(f"Found the master key: {source}.")
        return
    if path.resolve().is_relative_to(folder):
        settings_file = folder / FILE_NAME
        raise setup.NotReady(
            [f"The master key must not lie in the data folder. Change 'master_key_file' in {settings_file}."]
        )
    master.create(path)
    if reasons := setup.key_problems():
        raise setup.NotReady(reasons)
    say(f"Made the master key {path}. Back it up: without it, all that is sealed is lost.")


def _migrate(say: Say) -> None:
    from django.db import connections

    from fairnotice.plumbing import appendonly, migrating

    for alias in connections:
        waiting = migrating.waiting(alias)
        migrating.migrate(alias)
        # Nothing to migrate puts no trigger back, and a restored copy may lack some.
        appendonly.install(connections[alias])
        say(f"The database '{alias}' " + ("was brought up to date." if waiting else "is up to date."))
