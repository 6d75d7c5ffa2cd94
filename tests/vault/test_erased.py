"""What was erased stays erased: it is written down first, and destroyed again where an older copy comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.vault import erased, erased_lines, keys
from fairnotice.vault.errors import NeverErased, UnknownKey
from fairnotice.vault.models import Key, Replayed

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.FN_DATA = tmp_path
    return tmp_path


def bring_back(key_id: str) -> None:
    """As if an older keys database had been put back."""
    other = Key.objects.get(id=keys.new_key("subject"))
    Key.objects.filter(id=key_id).update(wrapped=other.wrapped, destroyed_at=None)


def test_a_destroyed_key_is_written_down_once_with_the_time(folder: Path) -> None:
    key_id = keys.new_key("subject")
    keys.destroy(key_id)
    keys.destroy(key_id)
    (line,) = (folder / "erased.log").read_text().splitlines()
    assert line.split() == [line.split()[0], key_id]
    assert line.startswith(f"{timezone.now():%Y-%m-%dT}")
    assert (folder / "erased.log").stat().st_mode & 0o077 == 0


def test_it_is_written_before_the_row_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    key_id = keys.new_key("subject")

    def failing(*_: object) -> int:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(keys, "destroy_noted", failing)
        with pytest.raises(ZeroDivisionError):
            keys.destroy(key_id)
    assert not keys.is_destroyed(key_id)
    assert erased.replay() == 1
    assert keys.is_destroyed(key_id)


def test_nothing_is_destroyed_where_it_cannot_be_written_down(folder: Path) -> None:
    key_id = keys.new_key("subject")
    (folder / "erased.log").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system says
        keys.destroy(key_id)
    assert not keys.is_destroyed(key_id)


def test_several_are_destroyed_together_or_not_at_all(folder: Path) -> None:
    some, record = [keys.new_key("subject") for _ in range(3)], keys.new_key("record")
    for wrong, error in ((record, NeverErased), ("0" * 32, UnknownKey)):
        with pytest.raises(error):
            keys.destroy_many([*some, wrong])
        assert not (folder / "erased.log").exists()
    keys.destroy(some[0])
    assert keys.destroy_many([*some, *some]) == 2
    assert all(keys.is_destroyed(one) for one in some)
    assert erased_lines.ids((folder / "erased.log").read_bytes()) == some


def test_an_older_keys_database_loses_the_key_again_and_is_asked_once() -> None:
    gone, kept = keys.new_key("subject"), keys.new_key("subject")
    keys.destroy(gone)
    assert erased.unfollowed() == [gone]
    assert erased.replay() == 0
    assert erased.unfollowed() == []
    bring_back(gone)
    # An older database has not followed the file as it is now.
    Replayed.objects.all().delete()
    assert erased.unfollowed() == [gone]
    assert erased.replay() == 1
    assert keys.is_destroyed(gone) and not keys.is_destroyed(kept)


def test_a_line_that_was_cut_off_is_no_line_and_swallows_none(folder: Path) -> None:
    cut, whole, record = keys.new_key("subject"), keys.new_key("subject"), keys.new_key("record")
    file = folder / "erased.log"
    file.write_text(f"2026-01-01T00:00:00Z {cut[:20]}")
    keys.destroy(whole)
    with file.open("a") as more:
        more.write(f"2026-01-01T00:00:00Z {record}\nrubbish\n\n2026-01-01T00:00:00Z {'0' * 32}\n")
    assert erased.replay() == 0
    assert not keys.is_destroyed(cut)
    assert not keys.is_destroyed(record)
    assert erased_lines.ids(file.read_bytes()) == [whole, record, "0" * 32]


def test_two_copies_together_name_what_either_names() -> None:
    lines = [f"2026-01-0{n}T00:00:00Z {str(n) * 32}\n".encode() for n in range(1, 4)]
    merged = erased_lines.merged(lines[0] + lines[2], lines[0] + lines[1] + b"2026-01-04T00:0")
    assert merged == lines[0] + lines[2] + lines[1]
