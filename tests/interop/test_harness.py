"""What `dev.py interop` says and notices, without the programs of others: those are in test_go.py."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

import dev
from interop import changes, programs, published

YES = "import sys\nfor line in sys.stdin: print('{\"ok\": true}', flush=True)"
NO = 'import sys\nfor line in sys.stdin: print(\'{"ok": false, "why": "no"}\', flush=True)'
ENDS = "import sys; sys.stdin.readline()"


def verifier(program):
    return programs.Verifier("stand-in", [sys.executable, "-c", program], programs.GO_KINDS)


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    log = published.publish(tmp_path_factory.mktemp("log"), 7)
    return published.questions(log, random.Random(1))


def test_without_go_the_one_command_that_is_needed_is_said(tmp_path):
    run = subprocess.run(
        [sys.executable, "interop/run.py"],
        cwd=dev.ROOT,
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert "apt-get install golang-go golang-golang-x-mod-dev" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_verifier_that_accepts_a_changed_file_is_caught(questions):
    tally = changes.Tally()
    with verifier(YES) as always:
        changes.spoil(questions, [always], 30, random.Random(1), tally)
    assert len(tally.wrong) == 30
    assert all("accepts" in line for line in tally.wrong)


def test_a_verifier_that_refuses_everything_is_caught_when_the_bit_is_back(questions):
    tally = changes.Tally()
    with verifier(NO) as never:
        changes.spoil(questions, [never], 30, random.Random(1), tally)
    assert len(tally.wrong) == 30
    assert all("after the bit was put back" in line for line in tally.wrong)


def test_a_verifier_that_ends_instead_of_answering_is_no_refusal():
    with verifier(ENDS) as gone, pytest.raises(programs.Broken, match="ended"):
        gone.ask(kind="checkpoint", file="any")


def test_changes_leave_the_files_as_they_were(questions):
    before = {item.target: item.target.read_bytes() for item in questions}
    with verifier(NO) as never:
        changes.spoil(questions, [never], 60, random.Random(2), changes.Tally())
    assert {item.target: item.target.read_bytes() for item in questions} == before


def test_no_bit_is_changed_twice_and_each_kind_of_file_gets_its_share(questions):
    kinds = list(changes.SHARES)
    made = list(changes.chosen(questions, kinds, 300, random.Random(3)))
    assert len({(item.target, byte, bit) for _, item, byte, bit in made}) == 300
    assert {kind: sum(of == kind for of, *_ in made) for kind in kinds} == changes.SHARES
