"""The witness's memory: nothing leaves before it is stored, and a memory that was put back is noticed."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fairnotice.translog import cosignature
from fairnotice.translog.checkpoint import read_unverified
from fairnotice.translog.errors import SigningError
from fairnotice.translog.notes import verify_note
from fairnotice.translog.witness.errors import Locked, StateError
from fairnotice.translog.witness.marks import Marks
from fairnotice.translog.witness.rules import Cosigned, Rejected
from fairnotice.translog.witness.state import Remembered, State
from tests.translog.witness.made import COSIGNER, LOG_KEY, NOW, ORIGIN, Tree, admitted, opened

TREE = Tree()


def put(state: State, old: int, size: int, now: int = NOW, tree: Tree = TREE) -> str:
    return state.cosign(admitted(tree.body(old, size)), COSIGNER.lines, now)


def size_of(state: State) -> int:
    found = state.last(ORIGIN)
    return found.cosigned.size if found else -1


def put_back(database: Path, copy: Path) -> None:
    """What a restore does: the older file lies in the place of the newer one."""
    for extra in ("-wal", "-shm"):
        database.with_name(database.name + extra).unlink(missing_ok=True)
    shutil.copy(copy, database)


@pytest.fixture
def forgetful(tmp_path: Path) -> Path:
    """A folder whose database is back at size 3, after 7 was cosigned."""
    with opened(tmp_path) as state:
        put(state, 0, 3)
    shutil.copy(tmp_path / "state.sqlite3", tmp_path / "copy")
    with opened(tmp_path) as state:
        put(state, 3, 7)
    put_back(tmp_path / "state.sqlite3", tmp_path / "copy")
    return tmp_path


def test_the_line_is_a_cosignature_and_the_note_is_kept_whole(tmp_path: Path) -> None:
    with opened(tmp_path) as state:
        assert state.last(ORIGIN) is None
        line = put(state, 0, 7)
        kept = state.last(ORIGIN)
    assert kept is not None and kept.note == TREE.note(7) + line
    assert cosignature.timestamp_of(line) == NOW
    opened_note = verify_note(kept.note, [LOG_KEY.verifier, *COSIGNER.verifiers])
    assert len(opened_note.verified) == 2


def test_it_is_remembered_by_the_next_process(tmp_path: Path) -> None:
    with opened(tmp_path) as state:
        put(state, 0, 7)
    with opened(tmp_path) as state:
        assert size_of(state) == 7
        with pytest.raises(Rejected) as caught:
            put(state, 0, 9)
        assert caught.value.answer.text == "7\n"
        put(state, 7, 9)


def test_times_never_go_back_though_the_clock_does(tmp_path: Path) -> None:
    with opened(tmp_path) as state:
        lines = [put(state, old, size, now) for old, size, now in ((0, 3, NOW), (3, 4, NOW - 99), (4, 4, 0))]
        lines.append(put(state, 4, 4, NOW + 5))
    assert [cosignature.timestamp_of(line) for line in lines] == [NOW, NOW, NOW, NOW + 5]


def test_a_key_that_cannot_sign_leaves_the_state_as_it_was(tmp_path: Path) -> None:
    def broken(text: str, timestamp: int) -> str:
        raise SigningError("the card was pulled out")

    with opened(tmp_path) as state:
        put(state, 0, 3)
        with pytest.raises(SigningError):
            state.cosign(admitted(TREE.body(3, 7)), broken, NOW)
        assert size_of(state) == 3
        put(state, 3, 5)


def test_no_answer_without_a_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as state:
        put(state, 0, 3)
        with monkeypatch.context() as patch:
            patch.setattr(Marks, "write", lambda *_: (_ for _ in ()).throw(StateError("the disk is full")))
            with pytest.raises(StateError):
                put(state, 3, 7)
        # The database went ahead of the mark by an answer that nobody got; that is no loss of memory.
        assert size_of(state) == 7
        with pytest.raises(Rejected):
            put(state, 3, 7)
        put(state, 7, 7)


def test_an_older_copy_of_the_database_is_noticed(forgetful: Path) -> None:
    with opened(forgetful) as state:
        with pytest.raises(Locked, match="up to size 3, but size 7"):
            put(state, 3, 5)
        with pytest.raises(Locked):
            put(state, 3, 5, tree=Tree(fork=4))
        with pytest.raises(Locked):
            state.last(ORIGIN)


def test_a_deleted_database_is_noticed(tmp_path: Path) -> None:
    with opened(tmp_path) as state:
        put(state, 0, 7)
    for file in tmp_path.glob("state.sqlite3*"):
        file.unlink()
    with opened(tmp_path) as state, pytest.raises(Locked, match="up to size 0, but size 7"):
        put(state, 0, 3)


def test_only_the_log_that_is_concerned_is_locked(forgetful: Path) -> None:
    other = Tree(origin="other.example.org/log")
    logs = {other.origin: (LOG_KEY.verifier,)}
    with opened(forgetful) as state:
        assert state.cosign(admitted(other.body(0, 3), logs), COSIGNER.lines, NOW)


@pytest.mark.parametrize("damage", ["{}", "", "[]", "nonsense", '{"format": 1}'])
def test_a_lost_or_damaged_mark_locks_until_the_operator_acts(tmp_path: Path, damage: str) -> None:
    with opened(tmp_path) as state:
        put(state, 0, 7)
        mark = Marks(tmp_path / "marks").path(ORIGIN)
        if damage:
            mark.write_text(damage)
        else:
            mark.unlink()
        with pytest.raises(Locked, match="mark"):
            put(state, 7, 9)
        assert state.unlock(ORIGIN).cosigned.size == 7
        put(state, 7, 9)


def test_unlocking_goes_on_from_the_larger_one_and_forgets_nothing(forgetful: Path) -> None:
    with opened(forgetful) as state:
        assert state.unlock(ORIGIN).cosigned == Cosigned(7, TREE.root(7), NOW)
        with pytest.raises(Rejected) as caught:
            put(state, 3, 5)
        assert caught.value.answer.status == 409
        with pytest.raises(Rejected) as caught:
            put(state, 7, 9, tree=Tree(fork=4))
        assert caught.value.answer.status == 422
        put(state, 7, 9)


def test_unlocking_can_go_on_from_what_somebody_else_kept(forgetful: Path) -> None:
    note = TREE.note(9) + COSIGNER.lines(TREE.note(9).split("\n\n")[0] + "\n", NOW + 9)
    seen = Remembered(Cosigned(9, TREE.root(9), NOW + 9), note)
    with opened(forgetful) as state:
        assert state.unlock(ORIGIN, seen).cosigned.size == 9
        assert cosignature.timestamp_of(put(state, 9, 10)) == NOW + 9


def test_unlocking_refuses_what_contradicts(forgetful: Path) -> None:
    fork = Tree(fork=4)
    seen = Remembered(Cosigned(7, fork.root(7), NOW), fork.note(7))
    with opened(forgetful) as state:
        with pytest.raises(StateError, match="must not be used any more"):
            state.unlock(ORIGIN, seen)
        with pytest.raises(Locked):
            put(state, 3, 5)
        with pytest.raises(StateError, match="nothing is known"):
            state.unlock("unknown.example.org")


def test_state_and_mark_with_two_trees_of_one_size_lock(tmp_path: Path) -> None:
    with opened(tmp_path) as state:
        put(state, 0, 7)
    with opened(tmp_path / "forked") as state:
        put(state, 0, 7, tree=Tree(fork=4))
    path = Marks(tmp_path / "marks").path(ORIGIN)
    shutil.copy(Marks(tmp_path / "forked" / "marks").path(ORIGIN), path)
    with opened(tmp_path) as state, pytest.raises(Locked, match="two different trees of 7"):
        put(state, 7, 9)


def test_the_database_itself_refuses_to_go_back_or_forget(tmp_path: Path) -> None:
    with opened(tmp_path) as state:
        put(state, 0, 7)
    with sqlite3.connect(tmp_path / "state.sqlite3") as link:
        for statement in (
            "UPDATE cosigned SET size = 6",
            "UPDATE cosigned SET root = zeroblob(32)",
            "UPDATE cosigned SET timestamp = 1",
            "DELETE FROM cosigned",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="a witness never"):
                link.execute(statement)
    link.close()


def test_the_state_has_one_owner(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(StateError, match="belongs to a witness that is running"):
        State(tmp_path / "state.sqlite3", tmp_path / "marks")
    with opened(tmp_path) as state:
        put(state, 0, 3)


def test_submitters_at_the_same_time_never_roll_it_back(tmp_path: Path) -> None:
    """The race that the specification warns of: many sizes from the same old size, one of them wins."""
    with opened(tmp_path) as state:
        put(state, 0, 3)

        def attempt(size: int) -> int:
            try:
                put(state, 3, size)
            except Rejected as rejected:
                return rejected.answer.status
            return 200

        with ThreadPoolExecutor(8) as pool:
            sizes = [4 + number % 30 for number in range(60)]
            answers = list(pool.map(attempt, sizes))
        assert sorted(answers) == [200] + [409] * 59
        winners = [sizes[answers.index(200)]]
        kept = state.last(ORIGIN)
        assert kept is not None and read_unverified(kept.note).size == winners[0]
