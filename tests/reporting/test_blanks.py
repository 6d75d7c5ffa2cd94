"""A built report beside the Commission's own blanks, where they are at hand: the same headers and labels."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from fairnotice.cases.counting.counts import Counts
from fairnotice.cases.reporting import files, filling
from fairnotice.harmonised.parts import PARTS
from tests.cases.report_acts import YEAR

BLANKS = Path(__file__).parents[3] / "shared" / "data" / "dsa-report-template"
missing = (
    "" if BLANKS.is_dir() else "the blank templates are not at hand (../shared/data/dsa-report-template)"
)
if missing:
    pytest.skip(missing, allow_module_level=True)


def test_headers_and_labels_are_those_of_the_blanks() -> None:
    head = filling.Head("P", "S", YEAR, "platform", None)
    made = dict(files.files_of(filling.fill(head, Counts(), {}).parts, {}))
    for number, part in PARTS.items():
        [blank] = BLANKS.glob(f"*_Part_{number}_*.csv")
        ours = made[f"{part.slug}.csv"]
        assert ours.count(b"\r\n") == ours.count(b"\n")
        rows = list(csv.reader(io.StringIO(ours.decode(), newline="")))
        theirs = list(csv.reader(io.StringIO(blank.read_bytes().decode(), newline="")))
        assert rows[0] == theirs[0]
        labels = [
            place
            for place, column in enumerate(part.columns)
            if column.kind in ("applicability", "category", "section", "indicator", "scope", "label", "name")
        ]
        if number == 3:  # no order, so no block of a state
            theirs = theirs[: len(rows)]
        assert [[row[place] for place in labels] for row in rows] == [
            [row[place] for place in labels] for row in theirs
        ]
