"""An error or a kill -9 at chosen calls to the system: the short form of `dev.py soak strace`, which takes all."""

import pytest

import strace_faults
from soak_failure import SoakFailure
from strace_faults import Bench, Fault, Plan

missing = strace_faults.why_not()
if missing:
    pytest.skip(missing, allow_module_level=True)

pytestmark = pytest.mark.fault

#: Which call: its name, a part of the file's name, which of these; and what happens instead of it.
CHOSEN = [
    ("fdatasync", "keys.sqlite3-wal", 0, "EIO", "failed"),
    ("fdatasync", "db.sqlite3-wal", 0, "SIGKILL", "killed"),
    ("fdatasync", "db.sqlite3-wal", -2, "EIO", "failed"),  # the last round's commit
    ("pwrite64", "db.sqlite3-wal", 0, "ENOSPC", "failed"),
    ("pwrite64", "db.sqlite3-wal", 60, "SIGKILL", "killed"),
    ("openat", "log/.lock", 0, "EIO", "failed"),
    ("openat", ".checkpoint.tmp", 0, "ENOSPC", "failed"),
    ("write", ".checkpoint.tmp", 0, "ENOSPC", "failed"),
    ("fsync", "log/", 0, "EIO", "failed"),
    ("fsync", "log/", -1, "EIO", "failed"),
    ("rename", "tile/", 0, "SIGKILL", "killed"),
    ("rename", "/checkpoint", 0, "EIO", "failed"),
    ("rename", "/checkpoint", -1, "SIGKILL", "killed"),
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench(tmp_path_factory.mktemp("bench"), Plan(before=("1",))) as made:
        made.make()
        yield made


@pytest.fixture(scope="module")
def calls(bench):
    return bench.calls()


@pytest.mark.parametrize(("name", "file", "which", "kind", "how"), CHOSEN)
def test_the_next_start_goes_on_with_one_history(bench, calls, name, file, which, kind, how):
    call = [each for each in calls if each.name == name and file in each.file][which]
    outcome = bench.run(Fault(call, kind))
    assert outcome.how == how


def test_a_recovery_that_is_cut_short_is_begun_again(tmp_path):
    plan = Plan(before=("1",), lost=("2",), run=("recover",), again=("recover",))
    with Bench(tmp_path, plan) as bench:
        bench.make()
        calls = [call for call in bench.calls() if call.file == "db.sqlite3-wal"]
        syncs = [call for call in calls if call.name == "fdatasync"]
        assert bench.run(Fault(syncs[0], "SIGKILL")).how == "killed"
        assert bench.run(Fault(calls[len(calls) // 2], "ENOSPC")).how == "failed"


def test_a_second_history_or_a_lost_act_would_be_seen(bench, calls):
    bench.calls()
    other = (bench.folder() / "checkpoint").read_bytes()
    bench.check([other])
    bench.calls()
    with pytest.raises(SoakFailure, match="two histories"):
        bench.check([other])
    with pytest.raises(SoakFailure, match="acknowledged"):
        bench.check(records=["0" * 32])
