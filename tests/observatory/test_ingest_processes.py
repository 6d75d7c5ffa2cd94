"""An ingest beside another, in several processes, stopped between two days, within its memory."""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fairnotice.observatory import columns
from fairnotice.observatory.ingest import cells, memory, run, writing
from fairnotice.observatory.store import Store, StoreError
from fairnotice.site import cli
from tests.observatory import made
from tests.observatory.stored import rows_of, shown, sound

DAY, NEXT, OLD = date(2025, 7, 1), date(2025, 7, 2), date(2025, 6, 30)


def test_two_at_once_are_refused(call, dumps, store):
    made.of_rows(dumps, made.rows(10))
    with run.alone(store):
        status, said = call("ingest", dumps)
        assert status == 2 and "another command is writing to this store" in said
        with pytest.raises(StoreError), run.alone(store):
            pass
    assert call("ingest", dumps)[0] == 0


@pytest.mark.parametrize("moment", ["put away", "in its place"])
def test_a_stop_between_two_days_loses_neither(call, dumps, store, monkeypatch, moment):
    """Where --replace was stopped between taking the old days away and putting the new one there."""
    for scope in ("harbour", "meadow"):
        made.of_rows(dumps / "old", made.rows(20), scope=scope)
    call("ingest", dumps / "old")
    made.of_rows(dumps / "new", made.rows(70))

    def stop(*_more, **_named):
        raise OSError(errno.EIO, "stopped", str(store.path))

    with monkeypatch.context() as patch:
        if moment == "put away":
            new, real = store.place(DAY, "global").folder, Path.rename
            patch.setattr(Path, "rename", lambda path, to: stop() if to == new else real(path, to))
        else:
            real_tidy = writing.tidy
            patch.setattr(
                writing, "tidy", lambda _, keep_work=False: stop() if keep_work else real_tidy(store)
            )
        assert call("ingest", dumps / "new", "--replace")[0] == 1
    with run.alone(store):
        old, new = {"2025-07-01.harbour": 20, "2025-07-01.meadow": 20}, {"2025-07-01.global": 70}
        assert shown(store) == (old if moment == "put away" else new)
    sound(store)


def test_several_processes_read_the_same_as_one(call, dumps, store, tmp_path):
    for day in (OLD, DAY, NEXT):
        made.of_rows(dumps, made.rows(100, day), day)
    assert call("ingest", dumps, "--workers", "2")[0] == 0
    sound(store)
    one = Store(tmp_path / "one")
    assert cli.main(["observatory", "ingest", str(dumps), "--store", str(one.path)]) == 0
    order = [name for name in columns.ROWS if name != "odd"]
    assert rows_of(store).sort(order).equals(rows_of(one).sort(order))
    for left, right in zip(store.days(), one.days(), strict=True):
        for name in columns.CUBES:
            assert left.cube(name).read_bytes() == right.cube(name).read_bytes()


@pytest.mark.parametrize(
    ("most", "workers", "largest", "share"),
    [
        (2048, 2, 120, (2, 140)),
        (2048, 8, 120, (3, 32)),
        (900, 4, 120, (1, 32)),
        (8192, 4, 1, (4, 256)),
        (2048, 0, 1, (0, 256)),
    ],
)
def test_the_memory_that_is_given_bounds_processes_and_what_they_hold(most, workers, largest, share):
    found = memory.share(most << 20, workers, largest << 20)
    assert found.workers == share[0] and found.room >= share[1] << 20


def test_too_little_memory_says_how_much_is_enough(call, dumps):
    with pytest.raises(memory.TooLittle, match="--memory 900MB is enough"):
        memory.share(500 << 20, 2, 120 << 20)
    memory.share(900 << 20, 2, 120 << 20)
    made.of_rows(dumps, made.rows(10))
    status, said = call("ingest", dumps, "--memory", "50MB")
    assert status == 2 and "is enough" in said


def test_a_part_on_which_the_reader_gives_up_is_kept_aside(call, dumps, store, monkeypatch):
    made.dump(dumps, [[made.csv(made.rows(20)), made.csv(made.rows(30, first=20))]])
    real = cells.read

    def read(data, *words, **named):
        if data.count(b"\n") > 24:
            raise pl.exceptions.PanicException("no")
        return real(data, *words, **named)

    monkeypatch.setattr(cells, "read", read)
    status, said = call("ingest", dumps)
    assert status == 1 and "the reader gave up on it (PanicException)" in said
    assert shown(store) == {"2025-07-01.global": 20}
