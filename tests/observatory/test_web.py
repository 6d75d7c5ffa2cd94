"""The pages of the observatory, and the same as CSV and JSON."""

from __future__ import annotations

import csv
import errno
import io
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from fairnotice.observatory.asking import EngineError, Question, Result, Store, ask
from fairnotice.observatory.ingest.building import build
from fairnotice.observatory.topics import TOPICS
from fairnotice.observatory.web import answering
from tests.observatory import made, views
from tests.observatory.views import Told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return views.weeks(tmp_path_factory.mktemp("pages"), days=9)


@pytest.fixture(autouse=True)
def anew(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """No store, and nothing remembered."""
    settings.FN_OBSERVATORY_STORE = tmp_path / "observatory"
    answering.forget()
    yield
    answering.forget()


@pytest.fixture
def store(told: Told, settings: Settings) -> Told:
    settings.FN_OBSERVATORY_STORE = told.store.path
    return told


PAGES = ("/observatory/", *(f"/observatory/{name}/" for name in TOPICS))


def test_without_a_store_every_page_says_so(client: Client, settings: Settings) -> None:
    for folder in (settings.FN_OBSERVATORY_STORE, None):
        settings.FN_OBSERVATORY_STORE = folder
        for path in PAGES:
            answer = client.get(path)
            assert answer.status_code == 200 and b'class="empty"' in answer.content, path
        answer = client.get("/observatory/speed.json")
        assert answer.status_code == 404 and "store" in answer.json()["faults"]
        assert b"/observatory/" not in client.get("/about/").content
    assert (
        client.get("/observatory/nothing/").status_code
        == client.get("/observatory/nothing.csv").status_code
        == 404
    )
    assert client.post("/observatory/speed/").status_code == 405


def test_every_page_has_its_tables_pictures_definition_and_limits(client: Client, store: Told) -> None:
    assert b"/observatory/" in client.get("/about/").content
    overview = client.get("/observatory/").content.decode()
    assert f"<dd>{len(store.all())}</dd>" in overview and f"<dd>{len(store.platforms)}</dd>" in overview
    for name, topic in TOPICS.items():
        page = client.get(f"/observatory/{name}/?platform=Harbour").content.decode()
        for part in topic.parts:
            assert f'<h2 id="h-{part.key}">' in page, (name, part.key)
        assert page.count("<li>") >= len(topic.definition) + len(topic.limits)
        assert page.count("<svg") >= (2 if name not in ("peers",) else 1), name
        assert 'aria-current="page"' in page and "<script" not in page.split("<main")[1]
        assert "selected>Harbour<" in page.replace('selected="selected"', "selected")


def test_files_are_what_the_page_shows(client: Client, store: Told) -> None:
    answer = client.get("/observatory/practice.csv?table=platforms")
    assert (
        answer["Access-Control-Allow-Origin"] == "*"
        and "observatory-practice.csv" in answer["Content-Disposition"]
    )
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    counted = {line["row"]: int(line["value"]) for line in lines if line["column"] == "statements"}
    assert counted == Counter(row["platform_name"] for row in store.all())
    found = client.get("/observatory/practice.json?platform=Quill+%26+Sons&since=2025-07-03").json()
    assert found["format"] == "fair-notice-observatory-view/1" and found["platform"] == "Quill & Sons"
    assert len(found["inputs"]) == 8 and all(one["sha1"] for one in found["inputs"])
    assert [one["table"] for one in found["tables"]] == [part.key for part in TOPICS["practice"].parts]
    page = client.get("/observatory/practice/?platform=Quill+%26+Sons&since=2025-07-03").content.decode()
    assert f'<td class="number">{found["tables"][0]["rows"][0]["values"][0]}</td>' in page
    assert "practice.csv?platform=Quill+%26+Sons&amp;since=2025-07-03&amp;table=platforms" in page


def test_what_cannot_be_used_of_an_address_is_said(client: Client, store: Told) -> None:
    path = "/observatory/speed/?platform=<b>&since=yesterday&until=2025-07-05"
    page = client.get(path).content.decode()
    assert "no statement of such a platform" in page and "2026-01-31" in page and "<b>" not in page
    refused = client.get("/observatory/speed.json?platform=%3Cb%3E&since=yesterday&x=1&table=nonsense")
    assert refused.status_code == 400 and set(refused.json()["faults"]) == {"platform", "since", "x", "table"}
    # Nothing is left out of what is refused; the table is a parameter as well.
    assert "left out" not in str(refused.json()) and refused.json()["faults"]["x"].endswith("until, table")
    turned = client.get("/observatory/speed.csv?since=2025-07-06&until=2025-07-05")
    assert turned.status_code == 400 and "until" in turned.json()["faults"]
    assert client.get("/observatory/peers.json").status_code == 400
    assert "Choose a platform" in client.get("/observatory/peers/").content.decode()
    assert client.get("/observatory/speed.json?since=2031-01-01").status_code == 404
    assert (
        "Nothing to show for this time" in client.get("/observatory/speed/?since=2031-01-01").content.decode()
    )


def test_an_answer_is_remembered_until_the_store_changes(
    client: Client, told: Told, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(told.store.path, settings.FN_OBSERVATORY_STORE)
    asked: list[Question] = []

    def counted(store: Store, question: Question) -> Result:
        asked.append(question)
        return ask(store, question)

    monkeypatch.setattr(answering, "ask", counted)
    for _twice in range(2):
        assert client.get("/observatory/where/").status_code == 200
        # One for what there is, and each of the topic once.
        assert len(asked) == 3
    day = views.FIRST + timedelta(30)
    build(Store(settings.FN_OBSERVATORY_STORE), made.of_rows(tmp_path / "dumps", made.rows(5, day), day))
    assert "1 August 2025" in client.get("/observatory/where/").content.decode() and len(asked) == 6
    found = client.get("/observatory/where.json").json()
    assert found["last"] == "2025-08-01" and len(asked) == 6


def test_a_crowd_and_a_broken_store_are_told_to_come_again(
    client: Client, store: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "PATIENCE", 0.0)
    with answering._counting:
        for path in ("/observatory/", "/observatory/speed/", "/observatory/speed.json"):
            answer = client.get(path)
            assert answer.status_code == 503, path
        assert client.get("/observatory/speed/")["Retry-After"] == "60"

    def broken(*_given: object) -> None:
        raise EngineError("duckdb is not installed")

    monkeypatch.setattr(answering, "ask", broken)
    answer = client.get("/observatory/speed/")
    assert answer.status_code == 503 and b"cannot be read at present" in answer.content
    assert b"duckdb" not in answer.content


def test_a_folder_that_goes_or_cannot_be_read_while_it_is_listed(
    client: Client, told: Told, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FN_OBSERVATORY_STORE = shutil.copytree(told.store.path, tmp_path / "copy")
    month = next((tmp_path / "copy" / "days").glob("*/*"))
    scandir, listdir = os.scandir, os.listdir

    def goes(list_it: Callable[..., object]) -> Callable[..., object]:
        def listed(path: str | Path = ".") -> object:
            if str(path) == str(month) and month.exists():
                month.rename(tmp_path / "gone")
            return list_it(path)

        return listed

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", goes(scandir))
        patch.setattr(os, "listdir", goes(listdir))
        assert client.get("/observatory/speed/").status_code == 200
    (tmp_path / "gone").rename(month)

    def refused(path: str | Path = ".") -> object:
        if str(path) == str(month):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listdir(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "listdir", refused)
        assert client.get("/observatory/speed/").status_code == 503
        assert client.get("/observatory/speed.json").status_code == 503
    assert client.get("/observatory/speed/").status_code == 200
