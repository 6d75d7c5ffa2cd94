"""Random bytes, steered by what code they reach, for all that reads what strangers send."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from soak_failure import SoakFailure

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
TARGETS = ("mail", "xarf", "url", "csv")
#: Seconds that each target gets at most; what one input may take; MB, the libraries of the fuzzer among them.
LONGEST, ONE_INPUT, MEMORY = 300, 2, 1024
_RUNS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_SEEDS = re.compile(r"seed corpus: files: (\d+)")


def run(seconds: float) -> str:
    """Random bytes, steered by what code they reach, for all that reads what strangers send."""
    if not PYTHON.exists():
        raise SoakFailure("the fuzzer is not installed; `python3 dev.py soak fuzz` installs it")
    each = max(1, int(min(seconds / len(TARGETS), LONGEST)))
    findings = ROOT / "var" / "fuzz"
    findings.mkdir(parents=True, exist_ok=True)
    return "; ".join(_target(name, each, findings) for name in TARGETS) + ": nothing uncaught"


def _target(name: str, seconds: int, findings: Path) -> str:
    """Run one; what it saw. What breaks the reader is kept in `findings`."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as corpus:
        command = [
            *(str(PYTHON), "tools/fuzz_target.py", name, corpus),
            f"-max_total_time={seconds}",
            f"-timeout={ONE_INPUT}",
            f"-rss_limit_mb={MEMORY}",
            "-max_len=20000",
            "-print_final_stats=1",
            f"-artifact_prefix={findings}/{name}-",
        ]
        env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, errors="replace")
    said = answer.stdout + answer.stderr
    runs = _RUNS.search(said)
    if answer.returncode or runs is None:
        raise SoakFailure(f"{name}: status {answer.returncode}, see {findings}\n{said[-3000:]}")
    seeds = _SEEDS.search(said)
    return f"{name} {int(runs[1]):,} inputs in {seconds} s from {seeds[1] if seeds else 'no'} seeds"
