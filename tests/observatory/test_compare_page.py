"""The page that compares: what it shows, what it hands to programs, what it says where it cannot."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from fairnotice.cases.actions import reports
from fairnotice.observatory.comparing import document
from fairnotice.observatory.web import answering
from tests.cases import making
from tests.harmonised.right import SERVICE
from tests.observatory import made
from tests.observatory.compared import Both, with_reports
from tests.reporting.test_reports import built, write_texts

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two reports of others beside it."""
    return with_reports(tmp_path_factory.mktemp("page")).path


@pytest.fixture
def site(folder: Path, settings: Settings) -> Iterator[Client]:
    settings.FN_OBSERVATORY_STORE = folder
    answering.forget()
    yield Client()
    answering.forget()


def test_it_begins_with_the_reports_that_there_are(site: Client) -> None:
    page = site.get("/observatory/compare/").content.decode()
    assert "Choose a report" in page
    assert all(f'<option value="file:{name}">{name}</option>' in page for name in ("other", "right"))
    assert 'href="/observatory/compare/" aria-current="page"' in page


def test_differences_have_a_word_and_a_shape(site: Client) -> None:
    page = site.get("/observatory/compare/", {"report": "file:other"}).content.decode()
    assert f"beside 56 statements of {SERVICE}" in page
    assert '<span class="badge alert"><span aria-hidden="true">■</span> far apart</span>' in page
    assert "All measures: all together" in page
    assert "3 of the 3 days of this period are here." in page
    assert "higher than all peers" in page
    assert "more figures that are alike or not judged</a>" in page
    everything = site.get("/observatory/compare/", {"report": "file:other", "all": "yes"}).content.decode()
    assert everything.count("<tr>") > page.count("<tr>") + 50


def test_the_files_have_everything_and_the_json_can_be_verified(site: Client, folder: Path) -> None:
    from fairnotice.observatory.asking import ask
    from fairnotice.observatory.store import Store

    answer = site.get("/observatory/compare.json", {"report": "file:right"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    found = document.check(json.loads(answer.content))
    assert document.verify(found, Store(folder), ask).holds
    rows = list(
        csv.DictReader(io.StringIO(site.get("/observatory/compare.csv?report=file:right").content.decode()))
    )
    assert len(rows) == len(found["lines"]) + len(found["beside"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, {"report": "Name a report."}),
        ({"report": "../right"}, {"report": "There is no such report here."}),
        (
            {"report": "file:right", "platform": "Nobody", "x": "1"},
            {
                "platform": "There is no statement of such a platform here; it was left out.",
                "x": "There is no such parameter here. These are: report, platform, all",
            },
        ),
    ],
)
def test_what_programs_ask_wrongly_is_refused(
    site: Client, query: dict[str, str], said: dict[str, str]
) -> None:
    answer = site.get("/observatory/compare.json", query)
    assert (answer.status_code, answer.json()["faults"]) == (400, said)


def test_what_cannot_be_compared_is_said(site: Client, folder: Path) -> None:
    both = Both()
    both.set(1, "start", "value", "2020-01-01")
    both.set(1, "end", "value", "2020-06-30")
    both.write(folder / "reports" / "old")
    for row in both.report.parts[1]:
        row[1] = row[3] = "Another"
    (folder / "reports" / "none.csv").write_text("a,b\r\n", "utf-8")
    page = site.get("/observatory/compare/", {"report": "file:old"}).content.decode()
    assert "No day of the report’s period is there." in page
    page = site.get("/observatory/compare/", {"report": "file:none.csv"}).content.decode()
    assert "Nothing in this report can be compared with statements." in page


def test_without_a_store_there_is_nothing_to_compare(settings: Settings, tmp_path: Path) -> None:
    settings.FN_OBSERVATORY_STORE = tmp_path / "none"
    client = Client()
    assert "Nothing to show yet" in client.get("/observatory/compare/").content.decode()
    assert client.get("/observatory/compare.json").status_code == 404


def test_what_this_service_published_can_be_chosen_and_nothing_else(
    settings: Settings, tmp_path: Path
) -> None:
    settings.FN_OBSERVATORY_STORE = made.store(tmp_path, days=1, count=30).path
    answering.forget()
    senior, publisher = making.account("s", "senior_reviewer"), making.account("p", "publisher")
    write_texts(senior)
    waiting = built(senior)
    client = Client()
    assert "No report to compare" in client.get("/observatory/compare/").content.decode()
    reports.publish(actor=publisher, report_ref=waiting.ref)
    page = client.get("/observatory/compare/", {"report": waiting.ref}).content.decode()
    assert "Choose its name in the statements." in page
    asked = {"report": waiting.ref, "platform": "Meadow"}
    page = client.get("/observatory/compare/", asked).content.decode()
    assert "1 of the 365 days of this period are here." in page
    assert "beside 6 statements of Meadow" in page
    assert '<span aria-hidden="true">■</span> far apart' in page, "it reported none of them"
    found = client.get("/observatory/compare.json", asked).json()
    named = dict(waiting.files.values_list("name", "sha256"))
    assert found["reported"]["files"] == named
    assert len(named) > 10
