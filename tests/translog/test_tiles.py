"""What a growing tree publishes, and proofs read from the files alone. Paths and bytes by the definition:
strictness/test_tile_paths.py and test_tiles.py there.
"""

import shutil
from typing import Any

import pytest

from fairnotice.translog import merkle, tiles
from fairnotice.translog.errors import TileConflict, TileError, TreeError
from fairnotice.translog.tilepaths import ENTRIES, Tile, new_tiles, width_at
from fairnotice.translog.tiles import TileReader, write_tiles
from tests.translog.build import numbered


def test_only_what_changed_is_new():
    assert list(new_tiles(7, 7)) == []
    assert list(new_tiles(7, 9)) == [Tile(ENTRIES, 0, 9), Tile(0, 0, 9)]
    assert list(new_tiles(255, 258)) == [
        Tile(ENTRIES, 0),
        Tile(ENTRIES, 1, 2),
        Tile(0, 0),
        Tile(0, 1, 2),
        Tile(1, 0, 1),
    ]
    assert width_at(0, 1, 256) == 0
    assert width_at(1, 0, 255) == 0
    for sizes in ((3, 2), (-1, 2), (0, 2**63)):
        with pytest.raises(TileError):
            list(new_tiles(*sizes))


def files_below(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


STEPS = (1, 2, 252, 1, 1, 43, 212, 300, 700)  # ends of tiles hit, missed by one, and crossed more than once


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    log = numbered(sum(STEPS))
    directory = tmp_path_factory.mktemp("log")
    log.publish(directory, *STEPS)
    return log, directory


def test_every_published_size_has_its_tiles_and_proofs(published):
    log, directory = published
    size = 0
    for step in STEPS:
        size += step
        reader, hashes = TileReader(directory, size), log.hashes[:size]
        assert reader.root() == merkle.root(hashes)
        for tile in new_tiles(0, size):
            assert (directory / tile.path).is_file(), tile.path
        for index in {0, size // 3, size - 1, size & ~255 if size & 255 else 0}:
            path = merkle.inclusion_proof(index, size, merkle.list_reader(hashes))
            assert reader.inclusion(index) == path
        for old in {0, 1, size // 2, size}:
            assert reader.consistency(old) == merkle.consistency_proof(old, size, merkle.list_reader(hashes))
    assert list(reader.entries(250, 520)) == log.entries[250:520]
    assert list(reader.entries(0, 0)) == []


def test_level_one_holds_the_roots_of_full_tiles_only(published):
    log, directory = published
    data = (directory / "tile/1/000.p/5").read_bytes()
    assert data == b"".join(merkle.root(log.hashes[at : at + 256]) for at in range(0, 1280, 256))


def test_one_step_or_many_give_the_same_final_tiles(published, tmp_path):
    log, directory = published
    log.publish(tmp_path)
    many = files_below(directory)
    for path, data in files_below(tmp_path).items():
        assert many[path] == data, path


def test_a_proof_reads_few_files(published, monkeypatch):
    _, directory = published
    reader = TileReader(directory, 1512)
    read = []
    original = reader._read

    def noted(*where: Any) -> Any:
        read.append(where)
        return original(*where)

    monkeypatch.setattr(reader, "_read", noted)
    reader.inclusion(700)
    assert len(read) <= 4
    assert len(read) == len(set(read))


def test_publishing_again_changes_nothing(published, tmp_path):
    log, directory = published
    copy = tmp_path / "log"
    shutil.copytree(directory, copy)
    before = files_below(copy)
    size = 0
    for step in STEPS:
        size = write_tiles(copy, size, log.entries[size : size + step])
    assert files_below(copy) == before
    assert write_tiles(copy, size, []) == size


def test_a_publication_that_was_cut_short_can_be_repeated(tmp_path):
    log = numbered(600)
    log.publish(tmp_path, 300, 300)
    expected = files_below(tmp_path)
    for tile in new_tiles(300, 600):
        (tmp_path / tile.path).unlink()
        assert write_tiles(tmp_path, 300, log.entries[300:]) == 600
        assert files_below(tmp_path) == expected


def test_other_bytes_are_never_written_over(tmp_path):
    log = numbered(10)
    log.publish(tmp_path, 4, 6)
    before = files_below(tmp_path)
    with pytest.raises(TileConflict, match=r"tile/entries/000\.p/10"):
        write_tiles(tmp_path, 4, [b"something else", *log.entries[5:]])
    with pytest.raises(TileConflict):
        write_tiles(tmp_path, 0, [b"something else", *log.entries[1:4]])
    assert files_below(tmp_path) == before


def test_an_entry_that_is_too_long_leaves_nothing_behind(tmp_path):
    with pytest.raises(TileError, match="65535"):
        write_tiles(tmp_path, 0, [b"fine", bytes(65536)])
    assert files_below(tmp_path) == {}


def test_a_full_tile_stands_in_for_its_deleted_partials(published, tmp_path):
    log, directory = published
    copy = tmp_path / "log"
    shutil.copytree(directory, copy)
    for folder in (copy / "tile").rglob("000.p"):
        if folder.parent.name != "1":
            shutil.rmtree(folder)
    reader = TileReader(copy, 255)
    assert reader.root() == merkle.root(log.hashes[:255])
    assert list(reader.entries(0, 255)) == log.entries[:255]
    write_tiles(copy, 255, log.entries[255:256])


def test_missing_and_damaged_tiles_are_named(published, tmp_path):
    log, _ = published
    directory = tmp_path / "log"
    log.publish(directory)
    for path, call in (
        ("tile/0/002", lambda reader: reader.inclusion(600)),
        ("tile/entries/002", lambda reader: list(reader.entries(600, 601))),
    ):
        data = (directory / path).read_bytes()
        for damaged in (data[:-1], data + b"\x00"):
            (directory / path).write_bytes(damaged)
            with pytest.raises(TileError, match=path):
                call(TileReader(directory, 1512))
        (directory / path).unlink()
        with pytest.raises(TileError, match=f"{path} is missing"):
            call(TileReader(directory, 1512))


def test_nodes_and_entries_outside_the_tree_are_refused(published):
    _, directory = published
    reader = TileReader(directory, 300)
    for node in ((0, 300), (8, 1), (-1, 0), (0, -1), (70, 0)):
        with pytest.raises(TreeError):
            reader(*node)
    with pytest.raises(TreeError):
        list(reader.entries(299, 301))
    with pytest.raises(TileError):
        reader.bundle(2)
    wrong: list[Any] = [True, -1, 1.5]
    for size in wrong:
        with pytest.raises(TreeError):
            TileReader(directory, size)


def test_public_names_are_gathered_in_one_module():
    assert all(hasattr(tiles, name) for name in tiles.__all__)
