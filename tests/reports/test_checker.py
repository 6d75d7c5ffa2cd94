"""The process that reads strangers' reports: it answers as the pure checker does, and outlives what kills it."""

from __future__ import annotations

from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.writing import csv_files, xlsx_bytes
from fairnotice.plumbing.limited import Answer, Ended
from fairnotice.reports.checker import Checker
from tests.harmonised.right import right

FILES = dict(csv_files(right()))


def test_the_process_answers_as_the_checker_does():
    with Checker() as checker:
        assert checker.check([Entry(name, data) for name, data in FILES.items()]).faults == []
        assert checker.check([Entry("report.xlsx", xlsx_bytes(right()))]).faults == []
        other = checker.check([Entry("4_notices.csv", FILES["4_notices.csv"].decode().encode("utf-16"))])
        assert [one.rule for one in other.faults] == ["file-encoding"]
        assert checker.check([Entry("a.zip", b"PK\x03\x04")]).parts == []
        assert checker.usage.started == 1


def test_a_file_that_kills_the_process_is_named_and_the_rest_is_checked(monkeypatch):
    checker = Checker()
    about = checker._about

    def deadly(entries, limits):
        if any(one.data == b"deadly" for one in entries):
            raise Ended
        return Answer({"files": [one.name for one in entries], "found": [], "siblings": [],
                       "faults": [["x.xls", 0, "", "file-unreadable", "", "error", "", one.why, ""] for one in entries if one.why]})  # fmt: skip

    monkeypatch.setattr(checker, "_about", deadly)
    found = checker.check([Entry("a.csv", b"fine"), Entry("x.xls", b"deadly")])
    assert found.files == ["a.csv", "x.xls"]
    assert [(one.file, one.found) for one in found.faults] == [("x.xls", "Reading it took too much.")]
    assert about is not deadly
