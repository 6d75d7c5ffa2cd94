"""The JSON API: one notice for one key, errors of one shape whatever comes in."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import codes, sealed
from fairnotice.cases.actions import claim, clock, decide
from fairnotice.cases.models import Measure, MeasureStatus, Notice
from fairnotice.plumbing import limits
from fairnotice.translog.evidence import verify_evidence
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
KEY = "0123456789abcdef"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._full_again.clear()


def notice(**changes: Any) -> dict[str, Any]:
    return {
        "items": [{"location": "https://forum.example.org/post/7", "note": "second paragraph"}],
        "problem": "defamation",
        "why": "It says that I stole money, which is false.",
        "good_faith": True,
        **changes,
    }


def send(client: Client, body: object, **headers: str):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    # The test client would leave out the content type of an empty body.
    named = {"content-type": "application/json", **headers}
    return client.post("/api/v1/notices", data, content_type="application/json", headers=named)


def behind(code: str) -> Notice:
    access = codes.find(code)
    assert access is not None
    assert access.notice is not None
    return access.notice


def error(response) -> dict[str, Any]:
    """The body of an error, once it is sure that it has the documented shape."""
    assert response["Content-Type"] == "application/json"
    found = response.json()
    assert set(found) == {"code", "message", "faults"}
    assert all(set(fault) == {"path", "code", "message"} for fault in found["faults"])
    return found


def test_a_notice_comes_in_with_code_and_receipt(client: Client) -> None:
    answer = send(client, notice(email="notifier@example.org"))
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert set(body) == {"notice", "code", "receipt", "files", "files_not_taken"}
    assert set(body["notice"]) == {"received_at", "problem", "items"}
    stored = behind(body["code"])
    assert stored.door == "json"
    assert sealed.read("notice", stored.ref, "email") == "notifier@example.org"
    assert stored.ref not in json.dumps(body["notice"])


def test_the_receipt_can_be_checked_offline(client: Client) -> None:
    receipt = send(client, notice()).json()["receipt"]
    result = verify_evidence(json.dumps(receipt).encode(), [receipt["logs"][0]["vkey"]])
    assert result.pending


def test_the_same_key_is_the_same_notice_and_other_words_are_a_conflict(client: Client) -> None:
    first = send(client, notice(), **{"Idempotency-Key": KEY})
    again = send(client, notice(), **{"Idempotency-Key": KEY})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = send(client, notice(why="Something else."), **{"Idempotency-Key": KEY})
    assert other.status_code == 409
    assert error(other)["code"] == "conflict"
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("key", ["short", "k" * 201, "with space in it", "ключ-ключ-ключ"])
def test_a_key_that_is_none_is_named(client: Client, key: str) -> None:
    answer = send(client, notice(), **{"Idempotency-Key": key})
    assert answer.status_code == 422
    assert error(answer)["faults"][0]["path"] == "Idempotency-Key"


def test_name_and_email_are_dropped_where_nobody_is_asked(client: Client) -> None:
    body = send(client, notice(problem="child-abuse", name="A notifier", email="notifier@example.org")).json()
    stored = behind(body["code"])
    assert sealed.read("notice", stored.ref, "name") is None
    assert sealed.read("notice", stored.ref, "email") is None


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"items": []}, "items"),
        ({"items": [{"location": f"https://forum.example.org/{n}"} for n in range(51)]}, "items"),
        ({"items": [{"location": "https://[::1"}]}, "items.0.location"),
        ({"items": [{"location": 5}]}, "items.0.location"),
        ({"items": [{"location": "post 7", "note": "n" * 1001}]}, "items.0.note"),
        ({"items": {"0": "post 7"}}, "items"),
        ({"problem": "no-such"}, "problem"),
        ({"why": "  "}, "why"),
        ({"why": None}, "why"),
        ({"why": "a\x00b"}, "why"),
        ({"why": "\ud800"}, "why"),
        ({"email": "nobody"}, "email"),
        ({"good_faith": False}, "good_faith"),
        ({"good_faith": "true"}, "good_faith"),
        ({"good_faith": 1}, "good_faith"),
        ({"ground_kind": "rules", "clause": "9.9"}, "clause"),
        ({"language": "way too long"}, "language"),
        ({"priority": "high"}, "priority"),
        ({"source_type": "SOURCE_TRUSTED_FLAGGER"}, "source_type"),
        ({"why\ud800": "x"}, ""),
        ({"why": 10**400}, "why"),
    ],
)
def test_each_fault_names_its_field(client: Client, changes: dict[str, Any], path: str) -> None:
    answer = send(client, notice(**changes))
    assert answer.status_code == 422
    assert path in [fault["path"] for fault in error(answer)["faults"]]
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"NaN",
        b'{"why": Infinity}',
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"1" * 10_000,
        b'{"why": "\x01"}',
    ],
)
def test_bytes_that_are_no_notice_get_a_plain_error(client: Client, body: bytes) -> None:
    answer = send(client, body)
    assert answer.status_code in (400, 422)
    assert error(answer)["message"]


def test_what_was_sent_is_not_repeated_in_errors(client: Client) -> None:
    secret = "https://secret.example.org/path"
    answer = send(
        client, notice(items=[{"location": secret + "\x00"}, {"location": 5, "note": secret}], why=[secret])
    )
    assert answer.status_code == 422
    assert "secret" not in answer.content.decode()


def test_too_big_a_body_is_said_to_be_too_big(client: Client) -> None:
    answer = send(client, b'"' + b"a" * 40_000_000 + b'"')
    assert answer.status_code == 413
    assert error(answer)["code"] == "too_big"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data; boundary=x"]
)
def test_another_kind_of_body_is_refused_by_name(client: Client, kind: str) -> None:
    answer = client.post("/api/v1/notices", json.dumps(notice()), content_type=kind)
    assert answer.status_code == 415
    assert error(answer)["code"] == "content_type"


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options", "trace"])
def test_other_methods_say_which_one_there_is(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/notices")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


def test_over_the_limit_it_says_when_to_come_back(client: Client, settings: Settings) -> None:
    settings.FN_API_PER_MINUTE = 1
    assert send(client, notice()).status_code == 201
    answer = send(client, notice())
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert error(answer)["code"] == "slow_down"


def test_no_cookie_and_no_forgery_token_is_needed() -> None:
    assert send(Client(enforce_csrf_checks=True), notice()).status_code == 201


def _measure() -> tuple[Measure, str]:
    """A measure in force, and a token that may report on it."""
    case = making.case_of(making.notice())
    reviewer = making.account("first", "reviewer")
    version = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version).version
    decision = decide.decide(
        actor=reviewer,
        case_ref=case.ref,
        version=version,
        draft=making.draft(),
        reach=decide.Reach("unreachable", "", "no address is known"),
        summary="A post was hidden because of a false claim.",
    )
    return decision.measures.get(), making.token("effects", label="the forum’s software")


def report(client: Client, ref: str, body: Any, token: str = ""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(
        f"/api/v1/measures/{ref}/effect", body, content_type="application/json", headers=headers
    )


def test_the_service_reports_that_a_measure_was_carried_out(client: Client) -> None:
    measure, token = _measure()
    answer = report(client, measure.ref, {"effect": "confirmed", "note": "hidden"}, token)
    assert answer.status_code == 200, answer.content
    assert answer.json()["effect"] == "confirmed"
    assert MeasureStatus.objects.get(measure=measure).effect == "confirmed"
    assert report(client, measure.ref, {"effect": "confirmed"}, token).status_code == 200


def test_a_report_that_comes_too_late_is_a_conflict(client: Client) -> None:
    measure, token = _measure()
    clock.expire_measures(now=timezone.now() + timedelta(days=400))
    answer = report(client, measure.ref, {"effect": "confirmed"}, token)
    assert answer.status_code == 409
    assert error(answer)["code"] == "conflict" and "restored" in error(answer)["message"]
    assert MeasureStatus.objects.get(measure=measure).effect == "restoring"
    assert report(client, measure.ref, {"effect": "restored"}, token).json()["effect"] == "restored"


@pytest.mark.parametrize("token", ["", "wrong", "\x7f", "ü"])
def test_without_a_token_in_force_nothing_is_said_about_measures(client: Client, token: str) -> None:
    measure, _ = _measure()
    for ref in (measure.ref, "AAAAAAAAAAAA"):
        answer = report(client, ref, {"effect": "confirmed"}, token)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert error(answer)["code"] == "token"
    assert MeasureStatus.objects.get(measure=measure).effect == "pending"


def test_reports_with_faults_change_nothing(client: Client) -> None:
    measure, token = _measure()
    bodies: list[Any] = [
        {},
        {"effect": "done"},
        {"effect": "restoring"},
        {"effect": "confirmed", "note": "n" * 501},
        {"effect": "failed", "by": "me"},
        [],
    ]
    for body in bodies:
        assert report(client, measure.ref, body, token).status_code == 422
    assert report(client, "AAAAAAAAAAAA", {"effect": "confirmed"}, token).status_code == 404
    assert MeasureStatus.objects.get(measure=measure).effect == "pending"


def test_the_page_shows_every_operation_and_every_field(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    page = client.get("/api/").content.decode()
    for path in schema["paths"]:
        assert path in page
    for name, shape in schema["components"]["schemas"].items():
        assert f'id="shape-{name}"' in page
        for field in shape["properties"]:
            assert f"<code>{field}</code>" in page
    assert "/api/v1/openapi.json" in page
    assert "<script>" not in page


def test_the_example_on_the_page_is_accepted(client: Client) -> None:
    page = html.unescape(client.get("/api/").content.decode())
    body = re.search(r"-d '(\{.*?\})'", page)
    assert body is not None
    assert send(client, body[1].encode()).status_code == 201
