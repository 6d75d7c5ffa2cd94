"""Reports of programs over REST: each sample of XARF v4 as a notice or passed on, nothing lost, nothing twice."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from fairnotice.cases import codes, sealed
from fairnotice.cases.actions import receive
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.models import Notice, Received
from fairnotice.cases.queries import desk
from fairnotice.cases.queries.received import not_items
from fairnotice.intake import formats, reading
from fairnotice.intake.reading_types import Reading
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.plumbing import limits
from fairnotice.translog.evidence import verify_evidence
from tests.cases import making
from tests.intake.reports import FAULTY, report, samples
from tests.intake.test_xarf_types import EXPECTED, NO_CONTACT, examples, published, type_of

pytestmark = pytest.mark.usefixtures("fn_db")
KEY = "0123456789abcdef"
# Where they lie beside the checkout, the standard's own samples; else the examples in its schemas.
SAMPLES = published() or examples()


@pytest.fixture(autouse=True)
def passed_on_somewhere(settings) -> None:
    limits._full_again.clear()
    settings.FN_PASS_ON_TO = "network@example.org"


def send(body: object, kind: str = "application/json", **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    # The test client would leave out the content type of an empty body.
    headers = {"content-type": kind, **headers}
    return Client().post("/api/v1/reports", data, content_type=kind, headers=headers)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_sample_arrives_with_item_category_time_reporter_and_evidence(name: str) -> None:
    sample = SAMPLES[name]
    raw = json.dumps(sample).encode()
    answer = send(raw)
    said, expected = answer.json(), EXPECTED[type_of(sample)]
    received = Received.objects.get(ref=said["reference"])
    assert receive.raw_of(received) == raw and bytes(received.sha256) == hashlib.sha256(raw).digest()
    if expected is None:
        assert (answer.status_code, said["outcome"], received.state) == (202, "passed_on", "passed_on")
        assert (received.about, said["code"], Notice.objects.count()) == (type_of(sample), "", 0)
        assert OutboxRow.objects.get(kind=receive.PASSED_ON).ref == received.ref
        return
    problem, place = expected
    assert (answer.status_code, said["outcome"]) == (201, "notice")
    notice = Notice.objects.get()
    access, item = codes.find(said["code"]), notice.items.get()
    assert received.notice == notice
    assert access is not None
    assert access.notice == notice
    assert item.case is not None
    assert sealed.read("item", item.ref, "location") == sample[place]
    assert (notice.problem, notice.source_type) == (problem, "SOURCE_TYPE_OTHER_NOTIFICATION")
    contact = {name: sealed.read("notice", notice.ref, name) for name in ("name", "email")}
    reporter = sample["reporter"]
    given = {"name": None, "email": None}
    if problem not in NO_CONTACT:
        given = {"name": reporter["org"], "email": reporter["contact"]}
    assert contact == given
    facts = sealed.read_json("notice", notice.ref, "report")
    assert (facts["format"], facts["kind"], facts["id"]) == ("xarf-4", type_of(sample), sample["report_id"])
    assert facts["seen_at"] == sample["timestamp"]
    came = sample.get("evidence", [])
    assert [one["type"] for one in facts.get("evidence", [])] == [one["content_type"] for one in came]
    for one, told in zip(came, facts.get("evidence", []), strict=True):
        data = base64.b64decode(one["payload"])
        assert (told["size"], told["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert told["description"] == one["description"]
        assert told["matches"] is (one["hash"] == f"sha256:{told['sha256']}")
    # The reviewer sees it, and an auditor does not.
    seen = desk.case_view(making.account("r", "reviewer"), item.case.ref).notices[0]
    assert seen.report == facts and seen.kept
    assert desk.case_view(making.account("a", "auditor"), item.case.ref).notices[0].report == {}


def test_the_receipt_proves_what_the_report_said() -> None:
    said = send(report(evidence=[{"content_type": "text/plain", "payload": "c2VjcmV0"}])).json()
    receipt = said["receipt"]
    assert verify_evidence(json.dumps(receipt).encode(), [receipt["logs"][0]["vkey"]]).pending
    shown = json.dumps(said["receipt"])
    assert hashlib.sha256(b"secret").hexdigest() in shown and "reports@example.org" not in shown


def test_a_retry_is_the_same_report_and_other_words_under_its_key_are_not() -> None:
    first = send(report(), idempotency_key=KEY)
    again = send(report(), idempotency_key=KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() and first.json()["code"]
    other = send(report(url="https://shop.example.net/another"), idempotency_key=KEY)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert Notice.objects.count() == Received.objects.count() == 1


def test_without_a_key_the_same_content_is_one_report_and_nobody_is_told_its_code_twice() -> None:
    first = send(report())
    spaced = send(json.dumps(report(), indent=3).encode())
    assert (first.status_code, spaced.status_code) == (201, 200)
    assert spaced.json()["reference"] == first.json()["reference"] and spaced.json()["code"] == ""
    # Whoever guesses the name of a report cannot keep it out.
    assert send(report(url="https://shop.example.net/2")).status_code == 201
    assert Notice.objects.count() == 2


def test_a_report_that_breaks_its_schema_waits_for_a_person_and_its_sender_is_told_why() -> None:
    for sample in [*(samples()[name] for name in sorted(FAULTY)), report(source_port=0), {"nothing": 1}]:
        answer = send(sample)
        said = answer.json()
        assert (answer.status_code, said["outcome"]) == (202, "waiting")
        assert said["reason"] in ("xarf-schema", "xarf-version") and said["faults"][0]["message"]
        assert json.loads(receive.raw_of(Received.objects.get(ref=said["reference"]))) == sample
    assert said["faults"][0]["path"] == "/xarf_version" and not Notice.objects.exists()


def test_what_a_notice_cannot_hold_waits_with_what_was_read(settings) -> None:
    said = send(report(url="https://exa mple.net/", source_identifier="x")).json()
    received = Received.objects.get(ref=said["reference"])
    assert (said["outcome"], said["reason"]) == ("waiting", "invalid") and said["faults"]
    assert receive.draft_of(received).problem == "scam"


def test_where_nobody_takes_what_is_about_no_item_a_person_sees_it(settings) -> None:
    settings.FN_PASS_ON_TO = settings.FN_PASS_ON_COMMAND = ""
    said = send(samples()["connection-scraping"]).json()
    assert (said["outcome"], said["reason"]) == ("waiting", "not-an-item")
    assert not OutboxRow.objects.exists()
    (counted,) = not_items()
    assert (counted.about, counted.passed_on, counted.waiting) == ("connection/scraping", 0, 1)


def test_kinds_are_counted_and_never_in_the_words_of_a_sender() -> None:
    base = samples()["connection-scraping"]
    for number in range(3):
        send({**base, "report_id": f"00000000-0000-4000-8000-00000000000{number}"})
    send({**base, "type": "jane_doe_did_it"})
    assert [(one.about, one.passed_on) for one in not_items()] == [
        ("connection/scraping", 3),
        ("connection/other", 1),
    ]
    assert "jane" not in repr(list(Received.objects.values())) + repr(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "unreadable"),
        (b"", "application/json", 400, "unreadable"),
        (b"[1]", "application/json", 400, "unreadable"),
        (b"\xff", "application/json", 400, "unreadable"),
        (b" ", "message/rfc822", 400, "unreadable"),
        (b"hello", "text/plain", 415, "content_type"),
        (b"hello", "", 415, "content_type"),
        (b"{" + b" " * 16_000_000, "application/json", 413, "too_big"),
    ],
)
def test_what_is_no_report_at_all_is_refused_in_words(body: bytes, kind: str, status: int, code: str) -> None:
    answer = send(body, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"] and not Received.objects.exists()


def test_other_methods_and_floods_are_answered_in_json(settings) -> None:
    assert Client().get("/api/v1/reports").status_code == 405
    settings.FN_API_PER_MINUTE = 1
    codes_ = [send(report(report_id=f"00000000-0000-4000-8000-00000000000{n}")).status_code for n in range(3)]
    assert codes_[0] == 201 and codes_[-1] == 429


def test_a_letter_is_kept_at_the_door_of_mail_with_the_header_that_it_came_with() -> None:
    letter = b"Subject: abuse\r\n\r\nhttps://forum.example.org/9"
    answer = send(letter, "message/rfc822")
    assert (answer.status_code, answer.json()["outcome"]) == (202, "kept")
    assert receive.raw_of(Received.objects.get()) == letter and Received.objects.get().door == "mail"
    assert send(letter, "message/rfc822").status_code == 200
    kind = 'multipart/report; report-type=feedback-report; boundary="b"'
    part = b"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--b--\r\n"
    said = send(part, kind).json()
    raw = receive.raw_of(Received.objects.get(ref=said["reference"]))
    assert raw.startswith(b"MIME-Version: 1.0\r\nContent-Type: multipart/report;") and raw.endswith(part)


def test_what_cannot_be_settled_is_kept_and_read_again(monkeypatch, caplog) -> None:
    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("sentinel in an exception")

    monkeypatch.setattr("fairnotice.intake.report_door.settle", broken)
    said = send(report()).json()
    assert said["outcome"] == "kept" and "sentinel" not in caplog.text
    monkeypatch.undo()
    assert reading.read_waiting() == 1
    assert Received.objects.get(ref=said["reference"]).state == "taken" and Notice.objects.count() == 1


class _Plug:
    name = "plug"

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def sniff(self, raw: bytes, content_type: str) -> bool:
        return content_type == "text/x-plug"

    def read(self, raw: bytes) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _draft(number: int = 0, **more: Any) -> NoticeDraft:
    return NoticeDraft([ItemDraft(f"https://example.org/{number}")], "other", "Look at it.", **more)


@pytest.mark.parametrize(
    ("answer", "outcome", "reason", "notices"),
    [
        ([_draft()], "notice", "", 1),
        ([_draft(n) for n in range(3)], "notice", "", 3),
        ([], "waiting", "no-place", 0),
        ([_draft(n) for n in range(formats.MOST + 1)], "waiting", "needs-a-person", 0),
        ([_draft(), NoticeDraft()], "waiting", "invalid", 0),
        (["not a draft"], "waiting", "failed", 0),
        (RuntimeError("sentinel"), "waiting", "failed", 0),
        (Reading("pass_on", "whatever", detail="x"), "passed_on", "", 0),
    ],
)
def test_a_plug_in_reads_and_its_faults_lose_nothing(
    monkeypatch, caplog, answer: Any, outcome: str, reason: str, notices: int
) -> None:
    monkeypatch.setattr(formats, "installed", lambda: (_Plug(answer),))
    said = send(b"a message", "text/x-plug").json()
    assert (said["outcome"], said["reason"], Notice.objects.count()) == (outcome, reason, notices)
    assert receive.raw_of(Received.objects.get()) == b"a message" and "sentinel" not in caplog.text
    assert Received.objects.get().format == "plug"
