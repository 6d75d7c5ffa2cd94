"""shantay, a tool that others wrote for the same dumps, in an environment of its own (it needs Python 3.12).

Two of its ways: its reading of the dump with the same count behind it, and its own command line, which
gathers all of its statistics. Where no such Python is found, both are left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from bench.observatory import made, words
from bench.observatory.timing import ROOT, Run, once

INGEST: Final = "shantay, ingest"
ALL: Final = "shantay, all"
RELEASE: Final = "shantay==0.6.0"
_VENV: Final = ROOT / ".venv-shantay"
_CHILD: Final = Path(__file__).with_name("shantay_child.py")


def python() -> Path | None:
    """The Python of its environment, which is made where it is missing; None where it cannot be."""
    found = _VENV / "bin" / "python"
    stamp = _VENV / "installed"
    if stamp.exists() and stamp.read_text() == RELEASE:
        return found
    base = _newer_python()
    if base is None:
        print("shantay is left out: no Python 3.12 or newer was found")
        return None
    print(f"Installing {RELEASE} ...", flush=True)
    shutil.rmtree(_VENV, ignore_errors=True)
    install = [found, "-m", "pip", "install", "-qq", "--disable-pip-version-check", RELEASE]
    for command in ([base, "-m", "venv", _VENV], install):
        if subprocess.run([str(word) for word in command]).returncode:
            print("shantay is left out: it could not be installed")
            return None
    stamp.write_text(RELEASE)
    return found


def _newer_python() -> str | None:
    for minor in (12, 13, 14):
        usual = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3"))
        found = shutil.which(f"python3.{minor}") or next(map(str, usual), None)
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            return found
    return None


def command(found: Path, dump: Path) -> list[object]:
    """What reads the dump with its code and counts. -P: this folder has a module of the same name."""
    return [found, "-P", _CHILD, dump, "{folder}"]


def surroundings(found: Path, folder: Path) -> dict[str, str]:
    """A home folder in which it knows the senders' names; otherwise it stops at the first new one."""
    home = folder / "shantay-home"
    more = {"HOME": str(home), "PYTHONPATH": "", "WORK": str(folder)}
    if home.exists():
        return more
    home.mkdir()
    names = [sender.name.strip('"') for sender in words.platforms(1)]
    code = "import sys; from shantay._platform import update_platforms; update_platforms(sys.argv[1:])"
    subprocess.run([str(found), "-c", code, *names], check=True, env={**os.environ, **more})
    return more


def statistics(found: Path, dump: Path, folder: Path) -> Run:
    """Its own command line, over one day, once. A process for each day is all that it can use, so one."""
    archive = folder / "shantay-archive"
    month = archive / f"{made.DAY:%Y}" / f"{made.DAY:%m}"
    month.mkdir(parents=True, exist_ok=True)
    for file in (dump, dump.with_name(dump.name + ".sha1")):
        if not (month / file.name).exists():
            os.link(file, month / file.name)
    day, run = str(made.DAY), Run(ALL)
    words_before = ["--archive", archive, "--staging", "{folder}/staging", "--logfile", "{folder}/log"]
    words_behind = ["--offline", "--first", day, "--last", day, "summarize"]
    once(run, [found, "-m", "shantay", *words_before, *words_behind], surroundings(found, folder))
    return run
