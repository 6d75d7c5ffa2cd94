"""Software that cannot be called asks what is to be done; reporting it is what takes it off the list."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import clock, tokens
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.models import Decision
from fairnotice.plumbing import limits
from fairnotice.vault import keys
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
PLACE = "https://forum.example.org/post/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits._full_again.clear()


@pytest.fixture
def token() -> str:
    return making.token("effects", label="software")


def ask(client: Client, token: str = "", **query: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.get("/api/v1/measures/waiting", query, headers=headers)


def report(client: Client, ref: str, what: str, token: str) -> int:
    return client.post(
        f"/api/v1/measures/{ref}/effect",
        json.dumps({"effect": what}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    ).status_code


def in_force(number: int) -> Decision:
    sent = making.notice(f"{PLACE}{number}", name="Sentinel Name", email="sentinel@example.net")
    return making.decided(sent, making.account(f"r{number}", "reviewer"))


def test_it_is_there_until_it_is_reported_and_again_when_it_is_to_be_undone(
    client: Client, token: str
) -> None:
    ref = in_force(1).measures.get().ref
    making.decided(making.notice(f"{PLACE}2"), making.account("r2", "reviewer"), reach=Reach("letter"))
    answer = ask(client, token)
    assert answer["Cache-Control"] == "no-store" and b"entinel" not in answer.content
    # The second one is not in force: nobody was told yet.
    [said] = answer.json()["measures"]
    assert (said["measure"], said["act"], said["location"]) == (ref, "carry_out", f"{PLACE}1")
    assert said["report_to"].endswith(f"/api/v1/measures/{ref}/effect")
    assert ask(client, token).json() == answer.json(), "reading is no acknowledgement"
    assert report(client, ref, "confirmed", token) == 200
    assert ask(client, token).json() == {"measures": [], "next": None}
    clock.expire_measures(now=timezone.now() + timedelta(days=400))
    [said] = ask(client, token).json()["measures"]
    assert (said["measure"], said["act"]) == (ref, "undo")
    assert report(client, ref, "restore_failed", token) == 200
    assert ask(client, token).json()["measures"] == [], "a person looks at what could not be done"


def test_pages_hold_each_once_whatever_is_reported_between_them(client: Client, token: str) -> None:
    refs = [in_force(number).measures.get().ref for number in range(5)]
    first = ask(client, token, limit=2).json()
    assert [one["measure"] for one in first["measures"]] == refs[:2] and first["next"] == refs[1]
    report(client, refs[1], "confirmed", token)
    second = ask(client, token, limit=2, after=first["next"]).json()
    assert [one["measure"] for one in second["measures"]] == refs[2:4]
    third = ask(client, token, limit=2, after=second["next"]).json()
    assert ([one["measure"] for one in third["measures"]], third["next"]) == (refs[4:], None)


def test_what_was_erased_has_no_place(client: Client, token: str) -> None:
    keys.destroy(in_force(1).case.subject_key)
    [said] = ask(client, token).json()["measures"]
    assert said["location"] == ""


def test_who_has_no_such_token_learns_nothing(client: Client, token: str) -> None:
    in_force(1)
    other = making.token("forwards", label="a forum")
    for wrong in ("", "wrong", other):
        assert ask(client, wrong).status_code == 401
    tokens.revoke_tokens(client_ref=making.client("software").ref)
    assert ask(client, token).status_code == 401


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"after": "AAAAAAAAAAAA"}, {"after": "A" * 41}]
)
def test_a_wrong_question_says_what_is_wrong(client: Client, token: str, query: dict[str, Any]) -> None:
    answer = ask(client, token, **query)
    assert answer.status_code == 422
    assert [fault["path"] for fault in answer.json()["faults"]] == list(query)


def test_a_misspelt_question_is_not_half_answered(client: Client, token: str) -> None:
    assert ask(client, token, limits=1).json()["faults"][0]["path"] == "query"


def test_it_is_asked_and_not_posted_to(client: Client, token: str) -> None:
    answer = client.post("/api/v1/measures/waiting", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
