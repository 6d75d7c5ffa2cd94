"""Killed while a year is closed: either nothing happened, or both logs are whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.conftest import DataFolder

NEXT = datetime.now(UTC).year + 1
START = "from fairnotice.site.setup import prepare; prepare(); import os, signal; from datetime import UTC, datetime\n"
KILL = "lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)"
ROLL = f"from fairnotice.ledger import rollover; rollover.roll(datetime({NEXT}, 1, 1, 0, 1, tzinfo=UTC))\n"
LOOK = """
from fairnotice.ledger import keys, logs, sequencer
from fairnotice.translog.fsck import tree_check
sequencer.publish()
for log in logs.everyone():
    report = tree_check(log.folder(), keys.vkey(log))
    print(log.year, "closed" if log.frozen else "open", report.size)
"""


@pytest.mark.parametrize(
    ("where", "left"),
    [
        # Signed and frozen, but nothing committed.
        ("fairnotice.ledger.logs.open_year", [f"{NEXT - 1} open 1"]),
        # Committed, but not one file of it written.
        ("fairnotice.ledger.publishing.publish_locked", [f"{NEXT - 1} closed 2", f"{NEXT} open 1"]),
    ],
)
def test_a_year_is_closed_whole_or_not_at_all(data_folder: DataFolder, where: str, left: list[str]) -> None:
    assert data_folder.run("-m", "fairnotice", "user", "add", "a-reviewer").returncode == 0
    first = f"{START}from fairnotice.ledger import sequencer; sequencer.run_once()"
    assert data_folder.run("-c", first).returncode == 0
    module, _, name = where.rpartition(".")
    cut = data_folder.run("-c", f"{START}import {module} as m; m.{name} = {KILL}\n{ROLL}")
    assert cut.returncode == -9, cut.stderr
    seen = data_folder.run("-c", START + LOOK)
    assert seen.stdout.splitlines() == left, seen.stderr
    if len(left) == 1:
        assert data_folder.run("-c", START + ROLL).returncode == 0
        seen = data_folder.run("-c", START + LOOK)
    assert seen.stdout.splitlines() == [f"{NEXT - 1} closed 2", f"{NEXT} open 1"], seen.stderr
