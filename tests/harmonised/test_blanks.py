"""The Commission's own blank templates, where they are at hand: ours are the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairnotice.harmonised.parts import PARTS
from tests.harmonised.test_parts import blank

BLANKS = Path(__file__).parents[3] / "shared" / "data" / "dsa-report-template"
missing = (
    "" if BLANKS.is_dir() else "the blank templates are not at hand (../shared/data/dsa-report-template)"
)
if missing:
    pytest.skip(missing, allow_module_level=True)


@pytest.mark.parametrize("number", PARTS)
def test_the_blanks_themselves_say_the_same(number):
    [file] = BLANKS.glob(f"*_Part_{number}_*.csv")
    assert blank(PARTS[number]) == file.read_bytes()
