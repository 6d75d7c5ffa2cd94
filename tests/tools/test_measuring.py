"""The programs that measure and that break things on purpose: what they are told, and that they run."""

import os
import subprocess
import sys

import dev


def start(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run one of our programs as dev.py would."""
    env = os.environ | {"PYTHONPATH": str(dev.ROOT / "src")}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=dev.ROOT, env=env, timeout=300
    )


def test_bench_names_what_there_is():
    for words in ((), ("--help",)):
        result = start("bench/run.py", *words)
        assert result.returncode == 0 and "translog" in result.stdout


def test_an_unknown_benchmark_or_soak_run_is_named():
    for program in ("bench/run.py", "tools/soak.py"):
        result = start(program, "nothing-like-it")
        assert result.returncode == 2
        assert "nothing-like-it" in result.stderr and "there are: " in result.stderr


def test_a_soak_run_ends_by_its_clock_and_says_how_far_it_came():
    result = start("tools/soak.py", "flips", "--minutes", "0.02")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "time was over after" in result.stdout


def test_a_small_log_grows_and_its_proofs_are_checked(tmp_path):
    """The part of the benchmark that needs no other library, with a thousandth of the entries."""
    result = start("-m", "bench.translog.growth", str(tmp_path / "log"), "10300")
    assert result.returncode == 0, result.stderr
    assert "10,300 entries appended durably" in result.stdout
    sizes = [line.split()[0] for line in result.stdout.splitlines() if line.startswith(" ")]
    assert sizes == ["entries", "1,000", "10,000"]


def test_the_table_takes_medians_and_ratios_of_the_same_round(monkeypatch):
    monkeypatch.syspath_prepend(str(dev.ROOT))
    from bench.translog.durable import rates, table

    class Fixed:
        def once(self):
            return 10, 0.5

    assert rates({"one": Fixed(), "two": Fixed()}, 0.0) == {"one": 20.0, "two": 20.0}
    rounds = [
        {"appended": 100.0, "in place": 200.0, "core, batch 100": 1000.0},
        {"appended": 10.0, "in place": 20.0, "core, batch 100": 300.0},
        {"appended": 50.0, "in place": 100.0, "core, batch 100": 50.0},
    ]
    last = list(table(rounds))[-1].split()
    assert last == ["core,", "batch", "100", "300", "10.000", "5.000", "2.5"]
