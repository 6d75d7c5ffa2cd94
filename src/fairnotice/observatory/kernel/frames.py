"""What the kernel finds in a CSV as a frame of raw cells, as the plain reader of `ingest.cells` gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from fairnotice.observatory import columns
from fairnotice.observatory.kernel import scanning


def frame(
    data: bytes, start: int, names: Sequence[str], kept: Sequence[str], types: Mapping[str, Any]
) -> pl.DataFrame | None:
    """The columns `kept`, typed as `types`, with the time read as one; instead of those of `columns.SAID_OF`,
    which are asked for one bit each, the column `said`. None where the kernel does not read this CSV, or
    whole texts are wanted."""
    if any(name in kept for name in columns.TEXTS if name not in columns.SAID_OF):
        return None
    bits = {name: bit for bit, name in enumerate(columns.SAID_OF) if name in kept}
    coded = [name for name in kept if name not in bits and name != columns.CREATED]
    found = scanning.scan(data, start, names, coded, bits, time=columns.CREATED)
    if found is None:
        return None
    created = found.columns[columns.CREATED]
    days = pl.Series(created.cells, dtype=pl.String).str.to_date("%Y-%m-%d", strict=False)
    if days.null_count() or not days.dt.year().is_between(1, 9999).all():
        return None
    series = [
        pl.Series(name, found.columns[name].cells, dtype=pl.String)
        .cast(types[name])
        .gather(pl.Series(found.columns[name].codes))
        for name in coded
    ]
    midnight = days.cast(pl.Datetime("us")).gather(pl.Series(created.codes))
    clock = (pl.Series(found.clock).cast(pl.Int64) * 1_000_000).cast(pl.Duration("us"))
    series.append((midnight + clock).alias(columns.CREATED))
    if bits:
        series.append(pl.Series(columns.SAID, found.said).cast(pl.Int32))
    return pl.DataFrame(series)
