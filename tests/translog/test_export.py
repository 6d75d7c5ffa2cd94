import pytest

from fairnotice.translog import export, progress
from fairnotice.translog.errors import CheckpointError, NoteError, TileConflict
from fairnotice.translog.export import export_static
from fairnotice.translog.fsck import list_tiles, tree_check
from fairnotice.translog.tiles import write_tiles
from tests.translog.build import ORIGIN, OTHER_KEY, VKEY, Log, numbered


@pytest.fixture
def folders(tmp_path):
    return tmp_path / "log", tmp_path / "copy"


def names(directory):
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}


def test_the_copy_is_whole_checkable_and_carries_the_key(folders):
    source, copy = folders
    numbered(300).publish(source, 7, 293)
    assert export_static(source, copy, VKEY).size == 300
    assert names(copy) == names(source) | {"vkey"}
    assert (copy / "vkey").read_text() == VKEY + "\n"
    assert tree_check(copy, (copy / "vkey").read_text().strip()).size == 300


def test_a_copy_that_takes_long_says_how_far_it_is(folders, monkeypatch, capsys):
    source, copy = folders
    numbered(300).publish(source)
    export_static(source, copy, VKEY)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "_LINE_EVERY", 0.0)
    export_static(source, copy, VKEY)
    assert capsys.readouterr().err.splitlines()[-1] == f"Copying {ORIGIN}: 5 of 5 files"


def test_a_log_that_grows_meanwhile_is_copied_up_to_its_checkpoint(folders):
    source, copy = folders
    log = numbered(300)
    log.publish(source, 7)
    write_tiles(source, 7, log.entries[7:])
    export_static(source, copy, VKEY)
    assert names(copy) == {"checkpoint", "vkey", "tile/0/000.p/7", "tile/entries/000.p/7"}
    log.publish(source)
    assert export_static(source, copy, VKEY).size == 300
    assert tree_check(copy, VKEY).size == 300


@pytest.mark.parametrize("dropped", ["before we look", "while we look"])
def test_partials_that_the_log_drops_meanwhile_are_cut_from_their_full_tiles(folders, monkeypatch, dropped):
    source, copy = folders
    log = numbered(600)
    log.publish(source, 7, 293)
    old = {path: (source / path).read_bytes() for path in names(source)}
    write_tiles(source, 300, log.entries[300:])
    partials = [path for path in old if path.endswith((".p/44", ".p/7"))]
    assert len(partials) == 4

    def list_and_drop(folder):
        found = list(list_tiles(folder))
        for path in partials:
            (source / path).unlink(missing_ok=True)
        return found if dropped == "while we look" else list(list_tiles(folder))

    monkeypatch.setattr(export, "list_tiles", list_and_drop)
    assert export_static(source, copy, VKEY).size == 300
    assert tree_check(copy, VKEY).size == 300
    assert all((copy / path).read_bytes() == old[path] for path in partials if path.endswith("/44"))


def test_an_export_never_goes_back_or_over_another_log(folders):
    source, copy = folders
    numbered(5).publish(copy)
    numbered(4).publish(source)
    with pytest.raises(CheckpointError, match="go back"):
        export_static(source, copy, VKEY)
    before = names(copy)
    Log([b"other"] * 5).publish(source.with_name("twin"))
    with pytest.raises(CheckpointError, match="fork"):
        export_static(source.with_name("twin"), copy, VKEY)
    with pytest.raises(CheckpointError, match="no checkpoint"):
        export_static(source.with_name("nothing"), copy, VKEY)
    with pytest.raises(NoteError):
        export_static(source, copy, OTHER_KEY.verifier.vkey)
    assert names(copy) == before


def test_a_copy_with_other_bytes_is_not_written_over(folders):
    source, copy = folders
    log = numbered(300)
    log.publish(source, 5)
    export_static(source, copy, VKEY)
    (copy / "tile/entries/000.p/5").write_bytes(b"changed")
    with pytest.raises(TileConflict, match=r"tile/entries/000\.p/5"):
        export_static(source, copy, VKEY)
