"""The verifier in JavaScript, on npm's packages; they are there once `dev.py interop` has run."""

from __future__ import annotations

import random

import pytest

from interop import changes, programs, published
from tests.interop.logs import SIZES

if not programs.js_is_here():
    missing = "needs node and npm's packages: python3 dev.py interop"
    pytest.skip(missing, allow_module_level=True)


@pytest.fixture(scope="module")
def js():
    with programs.start_js(programs.JS / "verify.mjs", published.vkeys()) as verifier:
        yield verifier


@pytest.mark.parametrize("size", SIZES)
def test_it_accepts_checkpoints_proofs_tiles_and_cosignatures(js, asked, size):
    log, questions = asked[size]
    assert {item.kind for item in questions} == js.kinds
    refused = [(item.asked(), answer) for item in questions if not (answer := js.ask(**item.asked()))["ok"]]
    assert refused == []
    whole = js.ask(kind="log", log=str(log.folder), checkpoint=str(log.checkpoint(size)))
    assert whole["tiles"] == published.files_of_tree(log)


def test_it_refuses_every_changed_bit(js, asked):
    questions = [item for _, of_size in asked.values() for item in of_size]
    tally = changes.Tally()
    changes.spoil(questions, [js], 100, random.Random(2), tally)
    assert tally.wrong == []
    assert sum(tally.refused.values()) == 100


def test_it_refuses_proofs_between_other_sizes(js, tmp_path):
    """A proof that is cut, goes on, or belongs to other sizes, with checkpoints that are all sound."""
    log = published.publish(tmp_path / "log", 257)
    by_sizes = {
        (old, new): (log.folder / f"consistency/{old}-{new}").read_text()
        for item in published.questions(log, random.Random(1))
        if item.kind == "consistency"
        for old, new in [tuple(map(int, item.target.name.split("-")))]
    }
    file = tmp_path / "request"
    for (old, new), text in by_sizes.items():
        head, note = text.split("\n\n", 1)
        first, *hashes = head.split("\n")
        other = [other.split("\n\n", 1)[0].split("\n")[1:] for other in by_sizes.values()]
        for proof in [hashes[:-1], hashes[1:], [*hashes, *other[-2][:1]], hashes[::-1], *other]:
            file.write_text("\n".join([first, *proof]) + "\n\n" + note)
            answer = js.ask(kind="consistency", file=str(file), old=str(log.checkpoint(old)))
            assert answer["ok"] == (proof == hashes), (old, new, proof)
