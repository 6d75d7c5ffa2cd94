"""`fairnotice backup` and `fairnotice restore`, as an operator runs them, and what they refuse."""

from __future__ import annotations

import base64
import io
import json
import shutil
import sqlite3
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from fairnotice.site.backup import archive, identities, make, restore, snapshot
from fairnotice.site.backup.errors import BackupRefused
from fairnotice.site.backup.manifest import DATA, Manifest
from tests.conftest import DataFolder, folder_at

pytestmark = pytest.mark.fault
IDENTITY = pyrage.x25519.Identity.generate()

# Two events, sealed words under two keys, a stored file, a published log.
_ACTS = """
import sys
from fairnotice.site.setup import prepare
prepare()
from django.db import transaction
from fairnotice.cases import sealed
from fairnotice.ledger import outbox, sequencer
from fairnotice.ledger.append import append
from fairnotice.vault import keys
for name in sys.argv[1:]:
    with transaction.atomic():
        key_id = keys.new_key("subject")
        sealed.put("notice", name, key_id, {"why": "words of " + name})
        outbox.enqueue(kind="notice-received", ref=name, payload={"to": "x"}, key_id=key_id)
        append(kind="notice.submitted", open={"name": name})
    print(key_id)
sequencer.run_once()
"""
_ERASE = """
import sys
from fairnotice.site.setup import prepare
prepare()
from fairnotice.vault import keys
keys.destroy(sys.argv[1])
"""
# Writes to both databases until it is told to stop.
_BUSY = """
import sys, select
from fairnotice.site.setup import prepare
prepare()
from fairnotice.cases import sealed
from fairnotice.vault import keys
count = 0
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    sealed.put("notice", f"busy{count}", keys.new_key("subject"), {"why": "x" * 5000})
    count += 1
print(count)
"""


@dataclass
class Backed:
    """A folder that was backed up, and that went on afterwards: one key was erased, one act came in."""

    folder: DataFolder
    to: Path
    identity: Path
    gone: str
    kept: str

    @property
    def files(self) -> list[Path]:
        return sorted(self.to.glob("*.age"))

    def restore(self, into: Path, **more: object) -> restore.Looked:
        given = {"erased_log": b"", **more}
        return restore.restore(self.files, into, [IDENTITY], **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def backed(migrated_databases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Backed:
    place = tmp_path_factory.mktemp("backed")
    folder, to, identity = folder_at(place / "one", migrated_databases), place / "backups", place / "identity"
    identity.write_text(f"# public key: {IDENTITY.to_public()}\n\n{IDENTITY}\n")
    settings = folder.path / "fairnotice.toml"
    settings.write_text(settings.read_text() + f'backup_recipients = ["{IDENTITY.to_public()}"]\n')
    (folder.path / "files" / "ab").mkdir(parents=True)
    (folder.path / "files" / "ab" / "cd").write_bytes(b"sealed bytes")
    (folder.path / "mail").mkdir()
    (folder.path / "mail" / "1.eml").write_text("readable")
    done = folder.run("-c", _ACTS, "first", "second")
    assert done.returncode == 0, done.stderr
    gone, kept = done.stdout.split()
    old = to / "fair-notice-20200101T000000Z-keys.tar.age"
    to.mkdir(mode=0o700)
    old.touch()
    busy = folder.start("-c", _BUSY, stdin=subprocess.PIPE)
    assert busy.stdout is not None
    assert busy.stdout.readline() == "ready\n"
    made = folder.run("-m", "fairnotice", "backup", "--to", str(to))
    assert made.returncode == 0, made.stderr
    assert "Deleted 1 backups of keys" in made.stdout and not old.exists()
    written, _ = busy.communicate("stop\n", timeout=60)
    assert int(written) > 0
    assert folder.run("-c", _ERASE, gone).returncode == 0
    assert folder.run("-c", _ACTS, "third").returncode == 0
    assert folder.run("-m", "fairnotice", "backup", "--to", str(to), "--erased-only").returncode == 0
    return Backed(folder, to, identity, gone, kept)


def read(database: Path, sql: str, *values: object) -> list[Any]:
    link = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return link.execute(sql, values).fetchall()
    finally:
        link.close()


def test_a_backup_comes_back_whole_on_an_empty_machine_and_the_log_goes_on(
    backed: Backed, tmp_path: Path
) -> None:
    """What was erased since stays erased, and nothing can be signed before the log was compared."""
    into = tmp_path / "machine" / "data"
    words = [str(path) for path in backed.files]
    key = ("--identity", str(backed.identity))
    done = backed.folder.run("-m", "fairnotice", "restore", *words, "--into", str(into), *key)
    assert done.returncode == 0, done.stderr
    assert "Destroyed 1 keys again" in done.stdout
    wrapped = dict(read(into / "keys.sqlite3", "SELECT id, wrapped FROM vault_key"))
    assert wrapped[backed.gone] is None
    assert wrapped[backed.kept] is not None
    sealed = dict(read(into / "db.sqlite3", "SELECT row, key_id FROM cases_sealedvalue"))
    assert "first" not in sealed and sealed["second"] == backed.kept
    letters = read(into / "db.sqlite3", "SELECT ref FROM ledger_outboxrow WHERE sealed IS NOT NULL")
    assert letters == [("second",)]
    # Whatever was being written while the backup was made: its key came with it.
    assert set(sealed.values()) <= {key_id for key_id, value in wrapped.items() if value is not None}
    assert (into / "files" / "ab" / "cd").read_bytes() == b"sealed bytes"
    assert not (into / "mail").exists()
    folder = DataFolder(into, backed.folder.key_file, backed.folder.env | {"FAIRNOTICE_DATA": str(into)})
    for words in (["serve", "--port", "1"], ["log", "recover"], ["log", "export", str(tmp_path / "out")]):
        refused = folder.run("-m", "fairnotice", *words)
        assert refused.returncode != 0
        assert "was restored from a backup of" in refused.stderr
    published = str(backed.folder.path / "log")
    done = folder.run("-m", "fairnotice", "log", "recover", "--from", published)
    assert "1 entries read back, from 2 to 3" in done.stdout, done.stderr
    done = folder.run("-c", _ACTS, "fourth")
    assert done.returncode == 0, done.stderr
    assert sorted(
        str(index) for (index,) in read(into / "db.sqlite3", 'SELECT "index" FROM ledger_logentry')
    ) == ["0", "1", "2", "3", "4"]


def test_it_is_restored_and_read_back_in_one_go(backed: Backed, tmp_path: Path) -> None:
    into = tmp_path / "data"
    into.mkdir()
    words = [str(path) for path in backed.files]
    published = ["--log", str(backed.folder.path / "log"), "--master-key", str(backed.folder.key_file)]
    done = backed.folder.run(
        "-m",
        "fairnotice",
        "restore",
        *words,
        "--into",
        str(into),
        "--identity",
        str(backed.identity),
        *published,
    )
    assert done.returncode == 0, done.stderr
    assert "1 entries read back, from 2 to 3" in done.stdout
    assert not (into / "restored.json").exists()


def test_a_check_says_what_is_in_it_and_writes_nothing(backed: Backed, tmp_path: Path) -> None:
    before = sorted(backed.to.parent.rglob("*"))
    words = ["restore", "--check", *map(str, backed.files), "--identity", str(backed.identity)]
    done = backed.folder.run("-m", "fairnotice", *words, "--master-key", str(backed.folder.key_file))
    assert done.returncode == 0, done.stderr
    assert "2 events" in done.stdout
    assert "The master key that you named opens it." in done.stdout
    assert sorted(backed.to.parent.rglob("*")) == before
    other = tmp_path / "other.key"
    other.write_text(base64.b64encode(bytes(32)).decode())
    other.chmod(0o400)
    assert restore.look(backed.files, [IDENTITY], str(other), lambda *_: lambda _: None).opens is False


def test_the_master_key_and_plain_files_are_not_in_it(backed: Backed) -> None:
    key = backed.folder.key_file.read_bytes().strip()
    plain, names = b"", set()
    for path in backed.files:
        opened = pyrage.decrypt(path.read_bytes(), [IDENTITY])
        with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
            names |= {name.partition("/")[0] for name in tar.getnames()}
        plain += opened
        assert b"vault_key" in opened or b"cases_case" in opened
        assert b"vault_key" not in path.read_bytes()
    assert key not in plain and base64.b64decode(key) not in plain
    assert names == {"db.sqlite3", "keys.sqlite3", "fairnotice.toml", "log", "files", "manifest.json"}


def test_nothing_is_put_over_anything_and_half_a_backup_is_refused(backed: Backed, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(BackupRefused, match="not empty"):
        backed.restore(tmp_path / "full")
    data, keys = backed.files
    for files, said in (([data], "keys .* is missing"), ([keys], "data .* is missing")):
        with pytest.raises(BackupRefused, match=said):
            restore.restore(files, tmp_path / "half", [IDENTITY], erased_log=b"")
    with pytest.raises(FileExistsError):
        restore.restore([data, data], tmp_path / "half", [IDENTITY], erased_log=b"")
    stranger = pyrage.x25519.Identity.generate()
    with pytest.raises(BackupRefused, match="other recipients"):
        restore.restore([data, keys], tmp_path / "half", [stranger], erased_log=b"")
    assert sorted(tmp_path.iterdir()) == [tmp_path / "full"]


@pytest.mark.parametrize("where", ["cut", "bit", "none"])
def test_a_damaged_backup_leaves_nothing_behind(where: str, backed: Backed, tmp_path: Path) -> None:
    data, keys = (Path(shutil.copy(path, tmp_path)) for path in backed.files)
    content = bytearray(keys.read_bytes())
    if where == "cut":
        content = content[: len(content) // 2]
    elif where == "bit":
        content[len(content) // 2] ^= 1
    else:
        content = bytearray(b"no backup at all")
    keys.write_bytes(content)
    with pytest.raises(BackupRefused, match=keys.name):
        restore.restore([data, keys], tmp_path / "into", [IDENTITY], erased_log=b"")
    assert sorted(tmp_path.iterdir()) == sorted([data, keys])


def test_keys_that_are_older_than_the_data_are_refused() -> None:
    now = datetime.now(UTC)
    data = Manifest("data", now.isoformat(), "a", "1")
    older = Manifest("keys", (now - timedelta(seconds=1)).isoformat(), "a", "1")
    with pytest.raises(BackupRefused, match="older than the data"):
        restore._fit(restore.Looked([data, older]), whole=True)
    newer = Manifest("keys", (now + timedelta(days=3)).isoformat(), "b", "1")
    restore._fit(restore.Looked([data, newer]), whole=True)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "log/../../outside", "mail/1.eml"])
def test_an_archive_of_somebody_else_writes_nowhere(name: str, tmp_path: Path) -> None:
    made = tmp_path / "made.age"
    (tmp_path / "content").write_bytes(b"x")
    listed = Manifest(DATA, datetime.now(UTC).isoformat(), "a", "1")
    archive.pack([(name, tmp_path / "content")], listed, made, [str(IDENTITY.to_public())])
    with pytest.raises(BackupRefused):
        restore.restore([made], tmp_path / "into" / "data", [IDENTITY], erased_log=b"")
    assert not (tmp_path / "outside").exists()


def test_a_changed_file_is_named(tmp_path: Path) -> None:
    """An archive whose list says something else of a file, sealed for the right recipient all the same."""
    content = tmp_path / "content"
    content.write_bytes(b"x")
    listed = Manifest(DATA, datetime.now(UTC).isoformat(), "a", "1")
    archive.pack([("log/1", content)], listed, tmp_path / "made.age", [str(IDENTITY.to_public())])
    plain = pyrage.decrypt((tmp_path / "made.age").read_bytes(), [IDENTITY])
    digest = listed.files[0].sha256.encode()
    (tmp_path / "changed.age").write_bytes(
        pyrage.encrypt(plain.replace(digest, b"0" * 64), [IDENTITY.to_public()])
    )
    with pytest.raises(BackupRefused, match="log/1 differs"):
        archive.unpack(tmp_path / "changed.age", [IDENTITY], lambda name: None)


def test_an_identity_file_is_never_quoted(tmp_path: Path) -> None:
    path = tmp_path / "identity"
    path.write_text("# comment\nAGE-SECRET-KEY-1WRONG\n")
    with pytest.raises(BackupRefused, match="line 2") as refused:
        identities.read([path])
    assert "WRONG" not in str(refused.value)


def test_without_the_list_of_erased_keys_nothing_is_restored(backed: Backed, tmp_path: Path) -> None:
    for path in backed.files:
        shutil.copy(path, tmp_path)
    words = [str(path) for path in sorted(tmp_path.glob("*.age"))]
    done = backed.folder.run(
        "-m",
        "fairnotice",
        "restore",
        *words,
        "--into",
        str(tmp_path / "x"),
        "--identity",
        str(backed.identity),
    )
    assert done.returncode == 1
    assert "--erased FILE" in done.stderr
    assert not (tmp_path / "x").exists()


def test_the_copy_of_the_list_never_loses_a_line(backed: Backed, tmp_path: Path, settings: object) -> None:
    settings.FN_DATA = tmp_path / "data"  # type: ignore[attr-defined]
    (tmp_path / "data").mkdir()
    lines = [f"2026-01-0{n}T00:00:00Z {str(n) * 32}\n" for n in (1, 2)]
    (tmp_path / "erased.log").write_text(lines[0])
    (tmp_path / "data" / "erased.log").write_text(lines[1])
    assert make.copy_erased(tmp_path) is True
    assert (tmp_path / "erased.log").read_text() == "".join(lines)
    assert make.copy_erased(tmp_path) is False
    assert backed.gone in (backed.to / "erased.log").read_text()


def test_old_keys_go_and_the_newest_stays(tmp_path: Path, settings: object) -> None:
    settings.FN_KEYS_BACKUP_DAYS = 3  # type: ignore[attr-defined]
    now = datetime(2026, 5, 10, tzinfo=UTC)
    for day in (1, 6, 8, 9):
        (tmp_path / f"fair-notice-202605{day:02}T000000Z-keys.tar.age").touch()
        (tmp_path / f"fair-notice-202605{day:02}T000000Z-data.tar.age").touch()
    kept = tmp_path / "fair-notice-20260501T000000Z-keys.tar.age"
    pruned = make.prune(tmp_path, now=now, kept=kept)
    assert [path.name[12:20] for path in pruned] == ["20260506"]
    assert [path.name[12:20] for _, path in make.found(tmp_path, "data")] == [
        "20260501", "20260506", "20260508", "20260509",
    ]  # fmt: skip


def test_postgresql_without_pg_dump_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused, match="pg_dump"):
        snapshot.postgres({"NAME": "fairnotice"}, tmp_path / "dump")


def test_a_manifest_of_a_later_version_is_told() -> None:
    with pytest.raises(BackupRefused, match="fair-notice-backup/9"):
        Manifest.from_bytes(json.dumps({"format": "fair-notice-backup/9"}).encode())
    with pytest.raises(BackupRefused, match="cannot be read"):
        Manifest.from_bytes(b"{")
