"""`fairnotice answerable import`, `runs`, `bad-lines` and `lookup` as an operator sees them."""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path

import pytest

from fairnotice.answerable.commands import add_parser
from fairnotice.answerable.models import ImportRun, Organisation
from tests.answerable.loading import FILE, HEADER

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["answerable", *words])
    status: int = args.run(args)
    return status


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "network.csv"
    path.write_text("\n".join(FILE), "utf-8")
    return path


def test_import_then_look_up(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", str(file)) == 0
    assert capsys.readouterr().out == "5 lines: 5 added, 0 changed, 0 unchanged, 0 bad\n"
    assert run("lookup", "http://192.0.2.17/x", "--at", "2025-01-31") == 0
    shown = capsys.readouterr().out
    assert "192.0.2.17 on 2025-01-31" in shown
    assert "Example Network (ORG-NET): allocation of 192.0.2.0/24, since 2020-01-01" in shown
    assert "Example Hosting (ORG-HOST): lease of 192.0.2.0/26" in shown
    assert "Contact: Example Hosting, mail abuse@example.org" in shown
    assert run("lookup", "AS64500", "--json") == 0
    assert json.loads(capsys.readouterr().out)["links"][0]["handle"] == "ORG-NET"


def test_look_up_without_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lookup", "example.org") == 1
    assert "No organisation is recorded" in capsys.readouterr().out
    assert run("lookup", "what is this") == 1
    assert "neither a web address" in capsys.readouterr().out


def test_dry_run(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", str(file), "--dry-run") == 0
    assert "5 would be added" in capsys.readouterr().out
    assert Organisation.objects.count() == 0


def test_bad_lines_are_printed_and_written_without_formulas(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("\n".join([HEADER, "=CMD(),x,,,,,,,,,,,", FILE[1]]), "utf-8")
    bad = tmp_path / "bad.csv"
    assert run("import", str(file), "--bad", str(bad)) == 1
    assert "line 2: organisation_handle" in capsys.readouterr().out
    header, line = csv.reader(bad.read_text("utf-8").splitlines())
    assert header == ["line", "reason", "text"]
    assert (line[0], line[2]) == ("2", "'=CMD(),x,,,,,,,,,,,")
    number = str(ImportRun.objects.get().pk)
    for words in (["import", str(file), "--dry-run", "--bad"], ["bad-lines", number, "--out"]):
        again = tmp_path / "again.csv"
        run(*words, str(again))
        assert again.read_text("utf-8") == bad.read_text("utf-8")


def test_runs_and_their_bad_lines(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("\n".join([HEADER, "\x1b[2Jbad,x,,,,,,,,,,,", FILE[1]]), "utf-8")
    assert run("import", str(file)) == 1
    assert "\x1b" not in capsys.readouterr().out
    number = str(ImportRun.objects.get().pk)
    assert run("runs") == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{number}  ") and "2 lines: 1 added" in shown and "NOT FINISHED" not in shown
    assert run("bad-lines", number) == 0
    assert capsys.readouterr().out.startswith("line,reason,text\r\n2,The line holds control")
    assert run("bad-lines", number, "--erase") == 0
    assert capsys.readouterr().out == "1 lines are removed.\n"
    assert run("bad-lines", number) == 0
    assert capsys.readouterr().out == "line,reason,text\r\n"
    assert run("bad-lines", "999") == 2


def test_show_says_each_difference(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", str(file), "--dry-run", "--show") == 0
    shown = capsys.readouterr().out
    assert "added   line 3: 192.0.2.0/24 allocation to ORG-NET: since 2020-01-01, public, registry" in shown
    run("import", str(file))
    file.write_text(file.read_text("utf-8").replace("2999-01-01", ""), "utf-8")
    capsys.readouterr()
    assert run("import", str(file), "--dry-run", "--show") == 0
    before = "since 2024-06-01 until 2999-01-01, private, csv"
    after = "since 2024-06-01, private, csv"
    assert f"changed line 4: 192.0.2.0/26 lease to ORG-HOST from ORG-NET: {before} -> {after}" in (
        capsys.readouterr().out
    )


def test_a_full_file_ends_what_it_no_longer_says(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("import", str(file))
    file.write_text("\n".join(FILE[:4]), "utf-8")
    capsys.readouterr()
    assert run("import", str(file), "--full", "--as-of", "2025-06-01") == 2
    assert "say --yes" in capsys.readouterr().err
    assert run("import", str(file), "--full", "--as-of", "2025-06-01", "--dry-run") == 1
    assert "3 would be ended" in capsys.readouterr().out
    assert run("import", str(file), "--full", "--as-of", "2025-06-01", "--yes") == 0
    assert "3 lines: 0 added, 0 changed, 3 unchanged, 0 bad, 3 ended" in capsys.readouterr().out
    assert run("lookup", "AS64500", "--at", "2025-06-01") == 1
    assert run("lookup", "AS64500", "--at", "2025-05-31") == 0


def test_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.TextIOWrapper(io.BytesIO("\n".join(FILE).encode()))
    monkeypatch.setattr("sys.stdin", stream)
    assert run("import", "-") == 0
    assert "5 added" in capsys.readouterr().out


def test_unusable_files_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", str(tmp_path / "none.csv")) == 2
    assert "cannot be read" in capsys.readouterr().err
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name,address\n", "utf-8")
    assert run("import", str(wrong)) == 2
    assert "Missing columns: organisation_handle" in capsys.readouterr().err
