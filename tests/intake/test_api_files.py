"""Files by the JSON API: base64, the form's limits, and none where a copy would repeat the harm."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from fairnotice.cases import files
from fairnotice.cases.models import EvidenceFile, Notice
from fairnotice.plumbing import limits
from fairnotice.vault import files as store

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._full_again.clear()


def encoded(data: bytes, name: str = "a.txt") -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(data).decode()}


def post(client: Client, *given: Any, key: str = "", **fields: Any) -> Any:
    notice = {
        "items": [{"location": "https://forum.example.org/post/7"}],
        "problem": "defamation",
        "why": "It says that I stole money.",
        "good_faith": True,
        "files": list(given),
        **fields,
    }
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/v1/notices", notice, content_type="application/json", headers=headers)


def left() -> tuple[int, int]:
    return EvidenceFile.objects.count(), len(list(store.root().glob("*/*")))


def test_files_come_with_a_notice(client: Client) -> None:
    answer = post(client, encoded(b"one"), encoded(b"two", ""))
    assert answer.status_code == 201, answer.content
    assert answer.json()["files"] == [
        {"sha256": hashlib.sha256(data).hexdigest(), "length": 3} for data in (b"one", b"two")
    ]
    assert answer.json()["files_not_taken"] == ""
    notice = Notice.objects.get()
    assert [b"".join(files.original(row)) for row in files.of_notice(notice)] == [b"one", b"two"]


def test_a_notice_without_files_is_as_before(client: Client) -> None:
    answer = post(client)
    assert answer.status_code == 201 and answer.json()["files"] == [] and left() == (0, 0)


@pytest.mark.parametrize("problem", ["child-abuse", "child-approached", "intimate", "fake-intimate"])
def test_where_none_are_taken_they_are_thrown_away_unread(client: Client, problem: str) -> None:
    answer = post(client, encoded(b"SENTINEL"), {"content": "not even base64"}, problem=problem)
    assert answer.status_code == 201
    assert "thrown away unread" in answer.json()["files_not_taken"] and answer.json()["files"] == []
    assert left() == (0, 0) and Notice.objects.count() == 1


def test_every_fault_is_said_with_its_place_and_nothing_stays(client: Client, settings: Settings) -> None:
    settings.FN_EVIDENCE = {"one": 10, "count": 3, "notice": 15}
    answer = post(client, {"content": "%%%"}, encoded(b"x" * 11, "big.txt"), encoded(b"y" * 8))
    assert answer.status_code == 422
    found = {(fault["path"], fault["code"]) for fault in answer.json()["faults"]}
    assert found == {("files.0.content", "base64"), ("files.1.content", "too_big"), ("files", "too_big")}
    answer = post(client, *[encoded(b"z")] * 4)
    assert answer.json()["faults"][0]["code"] == "too_many"
    assert post(client, {"content": "eHg=", "path": "/etc"}).json()["faults"][0]["path"] == "files.0.path"
    assert left() == (0, 0) and Notice.objects.count() == 0


def test_a_faulty_notice_leaves_none_of_its_files(client: Client) -> None:
    assert post(client, encoded(b"one"), why="").status_code == 422
    assert post(client, encoded(b"one"), ground_kind="rules", clause="9.9").status_code == 422
    assert left() == (0, 0)


def test_a_retry_is_the_same_notice_and_other_files_are_a_conflict(client: Client) -> None:
    first = post(client, encoded(b"one"), key="a-long-random-key")
    again = post(client, encoded(b"one", "another name.txt"), key="a-long-random-key")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["code"] == again.json()["code"] and left() == (1, 1)
    assert post(client, encoded(b"two"), key="a-long-random-key").status_code == 409
    assert left() == (1, 1)


def test_a_whole_notice_of_the_largest_size_is_taken(client: Client, settings: Settings) -> None:
    settings.FN_EVIDENCE = {"one": 3_000_000, "count": 5, "notice": 3_000_000}
    assert post(client, encoded(bytes(3_000_000))).status_code == 201
    answer = post(client, encoded(bytes(5_000_000)))
    assert answer.status_code == 413 and "3 MB of files" in answer.json()["message"]


def test_without_room_the_notice_is_not_half_taken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairnotice.cases.uploads.MOST_WAITING", 0)
    answer = post(client, encoded(b"one"))
    assert answer.status_code == 409 and "no room for files" in answer.json()["message"]
    assert left() == (0, 0) and Notice.objects.count() == 0
