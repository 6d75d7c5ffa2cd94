"""Statements as files: what the database would take as it is, and nothing that a person has to look at first."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import filing_leases
from fairnotice.cases.actions import erase
from fairnotice.cases.models import Case, Filing
from fairnotice.ledger.models import Event
from fairnotice.site import filing_commands
from fairnotice.transparencydb import dump
from fairnotice.transparencydb.check import check_many, check_one
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
NAMED = "The post of @somebody says that a person took money."


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> None:
    settings.FN_DATA = tmp_path
    settings.FN_STATEMENTS = {"send": False, "url": "", "place": "production", "token_file": ""}


def decisions(count: int, **changes: Any) -> None:
    reviewer = making.account(f"r{Event.objects.count()}", "reviewer")
    for number in range(count):
        place = f"https://forum.example.org/{Event.objects.count()}-{number}"
        making.decided(making.notice(place), reviewer, **changes)


def export(folder: Path, **changes: object) -> int:
    wanted = {"out": folder, "format": "json", "since": None, "until": None, "all": False, **changes}
    return filing_commands.export(Namespace(**wanted))


def calls(folder: Path) -> list[list[dict[str, object]]]:
    files = sorted(folder.glob("statements-*.json"))
    return [json.loads(path.read_text("utf-8"))["statements"] for path in files]


def test_calls_pass_the_databases_rules_and_hold_each_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(filing_leases, "CALL", 2)
    decisions(3)
    assert export(tmp_path / "out") == 0
    found = calls(tmp_path / "out")
    assert [len(call) for call in found] == [2, 1]
    assert [check_many(call) for call in found] == [{}, {}]
    puids = [one["puid"] for call in found for one in call]
    assert puids == list(Filing.objects.order_by("pk").values_list("puid", flat=True))
    assert "3 written" in capsys.readouterr().out
    for path in (tmp_path / "out").iterdir():
        assert path.stat().st_mode & 0o077 == 0
    # Again: the same identifiers, and never into the same folder.
    assert export(tmp_path / "out") == 2
    assert export(tmp_path / "again") == 0
    assert [one["puid"] for call in calls(tmp_path / "again") for one in call] == puids
    assert Event.objects.filter(kind="filing.exported").count() == 2


def test_what_a_person_must_look_at_is_counted_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decisions(1)
    decisions(1, facts=NAMED)
    assert export(tmp_path / "out") == 1
    said = capsys.readouterr().out
    assert "1 written" in said and "1 wait for a person" in said
    assert "@somebody" not in json.dumps(calls(tmp_path / "out"))
    Filing.objects.filter(state="queued").update(state="accepted", accepted_at=timezone.now(), uuid="u" * 36)
    assert export(tmp_path / "none") == 1 and calls(tmp_path / "none") == []
    assert export(tmp_path / "all", all=True) == 1 and len(calls(tmp_path / "all")[0]) == 1


def test_the_layout_of_the_dumps(tmp_path: Path) -> None:
    decisions(2)
    assert export(tmp_path / "out", format="csv") == 0
    with (tmp_path / "out" / "statements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 and tuple(rows[0]) == dump.COLUMNS
    for row, filing in zip(rows, Filing.objects.order_by("pk"), strict=True):
        assert row["platform_uid"] == filing.puid and row["uuid"] == row["created_at"] == ""
        assert check_one(dump.to_statement(row)) == []


def test_days_narrow_it_and_erased_texts_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decisions(1)
    today = timezone.localdate()
    assert export(tmp_path / "a", since=today, until=today) == 0 and len(calls(tmp_path / "a")) == 1
    assert export(tmp_path / "b", since=today + timedelta(days=1)) == 0 and calls(tmp_path / "b") == []
    assert export(tmp_path / "c", since=today, until=today - timedelta(days=1)) == 2
    Case.objects.update(state="closed", closed_at=timezone.now())
    erase.erase(what="case", ref=Case.objects.get().ref, now=timezone.now() + timedelta(days=400))
    assert export(tmp_path / "d") == 0 and calls(tmp_path / "d") == []
    assert "1 erased, cannot be exported any more" in capsys.readouterr().out
