"""The webhooks as they are: what is answered, what is stored, and that nothing else is."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from fairnotice.cases import sealed
from fairnotice.cases.actions import receive
from fairnotice.cases.models import Notice, Received, SealedValue
from fairnotice.intake.reading import read_waiting
from fairnotice.vault import sealing
from tests.intake.fediverse import payloads
from tests.intake.fediverse.conftest import SECRET
from tests.intake.fediverse.payloads import FORUM, PRIVATE, SOCIAL

pytestmark = pytest.mark.usefixtures("fn_db", "hooked")
MASTODON, DISCOURSE = "/hooks/mastodon/social/", "/hooks/discourse/forum/"


def signature(body: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def mastodon(client: Any, payload: Any, path: str = MASTODON, **headers: str) -> Any:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = {"X-Hub-Signature": signature(body), **headers}
    return client.post(path, data=body, content_type="application/json", headers=headers)


def discourse(client: Any, payload: Any, event: str, **headers: str) -> Any:
    body = json.dumps(payload).encode()
    headers = {"X-Discourse-Event": event, "X-Discourse-Event-Signature": signature(body), **headers}
    return client.post(DISCOURSE, data=body, content_type="application/json", headers=headers)


def test_a_report_is_stored_and_becomes_a_notice(client) -> None:
    answer = mastodon(client, payloads.webhook())
    assert (answer.status_code, answer.json()) == (202, {"state": "taken"})
    assert read_waiting() == 1
    notice = Notice.objects.get()
    item = notice.items.get()
    assert (notice.door, notice.source_type, notice.good_faith) == (
        "mastodon",
        "SOURCE_TYPE_OTHER_NOTIFICATION",
        None,
    )
    assert sealed.read("item", item.ref, "location") == f"{SOCIAL}/@holder/111"
    assert sealed.read_many("notice", notice.ref, ("name", "email")) == {"name": "", "email": ""}
    assert Received.objects.get().state == "taken"


def test_nothing_of_anybody_else_is_written(client) -> None:
    """Every sealed value is opened and looked through."""
    mastodon(client, payloads.webhook())
    discourse(client, payloads.reviewable(), "reviewable_created")
    read_waiting()
    texts = []
    for row in SealedValue.objects.all():
        opened = sealing.unseal_bytes(
            row.key_id, bytes(row.blob), table=row.owner, row=row.row, field=row.field
        )
        texts.append(opened.decode())
    assert len(texts) >= 10
    assert [word for word in PRIVATE if word in "\n".join(texts)] == []


def test_the_same_report_once_more_is_no_second_notice(client) -> None:
    mastodon(client, payloads.webhook())
    answer = mastodon(client, payloads.webhook(updated_at="2025-09-21T13:00:00.000Z", category="spam"))
    assert (answer.status_code, answer.json()) == (200, {"state": "known"})
    assert Received.objects.count() == 1


@pytest.mark.parametrize(
    "payload", [payloads.webhook("account.created"), payloads.webhook(action_taken=True)]
)
def test_what_is_not_for_us_leaves_nothing(client, payload) -> None:
    assert mastodon(client, payload).json() == {"state": "not_for_us"}
    assert not Received.objects.exists()


@pytest.mark.parametrize("given", ["", "sha256=00", signature(b"{}"), signature(b"", b"")])
def test_a_wrong_signature_is_refused_in_words(client, given) -> None:
    answer = mastodon(client, payloads.webhook(), **{"X-Hub-Signature": given})
    assert (answer.status_code, answer.json()["code"]) == (401, "signature")
    assert "X-Hub-Signature" in answer.json()["message"]
    assert not Received.objects.exists()


def test_the_signature_is_looked_at_before_the_body(client) -> None:
    assert mastodon(client, b"{no json", **{"X-Hub-Signature": "sha256=0"}).status_code == 401
    answer = mastodon(client, b"{no json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize(
    ("payload", "where"),
    [({"event": "report.created"}, "/object"), ([], ""), (payloads.webhook(id=None), "/id")],
)
def test_what_is_no_report_is_refused_with_what_and_where(client, payload, where) -> None:
    answer = mastodon(client, payload)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert where in answer.json()["message"]


def test_a_report_without_a_place_waits_for_a_person(client) -> None:
    sent = payloads.webhook(statuses=[], target_account={"id": "7", "account": {"url": None}})
    assert mastodon(client, sent).status_code == 202
    read_waiting()
    kept = Received.objects.get()
    assert (kept.state, kept.reason) == ("waiting", "no-place")
    assert "This insults my neighbour." in receive.draft_of(kept).why


@pytest.mark.parametrize(
    "path", ["/hooks/mastodon/other/", "/hooks/mastodon/forum/", "/hooks/discourse/social/"]
)
def test_a_name_that_the_settings_do_not_have(client, path) -> None:
    assert mastodon(client, payloads.webhook(), path=path).status_code == 404


def test_what_is_refused_before_the_body_is_read(client, settings) -> None:
    assert client.get(MASTODON).status_code == 405
    assert client.post(MASTODON, data="a=b", content_type="text/plain").status_code == 415
    big = json.dumps(payloads.webhook(comment="x" * 2_100_000)).encode()
    assert mastodon(client, big).status_code == 413
    settings.FN_API_PER_MINUTE = 1
    codes = [mastodon(client, payloads.webhook()).status_code for _ in range(3)]
    assert codes[-1] == 429


def test_a_secret_that_cannot_be_read_is_answered_so_that_the_sender_tries_again(client, secret_file) -> None:
    secret_file.unlink()
    assert mastodon(client, payloads.webhook()).status_code == 401


def test_no_cookie_is_asked_for(client) -> None:
    from django.test import Client

    assert mastodon(Client(enforce_csrf_checks=True), payloads.webhook()).status_code == 202


def test_a_flag_of_a_forum_becomes_a_notice(client) -> None:
    answer = discourse(client, payloads.reviewable(), "reviewable_created")
    assert answer.status_code == 202
    assert discourse(client, payloads.reviewable(score=9), "reviewable_created").json() == {"state": "known"}
    read_waiting()
    notice = Notice.objects.get()
    assert (notice.door, notice.problem) == ("discourse", "privacy")
    assert sealed.read("item", notice.items.get().ref, "location") == f"{FORUM}/t/a-topic/12/3"


def test_an_older_forum_is_understood_too(client) -> None:
    assert discourse(client, payloads.old_flag(), "flag_created").status_code == 202
    read_waiting()
    assert sealed.read("item", Notice.objects.get().items.get().ref, "location") == f"{FORUM}/p/78"


@pytest.mark.parametrize("event", ["ping", "reviewable_updated", "topic_created", ""])
def test_other_events_of_a_forum_leave_nothing(client, event) -> None:
    answer = discourse(client, payloads.reviewable(), event)
    assert (answer.status_code, answer.json()) == (200, {"state": "not_for_us"})
    assert not Received.objects.exists()


def test_a_wrong_signature_of_a_forum_is_refused(client) -> None:
    answer = discourse(
        client, payloads.reviewable(), "reviewable_created", **{"X-Discourse-Event-Signature": "sha256=0"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "signature")
