"""Fail on texts that do not belong into the repository.

Usage: check_text.py [FILE ...]; without files, all of ours.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sources import ROOT, ours

# No pattern matches its own line here, so this file is checked like any other.
RULES: dict[str, re.Pattern[str]] = {
    "a path of somebody's machine": re.compile(r"(?<![\w.:/-])/(?:home|root|work|Users|tmp|mnt)/\w"),
    "the host of a package registry": re.compile(
        r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.org|deb\.debian\.org|crates\.io|proxy\.golang\.org)\b"
    ),
    "work put off": re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b"),
    "a part not written": re.compile(r"\bNotImplemented[E]rror\b"),
    # But for files that need a program which may not be here: `missing` says which, and pytest prints it.
    "a test not run": re.compile(
        r"\bpytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b(?!\(missing, allow_module_level=True\))"
    ),
}


def faults(text: str) -> list[tuple[int, str]]:
    """Line numbers, from 1, with what is wrong there."""
    return [
        (number, what)
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in RULES.items()
        if pattern.search(line)
    ]


def main(names: list[str]) -> int:
    """Print each fault as file:line; 1 where there is one. Files that are not UTF-8 text are passed over."""
    found = 0
    for file in [Path(name) for name in names] or ours():
        try:
            text = (ROOT / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, what in faults(text):
            found += 1
            print(f"{file}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
