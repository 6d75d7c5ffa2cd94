"""The letters with which Debian's Python tests its own reading of mail (package libpython3.11-testsuite)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairnotice.intake.mail.child import Reader
from fairnotice.intake.mail.reader import read_letter
from tests.intake.mail.test_anything import _check

_FOLDERS = sorted(Path("/usr/lib").glob("python3*/test/test_email/data"))
LETTERS = sorted(file for folder in _FOLDERS for file in folder.glob("*.txt"))
if not LETTERS:
    missing = "needs Debian's libpython3.11-testsuite: apt-get install libpython3.11-testsuite"
    pytest.skip(missing, allow_module_level=True)


def test_all_of_them_are_read() -> None:
    with Reader(wall=60) as reader:
        for file in LETTERS:
            reading = reader.read(file.read_bytes())
            _check(reading)
            assert reading == read_letter(file.read_bytes()), file.name
            assert reading.reason not in ("unreadable", "too-slow"), file.name
        assert reader.usage.killed == 0 and reader.usage.letters == len(LETTERS)
