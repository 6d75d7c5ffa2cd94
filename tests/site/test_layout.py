"""What the program refuses to start on, what a start destroys again, and what `check` says of backups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from pytest_django.fixtures import Settings

from fairnotice.cases import sealed
from fairnotice.cases.models import SealedValue
from fairnotice.ledger import outbox
from fairnotice.ledger.models import OutboxRow
from fairnotice.site import check_backup, layout, setup
from fairnotice.vault import keys, rotation
from fairnotice.vault.models import Key
from tests.conftest import DataFolder


@pytest.fixture
def data(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    settings.FN_DATA = folder
    settings.FN_BACKUP_FOLDER = None
    return folder


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711])
def test_a_data_folder_that_others_can_look_into_is_refused(mode: int, data: Path) -> None:
    assert layout.problems() == []
    data.chmod(mode)
    (problem,) = layout.problems()
    assert f"chmod 0700 {data}" in problem


def test_backups_in_the_data_folder_or_around_it_are_refused(data: Path, settings: Settings) -> None:
    settings.FN_BACKUP_FOLDER = data / "backups"
    (problem,) = layout.problems()
    assert "lost together" in problem
    settings.FN_BACKUP_FOLDER = data.parent
    (problem,) = layout.problems()
    assert "backup_folder" in problem
    settings.FN_BACKUP_FOLDER = data.parent / "data-backups"
    assert layout.problems() == []


def test_every_command_refuses_to_start_so(data_folder: DataFolder) -> None:
    data_folder.path.chmod(0o755)
    done = data_folder.run("-m", "fairnotice", "serve", "--port", "1")
    assert done.returncode == 2
    assert f"chmod 0700 {data_folder.path}" in done.stderr


@pytest.mark.usefixtures("fn_db")
def test_a_start_destroys_again_what_came_back_and_drops_what_it_sealed(data: Path) -> None:
    gone, kept = keys.new_key("subject"), keys.new_key("subject")
    before = Key.objects.get(id=gone).wrapped
    for row, key_id in (("gone", gone), ("kept", kept)):
        sealed.put("notice", row, key_id, {"why": "words"})
        outbox.enqueue(kind="notice-received", ref=row, payload={}, key_id=key_id)
    keys.destroy(gone)
    # Both databases of before come back; the file stays as it is.
    Key.objects.filter(id=gone).update(wrapped=before, destroyed_at=None)
    assert setup.erase_again() == 1
    assert keys.is_destroyed(gone)
    assert sorted(SealedValue.objects.values_list("row", flat=True)) == ["kept"]
    assert [row.ref for row in OutboxRow.objects.filter(sealed__isnull=False)] == ["kept"]
    assert setup.erase_again() == 0


@pytest.mark.usefixtures("fn_db")
def test_a_list_that_cannot_be_read_stops_the_start(data: Path) -> None:
    (data / "erased.log").mkdir()
    with pytest.raises(setup.NotReady, match="erased data might come back"):
        setup.erase_again()


@pytest.fixture
def told(data: Path, settings: Settings) -> Path:
    """A folder for backups, and somebody to make them for."""
    folder = data.parent / "backups"
    folder.mkdir(mode=0o700)
    settings.FN_BACKUP_FOLDER = folder
    settings.FN_BACKUP_RECIPIENTS = [str(pyrage.x25519.Identity.generate().to_public())]
    return folder


def made(folder: Path, ago: timedelta) -> None:
    for part in ("data", "keys"):
        (folder / f"fair-notice-{datetime.now(UTC) - ago:%Y%m%dT%H%M%SZ}-{part}.tar.age").touch()


def test_check_says_when_the_last_backup_is_too_old(told: Path) -> None:
    assert "of the last two days" in next(check_backup.backups()).text
    made(told, timedelta(days=3))
    assert "of the last two days" in next(check_backup.backups()).text
    made(told, timedelta(hours=3))
    assert list(check_backup.backups()) == []


def test_check_finds_what_opens_the_backups_beside_them(told: Path) -> None:
    made(told, timedelta(hours=1))
    (told / "identity.txt").write_text(str(pyrage.x25519.Identity.generate()))
    (finding,) = check_backup.backups()
    assert finding.level == "error"
    assert "identity.txt" in finding.text
    (told / "identity.txt").unlink()
    told.chmod(0o777)
    (finding,) = check_backup.backups()
    assert "chmod go-w" in finding.mend


def test_check_says_where_no_backup_can_be_made(told: Path, settings: Settings) -> None:
    settings.FN_BACKUP_FOLDER = told / "away"
    (finding,) = check_backup.backups()
    assert finding.level == "error" and "is its disk there" in finding.text
    settings.FN_BACKUP_RECIPIENTS = []
    (finding,) = check_backup.backups()
    assert "backup_recipients" in finding.mend


@pytest.mark.usefixtures("fn_db")
def test_check_reminds_of_a_master_key_on_its_way() -> None:
    keys.new_key("subject")
    assert list(check_backup.rotation()) == []
    rotation.begin(bytes(range(32)))
    (finding,) = check_backup.rotation()
    assert "rotate-master" in finding.mend
