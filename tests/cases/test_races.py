"""Two processes at the same moment: one wins, the other is told, and nothing is done twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import DataFolder

pytestmark = pytest.mark.fault
ROUNDS = 10
ROOT = Path(__file__).resolve().parents[2]


def test_exactly_one_of_two_wins(data_folder: DataFolder) -> None:
    data_folder.env["PYTHONPATH"] += f":{ROOT}"
    done = data_folder.run("-m", "tests.cases.racing", str(ROUNDS), timeout=400)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    one_winner = [["Conflict", "done"]] * ROUNDS
    for kind in ("claim", "second", "publication", "appeal taken", "appeal decided", "forward confirmed"):
        assert found["outcomes"][kind] == one_winner, kind
    # Saying the same thing twice is allowed, and counts once.
    assert found["outcomes"]["effect"] == [["done", "done"]] * ROUNDS
    assert found["outcomes"]["same key"] == [["done", "done"]] * ROUNDS
    # Two different answers of one organisation: the first counts.
    assert found["outcomes"]["forward answered"] == [["Refused", "done"]] * ROUNDS
    assert found["counts"] == {
        "effects": ROUNDS,
        "notices by key": ROUNDS,
        "letters to the nearest": 2 * ROUNDS,
        "answers": ROUNDS,
    }
