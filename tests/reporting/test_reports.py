"""A report is built, published by somebody else, corrected; its files and its texts stay as they were."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client

from fairnotice.cases.actions import reports
from fairnotice.cases.counting.counts import count
from fairnotice.cases.counting.period import Period, WrongPeriod, parse_period
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import Report, ReportFile, ReportText
from fairnotice.cases.permissions import Actor, Forbidden
from fairnotice.cases.queries import reports as queries
from fairnotice.cases.reporting import files, filling, places, reading, verifying
from fairnotice.cases.reporting.profiles import PROFILES
from fairnotice.cases.reporting.services import service_name
from fairnotice.harmonised import indicators
from fairnotice.harmonised.checking import check, check_found
from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.parts import PARTS
from fairnotice.harmonised.reading import read
from fairnotice.harmonised.report import Report as Rows
from fairnotice.ledger.models import Event
from tests.cases import making
from tests.reporting import past

pytestmark = pytest.mark.usefixtures("fn_db")

YEAR = parse_period("2025-01-01/2025-12-31")
THEN = datetime(2025, 5, 4, 12, tzinfo=UTC)
SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"


@pytest.fixture
def senior() -> Actor:
    return making.account("senior", "senior_reviewer")


@pytest.fixture
def publisher() -> Actor:
    return making.account("publisher", "publisher")


def case_of_last_year(location: str = "https://forum.example.org/post/7") -> None:
    sent = making.notice(location)
    decision = making.decided(sent, making.account(f"reviewer of {location}", "reviewer"))
    past.received(sent, THEN)
    past.took_effect(decision, THEN + past.hours(4.5))


def write_texts(actor: Actor, period: Period | None = None) -> None:
    for one in indicators.QUALITATIVE[:6]:
        reports.save_text(
            actor=actor,
            service=service_name(),
            period=period,
            key=f"11:{one.key}:value",
            text=f"About {one.key}.",
            version=0,
        )


def built(actor: Actor, reason: str = "") -> Report:
    return reports.build(actor=actor, service=service_name(), period=YEAR, reason=reason)


def cell(parts: filling.Parts, number: int, key: str, column: str) -> str:
    keys = [row_key for row_key, _row in places.rows_of(number, "platform")]
    return parts[number][keys.index(key)][PARTS[number].at(column)]


def test_the_figures_stand_in_their_cells() -> None:
    case_of_last_year()
    head = queries.head(service_name(), YEAR)
    parts = filling.fill(head, count(YEAR), {}).parts
    for row in (f"{SPEECH}/KEYWORD_DEFAMATION", SPEECH, "TOTAL"):
        got = [
            cell(parts, 4, row, column)
            for column in ("notices", "items", "median", "law", "terms", "notices_tf")
        ]
        assert got == ["1", "1", "4.5", "1", "0", "0"], row
    assert cell(parts, 4, f"{SPEECH}/KEYWORD_HATE_SPEECH", "notices") == "0"
    assert cell(parts, 4, f"{SPEECH}/KEYWORD_HATE_SPEECH", "median") == ""
    assert cell(parts, 8, "total.not", "value") == "1"
    assert cell(parts, 8, "total.solely", "value") == "0"
    assert cell(parts, 8, "total.accuracy", "value") == ""
    assert cell(parts, 7, "disputes.total", "value") == "0"
    assert cell(parts, 7, "disputes.median", "value") == ""
    assert cell(parts, 7, "complaints.total", "value") == "0"
    assert cell(parts, 3, "TOTAL", "act") == ""
    assert {row[1] for number, rows in parts.items() if number != 2 for row in rows} == {service_name()}
    assert {row[2] for number, rows in parts.items() if number not in (1, 2) for row in rows} == {str(YEAR)}


@pytest.mark.parametrize("profile", PROFILES)
def test_our_own_checker_finds_nothing(profile: str) -> None:
    case_of_last_year()
    texts = {f"11:{one.key}:value": "Words." for one in indicators.QUALITATIVE}
    texts |= {
        key: "27" if key == "10:state:TOTAL:value" else "1"
        for key, place in places.places().items()
        if place.part in (9, 10) and place.column == "value"
    }
    head = filling.Head("P", "S", YEAR, profile, date(2026, 2, 20), date(2025, 2, 20))
    found = check(Rows(filling.fill(head, count(YEAR), texts).parts))
    # The note that 2025 began before these templates did.
    assert [one for one in found if one.rule != "period-early"] == []


@pytest.mark.parametrize(
    ("profile", "complaints", "upheld", "people"),
    [("micro", "0", "", ""), ("hosting", "0", "", ""), ("platform", "0", "0", ""), ("vlop", "0", "0", "7")],
)
def test_what_cannot_apply_is_empty(profile: str, complaints: str, upheld: str, people: str) -> None:
    head = filling.Head("P", "S", YEAR, profile)
    texts = {"9:internal:value": "7", "9:language:fr:value": "2"}
    parts = filling.fill(head, count(YEAR), texts).parts
    assert cell(parts, 7, "complaints.total", "value") == complaints
    assert cell(parts, 7, "complaints.upheld", "value") == upheld
    assert cell(parts, 9, "internal", "value") == people
    scopes = [row[PARTS[10].at("scope")] for row in parts[10]]
    assert ("[...]" in scopes) is (profile != "vlop")
    assert len(scopes) == (28 if profile == "vlop" else 4)


def test_it_is_published_by_somebody_else_and_its_files_stand_in_the_log(
    senior: Actor, publisher: Actor, client: Client
) -> None:
    case_of_last_year()
    write_texts(senior)
    report = built(senior)
    with pytest.raises(Forbidden):
        reports.publish(actor=senior, report_ref=report.ref)
    both = Actor(senior.user_id, frozenset({"publisher", "senior_reviewer"}))
    with pytest.raises(Refused):
        reports.publish(actor=both, report_ref=report.ref)
    assert client.get(f"/reports/{report.ref}/").status_code == 404, "not before it is published"
    reports.publish(actor=publisher, report_ref=report.ref, today=date(2026, 2, 20))
    kept = {row.name: bytes(row.content) for row in ReportFile.objects.all()}
    assert len([name for name in kept if name.endswith(".csv")]) == 11
    event = Event.objects.get(kind="report.published")
    assert event.open["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in kept.items()
    }
    rows = list(csv.reader(io.StringIO(kept["1_report_identification.csv"].decode(), newline="")))
    assert ["All", service_name(), "Date of the publication of the report", "2026-02-20"] in rows
    page = client.get(f"/reports/{report.ref}/")
    assert page.status_code == 200 and "4.5" in page.content.decode()
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/reports/{report.ref}/all.zip").content))
    assert {name: archive.read(name) for name in archive.namelist()} == kept
    with pytest.raises((Conflict, Refused)):
        reports.publish(actor=publisher, report_ref=report.ref)


def test_one_person_alone_may_publish_where_the_team_is_small(senior: Actor, settings: object) -> None:
    settings.FN_SMALL_TEAM = True  # type: ignore[attr-defined]
    write_texts(senior)
    alone = Actor(senior.user_id, frozenset({"senior_reviewer", "administrator"}))
    assert reports.publish(actor=alone, report_ref=built(alone).ref).status.state == "published"


def test_a_report_without_its_words_is_not_published(senior: Actor, publisher: Actor) -> None:
    report = built(senior)
    assert len(queries.missing_texts(report)) == 6
    with pytest.raises(Refused, match="qualitative"):
        reports.publish(actor=publisher, report_ref=report.ref)


def test_a_correction_says_why_and_what_and_the_version_before_stays(
    senior: Actor, publisher: Actor, client: Client
) -> None:
    case_of_last_year()
    write_texts(senior)
    first = built(senior)
    reports.publish(actor=publisher, report_ref=first.ref)
    with pytest.raises(Invalid):
        built(senior)
    key = "11:summary:value"
    reports.save_text(
        actor=senior, service=service_name(), period=YEAR, key=key, text="=Said better.", version=0
    )
    # As a word processor writes it when somebody breaks a line within a paragraph.
    second = built(senior, "The summary left out the second half.\x0bIt is there now.")
    reports.publish(actor=publisher, report_ref=second.ref)
    first.status.refresh_from_db()
    assert (first.status.state, second.number) == ("corrected", 2)
    page = client.get(f"/reports/{second.ref}/").content.decode()
    assert "The summary left out the second half." in page and "<ins>=Said better.</ins>" in page
    assert "This version was corrected" in client.get(f"/reports/{first.ref}/").content.decode()
    changed = client.get(f"/reports/{second.ref}/files/changes.csv").content.decode()
    assert "'=Said better." in changed, "a spreadsheet must not run it"
    archive = client.get(f"/reports/{second.ref}/all.zip").content
    faults = check_found(read([Entry("report.zip", archive)]))
    # The year is long past here; nothing else is amiss, and the list of changes is no fault.
    assert [one.rule for one in faults] == ["published-late", "period-early"]
    assert faults[0].found.endswith(" > 2026-02-28")
    listed = client.get("/reports/").content.decode()
    assert first.ref in listed and second.ref in listed
    feed = client.get("/reports/feed.atom")
    assert feed.status_code == 200 and "second half. It is there now." in feed.content.decode()
    assert client.get(f"/reports/{first.ref}/files/4_notices.csv").status_code == 200


def test_two_corrections_at_once_do_not_pass_each_other(senior: Actor, publisher: Actor) -> None:
    write_texts(senior)
    one, two = built(senior), built(senior)
    reports.publish(actor=publisher, report_ref=one.ref)
    with pytest.raises(Conflict):
        reports.publish(actor=publisher, report_ref=two.ref)
    reports.drop(actor=senior, report_ref=two.ref)
    assert list(queries.built()) == []


def test_every_saved_version_of_a_text_stays_and_none_is_overwritten(senior: Actor) -> None:
    key = "4:TOTAL:note_notices"

    def save(text: str, version: int, period: Period | None = None) -> ReportText:
        return reports.save_text(
            actor=senior, service=service_name(), period=period, key=key, text=text, version=version
        )

    save("First.", 0)
    save("Second.", 1)
    with pytest.raises(Conflict):
        save("Late.", 1)
    save("", 0, YEAR)
    assert queries.texts(service_name(), YEAR).get(key) is None
    save("Only then.", 1, YEAR)
    assert queries.texts(service_name(), YEAR)[key] == "Only then."
    assert [one.text for one in queries.text_history(service_name(), None, key)] == ["Second.", "First."]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("9:internal:value", "seven"),
        ("8:total.accuracy:value", "95%"),
        ("8:total.accuracy:value", "1.5"),
        ("1:previous:value", "20/02/2026"),
        ("1:previous:value", "2026-02-30"),
        ("11:summary:value", "x" * 5001),
        ("11:summary:value", "a\0b"),
    ],
)
def test_a_wrong_text_is_refused(senior: Actor, key: str, text: str) -> None:
    with pytest.raises(Invalid):
        reports.save_text(actor=senior, service=service_name(), period=None, key=key, text=text, version=0)
    assert not ReportText.objects.exists()


def test_a_counted_cell_is_nobodys_to_write(senior: Actor) -> None:
    for key in ("4:TOTAL:notices", "7:complaints.total:value", "8:total.not:value", "1:name:value"):
        with pytest.raises(NotFound):
            reports.save_text(actor=senior, service=service_name(), period=None, key=key, text="1", version=0)


def test_an_unknown_service_and_an_open_period_are_refused(senior: Actor) -> None:
    with pytest.raises(NotFound, match=service_name()):
        reports.build(actor=senior, service="Another", period=YEAR)
    now = datetime.now(UTC).date()
    month = parse_period(f"{now:%Y}-01-01/{now:%Y}-12-31")
    with pytest.raises(Refused):
        reports.build(actor=senior, service=service_name(), period=month)


@pytest.mark.parametrize(
    "text",
    [
        "2026",
        "2026-12-31/2026-01-01",
        "2026-01-02/2026-12-31",
        "2026-01-01/2026-12-30",
        "2025-01-01/2026-12-31",
        "2026-02-01/2026-02-29",
        "2026-1-1/2026-12-31",
        "0001-01-01/0001-12-31",
        "",
    ],
)
def test_a_wrong_period_is_refused(text: str) -> None:
    with pytest.raises(WrongPeriod):
        parse_period(text)


def test_acting_in_january_on_a_notice_of_december_is_no_more_than_a_note() -> None:
    sent = making.notice()
    decision = making.decided(sent, making.account("reviewer", "reviewer"))
    past.received(sent, datetime(2024, 12, 31, 12, tzinfo=UTC))
    past.took_effect(decision, datetime(2025, 1, 1, 12, tzinfo=UTC))
    head = replace(queries.head(service_name(), YEAR), published=date(2026, 2, 20))
    made = filling.fill(head, count(YEAR), {})
    assert cell(made.parts, 4, "TOTAL", "items") == "0"
    faults = {(one.rule, one.severity) for one in check(Rows(made.parts)) if one.rule != "text-missing"}
    assert faults == {("actions-more", "note"), ("period-early", "note")}


def test_a_folder_without_a_report_is_said_as_such(tmp_path: Path) -> None:
    with pytest.raises(reading.Unreadable, match="is not there"):
        reading.report(tmp_path)
    (tmp_path / "provenance.json").write_text("[" * 100_000)
    with pytest.raises(reading.Unreadable, match="is not JSON"):
        reading.report(tmp_path)


def test_verifying_finds_a_figure_that_was_changed(tmp_path: Path) -> None:
    case_of_last_year()
    head = queries.head(service_name(), YEAR)
    made = filling.fill(head, count(YEAR), {}).parts
    for name, content in files.files_of(made, filling.provenance(head, "0")):
        (tmp_path / name).write_bytes(content)
    read = reading.report(tmp_path)
    result = verifying.verify(read.parts, YEAR, read.profile)
    assert result.good and result.cases.compared > 1000 and len(result.without_tally) == 12
    path = tmp_path / "4_notices.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace(",1,0,1,0,4.5,,1,0,0,0,", ",1,0,1,0,4.4,,2,0,0,0,", 1), "utf-8", newline="")
    found = verifying.verify(reading.report(tmp_path).parts, YEAR, "platform")
    said = [(one.definition, one.found, one.expected, one.line) for one in found.cases.differences]
    assert said == [("notices.median", "4.4", "4.5", 2), ("notices.law", "2", "1", 2)]
    (tmp_path / "7_appeals_and_recidivism.csv").unlink()
    assert not verifying.verify(reading.report(tmp_path).parts, YEAR, "platform").good
