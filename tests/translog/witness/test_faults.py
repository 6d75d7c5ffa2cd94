"""The disk fails, or the process is killed, at each write, sync and rename of two submissions.

What was answered is remembered, the memory is never taken for one that was put back, and work goes on. Without
strace it cannot be tried; test_serve kills real servers at random moments everywhere.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import strace_faults
from fairnotice.translog.witness.rules import Rejected
from tests.site.served import PATIENCE
from tests.translog.witness.live import ENVIRONMENT
from tests.translog.witness.made import COSIGNER, NOW, ORIGIN, Tree, admitted, opened

pytestmark = pytest.mark.fault
TREE = Tree()
ROOT = Path(__file__).resolve().parents[3]
WORK = """
import sys
from pathlib import Path
from tests.translog.witness.made import COSIGNER, NOW, Tree, admitted, opened
from fairnotice.translog.errors import TranslogError
print("ready", flush=True)
with opened(Path(sys.argv[1])) as state:
    old = 0
    for size in (3, 7):
        try:
            state.cosign(admitted(Tree().body(old, size)), COSIGNER.lines, NOW)
        except TranslogError as fault:
            print("failed", fault, flush=True)
            break
        print("signed", size, flush=True)
        old = size
"""
CALLS = "pwrite64,ftruncate,fsync,fdatasync,rename,unlink"


missing = strace_faults.why_not()
if missing:
    pytest.skip(missing, allow_module_level=True)
FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC"]


def run(folder: Path, inject: str) -> list[str]:
    """What the two submissions answered before the fault ended them."""
    # PYTHONDONTWRITEBYTECODE: the interpreter renames files of its own otherwise.
    strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", f"inject={inject}"]
    done = subprocess.run(
        [*strace, sys.executable, "-c", WORK, str(folder)],
        cwd=ROOT,
        env=ENVIRONMENT | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    said = done.stdout.splitlines()
    assert said[:1] == ["ready"], done.stderr
    return said[1:]


def check_after(folder: Path, said: list[str]) -> None:
    answered = [int(line.split()[1]) for line in said if line.startswith("signed")]
    with opened(folder) as state:
        found = state.last(ORIGIN)  # never Locked
        size = found.cosigned.size if found else 0
        assert size >= max(answered, default=0)
        if found:
            assert found.cosigned.root == TREE.root(size)
            with pytest.raises(Rejected):
                state.cosign(admitted(Tree(fork=1).body(size, 9)), COSIGNER.lines, NOW)
        assert state.cosign(admitted(TREE.body(size, 9)), COSIGNER.lines, NOW)


@pytest.mark.parametrize("fault", FAULTS)
def test_at_every_write_sync_and_rename(tmp_path: Path, fault: str) -> None:
    seen = []
    for number in range(1, 200):
        folder = tmp_path / str(number)
        folder.mkdir()
        said = run(folder, f"{CALLS}:{fault}:when={number}")
        check_after(folder, said)
        seen.append(said)
        if said == ["signed 3", "signed 7"] and seen[-2:-1] == [said]:
            break
    # From the first moment to the last: nothing answered, one answered, both.
    answers = [sum(line.startswith("signed") for line in said) for said in seen]
    assert set(answers) == {0, 1, 2}
    assert len(answers) >= 20
