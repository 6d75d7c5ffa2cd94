"""Two processes at the log of one data folder, and a third that writes: still one tree, and everything once."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from fairnotice.translog import merkle
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.tiles import TileReader
from tests.conftest import DataFolder

pytestmark = pytest.mark.fault

ACTS = 150

_BEGIN = """
import sys
from pathlib import Path
from fairnotice.site.setup import prepare
prepare()
from django.db import transaction
from fairnotice.ledger import sequencer
from fairnotice.ledger.append import append
stop = Path(sys.argv[1])
"""

_WRITER = """
for number in range(int(sys.argv[2])):
    with transaction.atomic():
        append(kind="trial.made", open={"number": number})
stop.touch()
"""

_SEQUENCER = """
entered = rounds = 0
while not stop.exists():
    entered += sequencer.run_once()
    rounds += 1
entered += sequencer.run_once()
print(entered, rounds)
"""


def test_two_sequencers_make_one_tree(data_folder: DataFolder) -> None:
    stop = str(data_folder.path.parent / "stop")
    sequencers = [data_folder.start("-c", _BEGIN + _SEQUENCER, stop) for _ in range(2)]
    writer = data_folder.start("-c", _BEGIN + _WRITER, stop, str(ACTS))
    entered = 0
    for process in [writer, *sequencers]:
        said, _ = process.communicate(timeout=240)
        assert process.returncode == 0
        entered += int(said.split()[0]) if said else 0
    assert entered == ACTS

    with closing(sqlite3.connect(data_folder.path / "db.sqlite3")) as database:
        ask = database.execute
        events = [pk for (pk,) in ask('SELECT event_id FROM ledger_logentry ORDER BY "index"')]
        places = [place for (place,) in ask('SELECT "index" FROM ledger_logentry ORDER BY "index"')]
        signed = list(ask("SELECT size, root FROM ledger_checkpointrow ORDER BY size"))
        assert ask("SELECT count(*) FROM ledger_waiting").fetchone() == (0,)
        [(vkey,)] = ask("SELECT vkey FROM ledger_logkey WHERE purpose = 'checkpoint'")
    assert (len(set(events)), places) == (ACTS, list(range(ACTS)))
    (checkpoint,) = (data_folder.path / "log").glob("*/checkpoint")
    report = tree_check(checkpoint.parent, vkey)
    assert (report.size, report.ahead) == (ACTS, 0)
    # Every tree that was ever signed is the beginning of this one, and no size was signed twice.
    sizes = [size for size, _ in signed]
    assert sizes == sorted(set(sizes))
    assert len(sizes) > 2
    tree = TileReader(checkpoint.parent, ACTS)
    for size, root in signed:
        merkle.verify_consistency(size, ACTS, tree.consistency(size) if size else [], root, report.root)
