"""`fairnotice answerable import` and `lookup` as an operator sees them."""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path

import pytest

from fairnotice.answerable.commands import add_parser
from fairnotice.answerable.models import Organisation
from tests.answerable.test_import import FILE, HEADER

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
