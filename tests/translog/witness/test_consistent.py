"""Whatever an honest log and a forking one send, in any order: what was cosigned is one growing tree."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.translog.witness.errors import Locked
from fairnotice.translog.witness.rules import Rejected
from fairnotice.translog.witness.state import State
from tests.translog.witness.made import COSIGNER, NOW, Tree, admitted, opened
from tests.translog.witness.test_state import put_back

SIZES = st.integers(0, 12)
TREES = [Tree(12), Tree(12, fork=3), Tree(12, fork=0), Tree(12, fork=9)]
# Which tree; the old size, None for what the witness tells; the new size; the tree whose proof is sent.
SUBMISSION = st.tuples(st.sampled_from(TREES), st.none() | SIZES, SIZES, st.sampled_from(TREES))
RESTORE = st.just("restore")


def try_one(state: State, tree: Tree, old: int | None, size: int, other: Tree) -> int:
    """Status. A submitter who does not know the size asks first, as the protocol says."""
    for _ in range(2):
        proof = other.proof(old or 0, size)
        try:
            state.cosign(admitted(tree.body(old or 0, size, proof=proof)), COSIGNER.lines, NOW)
        except Rejected as rejected:
            if rejected.answer.status != 409 or old is not None:
                return rejected.answer.status
            old = int(rejected.answer.text)
        else:
            return 200
    raise AssertionError("the witness named a size and then did not stand by it")


@settings(max_examples=60, deadline=None)
@given(st.lists(SUBMISSION, min_size=1, max_size=25))
def test_all_that_was_cosigned_is_one_tree(submissions: list[tuple[Tree, int | None, int, Tree]]) -> None:
    signed: list[tuple[int, Tree]] = []
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as state:
        for tree, old, size, other in submissions:
            if try_one(state, tree, old, size, other) == 200:
                signed.append((size, tree))
    assert_one_tree(signed)


@settings(max_examples=40, deadline=None)
@given(st.lists(SUBMISSION | RESTORE, min_size=4, max_size=16), st.integers(0, 5))
def test_also_where_the_database_is_put_back_between(steps: list[object], when: int) -> None:
    """The copy is from before step `when`; restoring it must never bring a second tree."""
    signed: list[tuple[int, Tree]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opened(folder):
            pass
        for number, step in enumerate(steps):
            if number == when:
                (folder / "copy").write_bytes((folder / "state.sqlite3").read_bytes())
            if isinstance(step, tuple):
                tree, old, size, other = step
                with opened(folder) as state:
                    try:
                        if try_one(state, tree, old, size, other) == 200:
                            signed.append((size, tree))
                    except Locked:
                        state.unlock(tree.origin)
            elif (folder / "copy").exists():
                put_back(folder / "state.sqlite3", folder / "copy")
    assert_one_tree(signed)


def assert_one_tree(signed: list[tuple[int, Tree]]) -> None:
    sizes = [size for size, _ in signed]
    assert sizes == sorted(sizes)
    for size, tree in signed:
        for larger, later in signed:
            if larger >= size:
                assert later.root(size) == tree.root(size)
