"""The standard's own samples, where they lie beside the checkout: each is read as docs/machine-reports.md says."""

from __future__ import annotations

import pytest

from tests.intake.test_xarf_types import EXPECTED, FOLDER, check, published, type_of

FOUND = published()
if not FOUND:
    missing = f"the standard's samples are not at {FOLDER}; FAIRNOTICE_XARF_SAMPLES names another folder"
    pytest.skip(missing, allow_module_level=True)


def test_there_is_one_of_each_type() -> None:
    assert {type_of(report) for report in FOUND.values()} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_published_sample_is_read_as_the_table_says(name: str) -> None:
    check(FOUND[name], name)
