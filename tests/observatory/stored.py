"""What a store holds, for tests to look at."""

from __future__ import annotations

import polars as pl

from fairnotice.observatory import columns


def rows_of(store, day=None):
    files = [path for one in store.days(day, day) for path in one.rows()]
    return pl.concat([pl.read_parquet(path) for path in files])


def shown(store):
    return {f"{one.day}.{one.scope}": one.manifest().rows for one in store.days()}


def sound(store):
    """Nothing half done lies about, and every day's files agree with each other."""
    assert not [path for path in store.work.glob("*") if path.is_dir()]
    for day in store.days():
        manifest = day.manifest()
        rows = sum(pl.read_parquet(path).height for path in day.rows())
        assert rows == manifest.rows == sum(one.rows for one in manifest.members)
        for name in columns.CUBES:
            assert pl.read_parquet(day.cube(name))[columns.COUNT].sum() == rows
