"""After its time nothing of a person is left: not in any file of the folder, not under any key.

What lies in the tables is sealed, so to search for words proves little. Searched for are the sealed bytes, the
wrapped keys, and the keyed hashes by which one could ask whether something was once here.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DataFolder, folder_at

pytestmark = pytest.mark.fault
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "tests.fault.erased_scene"

# Byte columns that hold, or lead to, what a person gave: all of their bytes have to go.
GONE = {
    "cases.SealedValue.blob",
    "cases.AccessCode.mac",
    "cases.NoticeItem.item_key",
    "cases.Case.item_key",
    "cases.Received.key_mac",
    "cases.Inbound.key_mac",
    "cases.Inbound.digest",
    "cases.ForwardToken.mac",
    "cases.TableLine.content_mac",
    "cases.EvidenceFile.sha256",
    "cases.Subscriber.mac",
    "cases.Subscriber.token_mac",
    "cases.Idempotency.mac",
    "cases.Idempotency.digest",
    "cases.Idempotency.sealed_answer",
    "ledger.OutboxRow.sealed",
    "answerable.ImportBadLine.blob",
    "vault.Key.wrapped",
}
# And those that stay, each with the reason.
KEPT = {
    "cases.Notice.why_commitment": "a commitment, whose key is gone: what the database asks for, and the log has",
    "cases.Decision.facts_commitment": "the same",
    "cases.Decision.explanation_commitment": "the same",
    "cases.Decision.necessity_commitment": "the same",
    "cases.Decision.milder_commitment": "the same",
    "cases.Statement.body_commitment": "the same",
    "cases.Appeal.reasons_commitment": "the same",
    "cases.AppealOutcome.reasons_commitment": "the same",
    "cases.Correction.words_commitment": "the same",
    "cases.Received.sha256": "of a whole message with its random parts: proves what came in, and leads to nobody",
    "cases.ApiToken.mac": "of an organisation's token, which is no person's",
    "ledger.Event.leaf": "commitments alone; it is public",
    "ledger.Event.leaf_hash": "public",
    "ledger.LogEntry.leaf_hash": "public",
    "ledger.LogEntry.leaf": "public",
    "ledger.CheckpointRow.root": "public",
    "ledger.CheckpointRow.note": "public",
    "ledger.Log.previous_root": "public",
    "ledger.Edge.hash": "public",
    "answerable.Resource.ip_start": "addresses of networks, which belong to organisations",
    "answerable.Resource.ip_end": "the same",
    "answerable.Delegation.low": "the same",
    "answerable.Delegation.high": "the same",
    "cases.ReportFile.content": "a published report: figures and the operator's own words, of nobody",
    "accounts.SignIn.key": "of a session of somebody who works here; it goes with the session",
    "vault.Bridge.wrapped": "the new master key under the old one, while one takes the place of the other",
    "vault.Secret.wrapped": "the installation's own secrets",
}


@dataclass(frozen=True)
class Scene:
    """A folder in which people wrote, and what was in it then."""

    folder: DataFolder
    before: dict[str, list[str]]

    def erase(self, cut_at: int = 0) -> int:
        """Three years pass; killed before this statement. The exit status."""
        return self.folder.run("-m", PROGRAM, "erase", str(cut_at)).returncode

    def look(self) -> Any:
        return look(self.folder, "look")

    def check(self) -> None:
        """Nothing of anybody is left, and the log has an entry for each erasure."""
        seen = self.look()
        assert seen["unfinished"] == 0
        assert seen["erasures"] == seen["events"] > 10
        assert len(seen["bytes"]["vault.Key.wrapped"]) == 0
        assert seen["texts"] == {}
        assert [path for path in (self.folder.path / "files").rglob("*") if path.is_file()] == []
        left = []
        for path in sorted(self.folder.path.rglob("*")):
            data = path.read_bytes() if path.is_file() else b""
            for name in sorted(GONE):
                hits = sum(bytes.fromhex(value) in data for value in self.before[name])
                if hits:
                    left.append(f"{path.name}: {hits} of {len(self.before[name])} {name}")
        assert left == []


def look(folder: DataFolder, act: str) -> Any:
    report = folder.path.parent / "report.json"
    done = folder.run("-m", PROGRAM, act, str(report))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(report.read_text())


@pytest.fixture(scope="module")
def written(migrated_databases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = folder_at(tmp_path_factory.mktemp("written"), migrated_databases)
    folder.env["PYTHONPATH"] += f":{ROOT}"
    return Scene(folder, look(folder, "write")["bytes"])


@pytest.fixture
def scene(written: Scene, tmp_path: Path) -> Scene:
    """A copy of it for one test."""
    shutil.copytree(written.folder.path, tmp_path / "data")
    env = {**written.folder.env, "FAIRNOTICE_DATA": str(tmp_path / "data")}
    return Scene(replace(written.folder, path=tmp_path / "data", env=env), written.before)


def test_nothing_of_anybody_is_left_in_any_file(scene: Scene) -> None:
    assert set(scene.before) - GONE - set(KEPT) == set(), "a new column: say whether it goes, or why it stays"
    # The scene filled what it is about, or the search could find nothing anyway.
    empty = {name for name in GONE if not scene.before[name]}
    assert empty <= {f"cases.Idempotency.{name}" for name in ("mac", "digest", "sealed_answer")}, empty
    with pytest.raises(AssertionError):
        scene.check()
    assert scene.erase() == 0
    scene.check()


def test_killed_again_and_again_it_leaves_nothing_half_gone(scene: Scene) -> None:
    cuts = random.Random(5)
    killed = 0
    for _ in range(6):
        killed += scene.erase(cuts.randrange(1, 400)) == -signal.SIGKILL
    assert killed >= 3
    assert scene.erase() == 0
    scene.check()
