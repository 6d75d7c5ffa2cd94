"""The master key by a credential of systemd or by a program: used where it is right, and never repeated."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fairnotice.site.config_keys import faults
from fairnotice.vault import master, sources
from fairnotice.vault.errors import MasterKeyError

KEY = bytes(range(32))
TEXT = base64.b64encode(KEY).decode()


@pytest.fixture(autouse=True)
def reread() -> Iterator[None]:
    master.forget()
    yield
    master.forget()


def program(place: Path, words: str) -> str:
    """A setting that names a program made of these lines of shell."""
    path = place / "give key"
    path.write_text(f"#!/bin/sh\n{words}\n")
    path.chmod(0o700)
    return f"command:'{path}' argument"


def test_a_credential_is_read_from_where_systemd_puts_it(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "masterkey").write_text(TEXT + "\n")
    # Under systemd an access list guards it, which shows as a right of the group.
    (tmp_path / "masterkey").chmod(0o440)
    settings.FN_MASTER_KEY_FILE = "credential:masterkey"
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(MasterKeyError, match="LoadCredentialEncrypted=masterkey"):
        master.load()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert master.load() == KEY
    settings.FN_MASTER_KEY_FILE = "credential:another"
    with pytest.raises(MasterKeyError, match="cannot be found"):
        master.load()


def test_a_program_is_started_once_without_a_shell(tmp_path: Path, settings: Settings) -> None:
    settings.FN_MASTER_KEY_FILE = program(tmp_path, f'echo "$#" >> "$0".calls; echo {TEXT}; echo noise >&2')
    assert master.problems(settings.FN_MASTER_KEY_FILE, tmp_path / "data") == []
    assert master.load() == KEY
    assert (tmp_path / "give key.calls").read_text() == "1\n"
    found = sources.parse("command:prog 'one argument' ; $(two)")
    assert found == sources.Command(("prog", "one argument", ";", "$(two)"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"echo {TEXT}; exit 3", "ended with status 3"),
        (f"echo {TEXT} x", "not 32 bytes written in base64"),
        (f"for n in 1 2 3 4 5 6 7 8 9; do echo {TEXT * 4}; done", "printed more than a key"),
        (f"echo {TEXT}; exec sleep 60", "took longer than"),
        (f"echo {TEXT}; sleep 60 & exit 0", "took longer than"),
    ],
)
def test_what_a_program_printed_never_stands_in_an_error(
    words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PATIENCE", 0.5 if "sleep" in words else 20.0)
    (problem,) = master.problems(program(tmp_path, words), tmp_path / "data")
    assert said in problem
    assert TEXT[:12] not in problem


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = master.problems(f"command:{tmp_path}/nothing", tmp_path / "data")
    assert "cannot be started" in problem
    (problem,) = master.problems(program(tmp_path, "echo"), tmp_path)
    assert "lies in the data folder" in problem


def test_a_key_with_the_backups_or_that_others_can_replace_is_refused(
    tmp_path: Path, settings: Settings
) -> None:
    key = tmp_path / "backups" / "master.key"
    master.create(key)
    settings.FN_BACKUP_FOLDER = tmp_path / "backups"
    (problem,) = master.problems(key, tmp_path / "data")
    assert "folder of the backups" in problem
    settings.FN_BACKUP_FOLDER = None
    assert master.problems(key, tmp_path / "data") == []
    key.parent.chmod(0o770)
    (problem,) = master.problems(key, tmp_path / "data")
    assert f"chmod go-w {key.parent}" in problem


@pytest.mark.parametrize(
    ("setting", "recipients", "days", "name"),
    [
        ("credential:", [], 7, "master_key_file"),
        ("credential:../etc/shadow", [], 7, "master_key_file"),
        ("command:", [], 7, "master_key_file"),
        ("command:'half", [], 7, "master_key_file"),
        ("", ["age1nobody"], 7, "backup_recipients"),
        ("", ["AGE-SECRET-KEY-1" + "Q" * 58], 7, "must never lie on this machine"),
        ("", [], 0, "keys_backup_days"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_unquoted(
    setting: str, recipients: list[str], days: int, name: str
) -> None:
    (fault,) = faults(setting, recipients, days)
    assert name in fault
    assert not any(text in fault for text in recipients)


def test_a_name_for_a_key_tells_nothing_of_it() -> None:
    first, second = secrets.token_bytes(32), secrets.token_bytes(32)
    assert master.key_id(first) == master.key_id(first) != master.key_id(second)
    assert first.hex()[:8] not in master.key_id(first)
