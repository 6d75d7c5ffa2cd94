"""Dumps into the store, through the command: what is read, skipped, refused, damaged, and what it says."""

from __future__ import annotations

import importlib.util
import json
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fairnotice.observatory.ingest import writing
from fairnotice.site import cli
from tests.observatory import made
from tests.observatory.stored import rows_of, shown, sound

DAY, NEXT, OLD = date(2025, 7, 1), date(2025, 7, 2), date(2025, 6, 30)


def test_a_folder_of_dumps_becomes_days(call, dumps, store):
    made.of_rows(dumps, made.rows(130, DAY), DAY)
    made.of_rows(dumps / "more", made.v1(made.rows(90, OLD)), OLD)
    (dumps / "notes.zip").write_bytes(b"none of ours")
    status, said = call("ingest", dumps)
    assert status == 0 and "2 days read, 220 statements" in said
    assert shown(store) == {"2025-06-30.global": 90, "2025-07-01.global": 130}
    sound(store)
    manifest = store.days()[0].manifest()
    assert (manifest.version, manifest.kind, manifest.sha1_published, manifest.whole) == (
        "v1",
        "full",
        True,
        True,
    )
    rows = rows_of(store)
    assert set(rows["version"]) == {"v1", "v2"} and not any("SCOPE_OF" in one for one in rows["category"])
    for path in (file for day in store.days() for file in day.rows()):
        file = pl.read_parquet(path).select("platform", "created_at")
        assert file.equals(file.sort("platform", "created_at"))


def test_again_it_is_skipped_and_another_file_is_refused(call, dumps, store):
    path = made.of_rows(dumps, made.rows(50), kind="light")
    call("ingest", path)
    status, said = call("ingest", path)
    assert status == 0 and f"Skipped: {path.name}: it is there already." in said
    made.of_rows(dumps, made.rows(60), kind="full")
    status, said = call("ingest", dumps)
    assert status == 1 and "--replace puts this one in its place" in said
    assert "the full dump of the same day is here too" in said
    assert store.days()[0].manifest().kind == "light"
    status, said = call("ingest", dumps, "--replace")
    assert status == 0 and shown(store) == {"2025-07-01.global": 60}
    sound(store)


def test_without_a_sha1_it_is_said(call, dumps, store):
    path = made.of_rows(dumps, made.rows(10))
    path.with_name(path.name + ".sha1").unlink()
    status, said = call("ingest", path)
    assert status == 0 and "no .sha1 was beside it" in said
    assert not store.days()[0].manifest().sha1_published
    assert "it is there already" in call("ingest", path)[1]


def test_a_wrong_sha1_leaves_the_day_absent_and_the_others_go_on(call, dumps, store):
    path = made.of_rows(dumps, made.rows(50, DAY), DAY)
    made.of_rows(dumps, made.rows(40, NEXT), NEXT)
    path.write_bytes(path.read_bytes() + b"\n")
    for words, seen in ((("--dry-run",), {}), ((), {"2025-07-02.global": 40})):
        status, said = call("ingest", dumps, *words)
        assert status == 1 and "it is not the file that" in said and "download both again" in said
        assert shown(store) == seen
    sound(store)


@pytest.mark.parametrize("fault", ["cut off", "empty", "no zip", "all parts damaged"])
def test_a_dump_that_cannot_be_read_leaves_the_day_absent(call, dumps, store, fault):
    path = made.of_rows(dumps, made.rows(50, DAY), DAY)
    made.of_rows(dumps, made.rows(40, NEXT), NEXT)
    data = path.read_bytes()
    if fault == "all parts damaged":
        made.dump(dumps, [[b"a,b\n1,2"]], DAY)
    else:
        path.write_bytes({"cut off": data[: len(data) // 2], "empty": b"", "no zip": b"<html>sorry"}[fault])
        made.write_sha1(path)
    status, said = call("ingest", dumps)
    assert status == 1 and f"NOT READ: {path.name}: " in said
    assert "cut off" in said or "download it again" in said
    assert shown(store) == {"2025-07-02.global": 40}
    sound(store)


def test_a_damaged_part_is_kept_aside_and_the_rest_goes_on(call, dumps, store):
    csvs = [made.csv(made.rows(20, first=20 * place)) for place in range(4)]
    path = made.dump(dumps, [csvs[:2], csvs[2:]])
    with zipfile.ZipFile(path) as outer:
        inner = outer.read(outer.namelist()[0])
    with zipfile.ZipFile(path) as outer:
        span = outer.infolist()[1].header_offset
    data = bytearray(path.read_bytes().replace(inner, inner[:-22] + bytes(22)))
    data[span + 400] ^= 1
    path.write_bytes(bytes(data))
    made.write_sha1(path)
    status, said = call("ingest", path)
    assert status == 1 and "DAMAGED: 2025-07-01 (global) lacks 2 parts" in said
    assert shown(store) == {"2025-07-01.global": 20}
    damaged = store.days()[0].manifest().damaged
    assert [one.name[-15:] for one in damaged] == ["l-00000.csv.zip", "00001-00000.csv"]
    assert all((store.aside / one.kept).stat().st_size > 100 for one in damaged)
    assert (store.aside / damaged[0].kept).read_bytes() == inner[:-22] + bytes(22)
    assert "2 DAMAGED" in call("days")[1]
    made.dump(dumps, [csvs[:2], csvs[2:]])
    assert call("ingest", path)[0] == 1
    assert call("ingest", path, "--replace")[0] == 0
    assert shown(store) == {"2025-07-01.global": 80} and not any(store.aside.iterdir())
    sound(store)


def test_rows_that_cannot_be_read_are_counted_and_kept(call, dumps, store):
    good, spoilt = (
        made.csv(made.rows(20)),
        made.csv(made.rows(20, first=20)).replace(b'"Facts', b'"F\xffcts', 3),
    )
    made.dump(dumps, [[good, spoilt]])
    status, said = call("ingest", dumps)
    assert status == 1 and "lacks 0 parts and 3 rows" in said and "bytes that are no UTF-8" in said
    (damaged,) = store.days()[0].manifest().damaged
    assert store.days()[0].manifest().tolerant == 1 and "1 CSVs had a slip in them" in said
    assert damaged.rows == 3 and (store.aside / damaged.kept).read_bytes().count(b"\xff") == 3
    assert shown(store) == {"2025-07-01.global": 37}
    sound(store)


def test_what_lies_aside_goes_with_its_day(call, dumps, store):
    spoilt = made.csv(made.rows(9)).replace(b"Facts", b"F\xffcts", 2)
    call("ingest", made.dump(dumps / "one", [[spoilt]], scope="meadow"))
    assert [path.name for path in store.aside.iterdir()] == ["2025-07-01.meadow"]
    call("ingest", made.dump(dumps / "all", [[spoilt]]), "--replace")
    assert [path.name for path in store.aside.iterdir()] == ["2025-07-01.global"]
    call("forget", DAY)
    assert not any(store.aside.iterdir())
    sound(store)


def test_parts_of_one_name_are_all_kept(call, dumps, store):
    spoilt = [made.csv(made.rows(9, first=9 * place)).replace(b"Facts", b"F\xffcts") for place in range(2)]
    folder = dumps / "x"
    path = made.dump(folder, [[b"first"], [b"second"], [spoilt[0]], [spoilt[1]], [made.csv(made.rows(5))]])
    data = path.read_bytes()
    for place in range(1, 5):
        data = data.replace(b"-%05d-00000.csv" % place, b"-00000-00000.csv")
    path.write_bytes(data)
    made.write_sha1(path)
    assert call("ingest", path)[0] == 1
    kept = [(store.aside / one.kept).read_bytes() for one in store.days()[0].manifest().damaged]
    assert len(set(kept)) == 4
    sound(store)


def test_unknown_codes_are_told(call, dumps, store):
    made.of_rows(dumps, made.rows(30, category="STATEMENT_CATEGORY_PIRACY"))
    status, said = call("ingest", dumps)
    assert status == 0 and "category: STATEMENT_CATEGORY_PIRACY: 30 rows" in said
    assert store.days()[0].manifest().unknown == {"category": {"STATEMENT_CATEGORY_PIRACY": 30}}
    assert "1 unknown value" in call("days")[1]


def test_a_day_is_global_or_by_platforms_never_both(call, dumps, store):
    whole = made.of_rows(dumps, made.rows(50))
    one = made.of_rows(dumps, made.rows(20), scope="meadow")
    other = made.of_rows(dumps, made.rows(30), scope="harbour")
    status, said = call("ingest", dumps)
    assert status == 0 and said.count("the global dump of the same day is here too") == 2
    assert shown(store) == {"2025-07-01.global": 50}
    status, said = call("ingest", one)
    assert status == 1 and "there as the global dump" in said and "--replace" in said
    assert call("ingest", one, other, "--replace")[0] == 0
    assert shown(store) == {"2025-07-01.harbour": 30, "2025-07-01.meadow": 20}
    status, said = call("ingest", whole)
    assert status == 1 and "by platforms (harbour, meadow)" in said
    assert call("ingest", whole, "--replace")[0] == 0
    assert shown(store) == {"2025-07-01.global": 50}
    sound(store)


def test_texts_are_kept_only_when_asked(call, dumps, store):
    made.of_rows(dumps, made.rows(90))
    call("ingest", dumps)
    assert not store.days()[0].texts()
    assert "--replace reads it again with them" in call("ingest", dumps, "--keep-text")[1]
    call("ingest", dumps, "--keep-text", "--replace")
    (day,) = store.days()
    for rows, texts in zip(day.rows(), day.texts(), strict=True):
        both = pl.concat([pl.read_parquet(rows), pl.read_parquet(texts)], how="horizontal")
        numbers = both["platform_uid"].str.strip_prefix("id-").cast(pl.Int64).to_list()
        assert both["platform"].to_list() == [made.row(number)["platform_name"] for number in numbers]
        assert both["decision_facts"].to_list() == [f"Facts of number {number}." for number in numbers]


def test_the_list_of_days_and_forgetting_one(call, dumps, store):
    assert call("days")[0] == 2
    for day in (DAY, date(2025, 7, 4)):
        made.of_rows(dumps, made.rows(10, day), day)
    call("ingest", dumps)
    status, said = call("days")
    assert status == 0 and "2 days, 20 statements" in said and "2025-07-02, 2025-07-03" in said
    found = json.loads(call("days", "--json")[1])
    assert [(one["day"], one["rows"], one["whole"]) for one in found] == [
        ("2025-07-01", 10, True),
        ("2025-07-04", 10, True),
    ]
    assert call("forget", "2025-07-01", "--scope", "meadow")[0] == 1
    assert call("forget", "2025-07-01") == (0, "Taken out: 2025-07-01, global.\n")
    assert call("forget", "2025-07-01")[0] == 1
    assert shown(store) == {"2025-07-04.global": 10}
    sound(store)


def test_dry_run_writes_nothing(call, dumps, store):
    made.of_rows(dumps, made.rows(10))
    status, said = call("ingest", dumps, "--dry-run")
    assert status == 0 and "Would read sor-global-2025-07-01-full.zip" in said and "sha1 is right" in said
    assert not store.path.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere",), "there is no such file or folder"),
        ((".", "--memory", "5"), "write it as 500MB or 2GB"),
        ((".", "--workers", "0"), "a number from 1 to 256"),
    ],
)
def test_what_cannot_be_used_so_is_said(call, monkeypatch, tmp_path, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    try:
        status, said = call("ingest", *words)
    except SystemExit as stop:
        status, said = stop.code, capsys.readouterr().err
    assert status == 2 and says in said


def test_without_the_libraries_one_line_says_what_to_install(call, monkeypatch, tmp_path):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "isal" else real(name))
    assert call("ingest", tmp_path) == (2, "isal is not installed: pip install 'fairnotice[data]'\n")


def test_a_folder_without_dumps_and_a_file_with_another_name_are_told(call, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "dump.zip").write_bytes(b"x")
    status, said = call("ingest", tmp_path / "empty", tmp_path / "dump.zip")
    assert status == 1 and "there is no zip in this folder" in said and "its day is not known" in said
    # A folder of zips that all have other names says so, rather than nothing.
    status, said = call("ingest", tmp_path)
    assert status == 1 and "there is no dump: none of its zips has the name of one" in said


def test_what_cannot_be_opened_in_a_folder_leaves_the_other_dumps(call, dumps, store):
    made.of_rows(dumps, made.rows(10))
    (dumps / f"{made.name_of(NEXT)}.zip").mkdir()
    (dumps / f"{made.name_of(OLD)}.zip").symlink_to(dumps / "nowhere")
    status, said = call("ingest", dumps)
    assert status == 1 and "sor-global-2025-06-30-full.zip: it cannot be read: No such file" in said
    assert shown(store) == {"2025-07-01.global": 10}


def test_a_spoilt_manifest_names_its_day_and_what_to_do(call, dumps, store):
    path = made.of_rows(dumps, made.rows(10))
    call("ingest", path)
    (store.path / "days" / "2025" / "02" / "2025-02-30.global").mkdir(parents=True)
    for spoilt in (b"{", b"\xff"):
        (store.days()[0].folder / "manifest.json").write_bytes(spoilt)
        for words in (["days"], ["ingest", path]):
            said = call(*words)[1]
            assert "2025-07-01.global" in said and "ingest that day again with --replace" in said
        assert call("ingest", path, "--replace")[0] == 0
    sound(store)


def test_a_full_disk_stops_it_and_the_same_command_goes_on(call, dumps, store, monkeypatch):
    for day in (DAY, NEXT):
        made.of_rows(dumps, made.rows(100, day), day)
    real, full = writing.write_frame, Path("/dev/full")
    monkeypatch.setattr(
        writing,
        "write_frame",
        lambda path, frame: real(full if "2025-07-02" in str(path) else path, frame),
    )
    status, said = call("ingest", dumps)
    assert status == 1 and "there is no room left" in said and "run the same command again" in said
    assert shown(store) == {"2025-07-01.global": 100}
    sound(store)
    monkeypatch.undo()
    assert call("ingest", dumps)[0] == 0
    assert shown(store) == {"2025-07-01.global": 100, "2025-07-02.global": 100}
    sound(store)


def test_a_store_may_lie_in_a_folder_whose_name_looks_like_a_pattern(dumps, tmp_path, capsys):
    made.of_rows(dumps, made.rows(50, DAY), DAY)
    store = ["--store", str(tmp_path / "all [2025] * of ünï {x} ?" / "observatory")]
    assert cli.main(["observatory", "ingest", str(dumps), *store]) == 0
    assert cli.main(["observatory", "ask", "--by", "day", "--format", "csv", *store]) == 0
    assert "2025-07-01,50\n" in capsys.readouterr().out


def test_what_is_said_to_mend_a_day_does_mend_it(call, dumps, store):
    made.of_rows(dumps, made.rows(50, DAY), DAY)
    call("ingest", dumps)
    (day,) = store.days()
    for broken, says in (
        (lambda: day.cube("reach").write_bytes(b"no parquet"), "a file of the store is not readable"),
        (lambda: [one.unlink() for one in (*day.rows(), day.cube("reach"))], "has no rows"),
        (lambda: (day.folder / "manifest.json").unlink(), "has no manifest.json"),
        (lambda: (day.folder / "manifest.json").write_text("[]"), "2025-07-01.global: a manifest.json"),
    ):
        broken()
        status, said = call("ask", "--by", "territorial_scope")
        assert status == 1 and says in said and said.endswith("ingest that day again with --replace.\n")
        assert call("ingest", dumps, "--replace")[0] == 0
        assert call("ask", "--by", "territorial_scope")[0] == 0


def test_nothing_is_made_where_there_is_nothing_to_forget(call, store):
    status, said = call("forget", "2025-07-01")
    assert status == 1 and said == f"{store.path}: there is no store.\n" and not store.path.exists()
