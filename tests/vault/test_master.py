"""The master key is made safely, and refused with a reason and a mend where it is not kept safely."""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fairnotice.vault import master
from fairnotice.vault.errors import MasterKeyError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "deep" / "master.key"
    master.create(path)
    return path


@pytest.fixture(autouse=True)
def reread() -> Iterator[None]:
    master.forget()
    yield
    master.forget()


def test_a_new_key_is_for_this_user_alone_and_has_no_problems(key: Path, data: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o400
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert len(base64.b64decode(key.read_bytes(), validate=False)) == 32
    assert key.read_bytes().count(b"\n") == 1
    assert master.problems(key, data) == []


def test_a_key_is_never_overwritten(key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(FileExistsError):
        master.create(key)
    assert key.read_bytes() == before


def test_two_keys_differ(key: Path, tmp_path: Path) -> None:
    master.create(tmp_path / "second.key")
    assert (tmp_path / "second.key").read_bytes() != key.read_bytes()


@pytest.mark.parametrize("inside", ["master.key", "sub/folder/master.key"])
def test_a_key_in_the_data_folder_is_refused(inside: str, data: Path) -> None:
    master.create(data / inside)
    (problem,) = master.problems(data / inside, data)
    assert "beside the database" in problem
    assert "master_key_file" in problem


def test_a_link_out_of_the_way_that_leads_into_the_data_folder_is_refused(tmp_path: Path, data: Path) -> None:
    master.create(data / "master.key")
    link = tmp_path / "link.key"
    link.symlink_to(data / "master.key")
    assert "beside the database" in master.problems(link, data)[0]


def test_a_key_beside_a_database_that_lies_elsewhere_is_refused(
    tmp_path: Path, data: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "elsewhere" / "db.sqlite3")
    master.create(tmp_path / "elsewhere" / "master.key")
    assert "beside the database" in master.problems(tmp_path / "elsewhere" / "master.key", data)[0]


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o644, 0o620])
def test_a_key_that_others_can_use_is_refused(mode: int, key: Path, data: Path) -> None:
    key.chmod(mode)
    (problem,) = master.problems(key, data)
    assert f"chmod 0400 {key}" in problem


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"short",
        base64.b64encode(bytes(31)),
        base64.b64encode(bytes(33)),
        b"\xff" * 32,
        b"!" * 44,
    ],
)
def test_a_cut_or_edited_key_is_refused_without_being_quoted(
    content: bytes, tmp_path: Path, data: Path
) -> None:
    path = tmp_path / "bad.key"
    path.write_bytes(content)
    path.chmod(0o400)
    (problem,) = master.problems(path, data)
    assert "not 32 bytes written in base64" in problem


def test_a_missing_key_is_told_with_what_to_do(tmp_path: Path, data: Path) -> None:
    (problem,) = master.problems(tmp_path / "none.key", data)
    assert "backup" in problem
    assert "fairnotice init" in problem
    (problem,) = master.problems(data.parent, data)
    assert "not a file" in problem


def test_the_program_does_not_load_a_key_with_problems(key: Path, settings: Settings) -> None:
    settings.FN_MASTER_KEY_FILE = key
    assert len(master.load()) == 32
    master.forget()
    key.chmod(0o644)
    with pytest.raises(MasterKeyError, match="chmod"):
        master.load()
