"""Another master key takes the place of the old one, and everything opens all the time."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from fairnotice.vault import keys, master, rotation, sealing, sources, wrapping
from fairnotice.vault.errors import Erased, MasterKeyError, SealBroken, WrongMasterKey
from fairnotice.vault.models import Bridge, Key, Secret

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture
def old(tmp_path: Path, settings: Settings) -> str:
    """The present key, as a setting of its own, so that what a test learns of keys ends with it."""
    path = tmp_path / "old" / "master.key"
    master.create(path, master.load())
    settings.FN_MASTER_KEY_FILE = str(path)
    return str(path)


@pytest.fixture
def new(tmp_path: Path) -> str:
    path = tmp_path / "new" / "master.key"
    master.create(path)
    return str(path)


def as_process(settings: Settings, setting: str) -> None:
    """Go on as a process that begins now, with the key that lies there."""
    settings.FN_MASTER_KEY_FILE = setting
    master.forget()


def opens(key_id: str, blob: bytes) -> str:
    return sealing.unseal(key_id, blob, table="t", row="1", field="f")


def sealed(key_id: str) -> bytes:
    return sealing.seal(key_id, table="t", row="1", field="f", plaintext="hello")


def sources_read(setting: str) -> bytes:
    from fairnotice.vault import sources

    return sources.read(sources.parse(setting))


def key_of(setting: str) -> bytes:
    return sources.read(sources.parse(setting))


def test_either_key_opens_all_until_it_is_finished(settings: Settings, old: str, new: str) -> None:
    made = [keys.new_key("subject") for _ in range(5)]
    blobs = {one: sealed(one) for one in made}
    keys.destroy(made.pop())
    secret = keys.named_secret("example")
    # Rows of an older version do not say what they are under.
    Key.objects.filter(id=made[0]).update(master="")
    Secret.objects.filter(name="example").update(master="")
    rotation.begin(key_of(new))
    between = keys.new_key("record")
    assert Key.objects.get(id=between).master == master.key_id(key_of(new))
    for step in (lambda: 0, rotation.rewrap, rotation.rewrap):
        step()
        for setting in (old, new):
            as_process(settings, setting)
            assert [opens(one, blobs[one]) for one in made] == ["hello"] * 4
            assert keys.named_secret("example") == secret
            assert keys.derive(between, "commit")
    assert rotation.left() == 0
    rotation.finish()
    assert not Bridge.objects.exists()
    as_process(settings, new)
    assert [opens(one, blobs[one]) for one in made] == ["hello"] * 4
    as_process(settings, old)
    for act in (
        lambda: opens(made[0], blobs[made[0]]),
        lambda: keys.new_key("subject"),
        wrapping.check_master,
    ):
        with pytest.raises(WrongMasterKey):
            act()


def test_a_process_that_slept_through_it_finds_the_new_key_in_its_place(
    settings: Settings, old: str, new: str
) -> None:
    key_id = keys.new_key("subject")
    blob = sealed(key_id)
    rotation.begin(key_of(new))
    rotation.rewrap()
    known = dict(master.ring())
    Path(new).replace(old)
    rotation.finish()
    # This process knew of the new key; one that did not would have only what it read at its start.
    ring = master.ring()
    for name in set(ring) - {master.key_id(master.load())}:
        del ring[name]
    assert len(known) == 2
    assert opens(key_id, blob) == "hello"


def test_a_key_that_is_destroyed_meanwhile_stays_destroyed(old: str, new: str) -> None:
    key_id = keys.new_key("subject")
    rotation.begin(key_of(new))
    keys.destroy(key_id)
    rotation.rewrap()
    with pytest.raises(Erased):
        keys.derive(key_id, "seal")


def test_it_is_not_finished_while_a_row_is_under_the_old_key(old: str, new: str) -> None:
    keys.new_key("subject")
    rotation.begin(key_of(new))
    with pytest.raises(MasterKeyError, match="Run the same command again"):
        rotation.finish()
    with pytest.raises(MasterKeyError, match="on its way already"):
        rotation.begin(key_of(new))
    assert rotation.under_way()
    assert rotation.rewrap() > 0
    rotation.finish()
    with pytest.raises(MasterKeyError, match="in force already"):
        rotation.begin(key_of(new))


def test_a_row_that_names_another_master_key_is_broken_not_a_wrong_key() -> None:
    key_id = keys.new_key("subject")
    Key.objects.filter(id=key_id).update(master="0" * 16)
    with pytest.raises(SealBroken):
        keys.derive(key_id, "seal")


def test_a_vault_of_an_older_version_learns_the_name_of_its_key() -> None:
    key_id = keys.new_key("subject")
    Secret.objects.update(master="")
    Key.objects.update(master="")
    wrapping._checked.clear()
    assert keys.derive(key_id, "seal")
    keys.new_key("subject")
    assert Secret.objects.get(name="check").master == master.key_id(master.load())


def test_bridges_and_rows_hold_no_key_in_the_clear(old: str, new: str) -> None:
    keys.new_key("subject")
    rotation.begin(key_of(new))
    stored = [
        bytes(wrapped or b"")
        for rows in (Bridge.objects, Secret.objects, Key.objects)
        for wrapped in rows.values_list("wrapped", flat=True)
    ]
    for key in (key_of(old), key_of(new)):
        assert not any(key in one for one in stored)
