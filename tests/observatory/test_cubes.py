"""The daily cubes: the same counts as by hand, from all rows at once or part by part."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from fairnotice.observatory import columns, cubes
from fairnotice.observatory.ingest import cells
from tests.observatory import made

DAY = date(2025, 7, 1)


def frame(some):
    return cells.read(made.csv(some), DAY, "v2").rows


@pytest.fixture(scope="module")
def rows():
    some = made.rows(150, DAY)
    some[3]["content_date"] = some[4]["application_date"] = some[5]["automated_decision"] = ""
    return frame(some)


@pytest.mark.parametrize("name", [name for name in columns.CUBES if name != "pace"])
def test_a_cube_counts_what_the_rows_hold(rows, name):
    by = columns.CUBES[name]
    whole = cubes.with_delays(rows).select(by)
    expected = Counter(whole.iter_rows())
    found = cubes.cubes(rows)[name]
    assert {one[:-1]: one[-1] for one in found.iter_rows()} == expected
    assert found.height == len(expected) and found[columns.COUNT].sum() == rows.height
    assert found.schema == cubes.schema(name)


def test_the_pace_counts_statements_by_how_many_came_in_their_second(rows):
    seconds = Counter(rows.select("platform", "automated_decision", "created_at").iter_rows())
    expected: Counter[tuple[object, ...]] = Counter()
    for (platform, decision, _), times in seconds.items():
        expected[platform, decision, times] += times
    found = cubes.cubes(rows)["pace"].select("platform", "automated_decision", "per_second", "statements")
    assert {one[:-1]: one[-1] for one in found.iter_rows()} == expected
    assert found["per_second"].max() == 2


def test_statements_without_a_time_did_not_come_in_the_same_second():
    some = [made.row(0, created_at="nonsense") for _ in range(5)] + [made.row(0), made.row(0)]
    (found,) = cubes.cubes(frame(some))["pace"].select("per_second", "statements").rows()
    assert found == (2, 2)


def test_parts_put_together_are_the_whole_even_where_a_second_is_cut_in_two(rows):
    whole = cubes.cubes(rows)
    parts = [cubes.counted(rows[at : at + 37]) for at in range(0, rows.height, 37)]
    for found in (cubes.finished(parts), cubes.finished([cubes.merged(parts[:2]), *parts[2:]])):
        assert all(found[name].equals(whole[name]) for name in columns.CUBES)


def test_delays_are_whole_days_and_missing_where_a_date_is():
    some = [
        made.row(0, content_date="2025-06-01 00:00:00", application_date="2025-06-30 00:00:00"),
        made.row(1, content_date="2025-07-02 00:00:00", application_date="2025-07-01 00:00:00"),
        made.row(2, content_date="", application_date="2025-07-03 00:00:00"),
    ]
    found = cubes.with_delays(frame(some)).select(columns.DELAYS)
    assert found.rows() == [(29, 1), (-1, 0), (None, -2)]


def test_a_day_without_rows_has_empty_cubes_of_the_right_types():
    for found in (cubes.cubes(frame([])), cubes.finished([])):
        assert all(found[name].height == 0 and found[name].schema == cubes.schema(name) for name in found)


def test_a_cube_is_in_a_fixed_order(rows):
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=3)
    whole = cubes.cubes(rows)
    assert all(cube.equals(whole[name]) for name, cube in cubes.cubes(shuffled).items())
