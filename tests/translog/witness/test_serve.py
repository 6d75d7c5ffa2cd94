"""A real witness process over real sockets: killed at any moment, started twice, its memory put back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, read_unverified
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.notes import verify_note
from fairnotice.translog.witness.client import (
    Ahead,
    Signed,
    Unreachable,
    Witness,
    cosigned,
    submit,
    verified_lines,
)
from fairnotice.translog.witness.marks import origin_hash
from tests.site.served import wait_for
from tests.translog.witness.live import Live, command, live
from tests.translog.witness.made import LOG_KEY, ORIGIN, Tree
from tests.translog.witness.test_state import put_back

pytestmark = pytest.mark.fault
TREE = Tree(400)
FORK = Tree(400, fork=5)
KILLS = 6


def test_submit_and_fetch(tmp_path: Path) -> None:
    with live(tmp_path, "--mldsa") as witness:
        status, lines = witness.add(TREE.body(0, 300))
        assert status == 200 and lines.count("\n") == 2
        status, note = witness.get(f"/{origin_hash(ORIGIN)}/checkpoint")
        assert (status, note) == (200, TREE.note(300) + lines)
        assert len(verify_note(note, [LOG_KEY.verifier, witness.witness.verifier]).verified) == 2
        assert witness.add(FORK.body(300, 301))[0] == 422
        assert witness.add(b"\x00" * 200_000)[0] in (0, 413)
        shown = command("status", tmp_path)
        assert (shown.returncode, "size 300" in shown.stdout) == (0, True)
        assert witness.server is not None
        witness.server.send_signal(signal.SIGTERM)
        assert witness.server.wait(20) == 0


def test_a_log_and_two_witnesses_one_of_which_is_killed(tmp_path: Path) -> None:
    """The client over real sockets: what one witness missed while it was down, it signs later in one step."""
    with live(tmp_path / "a") as a, live(tmp_path / "b") as b:
        both = [Witness("a", a.witness.verifier, a.url), Witness("b", b.witness.verifier, b.url)]
        known: dict[str, int] = {}

        def publish(size: int) -> list[type[object]]:
            results = submit(both, TREE.note(size), lambda old: TREE.proof(old, size), known)
            known.update({r.witness.name: r.size for r in results if isinstance(r, Signed)})
            note = cosigned(
                TREE.note(size), [line for r in results if isinstance(r, Signed) for line in r.lines]
            )
            seen = verify_note(note, [LOG_KEY.verifier, *(w.verifier for w in both)]).verified
            assert len(seen) == 1 + sum(isinstance(r, Signed) for r in results)
            return [type(result) for result in results]

        assert publish(3) == [Signed, Signed]
        b.kill()
        assert publish(7) == [Signed, Unreachable]
        assert publish(9) == [Signed, Unreachable]
        b.start()
        assert publish(300) == [Signed, Signed]
        assert publish(9) == [Ahead, Ahead]


def test_without_a_length_it_is_411(tmp_path: Path) -> None:
    with live(tmp_path) as witness, socket.create_connection(("127.0.0.1", witness.port), 10) as link:
        link.sendall(
            b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nold\r\n0\r\n\r\n"
        )
        assert link.recv(100).startswith(b"HTTP/1.1 411 ")


def test_two_submitters_at_once(tmp_path: Path) -> None:
    with live(tmp_path) as witness:
        witness.add(TREE.body(0, 3))
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(witness.add, [TREE.body(3, 7), TREE.body(3, 9)] * 4))
        statuses = sorted(status for status, _ in answers)
        assert statuses == [200] + [409] * 7
        size = read_unverified(witness.get(f"/{origin_hash(ORIGIN)}/checkpoint")[1]).size
        assert {text for status, text in answers if status == 409} == {f"{size}\n"}


def test_a_second_server_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with live(tmp_path) as witness:
        for arguments in (("serve", tmp_path), ("unlock", tmp_path, "--origin", ORIGIN)):
            second = command(*arguments)
            assert second.returncode == 1
            assert (
                second.stderr
                == f"witness: the state in {tmp_path} belongs to a witness that is running: stop it first\n"
            )
        assert witness.add(TREE.body(0, 3))[0] == 200


def test_a_worker_that_died_comes_back(tmp_path: Path) -> None:
    with live(tmp_path) as witness:
        assert witness.add(TREE.body(0, 3))[0] == 200
        worker = witness.worker()
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: witness.add(TREE.body(0, 5)) == (409, "3\n"))


def test_a_database_that_was_put_back_locks_until_the_operator_unlocks(tmp_path: Path) -> None:
    with live(tmp_path) as witness:
        assert witness.add(TREE.body(0, 7))[0] == 200
        witness.kill()
        shutil.copy(tmp_path / "state.sqlite3", tmp_path / "copy")
        witness.start()
        _, lines = witness.add(TREE.body(7, 9))
        witness.kill()
        put_back(tmp_path / "state.sqlite3", tmp_path / "copy")
        assert "LOCKED" in command("status", tmp_path).stdout
        witness.start()
        # Without the mark this would be a fork, signed: entry 8 differs from the one that was cosigned.
        other = Tree(400, fork=8)
        for raw in (other.body(7, 9), TREE.body(7, 9), TREE.body(9, 9), TREE.body(7, 20)):
            status, text = witness.add(raw)
            assert (status, "memory of this log was put back" in text) == (503, True)
        assert "an older copy of the state was put back" in witness.output.read_text()
        witness.kill()
        done = command("unlock", tmp_path, "--origin", ORIGIN)
        assert (done.returncode, done.stdout) == (0, f"{ORIGIN} goes on from size 9\n"), done.stderr
        witness.start()
        assert witness.get(f"/{origin_hash(ORIGIN)}/checkpoint") == (200, TREE.note(9) + lines)
        assert witness.add(other.body(9, 20))[0] == 422
        assert witness.add(TREE.body(9, 20))[0] == 200


def test_killed_in_the_middle_of_many_submissions(tmp_path: Path) -> None:
    """An honest and a forking submitter never stop; the server is killed again and again. Whatever anybody
    was given fits together."""
    given: list[tuple[int, bytes]] = []
    over = threading.Event()
    with live(tmp_path) as witness, ThreadPoolExecutor(4) as pool:
        senders = [
            pool.submit(keep_sending, witness, tree, seed, given, over)
            for seed, tree in enumerate((TREE, TREE, FORK, FORK))
        ]
        try:
            dice = random.Random(11)
            for _ in range(KILLS):
                enough = len(given) + 5
                wait_for(partial(lambda wanted: len(given) >= wanted, enough))
                time.sleep(dice.uniform(0, 0.1))
                witness.kill()
                witness.start()
        finally:
            over.set()
        for sender in senders:
            sender.result(30)
        largest = read_unverified(witness.get(f"/{origin_hash(ORIGIN)}/checkpoint")[1])
    assert len(given) >= 5 * KILLS
    trees = [tree for tree in (TREE, FORK) if all(tree.root(size) == root for size, root in given)]
    assert trees, "two cosignatures for trees that contradict one another"
    assert largest.size >= max(size for size, _ in given)
    assert trees[0].root(largest.size) == largest.root


def keep_sending(
    witness: Live, tree: Tree, seed: int, given: list[tuple[int, bytes]], over: threading.Event
) -> None:
    """Submit growing sizes of one tree until told to stop, starting over where the witness knows more."""
    dice = random.Random(seed)
    old = 0
    while not over.is_set():
        size = min(old + dice.randint(0, 3), tree.entries)
        status, text = witness.add(tree.body(old, size))
        if status == 200:
            body = Checkpoint(ORIGIN, size, tree.root(size)).to_text()
            assert verified_lines(body, text.encode(), witness.witness.verifier)
            given.append((size, tree.root(size)))
            old = size
        elif status == 409:
            old = int(text)
        elif status == 422:
            time.sleep(0.05)  # this submitter's tree is not the one; it keeps trying
        else:
            assert status == 0, text
            time.sleep(0.05)


def test_helpers_would_notice_a_fork() -> None:
    assert TREE.root(5) == FORK.root(5)
    assert TREE.root(6) != FORK.root(6)
    assert encode_base64(merkle.EMPTY_ROOT) == encode_base64(TREE.root(0))
