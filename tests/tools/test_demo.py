"""The demo takes real input the whole way and ends with a checked proof, also in a folder that it made before."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dev import ROOT
from tests.intake.reports import report

pytestmark = pytest.mark.fault
VERIFIED = re.compile(r"verified: entry [1-9]\d* of [1-9]\d* in 127\.0\.0\.1:8000/log/\d{4}\b.*")


def demo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One run that stops after the proof; its key goes into the test's own folder."""
    command = [
        sys.executable,
        str(ROOT / "tools" / "demo.py"),
        "--no-serve",
        "--data",
        str(folder / "demo"),
        *words,
    ]
    env = {**os.environ, "XDG_CONFIG_HOME": str(folder / "home")}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=180)


def test_what_is_given_goes_the_whole_way_again_and_again(tmp_path: Path) -> None:
    first = demo(tmp_path)
    assert first.returncode == 0, first.stderr
    assert VERIFIED.fullmatch(first.stdout.splitlines()[-1])
    steps = [int(number) for number in re.findall(r"^\[ ?(\d+)/14\]", first.stdout, re.MULTILINE)]
    assert steps == list(range(1, 15)), "every step is said, in order"

    given = tmp_path / "report.json"
    given.write_text(json.dumps(report()), "utf-8")
    again = demo(tmp_path, "--notice", str(given))
    assert again.returncode == 0, again.stderr
    assert "Found from earlier: 1 notices, 1 public entries" in again.stdout
    assert VERIFIED.fullmatch(again.stdout.splitlines()[-1])

    given.write_text("[1]", "utf-8")
    wrong = demo(tmp_path, "--notice", str(given))
    assert wrong.returncode == 1
    assert wrong.stderr.strip() and "Traceback" not in wrong.stderr
