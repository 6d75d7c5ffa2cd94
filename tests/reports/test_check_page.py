"""The public page that checks reports: any file in, every fault out, nothing kept."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fairnotice.harmonised.report import Report
from fairnotice.harmonised.writing import csv_files, xlsx_bytes
from fairnotice.plumbing import limits
from fairnotice.reports import check_views
from tests.harmonised.right import right
from tests.harmonised.wrong import PHISHING, place_of
from tests.reports.in_process import InProcess

pytestmark = pytest.mark.usefixtures("fn_db")
PATH, RESULT = "/reports/check/", "/reports/check/result/"
RIGHT = right()


def broken() -> Report:
    report = right()
    report.parts[4][place_of(report, 4, PHISHING)][9] = "1.3hrs"
    report.parts[1][0][3] = '=HYPERLINK("x")'
    return report


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(limits, "_over", lambda *_: False)
    monkeypatch.setattr(check_views, "Checker", InProcess)


def sent(client: Client, files: dict[str, bytes]):
    return client.post(PATH, {"files": [SimpleUploadedFile(name, data) for name, data in files.items()]})


def held(page: str) -> str:
    """The signed result in the page."""
    found = re.search(r'name="result" value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_the_form_is_whole_without_scripts(client):
    page = client.get(PATH)
    assert (page.status_code, page.charset) == (200, "utf-8")
    text = page.content.decode()
    assert 'enctype="multipart/form-data"' in text and 'type="file"' in text
    assert client.head(PATH).status_code == 200


def test_a_right_report_has_no_fault_as_files_and_as_a_workbook(client):
    for files in (dict(csv_files(RIGHT)), {"report.xlsx": xlsx_bytes(RIGHT)}):
        page = sent(client, files)
        assert page.status_code == 200
        assert "No fault found" in page.content.decode()
        assert "11 of 11 parts were read" in page.content.decode()


def test_faults_are_shown_and_the_result_can_be_downloaded_from_the_page_alone(client):
    # What our own writer would have made harmless.
    files = {name: data.replace(b"'=HYPER", b"=HYPER") for name, data in csv_files(broken())}
    page = sent(client, files)
    text = html.unescape(page.content.decode())
    for part in (
        "hours-unit",
        "1.3hrs",
        "Should be:",
        "Median time to take action",
        "4_notices.csv",
        "formula",
    ):
        assert part in text
    assert "<script>" not in text and "=HYPERLINK" in text
    payload = held(page.content.decode())
    answer = client.post(RESULT, {"result": payload, "format": "csv"})
    assert answer["Content-Disposition"] == 'attachment; filename="report-check.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    [hours] = [row for row in rows if row["rule"] == "hours-unit"]
    assert (hours["file"], hours["found"], hours["suggestion"], hours["severity"]) == (
        "4_notices.csv",
        "1.3hrs",
        "1.3",
        "error",
    )
    assert [row["found"] for row in rows if row["rule"] == "formula"] == ['\'=HYPERLINK("x")']
    found = json.loads(client.post(RESULT, {"result": payload, "format": "json"}).content)
    assert {one["rule"] for one in found["faults"]} == {row["rule"] for row in rows}
    assert found["counts"]["error"] >= 1
    assert found["parts"][0] == {"part": "1_report_identification", "file": "1_report_identification.csv"}


@pytest.mark.parametrize("result", ["", "x", "eyJhIjoxfQ:1:x", "." * 5000])
def test_a_result_that_is_not_ours_is_refused(client, result):
    assert client.post(RESULT, {"result": result, "format": "csv"}).status_code == 422
    assert client.get(RESULT).status_code == 405


def test_a_form_without_files_says_so_and_too_much_too(client, monkeypatch):
    assert client.post(PATH, {}).status_code == 422
    monkeypatch.setattr(check_views, "MOST", 1000)
    too_much = sent(client, {"a.csv": b"x" * 3000})
    assert too_much.status_code == 413
    assert "Nothing was read" in too_much.content.decode()


@pytest.mark.parametrize(
    "data", [b"", b"\0\xff" * 200, b"PK\x03\x04broken", b"%PDF-1.4", b"<svg onload=alert(1)>"]
)
def test_any_file_is_answered(client, data):
    page = sent(client, {"<b>x.csv": data})
    text = page.content.decode()
    assert page.status_code == 200
    assert "No report was found" in text
    assert "<b>x" not in text and "onload" not in text


def test_the_token_is_asked_for_also_with_files():
    strict = Client(enforce_csrf_checks=True)
    assert sent(strict, {"a.csv": b"x"}).status_code == 403
    strict.get(PATH)
    token = strict.cookies["csrftoken"].value
    answer = strict.post(PATH, {"csrfmiddlewaretoken": token, "files": SimpleUploadedFile("a.csv", b"x,y")})
    assert answer.status_code == 200


def test_who_asks_too_often_waits_a_minute(client, monkeypatch):
    monkeypatch.setattr(limits, "_over", lambda door, *_: door == b"report-check" or door == "report-check")
    assert client.get(PATH).status_code == 200
    assert client.post(PATH, {}).status_code == 429


def test_one_report_at_a_time_and_the_rest_are_told(client, monkeypatch):
    monkeypatch.setattr(check_views, "_WAIT", 0.01)
    with check_views._one_at_a_time:
        busy = sent(client, {"a.csv": b"x"})
    assert (busy.status_code, "try again" in busy.content.decode()) == (503, True)
    assert sent(client, {"a.csv": b"x"}).status_code == 200


def test_a_long_result_is_cut_on_the_page_and_whole_in_the_download(client, monkeypatch):
    monkeypatch.setattr(check_views, "SHOWN", 3)
    report = right()
    for row in report.parts[6][5:30]:
        row[5] = f"{row[5]}.0"
    page = sent(client, dict(csv_files(report))).content.decode()
    assert page.count("data-severity=") == 3
    assert "in the download only" in page
    payload = held(page)
    rows = client.post(RESULT, {"result": payload, "format": "csv"}).content.decode().splitlines()
    assert len(rows) > 20
