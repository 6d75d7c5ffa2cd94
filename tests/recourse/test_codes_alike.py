"""A code that opens nothing says nothing about why: the same answer, made in the same steps.

`python3 dev.py soak codes` measures the time of it as well, on ten thousand codes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test.utils import CaptureQueriesContext

import soak_codes
from fairnotice.cases import codes
from fairnotice.cases.models import AccessCode
from fairnotice.plumbing import limits
from fairnotice.vault import codes as vault_codes
from fairnotice.vault import keys
from soak_failure import SoakFailure
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")


@pytest.fixture
def door() -> Iterator[soak_codes.Door]:
    making.notice()
    # As the test client does: the connections hold the test's transaction and stay open.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield soak_codes.Door(WSGIHandler())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def steps(door: soak_codes.Door, code: str) -> tuple[soak_codes.Answer, list[tuple[str, str]]]:
    """The answer, and every statement that either database was asked, without its values."""
    with (
        CaptureQueriesContext(connections["default"]) as one,
        CaptureQueriesContext(connections["keys"]) as two,
    ):
        answer = door.post(code)
    asked = [("default", query["sql"]) for query in one] + [("keys", query["sql"]) for query in two]
    return answer, [(alias, " ".join(sql.split()[:4])) for alias, sql in asked]


def test_codes_that_open_nothing_are_answered_alike_in_the_same_steps(door: soak_codes.Door) -> None:
    found = soak_codes.kinds(rows=2)
    right = found.pop(soak_codes.LIVE)
    assert len(found) == 5
    door.post(vault_codes.new_code())  # the first of all makes a secret that did not exist yet
    answers, work = {}, {}
    for kind, each in found.items():
        for number, code in enumerate(each):
            answers[f"{kind} {number}"], work[f"{kind} {number}"] = steps(door, code)
    soak_codes.same(answers)
    first = next(iter(answers.values()))
    assert first.status.startswith("200") and b"Nothing opens with this code" in first.body
    assert len(set(map(tuple, work.values()))) == 1, work
    assert {alias for alias, _ in next(iter(work.values()))} == {"default", "keys"}
    answer, _ = steps(door, right[0])
    assert answer.status.startswith("303")
    with pytest.raises(SoakFailure, match="status"):
        soak_codes.same({"wrong": first, "right": answer})


def test_a_limit_is_met_by_the_network_whatever_the_code_is(door: soak_codes.Door, monkeypatch) -> None:
    found = soak_codes.kinds(rows=1)
    monkeypatch.setattr(limits, "_over", lambda *_: True)
    answers = {kind: door.post(each[0]) for kind, each in found.items()}
    soak_codes.same(answers)
    assert {answer.status for answer in answers.values()} == {"429 Too Many Requests"}


def test_counting_that_fails_lets_everybody_in(door: soak_codes.Door, monkeypatch) -> None:
    def fails(*_: object) -> bool:
        raise MemoryError

    found = soak_codes.kinds(rows=1)
    monkeypatch.setattr(limits, "_over", fails)
    assert door.post(found[soak_codes.LIVE][0]).status.startswith("303")
    assert door.post(found["wrong"][0]).status.startswith("200")


def test_a_code_is_taken_from_the_body_of_a_form_alone(client) -> None:
    code = codes.mint(side="notifier", notice=making.notice().notice)
    assert client.get(f"/status/?code={code}").status_code == 200
    assert "fn_access" not in client.cookies
    assert client.post(f"/status/?code={code}", {}).status_code == 200
    assert client.post("/status/", {}, headers={"X-Code": code}).status_code == 200
    assert "fn_access" not in client.cookies
    assert client.post("/status/", {"code": code}).status_code == 303


def test_a_code_carries_128_bits_and_only_its_mac_is_stored() -> None:
    code = codes.mint(side="notifier", notice=making.notice().notice)
    assert len(code) == 26 and len({vault_codes.new_code() for _ in range(200)}) == 200
    row = AccessCode.objects.order_by("-pk")[0]
    assert len(bytes(row.mac)) == 32
    assert code.encode() not in bytes(row.mac)
    assert keys.named_secret(vault_codes.PEPPER) and len(keys.named_secret(vault_codes.PEPPER)) == 32


def test_a_code_of_the_other_side_opens_its_own_side_and_nothing_of_this(client) -> None:
    """The other side's page looks as if it did not exist."""
    code = codes.mint(side="affected", case=making.case_of(making.notice()))
    client.post("/status/", {"code": code})
    nothing = client.post("/status/withdraw/", {"what": "notice"})
    assert nothing.status_code == 404
    assert nothing.content == client.get("/status/statement/AAAAAAAAAAAA/").content


def test_welch_is_reckoned_as_in_the_books() -> None:
    one, two = [1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0, 10.0]
    # Means 2.5 and 6; variances 5/3 and 10; t = -3.5 / sqrt(5/12 + 2).
    assert soak_codes.welch(one, two) == pytest.approx(-3.5 / (5 / 12 + 2) ** 0.5)
    assert soak_codes.welch([1, 1], [1, 1]) == 0
    kept = soak_codes.cropped({"a": [1, 2, 3, 99], "b": [1, 2, 3, 4]}, kept=0.875)
    assert kept == {"a": [1, 2, 3], "b": [1, 2, 3, 4]}
    assert soak_codes.pairs({"a": [1, 2, 3] * 9, "b": [11, 12, 13] * 9})[0][0] < -4.5
