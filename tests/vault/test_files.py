"""Sealed files: what goes in comes out, and nothing that was changed, moved or cut does."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta

import pytest

from fairnotice.vault import files, keys
from fairnotice.vault.errors import Erased, SealBroken

pytestmark = pytest.mark.usefixtures("fn_db")
WORD = b"SENTINEL-in-a-file"


def put(data: bytes) -> tuple[str, files.StoredFile]:
    key = keys.new_key("subject")
    return key, files.put(key, [data])


@pytest.mark.parametrize("length", [0, 1, files.CHUNK - 1, files.CHUNK, files.CHUNK + 1, 3 * files.CHUNK])
def test_what_goes_in_comes_out(length: int) -> None:
    data = os.urandom(length)
    key, stored = put(data)
    assert files.read(key, stored.id) == data
    assert (stored.length, stored.sha256) == (length, hashlib.sha256(data).digest())
    assert list(files.stored()) == [stored.id]


def test_pieces_of_any_size_give_the_same_file() -> None:
    key = keys.new_key("subject")
    data = os.urandom(200_000)
    stored = files.put(key, (data[start : start + 7_777] for start in range(0, len(data), 7_777)))
    assert files.read(key, stored.id) == data and stored.sha256 == hashlib.sha256(data).digest()


def test_the_disk_shows_nothing_and_nobody_else_may_look() -> None:
    _, stored = put(WORD * 9_000)
    path = files.root() / stored.id[:2] / stored.id
    assert WORD not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0 and files.root().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "harm",
    [
        lambda raw: raw[:-1],
        lambda raw: raw + b"\0",
        lambda raw: raw[: 4 + files.CHUNK + 16],  # without its last chunk
        lambda raw: raw[:4] + raw[4 + files.CHUNK + 16 :],  # without its first
        lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        lambda raw: b"FNF2" + raw[4:],
        lambda raw: b"",
        # the first two chunks, each whole, the other way round
        lambda raw: raw[:4] + raw[4 + files.CHUNK + 16 :][: files.CHUNK + 16] + raw[4 : 4 + files.CHUNK + 16]
        + raw[4 + 2 * (files.CHUNK + 16) :],
    ],
)  # fmt: skip
def test_what_was_changed_does_not_open(harm: object) -> None:
    key, stored = put(os.urandom(2 * files.CHUNK + 5))
    path = files.root() / stored.id[:2] / stored.id
    path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(SealBroken):
        files.read(key, stored.id)


def test_it_opens_under_its_own_key_and_name_alone() -> None:
    key, one = put(b"one")
    other_key, other = put(b"other")
    with pytest.raises(SealBroken):
        files.read(other_key, one.id)
    os.replace(files.root() / one.id[:2] / one.id, files.root() / other.id[:2] / other.id)
    with pytest.raises(SealBroken):
        files.read(key, other.id)
    with pytest.raises(files.FileGone):
        files.read(key, one.id)
    with pytest.raises(files.FileGone):
        files.read(key, "../../etc/passwd")


def test_with_its_key_it_is_gone() -> None:
    key, stored = put(b"words")
    keys.destroy(key)
    with pytest.raises(Erased):
        files.read(key, stored.id)
    with pytest.raises(Erased):
        files.put(key, [b"more"])


def test_removing_is_done_once_and_may_be_done_again() -> None:
    _, stored = put(b"words")
    files.remove(stored.id)
    files.remove(stored.id)
    assert list(files.stored()) == []


def test_what_breaks_off_leaves_nothing() -> None:
    def broken() -> object:
        yield b"words"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        files.put(keys.new_key("subject"), broken())  # type: ignore[arg-type]
    assert list(files.root().glob("*/*")) == []


def test_the_sweep_takes_what_no_row_names_and_is_old() -> None:
    named, left, fresh = put(b"a")[1], put(b"b")[1], put(b"c")[1]
    writer = files.Writer(keys.new_key("subject"))
    writer.write(b"never finished")
    for path in files.root().glob("*/*"):
        if fresh.id not in path.name:
            os.utime(path, (0, 0))
    assert files.sweep({named.id}, timedelta(days=1)) == 2
    assert set(files.stored()) == {named.id, fresh.id} and left.id not in set(files.stored())
    writer.discard()
