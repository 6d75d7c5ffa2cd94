"""Counts straight out of dumps: what a store of the same dumps would answer."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from datetime import date

import polars as pl
import pytest

from fairnotice.observatory import columns, direct, direct_part
from fairnotice.observatory.ingest.building import build
from fairnotice.observatory.kernel import build as kernel
from fairnotice.observatory.kernel import scanning
from fairnotice.observatory.store import Store
from tests.observatory import made

DAY = date(2025, 7, 1)
SIX = ("platform", "category", "decision_visibility", "automated_decision", "automated_detection", "day")
BYS = (
    (),
    SIX,
    ("created_at",),
    ("version", "content_type", "territorial_scope", "category_specification"),
    (*columns.CHOICES, *columns.LISTS, *columns.DATES, "platform"),
)


@pytest.fixture(params=["plain", "kernel"] if made.compiler() else ["plain"])
def reader(request, monkeypatch, tmp_path_factory):
    """Both ways of reading, in this process and in those that it starts."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    if request.param == "kernel":
        kernel.build()
    assert scanning.available() == (request.param == "kernel")
    return request.param


def odd_rows():
    """A hundred statements, some with cells that no schema knows."""
    rows = made.rows(100)
    rows[3]["category"] = "STATEMENT_CATEGORY_NEWLY_FOUND"
    rows[4]["content_date"] = "2025-02-31 00:00:00"
    rows[5]["decision_visibility"] = '["DECISION_VISIBILITY_OTHER","DECISION_VISIBILITY_CONTENT_LABELLED"]'
    rows[6]["decision_visibility"] = "[]"
    rows[7]["platform_name"] = 'The "Other", Ltd'
    rows[8]["territorial_scope"] = "[DE, FR]"
    return rows


def of_store(store: Store, by: tuple[str, ...]) -> Counter[tuple[object, ...]]:
    """The same count over the rows of the store."""
    frame = pl.concat([pl.read_parquet(path) for day in store.days() for path in day.rows()])
    keys = [pl.col(name).dt.date() if name == "created_at" else pl.col(name) for name in by]
    if not by:
        return Counter({(): frame.height})
    return Counter({tuple(row[:-1]): row[-1] for row in frame.group_by(keys).len().iter_rows()})


def test_every_column_is_counted_as_the_store_has_it(reader, tmp_path):
    first, second = odd_rows(), made.v1(made.rows(80, date(2025, 6, 30)))
    paths = [
        made.of_rows(tmp_path, first),
        made.of_rows(tmp_path, second, date(2025, 6, 30), kind="light"),
    ]
    store = Store(tmp_path / "store")
    for path in paths:
        build(store, path)
    for by in BYS:
        sums = direct_part.Sums(by)
        for task in direct._tasks(paths, []):
            direct_part._answer(sums, json.loads(task.line))
        assert counted(by, sums) == of_store(store, by), by


def counted(by, sums):
    """The groups of a worker, as `direct.count` hands them on."""
    return Counter({direct._key(by, row[:-1]): row[-1] for row in sums.groups()})


def test_processes_share_the_work_and_damage_is_told(reader, tmp_path):
    good = made.csv(made.rows(50))
    # A record that lacks a comma, in a CSV that is sound otherwise.
    torn = made.csv(made.rows(30, first=50)).replace(b",id-61,", b"id-61,")
    path = made.dump(tmp_path, [[good, b"no,dump\n1,2"], [torn]])
    told = []
    found = direct.count(
        [path], by=("platform",), workers=2, progress=lambda rows, size: told.append((rows, size))
    )
    assert found.rows == 79
    assert sum(found.groups.values()) == 79
    assert set(found.groups) == {("Meadow",), ("Harbour",), ("Quill & Sons",)}
    assert sorted(rows for rows, _size in told) == [0, 29, 50]
    reasons = {one.name: one for one in found.damaged}
    assert len(reasons) == 2
    assert "does not name the columns" in reasons["sor-global-2025-07-01-full-00000-00001.csv"].reason
    assert reasons["sor-global-2025-07-01-full-00001-00000.csv"].rows == 1


def test_what_cannot_be_counted_by_is_said(tmp_path):
    path = made.of_rows(tmp_path, made.rows(5))
    with pytest.raises(direct.DirectError, match="cannot be counted by 'decision_facts'; it can by: day"):
        direct.count([path], by=("decision_facts",))
    with pytest.raises(direct.DirectError, match="stands twice"):
        direct.count([path], by=("day", "day"))


def test_what_is_no_dump_is_said(tmp_path):
    (tmp_path / "rows.zip").write_bytes(b"")
    with pytest.raises(direct.DirectError, match=r"rows\.zip is not named as a dump"):
        direct.count([tmp_path / "rows.zip"])
    cut = made.of_rows(tmp_path, made.rows(5))
    cut.write_bytes(cut.read_bytes()[:-30])
    with pytest.raises(direct.DirectError, match="cut off"):
        direct.count([cut])


def test_a_worker_that_dies_is_said(tmp_path, monkeypatch):
    path = made.of_rows(tmp_path, made.rows(5))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(direct.DirectError, match="too little memory"):
        direct.count([path])


def test_a_module_in_the_folder_one_stands_in_is_not_run(tmp_path, monkeypatch):
    path = made.of_rows(tmp_path / "dumps", made.rows(3))
    (tmp_path / "polars.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert direct.count([path], ("platform",), workers=1).rows == 3


def test_ctrl_c_ends_it_at_once(tmp_path):
    path = made.of_rows(tmp_path, made.rows(30), by=1)
    read = []

    def told(rows, _size):
        read.append(rows)
        if len(read) == 1:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)  # else all would be read before the main thread hears of it

    with pytest.raises(KeyboardInterrupt):
        direct.count([path], ("platform",), workers=1, progress=told)
    assert len(read) < 20
