"""Keys are made at once, destroyed for good, and never used by the wrong master."""

from __future__ import annotations

import base64
import os
import sqlite3
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.vault import keys, master, sealing
from fairnotice.vault.errors import (
    Erased,
    MasterKeyError,
    NeverErased,
    SealBroken,
    UnknownKey,
    WrongMasterKey,
)
from fairnotice.vault.models import Key, Secret
from tests.conftest import DataFolder

pytestmark = pytest.mark.usefixtures("fn_db")


def test_sibling_keys_of_one_key_differ_and_stay_the_same() -> None:
    key_id = keys.new_key("subject")
    assert len(bytes.fromhex(key_id)) == 16
    assert keys.derive(key_id, "seal") != keys.derive(key_id, "commit")
    assert keys.derive(key_id, "seal") == keys.derive(key_id, "seal")
    assert keys.derive(key_id, "seal") != keys.derive(keys.new_key("subject"), "seal")


def test_a_destroyed_key_opens_nothing_and_the_others_go_on() -> None:
    gone, kept = keys.new_key("subject"), keys.new_key("subject")
    before = keys.derive(kept, "commit")
    keys.destroy(gone)
    keys.destroy(gone)
    assert keys.is_destroyed(gone)
    assert not keys.is_destroyed(kept)
    with pytest.raises(Erased):
        keys.derive(gone, "seal")
    with pytest.raises(Erased):
        keys.derive(gone, "commit")
    assert Key.objects.get(id=gone).wrapped is None
    assert keys.derive(kept, "commit") == before


def test_a_records_key_is_never_destroyed_by_code_or_by_hand() -> None:
    key_id = keys.new_key("record")
    with pytest.raises(NeverErased):
        keys.destroy(key_id)
    with pytest.raises(IntegrityError, match="record_is_kept"), transaction.atomic(using="keys"):
        Key.objects.filter(id=key_id).update(wrapped=None, destroyed_at=timezone.now())
    assert keys.derive(key_id, "commit")


def test_unknown_keys_are_told_apart_from_erased_ones() -> None:
    for act in (
        lambda: keys.derive("0" * 32, "seal"),
        lambda: keys.destroy("0" * 32),
        lambda: keys.is_destroyed("0"),
    ):
        with pytest.raises(UnknownKey):
            act()


def test_a_wrapped_key_works_in_its_own_row_only() -> None:
    mine, other = keys.new_key("subject"), keys.new_key("subject")
    Key.objects.filter(id=mine).update(wrapped=Key.objects.get(id=other).wrapped)
    with pytest.raises(SealBroken):
        keys.derive(mine, "seal")


def test_named_secrets_are_made_once() -> None:
    first = keys.named_secret("example")
    assert len(first) == 32
    assert keys.named_secret("example") == first
    assert keys.named_secret("another") != first


def test_a_key_is_refused_inside_a_transaction_on_the_keys_database() -> None:
    """Else a rollback there would take the key from under what was sealed with it."""
    with pytest.raises(RuntimeError), transaction.atomic(using="keys"):
        keys.new_key("subject")


def test_the_sweep_takes_old_orphans_only() -> None:
    old_orphan, young_orphan, used, erased = (keys.new_key("subject") for _ in range(4))
    keys.destroy(erased)
    Key.objects.exclude(id=young_orphan).update(created_at=timezone.now() - timedelta(days=2))
    with transaction.atomic():
        assert keys.sweep_orphans([used], timedelta(days=1)) == 1
    assert set(Key.objects.values_list("id", flat=True)) >= {young_orphan, used, erased}
    assert not Key.objects.filter(id=old_orphan).exists()


@pytest.fixture
def other_master(tmp_path: Path) -> Path:
    path = tmp_path / "other" / "master.key"
    master.create(path)
    return path


def test_a_wrong_master_key_is_named_as_such_and_makes_nothing(
    other_master: Path, settings: Settings
) -> None:
    key_id = keys.new_key("subject")
    blob = sealing.seal(key_id, table="t", row="1", field="f", plaintext="x")
    settings.FN_MASTER_KEY_FILE = other_master
    rows = Key.objects.count(), Secret.objects.count()
    for act in (
        lambda: sealing.unseal(key_id, blob, table="t", row="1", field="f"),
        lambda: keys.new_key("subject"),
        lambda: keys.named_secret("new"),
    ):
        with pytest.raises(WrongMasterKey, match="not the one that this data folder was made with"):
            act()
    assert (Key.objects.count(), Secret.objects.count()) == rows


def test_a_check_value_that_was_taken_away_is_not_made_anew(other_master: Path, settings: Settings) -> None:
    keys.new_key("subject")
    Secret.objects.filter(name="check").delete()
    settings.FN_MASTER_KEY_FILE = other_master
    with pytest.raises(MasterKeyError, match="Restore"):
        keys.new_key("subject")


# What follows uses a folder of its own: separate processes, committed rows, real files.

MAKE = """
import django; django.setup()
from django.db import transaction
from fairnotice.vault import keys, sealing
try:
    with transaction.atomic():
        key_id = keys.new_key("subject")
        raise ZeroDivisionError
except ZeroDivisionError:
    pass
blob = sealing.seal(key_id, table="t", row="1", field="f", plaintext="hello")
print(key_id, blob.hex(), flush=True)
input()
try:
    print(sealing.unseal(key_id, blob, table="t", row="1", field="f"))
except sealing.Erased:
    print("erased")
"""

DESTROY = """
import sys, django; django.setup()
from fairnotice.vault import keys
keys.destroy(sys.argv[1])
"""


def test_a_key_outlives_a_rollback_and_another_process_can_erase_it(data_folder: DataFolder) -> None:
    maker = data_folder.start("-c", MAKE, stdin=subprocess.PIPE)
    assert maker.stdout is not None
    key_id, _blob = maker.stdout.readline().split()
    wrapped = _wrapped(data_folder.path / "keys.sqlite3", key_id)
    assert wrapped in _all_bytes(data_folder.path)
    assert data_folder.run("-c", DESTROY, key_id).returncode == 0
    assert maker.communicate("\n", timeout=60)[0].strip() == "erased"
    assert wrapped not in _all_bytes(data_folder.path), "the destroyed key is still in a file"


def test_the_master_key_is_not_in_the_data_folder(data_folder: DataFolder) -> None:
    data_folder.run(
        "-c", "import django; django.setup(); from fairnotice.vault import keys; keys.new_key('record')"
    )
    text = data_folder.key_file.read_bytes().strip()
    held = _all_bytes(data_folder.path)
    assert text not in held
    assert base64.b64decode(text) not in held


def _wrapped(database: Path, key_id: str) -> bytes:
    plain = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return bytes(plain.execute("SELECT wrapped FROM vault_key WHERE id = ?", [key_id]).fetchone()[0])
    finally:
        plain.close()


def _all_bytes(folder: Path) -> bytes:
    return b"\0".join(
        Path(root, name).read_bytes() for root, _folders, names in os.walk(folder) for name in names
    )


def test_each_database_has_its_own_tables_only(data_folder: DataFolder) -> None:
    names = {alias: set(connections[alias].introspection.table_names()) for alias in ("default", "keys")}
    own = {"vault_key", "vault_secret", "vault_bridge", "vault_replayed"}
    assert own <= names["keys"]
    assert names["keys"] <= own | {"django_migrations"}
    assert not own & names["default"]
