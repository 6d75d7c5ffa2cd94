"""A month's counts are committed once, when it is over; anybody can check them, and a report against them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import erase, tallies
from fairnotice.cases.counting.counts import count
from fairnotice.cases.counting.period import parse_month, parse_period
from fairnotice.cases.models import Case, Notice, SealedValue, Tally
from fairnotice.cases.queries import reports as queries
from fairnotice.cases.queries import retention
from fairnotice.cases.reporting import files, filling, tables, verifying
from fairnotice.cases.reporting.services import service_name
from fairnotice.ledger import sequencer
from fairnotice.ledger.models import Event
from fairnotice.site import cli
from fairnotice.translog.openings import parse_leaf
from tests.cases import making
from tests.reporting import past

pytestmark = pytest.mark.usefixtures("fn_db")

MONTH = parse_month("2025-05")
DEFAMATION = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH/KEYWORD_DEFAMATION"
START = datetime(2025, 1, 10, tzinfo=UTC)


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that began in January 2025, with a case of May."""
    sent = making.notice()
    decision = making.decided(sent, making.account("r", "reviewer"))
    past.received(sent, datetime(2025, 5, 4, 12, tzinfo=UTC))
    past.took_effect(decision, datetime(2025, 5, 4, 15, tzinfo=UTC))
    first = Event.objects.order_by("id").values_list("pk", flat=True)[0]
    real = Event.objects

    class Moved:
        """The ledger's rows cannot be changed, so the first is answered with another day."""

        def order_by(self, *names: str) -> Moved:
            return self

        def values_list(self, *names: str, flat: bool) -> Moved:
            return self

        def first(self) -> datetime:
            assert real.filter(pk=first).exists()
            return START

    monkeypatch.setattr(tallies, "Event", type("Ledger", (), {"objects": Moved()}))


def close(until: datetime) -> int:
    return tallies.close_months(now=until)


def test_a_month_is_closed_a_day_after_it_ended_and_once(old: None) -> None:
    assert close(datetime(2025, 2, 1, 23, 59, tzinfo=UTC)) == 0
    assert close(datetime(2025, 2, 2, tzinfo=UTC)) == 1
    assert close(datetime(2025, 2, 2, tzinfo=UTC)) == 0
    assert close(datetime(2025, 6, 30, tzinfo=UTC)) == 4, "missed months are caught up"
    may = Tally.objects.get(month=MONTH.first)
    table = tables.read(may.table)
    assert table["counts"]["notices.received"] == {DEFAMATION: 1}
    assert table["counts"]["notices.law"] == {DEFAMATION: 1}
    assert may.cells == tables.cells_in(table) == len(table["counts"])
    assert Tally.objects.order_by("month").first().table == (  # type: ignore[union-attr]
        '{"counts":{},"format":"fair-notice-tally/1","month":"2025-01","service":"This service"}'
    )
    event = may.event
    assert event.clear_type == "tally" and parse_leaf(bytes(event.leaf)).clear_type == "tally"
    assert event.open == {
        "service": service_name(),
        "month": "2025-05",
        "cells": may.cells,
        "sha256": tables.sha256_of(may.table),
    }


def test_what_was_cut_off_between_two_months_goes_on(old: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done = tallies.close_month
    monkeypatch.setattr(
        tallies, "close_month", lambda month: done(month=month) if month.month < "2025-03" else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        close(datetime(2025, 6, 30, tzinfo=UTC))
    assert Tally.objects.count() == 2
    monkeypatch.undo()
    assert not tallies.close_month(month=parse_month("2025-01")), "closed already"
    assert tallies.close_month(month=parse_month("2025-03"))


def test_no_month_is_closed_while_the_clock_may_have_jumped(old: None) -> None:
    run = retention.last_run()
    run.refused_at = datetime(2025, 6, 1, tzinfo=UTC)
    run.save()
    assert close(datetime(2025, 6, 30, tzinfo=UTC)) == 0


def test_erasing_does_not_change_a_count(old: None) -> None:
    before = count(MONTH).table()
    assert before
    Notice.objects.update(state="withdrawn")
    Case.objects.update(state="closed", closed_at=timezone.now(), claimed_by=None)
    erase.erase(what="notice", ref=Notice.objects.get().ref)
    erase.erase(what="case", ref=Case.objects.get().ref)
    assert not SealedValue.objects.filter(owner__in=("notice", "case", "decision")).exists()
    assert count(MONTH).table() == before


@pytest.fixture
def published(old: None, client: Client, tmp_path: Path) -> Path:
    """Everything that anybody can download: tallies, and the report of half a year, unpacked."""
    assert close(datetime(2025, 7, 3, tzinfo=UTC)) == 6
    assert client.get("/reports/tallies/2025-05.proof.json").status_code == 404, "not in the log yet"
    sequencer.run_once()
    got = client.get("/reports/tallies/all.zip")
    zipfile.ZipFile(io.BytesIO(got.content)).extractall(tmp_path / "tallies")
    period = parse_period("2025-01-01/2025-06-30")
    head = queries.head(service_name(), period)
    (tmp_path / "report").mkdir()
    for name, content in files.files_of(
        filling.fill(head, count(period), {}).parts, filling.provenance(head, "0")
    ):
        (tmp_path / "report" / name).write_bytes(content)
    return tmp_path


def test_anybody_checks_a_report_against_the_tallies_offline(
    published: Path, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        client.get("/reports/tallies/2025-05.json").content
        == (published / "tallies" / "2025-05.json").read_bytes()
    )
    assert "2025-05" in client.get("/reports/tallies/").content.decode()
    report, months = str(published / "report"), str(published / "tallies")
    # As `fairnotice verify` reads it.
    assert cli.main(["verify", str(published / "tallies" / "2025-05.proof.json")]) == 0
    assert "tally.closed" in capsys.readouterr().out
    assert cli.main(["report", "verify", report, "--tallies", months]) == 0
    said = capsys.readouterr().out
    assert "figures are those of the tallies" in said and "2025-05" in said
    path = published / "report" / "4_notices.csv"
    path.write_text(
        path.read_text("utf-8").replace(",1,0,1,0,3,,1,0,", ",0,0,1,0,3,,1,0,"), "utf-8", newline=""
    )
    assert cli.main(["report", "verify", report, "--tallies", months, "--json"]) == 1
    answer = capsys.readouterr()
    assert "The log's key was taken from the tallies' own files" in answer.err
    found = json.loads(answer.out)["tallies"]["differences"]
    assert {(one["definition"], one["found"], one["expected"]) for one in found} == {
        ("notices.received", "0", "1")
    }
    assert len(found) == 3, "the sub-category, its category, and the total"


def test_the_first_year_of_a_service_is_checked_from_its_first_month(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["report", "verify", str(published / "report"), "--tallies", str(published / "tallies")]
    for month in ("2025-01", "2025-02"):
        (published / "tallies" / f"{month}.json").unlink()
    assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "No tally of 2025-01, 2025-02" in said and "The first tally here is of 2025-03" in said
    for month in ("2025-03", "2025-04", "2025-05"):
        (published / "tallies" / f"{month}.json").unlink()
    assert cli.main(arguments) == 1, "what happened in May is in no tally that is left"


def test_an_auditor_compares_the_first_year_with_its_tallies(
    old: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.reporting.test_tallies.START", datetime(2025, 4, 10, tzinfo=UTC))
    assert close(datetime(2025, 7, 3, tzinfo=UTC)) == 3
    period = parse_period("2025-01-01/2025-06-30")
    made = filling.fill(queries.head(service_name(), period), count(period), {})
    result = verifying.verify(made.parts, period, "platform")
    assert result.without_tally == () and result.good and result.tallies.compared > 1000
    later = parse_period("2025-01-01/2025-07-31")
    assert verifying.verify(made.parts, later, "platform").without_tally == ("2025-07",)


def test_a_tally_that_is_not_the_logs_is_refused(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = published / "tallies" / "2025-05.json"
    whole = path.read_text("utf-8")
    arguments = ["report", "verify", str(published / "report"), "--tallies", str(published / "tallies")]
    for wrong, reason in [
        (whole.replace(":1}", ":2}", 1), "sha256"),
        (whole.replace('"2025-05"', '"2025-04"'), "month"),
        (whole.replace("notices.received", "notices.invented"), "no count named"),
        (whole.replace(":1}", ":1.0}", 1), "whole number"),
        (f"{whole}\n", "canonical"),
        ("[]", "format"),
        ("{", "JSON"),
    ]:
        path.write_text(wrong, "utf-8")
        assert cli.main(arguments) == 2
        assert reason in capsys.readouterr().err
    path.unlink()
    assert cli.main(arguments) == 2
    assert "2025-05" in capsys.readouterr().err


def test_a_month_without_a_tally_says_so(client: Client) -> None:
    for address in ("2025-05.json", "2025-05.proof.json", "2025-13.json", "x.json"):
        assert client.get(f"/reports/tallies/{address}").status_code == 404
    assert "No month is over yet" in client.get("/reports/tallies/").content.decode()
    assert timedelta(hours=24) == tallies.GRACE
