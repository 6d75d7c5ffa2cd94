"""Started by shantay's own Python, where nothing of ours is: reads a dump with its code, and counts.

python shantay_child.py DUMP FOLDER
"""

from __future__ import annotations

import datetime
import json
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

KEYS = ["platform_name", "category", "decision_visibility", "automated_decision", "automated_detection"]


def main(dump: Path, folder: Path) -> None:
    """One inner zip after the other: unpack, read, count, as its own command line goes about it."""
    import polars as pl
    from shantay.dsa_sor import StatementsOfReasons
    from shantay.model import Daily

    day = datetime.date.fromisoformat(dump.name.removeprefix("sor-global-")[:10])
    release: Any = Daily(day.year, day.month, day.day)
    place = folder / release.temp_directory
    groups: list[Any] = []
    with zipfile.ZipFile(dump) as outer:
        for index, name in enumerate(sorted(outer.namelist())):
            place.mkdir(parents=True)
            with outer.open(name) as stored, zipfile.ZipFile(stored) as inner:
                inner.extractall(place)
            _counters, frame = StatementsOfReasons().ingest_release(
                root=folder, release=release, index=index, name=name
            )
            shown = pl.col("decision_visibility").cast(pl.List(pl.String)).list.sort().list.join("|")
            keys = [*(pl.col(key) for key in KEYS if key != "decision_visibility"), shown]
            groups.append(
                frame.lazy().group_by(*keys, pl.col("created_at").dt.date().cast(pl.String)).len().collect()
            )
            shutil.rmtree(place)
    rows = pl.concat(groups).group_by(*KEYS, "created_at").agg(pl.col("len").sum())
    found = rows.select(pl.col(*KEYS, "created_at").cast(pl.String).fill_null(""), "len")
    print(json.dumps(found.rows()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
