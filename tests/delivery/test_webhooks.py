"""What the operator's own software hears of measures, checked by the library of those who made the scheme; and what
it never hears."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone
from pytest_django.fixtures import Settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from fairnotice.cases import carrying_out
from fairnotice.cases.actions import appeal, clock, effect, inform, review, tokens
from fairnotice.cases.actions.decide import Reach
from fairnotice.cases.models import Decision, MeasureStatus, Statement
from fairnotice.delivery import visit, webhooks
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.runner import run_due
from fairnotice.ledger import outbox
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.vault import keys
from tests.cases import making
from tests.delivery.xarf.peer import Handler, Listening, listening, says
from tests.docs.reading import ROOT

pytestmark = pytest.mark.usefixtures("fn_db")
PLACE = "https://forum.example.org/post/7"
SECRET = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
NOBODY = Reach("unreachable", reason="No address is known.")


@pytest.fixture
def software(settings: Settings, tmp_path: Path) -> Iterator[Listening]:
    """The operator's software, which takes everything; the settings name it."""
    settings.FN_DATA = tmp_path
    (tmp_path / "hook.secret").write_text(SECRET + "\n", "utf-8")
    with listening(says(204, b"")) as server:
        settings.FN_WEBHOOKS = [{"url": server.url, "secret_file": "hook.secret"}]
        yield server


def decided(reach: Reach = NOBODY, *kinds: str, **changes: Any) -> Decision:
    sent = making.notice(PLACE, name="Sentinel Name", email="", why="Sentinel words.")
    reviewer = making.account(f"reviewer-{Decision.objects.count()}", "reviewer")
    return making.decided(sent, reviewer, *kinds, reach=reach, **changes)


def heard(server: Listening) -> list[dict[str, Any]]:
    """The bodies, each with a signature that the scheme's own library takes."""
    for asked in server.asked:
        text = json.dumps(asked.body, ensure_ascii=False, separators=(",", ":"))
        assert Webhook(SECRET).verify(text, asked.headers) == asked.body
    return [asked.body for asked in server.asked]


def hurry() -> None:
    OutboxRow.objects.filter(done_at=None).update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_measure_that_takes_effect_is_told_with_all_that_is_needed(software: Listening) -> None:
    decision = decided(Reach("letter"), territorial_scope=["DE", "AT"])
    assert not OutboxRow.objects.filter(kind="webhook").exists(), (
        "nothing is carried out before somebody is told"
    )
    told = Statement.objects.get(audience="affected").ref
    reviewer = making.account("another", "reviewer")
    inform.print_letter(actor=reviewer, statement_ref=told)
    inform.letter_sent(actor=reviewer, statement_ref=told)
    assert run_due() == 1
    [body] = heard(software)
    measure = decision.measures.get()
    assert body["type"] == "measure.in_force" and body["timestamp"].endswith("+00:00")
    assert body["data"] == {
        "measure": measure.ref,
        "decision": decision.ref,
        "act": "carry_out",
        "kind": "DECISION_VISIBILITY_CONTENT_DISABLED",
        "text": "",
        "how_to_undo": "The post is shown again.",
        "start": measure.start.isoformat(),
        "end": None,
        "review": measure.review.isoformat() if measure.review else None,
        "territorial_scope": ["DE", "AT"],
        "report_to": f"http://127.0.0.1:8000/api/v1/measures/{measure.ref}/effect",
    }
    [asked] = software.asked
    assert asked.headers["Content-Type"] == "application/json"
    assert OutboxRow.objects.get().sealed is None


def test_the_place_is_told_only_where_the_settings_say_so(software: Listening, settings: Settings) -> None:
    decided()
    settings.FN_WEBHOOKS = [{**settings.FN_WEBHOOKS[0], "location": True}]
    making.decided(
        making.notice("https://forum.example.org/post/8"), making.account("r2", "reviewer"), reach=NOBODY
    )
    run_due()
    without, with_place = heard(software)
    assert "location" not in without["data"] and PLACE not in json.dumps(without)
    assert with_place["data"]["location"] == "https://forum.example.org/post/8"
    assert "Sentinel" not in json.dumps([without, with_place])


def test_no_row_holds_the_place_in_the_clear(software: Listening, settings: Settings) -> None:
    settings.FN_WEBHOOKS = [{**settings.FN_WEBHOOKS[0], "location": True}]
    decision = decided()
    row = OutboxRow.objects.get(kind="webhook")
    assert b"forum" not in bytes(row.sealed or b"") and row.ref == decision.measures.get().ref
    assert outbox.payload(row)["message"]["data"]["location"] == PLACE
    keys.destroy(decision.case.subject_key)
    run_due()
    row.refresh_from_db()
    assert (row.error_code, row.dead, software.asked) == ("erased", True, [])


def _reversed_on_appeal(decision: Decision) -> None:
    access = making.affected_access(decision)
    ref = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.").ref
    other = making.account("appeals", "appeals_reviewer")
    appeal.claim_appeal(actor=other, appeal_ref=ref, version=1)
    appeal.decide_appeal(
        actor=other, appeal_ref=ref, version=2, outcome="reversed", reasons="Right.", changes=[]
    )


def _ended_by_review(decision: Decision) -> None:
    review.review_measure(
        actor=making.account("r3", "reviewer"),
        measure_ref=decision.measures.get().ref,
        keep_until=None,
        reason="No longer needed.",
    )


def _ended_by_time(decision: Decision) -> None:
    assert clock.expire_measures(now=timezone.now() + timedelta(days=400)) == 1


@pytest.mark.parametrize("ending", [_reversed_on_appeal, _ended_by_review, _ended_by_time])
def test_what_ends_is_to_be_undone(software: Listening, ending: Any) -> None:
    decision = decided()
    run_due()
    effect.report_effect(
        measure_ref=decision.measures.get().ref,
        effect="confirmed",
        token=tokens.find_token(making.token("effects", label="software"), "effects"),
    )
    before = Event.objects.count()
    ending(decision)
    events = Event.objects.count() - before
    run_due()
    first, second = heard(software)
    assert (first["type"], second["type"]) == ("measure.in_force", "measure.undo")
    assert second["data"]["act"] == "undo" and second["data"]["measure"] == first["data"]["measure"]
    assert not Event.objects.filter(kind__contains="webhook").exists() and events >= 1
    ids = [asked.headers["webhook-id"] for asked in software.asked]
    assert len(set(ids)) == 2


def test_what_was_never_delivered_is_taken_back_when_it_is_to_be_undone(software: Listening) -> None:
    software.answer = says(503)
    decision = decided()
    run_due()
    _reversed_on_appeal(decision)
    software.answer = says(200)
    software.asked.clear()
    hurry()
    run_due()
    assert [body["type"] for body in heard(software)] == ["measure.undo"]


def test_no_action_and_what_is_only_proposed_tell_nothing(software: Listening) -> None:
    decided(Reach(), "NO_ACTION")
    assert not OutboxRow.objects.filter(kind="webhook").exists()


def test_each_hook_hears_what_it_asked_for(software: Listening, settings: Settings) -> None:
    hook = settings.FN_WEBHOOKS[0]
    settings.FN_WEBHOOKS = [
        {**hook, "events": ["measure.undo"]},
        {**hook, "url": f"{hook['url']}/all"},
    ]
    _ended_by_time(decided())
    run_due()
    assert [(asked.path, asked.body["type"]) for asked in software.asked] == [
        ("/api/v1", "measure.undo"),
        ("/api/v1/all", "measure.undo"),
    ], "what was to be carried out had not gone out before it was to be undone"


def test_a_retry_is_the_same_message_signed_anew(software: Listening) -> None:
    software.answer = says(500)
    decided()
    run_due()
    hurry()
    software.answer = says(200)
    assert run_due() == 1
    first, second = software.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-id"].startswith("msg_") and "." not in first.headers["webhook-id"]
    assert first.body == second.body
    heard(software)


def again() -> OutboxRow:
    """The one message, as if it had never been tried."""
    OutboxRow.objects.update(
        due_at=timezone.now() - timedelta(seconds=1), attempts=0, dead=False, error_code=""
    )
    run_due()
    return OutboxRow.objects.get(kind="webhook")


def test_what_the_software_answers(software: Listening) -> None:
    decided()
    for status, code, dead in (
        (301, "misconfigured", False),
        (307, "misconfigured", False),
        (400, "refused", False),
        (401, "misconfigured", False),
        (404, "misconfigured", False),
        (410, "gone", True),
        (422, "refused", False),
        (429, "deferred", False),
        (500, "deferred", False),
        (503, "deferred", False),
        (202, "", False),
    ):
        software.answer = says(status, b"x", Location=f"{software.url}/elsewhere")
        row = again()
        assert (row.error_code, row.dead, row.done_at is not None) == (code, dead, code == ""), status
    assert {asked.path for asked in software.asked} == {"/api/v1"}, "no redirect is followed"
    # The measure waits whatever becomes of the message.
    assert MeasureStatus.objects.get().effect == "pending"


def test_it_waits_as_long_as_it_is_asked_to_within_bounds(software: Listening) -> None:
    in_an_hour = format_datetime(timezone.now() + timedelta(hours=1), usegmt=True)
    decided()
    for asked_for, least, most in (
        ("900", 900, 900),
        ("5", 30, 60),
        ("99999999", outbox.LONGEST_DELAY, outbox.LONGEST_DELAY),
        ("9" * 400, outbox.LONGEST_DELAY, outbox.LONGEST_DELAY),
        ("soon", 30, 60),
        ("-7", 30, 60),
        ("\u00b2", 30, 60),
        ("Tue, 01 Jan 1980 00:00:00 GMT", 30, 60),
        (in_an_hour, 3000, 3600),
    ):
        software.answer = says(429, b"", **{"Retry-After": asked_for})
        before = timezone.now()
        due = again().due_at
        assert timedelta(seconds=least) <= due - before, asked_for
        assert due - timezone.now() <= timedelta(seconds=most), asked_for


def test_an_endless_answer_is_not_read(software: Listening) -> None:
    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not software.stop.is_set():
            try:
                handler.wfile.write(b"x" * 65536)
            except OSError:
                return

    software.answer = endless
    decided()
    assert run_due() == 1


def test_a_hook_that_the_settings_no_longer_name_gets_nothing(
    software: Listening, settings: Settings
) -> None:
    decided()
    settings.FN_WEBHOOKS = []
    run_due()
    assert software.asked == []
    assert OutboxRow.objects.get(kind="webhook").error_code == "misconfigured"


def test_nothing_goes_out_unsigned(software: Listening, settings: Settings) -> None:
    decided()
    for secret in ("", "secret", "whsec_", "whsec_!!!", "whsec_c2hvcnQ=", "whsk_AAAA", "\xff"):
        (settings.FN_DATA / "hook.secret").write_text(secret, "latin-1")
        assert again().error_code == "misconfigured", secret
    assert software.asked == []


@pytest.mark.parametrize(
    "url", ["http://software.example/hook", "ftp://127.0.0.1/", "https://u:p@h.example/"]
)
def test_nothing_goes_in_the_clear_or_where_two_readers_would_differ(url: str) -> None:
    with pytest.raises(SendFailed) as caught:
        visit.post(url, b"", {}, 1)
    assert caught.value.code == "misconfigured"


def test_every_secret_signs_and_another_body_is_not_taken() -> None:
    private = Ed25519PrivateKey.generate()
    raw = private.private_bytes_raw()
    whsk = f"whsk_{base64.b64encode(raw).decode()}"
    other = f"whsec_{base64.b64encode(b'another secret of 24 b..').decode()}"
    at = int(timezone.now().timestamp())
    headers = webhooks.signed_headers("msg_1", at, b'{"a":1}', [SECRET, other, whsk, whsk.rstrip("=")])
    for secret in (SECRET, other):
        assert Webhook(secret).verify(b'{"a":1}', headers) == {"a": 1}
        for body, changed in ((b'{"a":2}', {}), (b'{"a":1}', {"webhook-id": "msg_2"})):
            with pytest.raises(WebhookVerificationError):
                Webhook(secret).verify(body, {**headers, **changed})
    public = private.public_key()
    found = [
        part.removeprefix("v1a,") for part in headers["webhook-signature"].split() if part.startswith("v1a,")
    ]
    assert len(found) == 2
    for signature in found:
        public.verify(base64.b64decode(signature), f'msg_1.{at}.{{"a":1}}'.encode())
        with pytest.raises(InvalidSignature):
            public.verify(base64.b64decode(signature), b"msg_1.0.{}")


def test_the_example_of_the_documentation_takes_it_and_nothing_else(
    software: Listening, tmp_path: Path
) -> None:
    decided()
    run_due()
    [asked] = software.asked
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    (tmp_path / "example.py").write_text(code, "utf-8")
    body = json.dumps(asked.body, ensure_ascii=False, separators=(",", ":"))
    for changed, accepted in ((body, "True"), (body.replace("carry_out", "undo"), "False")):
        check = (
            "import json, sys, example; secret, headers, body = json.loads(sys.stdin.read());"
            "print(example.verified(secret, headers, body.encode()))"
        )
        said = subprocess.run(
            [sys.executable, "-c", check],
            input=json.dumps([SECRET, asked.headers, changed]),
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=True,
            timeout=60,
        )
        assert said.stdout.strip() == accepted


def test_the_settings_are_read(settings: Settings) -> None:
    settings.FN_WEBHOOKS = [{"url": "https://a.example/", "secret_file": "/s", "events": ["measure.undo"]}]
    [hook] = carrying_out.hooks()
    assert (hook.events, hook.location, hook.secret_file) == (frozenset({"measure.undo"}), False, Path("/s"))
