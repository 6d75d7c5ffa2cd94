"""`fairnotice statements check` in its own words, and without a site."""

from __future__ import annotations

import json
import sys

import pytest

from fairnotice.site import cli
from tests.transparencydb.made import right
from tests.transparencydb.test_files import csv_text, keep, zipped


def run(capsys, *words):
    status = cli.main(["statements", "check", *map(str, words)])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_right_file_ends_well(capsys, tmp_path):
    status, out, _err = run(capsys, keep(tmp_path, json.dumps([right()]).encode(), "s.json"))
    assert (
        status == 0 and out.startswith("1 statements (v2: 1) in ") and out.endswith("No fault was found.\n")
    )


def test_faults_are_said_with_file_and_row_and_without_the_words(capsys, tmp_path):
    wrong = right(puid="p2", decision_facts="Written by somebody@mail.example.", category="no")
    status, out, _err = run(
        capsys, keep(tmp_path, csv_text(right(puid="p1"), wrong) + b"1,2\n"), "--limit", "1"
    )
    assert status == 1
    assert "1 rows could not be read:\n    dump.csv:3: 2 cells instead of 38\n" in out
    assert "    dump.csv:2: e-mail address at character 12\n" in out and "somebody" not in out
    assert out.index("database: unknown") < out.index("ours: personal_data")
    assert out.endswith("1 of 2 statements break a rule.\n")


def test_a_name_within_a_zip_moves_no_cursor(capsys, tmp_path):
    names = {"\x1b[2Ja.csv": csv_text(right(category="no")), "\x1b[2Jb.csv": b"no,dump\n"}
    status, out, _err = run(capsys, keep(tmp_path, zipped(**names), "day.zip"))
    assert status == 1 and "\x1b" not in out
    assert "    \\u001b[2Ja.csv:1: no\n" in out and "Not read: \\u001b[2Jb.csv: no dump" in out


@pytest.mark.parametrize("engine", ["plain", "polars"])
def test_a_table_of_codes_alone_is_checked_as_far_as_it_goes(capsys, tmp_path, engine):
    data = csv_text(right(), right(category="no"), columns=("category", "decision_ground", "source_type"))
    status, out, err = run(capsys, keep(tmp_path, data), "--engine", engine)
    assert (status, err) == (1, "")
    assert "    dump.csv:2: no\n" in out and out.endswith("1 of 2 statements break a rule.\n")


def test_as_json(capsys, tmp_path):
    path = keep(tmp_path, csv_text(right(puid="p1", category="no")))
    status, out, _err = run(capsys, path, "--json", "--schema", "v2", "--engine", "polars")
    found = json.loads(out)
    assert (status, found["engine"], found["rows"], found["rows_with_faults"], found["versions"]) == (
        1,
        "polars",
        1,
        1,
        {"v2": 1},
    )
    assert [(rule["rule"], rule["field"], rule["count"], rule["examples"]) for rule in found["rules"]] == [
        ("unknown", "category", 1, [{"file": "dump.csv", "row": 1, "found": "no"}])
    ]


def test_without_polars_the_plain_engine_does_it_and_says_so(capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fairnotice.transparencydb.vector", None)
    path = keep(tmp_path, csv_text(right()))
    status, out, _err = run(capsys, path, "--json")
    assert (status, json.loads(out)["engine"]) == (0, "plain")
    status, _out, err = run(capsys, path, "--engine", "polars")
    assert status == 2 and err == "polars is not installed: pip install fairnotice[data]\n"
    monkeypatch.setattr("fairnotice.site.statement_commands.SLOW_FROM", 1)
    assert "With polars (pip install fairnotice[data]) it is many times faster." in run(capsys, path)[1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"a,b\n",
            "no rows of a dump could be read: no dump: its first line does not name the columns of one.",
        ),
        (b"[1, 2]", "this is no JSON with statements."),
        (b"", "no rows of a dump could be read: no dump: its first line does not name the columns of one."),
    ],
)
def test_what_holds_no_statements_cannot_be_used(capsys, tmp_path, data, said):
    path = keep(tmp_path, data, "file")
    assert run(capsys, path) == (2, "", f"{path}: {said}\n")


def test_a_file_that_is_not_there(capsys, tmp_path):
    status, _out, err = run(capsys, tmp_path / "none.csv")
    assert status == 2 and "No such file" in err
    with pytest.raises(SystemExit):
        run(capsys, tmp_path, "--limit", "many")
