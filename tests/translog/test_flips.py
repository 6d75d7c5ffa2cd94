"""Short forms of `dev.py soak flips`: what is done to the published files does not go unnoticed."""

import pytest

import soak_flips
from soak_failure import SoakFailure

STEPS = (3, 250, 7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("log")
    soak_flips.publish_log(made, STEPS)
    return made


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_damages_are_all_there(folder):
    """Each byte flipped, each length cut, each file removed, lengthened, and exchanged with each other."""
    whole = contents(folder)
    made = list(soak_flips.damages(folder, (0x20,)))
    sizes = sum(map(len, whole.values()))
    pairs = len(whole) * (len(whole) - 1) // 2
    assert len({damage.what for damage in made}) == len(made) == 2 * sizes + 4 * len(whole) + pairs
    for damage in made[:: len(made) // 500]:
        assert all(whole[path] != data for path, data in damage.files.items()), damage.what


def test_files_removed_lengthened_and_exchanged_are_found(folder):
    whole, old = contents(folder), soak_flips.superseded(folder)
    assert {path.name for path in old} == {"3", "253"}
    tried = 0
    for damage in soak_flips.damages(folder, ()):
        if " cut to " in damage.what or soak_flips.is_harmless(damage, old):
            continue
        assert soak_flips.unnoticed(folder, damage, {"fsck": soak_flips.fsck}) == [], damage.what
        tried += 1
    assert tried > 70
    assert contents(folder) == whole


def test_flips_and_cuts_across_full_and_partial_tiles_are_found(folder):
    made = list(soak_flips.damages(folder, (0x01, 0x80)))
    for damage in made[:: len(made) // 300]:
        assert soak_flips.unnoticed(folder, damage, {"fsck": soak_flips.fsck}) == [], damage.what


def test_superseded_partials_may_go(folder):
    """All their bytes are in the wider files as well: nothing is lost, and nothing else is harmless."""
    old = soak_flips.superseded(folder)
    harmless = [damage for damage in soak_flips.damages(folder, ()) if soak_flips.is_harmless(damage, old)]
    assert len(harmless) == len(old) == 4
    assert all(path.read_bytes() in wider(path).read_bytes() for path in old)


def wider(path):
    return path.parent.with_suffix("")


def test_a_finder_that_sees_nothing_fails_the_run(tmp_path):
    soak_flips.publish_log(tmp_path, (2, 4))
    with pytest.raises(SoakFailure, match="blind did not notice: checkpoint removed"):
        soak_flips.try_all(tmp_path, (1,), {"blind": lambda _: False}, soak_flips.Seen(), float("inf"))
