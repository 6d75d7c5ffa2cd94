"""A verifier on Go's own library accepts our log, and ours its; the light form of `dev.py interop`.

Needs Debian's golang-go and golang-golang-x-mod-dev. `dev.py interop` installs them, the tests do not.
"""

from __future__ import annotations

import random
from functools import partial

import pytest

from interop import changes, existing, other_way, our_programs, programs, published
from tests.interop.logs import SIZES

if not programs.go_is_here():
    missing = f"needs Go and its library: apt-get install {' '.join(programs.GO_PACKAGES)}"
    pytest.skip(missing, allow_module_level=True)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return programs.build_go(tmp_path_factory.mktemp("go"))


@pytest.fixture(scope="module")
def go(program):
    with programs.start_go(program, published.vkeys()) as verifier:
        yield verifier


@pytest.mark.parametrize("size", SIZES)
def test_go_accepts_checkpoints_proofs_tiles_and_cosignatures(go, asked, size):
    log, questions = asked[size]
    mine = [item for item in questions if item.kind in go.kinds]
    assert {item.kind for item in mine} == programs.GO_KINDS
    refused = [(item.asked(), answer) for item in mine if not (answer := go.ask(**item.asked()))["ok"]]
    assert refused == []
    whole = go.ask(kind="log", log=str(log.folder), checkpoint=str(log.checkpoint(size)))
    assert whole["tiles"] == published.files_of_tree(log)


def test_go_refuses_every_changed_bit(go, asked):
    questions = [item for _, of_size in asked.values() for item in of_size]
    tally = changes.Tally()
    changes.spoil(questions, [go], 40, random.Random(1), tally)
    assert tally.wrong == []
    assert sum(tally.refused.values()) == 40


def test_a_log_that_go_made_has_our_bytes_and_we_accept_it(go, tmp_path):
    assert other_way.check_go(tmp_path / "both", go, SIZES) == []


def test_our_witness_monitor_and_fsck_work_on_a_log_that_go_made(go, program, tmp_path):
    assert other_way.check_go(tmp_path / "both", go, [1, 257, 300]) == []
    starts = [partial(programs.start_go, program)]
    assert our_programs.check(tmp_path / "both/go", tmp_path / "programs", [1, 257, 300], starts) == []


def test_a_folder_that_is_there_already_is_checked_whole(go, asked, tmp_path):
    log, _ = asked[257]
    log.write("checkpoint", log.checkpoint(257).read_bytes())
    assert existing.ask(existing.asked(log.folder, tmp_path, random.Random(1)), [go]) == []
    bundle = log.folder / "tile/entries/000"
    original = bundle.read_bytes()
    bundle.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    try:
        refused = existing.ask(existing.asked(log.folder, tmp_path, random.Random(1)), [go])
    finally:
        bundle.write_bytes(original)
    assert any(line.startswith("Go refuses log checkpoint: tile/entries/000") for line in refused)
