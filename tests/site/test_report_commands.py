"""`fairnotice report check`: what it prints, and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairnotice.harmonised import files
from fairnotice.harmonised.limits import Limits
from fairnotice.harmonised.writing import write_csv, write_xlsx
from fairnotice.reports import checker
from fairnotice.site.cli import main
from tests.harmonised.right import right
from tests.harmonised.wrong import PHISHING, place_of
from tests.reports.in_process import InProcess

SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
def reports(tmp_path, monkeypatch):
    monkeypatch.setattr(checker, "Checker", InProcess)
    write_csv(right(), tmp_path / "right")
    broken = right()
    broken.parts[4][place_of(broken, 4, PHISHING)][9] = "1.3hrs"
    for row in broken.parts[5][3:6]:
        row[1] = "Other\x1b[2J"
    write_csv(broken, tmp_path / "wrong")
    (tmp_path / "none").mkdir()
    (tmp_path / "none.csv").write_text("a,b\r\n", "utf-8")
    return tmp_path


def test_a_right_report(reports, capsys):
    assert main(["report", "check", str(reports / "right")]) == 0
    assert capsys.readouterr().out == "No fault found: 11 of 11 parts in 11 files.\n"


def test_a_name_that_is_no_text_is_shown_all_the_same(reports, capsys, monkeypatch):
    name = os.fsdecode(b"z\xff.csv")
    (reports / "right" / name).write_bytes(b"x")
    monkeypatch.setattr(files.entries_of, "__defaults__", (Limits(files=11),))
    assert main(["report", "check", "--json", str(reports / "right")]) == 1
    out = capsys.readouterr().out
    assert out.encode() and json.loads(out)["files"][-1] == "z\N{REPLACEMENT CHARACTER}.csv"


def test_a_wrong_report_in_words_and_as_json(reports, capsys):
    assert main(["report", "check", str(reports / "wrong")]) == 1
    out = capsys.readouterr().out
    assert (
        "4_notices.csv\n  error    row 74, “Median time to take action”: Median times are hours, the number only.  [hours-unit]\n           found “1.3hrs”, should be “1.3”"
        in out
    )
    assert "rows 5–7, “Service”" in out
    assert "\x1b" not in out
    assert out.endswith("4 errors, 0 warnings, 0 notes; 11 of 11 parts in 11 files.\n")
    assert main(["report", "check", "--json", str(reports / "wrong")]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["counts"] == {"error": 4, "warning": 0, "note": 0}
    assert (found["faults"][0]["rule"], found["faults"][0]["row"]) == ("hours-unit", 74)


@pytest.mark.parametrize(
    ("path", "said"),
    [("nowhere", "No such file"), ("none", "no tables"), ("none.csv", "no part of a report")],
)
def test_what_is_no_report(reports, path, said, capsys):
    assert main(["report", "check", str(reports / path)]) == 2
    assert said in capsys.readouterr().err


def test_it_needs_neither_django_nor_a_data_folder(tmp_path):
    write_xlsx(right(), tmp_path / "report.xlsx")
    code = (
        "import sys; from fairnotice.site.cli import main; "
        "status = main(['report', 'check', 'report.xlsx']); "
        "print(status, [name for name in sys.modules if name.partition('.')[0] == 'django'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.stdout.splitlines() == ["No fault found: 11 of 11 parts in 1 file.", "0 []"]
    assert not (tmp_path / "var").exists()
