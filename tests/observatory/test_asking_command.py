"""`fairnotice observatory ask` as it is typed."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from pathlib import Path

import pytest

from fairnotice.observatory.store import Store
from fairnotice.site import cli
from tests.observatory import made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made.store(tmp_path_factory.mktemp("command"), days=2, count=30)


class Asked:
    """What a command wrote and how it ended."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def ask(store: Store, capsys: pytest.CaptureFixture[str]):
    def run(*words: str) -> Asked:
        status = cli.main(["observatory", "ask", "--store", str(store.path), *words])
        captured = capsys.readouterr()
        return Asked(status, captured.out, captured.err)

    return run


def test_a_table_and_where_it_came_from(ask) -> None:
    found = ask("--by", "platform,automated_detection", "--where", "category=VIOLENCE", "--top", "2")
    assert found.status == 0
    assert found.out.splitlines()[0].split() == ["platform", "automated_detection", "statements"]
    assert len(found.out.splitlines()) == 4
    assert "2 rows, answered from the cube practice by duckdb, 2 days, " in found.err
    assert "Note: the period has codes of both versions" in found.err


def test_the_rows_can_be_asked_for(ask) -> None:
    cube, rows = (
        ask("--by", "category", "--format", "csv"),
        ask("--by", "category", "--format", "csv", "--rows"),
    )
    assert cube.out == rows.out
    assert "answered from the rows by duckdb" in rows.err


def test_files_are_named_by_what_they_are(ask, tmp_path: Path) -> None:
    for name in ("a.csv", "a.json", "a.parquet", "a.svg", "a.txt"):
        found = ask("--by", "week,platform", "--out", str(tmp_path / name))
        assert (found.status, found.out) == (0, "")
        assert f"Written to {tmp_path / name}" in found.err
    assert json.loads((tmp_path / "a.json").read_text())["question"]["by"] == ["week", "platform"]
    assert (tmp_path / "a.csv").read_text().startswith("week,platform,statements\n")
    assert (tmp_path / "a.parquet").read_bytes()[:4] == b"PAR1"
    assert (tmp_path / "a.svg").read_text().startswith("<svg ")
    assert (tmp_path / "a.txt").read_text().startswith("week  ")
    assert sorted(one.suffix for one in tmp_path.iterdir()) == [".csv", ".json", ".parquet", ".svg", ".txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "platfrom"], "did you mean platform"),
        (["--where", "category=VIOLENSE"], "did you mean VIOLENCE"),
        (["--measure", "speed"], "no 'speed' to measure"),
        (["--by", "category", "--measure", "per_second"], "can be asked by day, version, platform"),
        (["--since", "2025-07-02", "--until", "2025-07-01"], "ends (2025-07-01) before it begins"),
        (["--since", "2026-01-01"], "its days lie from 2025-06-30 to 2025-07-01"),
        (["--format", "parquet"], "name one with --out FILE"),
        (["--codes", "platform"], "has no list of codes"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(ask, words, said) -> None:
    found = ask(*words)
    assert (found.status, found.out) == (2, "")
    assert said in found.err and len(found.err.splitlines()) == 1


def test_an_empty_answer_has_no_picture(ask) -> None:
    found = ask("--by", "platform", "--where", "category=ANIMAL_WELFARE", "--format", "svg")
    assert (found.status, found.out) == (1, "")
    assert "nothing to draw" in found.err


def test_a_folder_that_is_not_there_is_named(ask, tmp_path: Path) -> None:
    found = ask("--by", "platform", "--out", str(tmp_path / "none" / "a.csv"))
    assert found.status == 2
    assert found.err.splitlines()[-1] == f"{tmp_path / 'none'}: there is no such folder."


def test_a_platform_written_otherwise_is_suggested(ask) -> None:
    found = ask("--where", "platform=meadow,Harbour")
    assert found.out.split()[-1] != "0"
    assert "no statement of these days is of platform 'meadow'; did you mean Meadow?" in found.err
    assert "'Harbour'" not in found.err


def test_codes_and_columns_are_listed(ask) -> None:
    assert "VIOLENCE  (STATEMENT_CATEGORY_VIOLENCE)" in ask("--codes", "category").out.splitlines()
    listed = ask("--codes").out
    assert "territorial_scope.each" in listed and "delay_publication: days from the decision" in listed
    assert "1,024  decision_facts" in ask("--codes", "said").out.splitlines()


def test_a_number_of_rows_is_said_as_people_say_it(ask) -> None:
    assert "\n1 row, answered" in "\n" + ask().err


def test_equal_is_named_where_a_column_is_no_list(ask) -> None:
    assert "category is no list: ask with = or !=" in ask("--where", "category has VIOLENCE").err


def test_who_has_read_enough_hears_no_complaint(ask, monkeypatch) -> None:
    """`| head`: the pipe is closed while the answer is written."""
    said = io.StringIO()

    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(sys, "stderr", said)
    monkeypatch.setattr(sys, "stdout", Closed())
    monkeypatch.setattr(said, "close", lambda: None)
    assert cli.main(["observatory", "show"]) == 0
    assert said.getvalue() == ""


@pytest.mark.parametrize(("engine", "extra"), [("duckdb", "data"), ("spark", "data,spark")])
def test_without_its_library_an_engine_says_what_installs_it(ask, monkeypatch, engine, extra) -> None:
    monkeypatch.setitem(sys.modules, "duckdb" if engine == "duckdb" else "pyspark", None)
    for name in ("duck", "spark"):
        monkeypatch.delitem(sys.modules, f"fairnotice.observatory.asking.{name}", raising=False)
        monkeypatch.delattr(f"fairnotice.observatory.asking.{name}", raising=False)
    found = ask("--by", "platform", "--engine", engine)
    assert found.status == 2
    assert f"pip install 'fairnotice[{extra}]'" in found.err


def test_a_file_is_not_put_in_place_of_a_pipe_a_link_or_a_folder(ask, tmp_path: Path) -> None:
    pipe, link, real = tmp_path / "pipe.csv", tmp_path / "link.csv", tmp_path / "real.csv"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert ask("--out", str(pipe)).status == 0
        assert pipe.is_fifo() and os.read(reader, 100) == b"statements\n70\n"
    finally:
        os.close(reader)
    real.write_text("old")
    link.symlink_to(real)
    assert ask("--out", str(link)).status == 0
    assert link.is_symlink() and real.read_text() == "statements\n70\n"
    found = ask("--out", str(tmp_path))
    assert found.status == 2 and found.err == f"{tmp_path}: Is a directory.\n"


def test_a_number_that_no_column_holds_is_refused_in_words(ask) -> None:
    found = ask("--where", "delay_decision=" + "1" * 5000)
    assert found.status == 2 and "11111... is longer than any number of delay_decision." in found.err
