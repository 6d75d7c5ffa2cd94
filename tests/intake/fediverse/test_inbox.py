"""Flags of other servers: whose signature is checked with which key, and what becomes of all the others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Notice, Received
from fairnotice.intake.fediverse import keys
from fairnotice.intake.reading import read_waiting
from tests.intake.fediverse import key_server, payloads, signing
from tests.intake.fediverse.key_server import Away
from tests.intake.fediverse.signing import as_body, ed_key, pem, rsa_key

pytestmark = pytest.mark.usefixtures("fn_db")
ACTIVITY = "application/activity+json"


@pytest.fixture(autouse=True)
def open_inbox(settings: Any) -> None:
    settings.FN_FLAG_INBOX = True


@pytest.fixture
def away(settings: Any) -> Iterator[Away]:
    """A listed server that shows its key."""
    with key_server.running() as server:
        server.show(pem(rsa_key()))
        settings.FN_FLAG_SERVERS = [{"host": server.host}]
        yield server


def send(client: Any, activity: Any, *, scheme: str = "cavage", key_id: str = "", **signed: Any) -> Any:
    """Post it signed, or unsigned with scheme ""."""
    body, headers = as_body(activity), {}
    if scheme:
        make = signing.cavage if scheme == "cavage" else signing.standard
        headers = make(body, key_id=key_id or signing.KEY_ID, **signed)
        headers.pop("Content-Type")
    return client.post("/ap/inbox", data=body, content_type=ACTIVITY, headers=headers)


def kept() -> Received:
    read_waiting()
    return Received.objects.get()


@pytest.mark.parametrize("scheme", ["cavage", "standard"])
def test_a_flag_of_a_listed_server_becomes_a_notice(client, away, scheme) -> None:
    answer = send(client, payloads.flag_activity(away.url), scheme=scheme, key_id=away.key_id)
    assert (answer.status_code, answer.json()) == (202, {"state": "taken"})
    assert kept().state == "taken"
    assert Notice.objects.get().door == "flag"
    assert away.asked == ["/actor"]


def test_its_key_is_asked_for_once(client, away) -> None:
    for number in range(3):
        activity = payloads.flag_activity(away.url, id=f"{away.url}/{number}")
        assert send(client, activity, key_id=away.key_id).status_code == 202
    assert away.asked == ["/actor"]
    assert send(client, activity, key_id=away.key_id).json() == {"state": "known"}


def test_a_key_that_was_changed_is_asked_for_again(client, away) -> None:
    send(client, payloads.flag_activity(away.url), key_id=away.key_id)
    away.show(pem(rsa_key(1)))
    activity = payloads.flag_activity(away.url, id=f"{away.url}/2")
    assert send(client, activity, key_id=away.key_id, key=rsa_key(1)).status_code == 202
    assert away.asked == ["/actor", "/actor"]


def test_somebody_who_signs_with_another_key_is_refused(client, away) -> None:
    answer = send(client, payloads.flag_activity(away.url), key_id=away.key_id, key=rsa_key(1))
    assert (answer.status_code, answer.json()["code"]) == (401, "signature")
    assert not Received.objects.exists()


def test_a_key_in_a_file_is_never_asked_for(client, settings, away, tmp_path) -> None:
    (tmp_path / "away.pem").write_text(pem(ed_key()))
    settings.FN_FLAG_SERVERS = [{"host": away.host, "key_file": str(tmp_path / "away.pem")}]
    answer = send(
        client, payloads.flag_activity(away.url), key_id=away.key_id, key=ed_key(), algorithm="hs2019"
    )
    assert answer.status_code == 202
    assert (kept().state, away.asked) == ("taken", [])
    forged = send(client, payloads.flag_activity(away.url), key_id=away.key_id)
    assert (forged.status_code, away.asked) == (401, [])


def test_a_server_that_is_not_listed_waits_for_a_person_and_is_not_asked(client, settings, away) -> None:
    settings.FN_FLAG_SERVERS = [{"host": "other.example.org"}]
    answer = send(client, payloads.flag_activity(away.url), key_id=away.key_id)
    assert answer.status_code == 202
    waiting = kept()
    assert (waiting.state, waiting.reason, away.asked) == ("waiting", "signature-unchecked", [])
    draft = receive.draft_of(waiting)
    assert [item.location for item in draft.items] == [f"{payloads.SOCIAL}/users/holder/statuses/111"]
    assert away.host in draft.why


def test_without_a_signature_it_waits_unless_the_server_is_known_to_sign(client, away) -> None:
    assert send(client, payloads.flag_activity("https://other.example.org"), scheme="").status_code == 202
    assert kept().reason == "signature-unchecked"
    answer = send(client, payloads.flag_activity(away.url), scheme="")
    assert (answer.status_code, answer.json()["code"]) == (401, "signature")


def test_a_listed_server_cannot_speak_for_another(client, away) -> None:
    answer = send(client, payloads.flag_activity("https://other.example.org"), key_id=away.key_id)
    assert answer.status_code == 401
    assert "another server" in answer.json()["message"]


@pytest.mark.parametrize(
    "page", [404, 302, 500, b"no json", b"[]", {"id": "x"}, {"publicKey": {"id": "x", "publicKeyPem": "no"}}]
)
def test_where_the_key_cannot_be_had_a_person_looks(client, away, page) -> None:
    away.pages = {"/actor": page}
    assert send(client, payloads.flag_activity(away.url), key_id=away.key_id).status_code == 202
    assert kept().reason == "signature-unchecked"
    assert away.asked == ["/actor"]


def test_a_key_that_belongs_to_somebody_elsewhere_is_none(client, away) -> None:
    away.show(pem(rsa_key()), owner="https://other.example.org/actor")
    send(client, payloads.flag_activity(away.url), key_id=away.key_id)
    assert kept().reason == "signature-unchecked"


def test_a_stranger_cannot_have_a_listed_server_asked_without_end(client, away) -> None:
    for number in range(keys.PER_MINUTE + 3):
        send(
            client,
            payloads.flag_activity(away.url, id=f"{away.url}/{number}"),
            key_id=f"{away.url}/u/{number}",
        )
    assert len(away.asked) == keys.PER_MINUTE
    assert Received.objects.count() == keys.PER_MINUTE + 3


def test_a_key_is_asked_for_again_after_its_time(client, away, monkeypatch) -> None:
    send(client, payloads.flag_activity(away.url), key_id=away.key_id)
    later = time.monotonic() + keys.KEEP + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    keys.key_for(away.key_id)
    assert away.asked == ["/actor", "/actor"]


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1@{host}/actor", "http://{host}.other.example/actor", "x"]
)
def test_an_address_that_only_looks_like_a_listed_one(away, address) -> None:
    with pytest.raises(keys.KeyUnknown):
        keys.key_for(address.format(host=away.host))
    assert away.asked == []


def test_over_the_open_net_a_key_is_never_asked_for_in_the_clear(settings) -> None:
    settings.FN_FLAG_SERVERS = [{"host": "away.example.org"}]
    with pytest.raises(keys.KeyUnknown, match="not https"):
        keys.key_for("http://away.example.org/actor#main-key")


@pytest.mark.parametrize(
    "activity",
    [{"type": "Follow"}, {"type": "Delete", "object": "x"}, [], "text", {"type": ["Create"]}],
)
def test_all_other_activities_leave_nothing(client, activity) -> None:
    answer = send(client, activity, scheme="")
    assert (answer.status_code, answer.json()) == (202, {"state": "not_for_us"})
    assert not Received.objects.exists()


def test_bad_input_is_refused_with_what_and_where(client, settings) -> None:
    answer = send(client, payloads.flag_activity(object=[]), scheme="")
    assert (answer.status_code, answer.json()["message"]) == (
        422, "This Flag names nothing that has a web address. (at /object)",
    )  # fmt: skip
    assert client.post("/ap/inbox", data=b"{", content_type=ACTIVITY).status_code == 400
    assert client.post("/ap/inbox", data=b"{", content_type="text/html").status_code == 415
    assert client.get("/ap/inbox").status_code == 405
    settings.FN_FLAG_INBOX = False
    assert send(client, payloads.flag_activity(), scheme="").status_code == 404


def test_the_actor_and_how_it_is_found(client, settings) -> None:
    found = client.get("/.well-known/webfinger", {"resource": "acct:reports@127.0.0.1:8000"})
    (link,) = found.json()["links"]
    actor = client.get(link["href"].removeprefix(settings.FN_BASE_URL))
    assert actor["Content-Type"] == ACTIVITY
    document = actor.json()
    assert (document["id"], document["type"]) == (link["href"], "Application")
    assert document["inbox"] == f"{settings.FN_BASE_URL}/ap/inbox"
    assert "publicKey" not in document
    assert client.get("/.well-known/webfinger", {"resource": "acct:x@127.0.0.1:8000"}).status_code == 404
    settings.FN_FLAG_INBOX = False
    assert client.get("/ap/actor").status_code == 404
    assert (
        client.get("/.well-known/webfinger", {"resource": "acct:reports@127.0.0.1:8000"}).status_code == 404
    )
