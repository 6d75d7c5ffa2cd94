"""A notice may come with a token, and needs none; a token that is not good is never taken for nobody's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import clients, tokens, trusted
from fairnotice.cases.models import ApiToken, Case, Inbound, Notice
from fairnotice.law.scopes import SCOPES
from fairnotice.plumbing import limits
from tests.cases import making
from tests.intake.reports import report

pytestmark = pytest.mark.usefixtures("fn_db")
URL, FORWARDS = "/api/v1/notices", "/api/v1/forwards"
FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits._full_again.clear()


def send(client: Client, authorization: str = "", url: str = URL, **changes: Any):
    body = {
        "items": [{"location": "https://forum.example.org/post/7"}],
        "problem": "phishing",
        "why": "It asks for the password of a bank.",
        "good_faith": True,
        **changes,
    }
    headers = {"Authorization": authorization} if authorization else {}
    return client.post(url, json.dumps(body), content_type="application/json", headers=headers)


def test_without_a_token_nothing_is_different(client: Client) -> None:
    assert send(client).status_code == 201
    notice = Notice.objects.get()
    assert (notice.client, notice.source_type) == (None, "SOURCE_ARTICLE_16")
    assert Case.objects.get().level == 3


def test_with_a_token_it_is_the_clients_and_no_more_urgent(client: Client) -> None:
    assert send(client, f"Bearer {making.token('notices')}").status_code == 201
    notice = Notice.objects.get()
    assert notice.client == making.client()
    assert notice.source_type == "SOURCE_ARTICLE_16" and Case.objects.get().level == 3
    token = ApiToken.objects.get()
    assert token.last_used_on == timezone.localdate()


def test_a_token_that_is_not_good_here_is_refused_and_the_notice_not_taken(client: Client) -> None:
    good = making.token("notices")
    others = making.token(*(scope for scope in SCOPES if scope != "notices"))
    revoked, run_out, of_closed = (making.token("notices", label=name) for name in ("a", "b", "c"))
    tokens.revoke_tokens(client_ref=making.client("a").ref)
    ApiToken.objects.filter(client=making.client("b")).update(
        created_at=timezone.now() - timedelta(days=1), expires_at=timezone.now()
    )
    clients.close_client(client_ref=making.client("c").ref)
    bearers = [
        "",
        "wrong",
        good[:-1],
        good + "x",
        good.swapcase(),
        f" {good}",
        others,
        revoked,
        run_out,
        of_closed,
    ]
    headers = [f"Bearer {text}" for text in bearers] + [good, f"Token {good}", f"Basic {good}", "Bearer", "ü"]
    said = set()
    for header in headers:
        answer = send(client, header)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer"), header
        assert answer["Cache-Control"] == "no-store"
        said.add((answer.json()["code"], answer.json()["message"]))
    assert len(said) == 1 and "not taken" in said.pop()[1], "what is wrong with it is nobody's business"
    assert not Notice.objects.exists()
    assert send(client, f"bearer {good}").status_code == 201, "schemes are written in any case (RFC 9110)"


def test_a_trusted_flaggers_notice_goes_first_while_the_status_is_in_force(client: Client) -> None:
    admin = making.account("admin", "administrator")
    status = making.trusted_flagger(admin, areas=[FRAUD])
    token = f"Bearer {making.token('notices')}"
    assert send(client, token).status_code == 201
    notice = Notice.objects.get()
    assert notice.source_type == "SOURCE_TRUSTED_FLAGGER"
    assert notice.event.open["source_type"] == "SOURCE_TRUSTED_FLAGGER"
    case = Case.objects.get()
    assert case.level == 2 and "A trusted flagger sent a notice." in case.reasons

    outside: dict[str, Any] = {"problem": "defamation", "items": [{"location": "outside the area"}]}
    assert send(client, token, **outside).status_code == 201
    assert Notice.objects.latest("pk").source_type == "SOURCE_ARTICLE_16"
    assert Case.objects.latest("pk").level == 3

    trusted.end_trusted(actor=admin, client_ref=status.client.ref, reason="It was withdrawn.")
    assert send(client, token, items=[{"location": "afterwards"}]).status_code == 201
    assert Notice.objects.latest("pk").source_type == "SOURCE_ARTICLE_16"
    notice.refresh_from_db()
    assert notice.source_type == "SOURCE_TRUSTED_FLAGGER", "what came before keeps its place"


def test_a_status_that_has_run_out_counts_no_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    last = timezone.localdate() + timedelta(days=3)
    making.trusted_flagger(making.account("admin", "administrator"), review_on=None, expires_on=last)
    token = f"Bearer {making.token('notices')}"
    sources = []
    for day in (last, last + timedelta(days=1)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timezone, "localdate", lambda *_, day=day: day)
            assert send(client, token, items=[{"location": f"post {day}"}]).status_code == 201
        sources.append(Notice.objects.latest("pk").source_type)
    assert sources == ["SOURCE_TRUSTED_FLAGGER", "SOURCE_ARTICLE_16"]


@pytest.mark.parametrize("source", ["SOURCE_TRUSTED_FLAGGER", "SOURCE_VOLUNTARY"])
def test_nobody_names_their_own_source(client: Client, source: str) -> None:
    making.trusted_flagger(making.account("admin", "administrator"))
    answer = send(client, f"Bearer {making.token('notices')}", source_type=source)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["path"] == "source_type"


def test_what_is_forwarded_is_somebody_elses_notice(client: Client) -> None:
    """A machine's own report from a trusted flagger goes first; that it has no statement of good faith stays said."""
    making.trusted_flagger(making.account("admin", "administrator"))
    token = f"Bearer {making.token('forwards')}"
    own = client.post(
        FORWARDS, json.dumps(report()), content_type="application/json", headers={"Authorization": token}
    )
    assert own.status_code == 201, own.content
    notice = Notice.objects.get()
    assert (notice.client, notice.source_type) == (making.client(), "SOURCE_TYPE_OTHER_NOTIFICATION")
    assert Case.objects.get().level == 2
    forwarded = making.forwarded("https://forum.example.org/post/8", token=ApiToken.objects.get())
    assert forwarded.notice.client == making.client()
    assert making.case_of(making.Submitted(forwarded.notice, "", {})).level == 3


def test_a_retry_with_the_successor_of_a_token_is_still_a_retry(client: Client) -> None:
    old = making.token("forwards")

    def forward(token: str):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k" * 20}
        body = json.dumps(report())
        return client.post(FORWARDS, body, content_type="application/json", headers=headers)

    first = forward(old)
    new = tokens.rotate_token(token_ref=ApiToken.objects.get().ref, grace_days=0).text
    again = forward(new)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["reference"] == again.json()["reference"] and Inbound.objects.count() == 1
    assert forward(old).status_code == 401
    ask = {"Authorization": f"Bearer {new}"}
    assert client.get(f"{FORWARDS}/{first.json()['reference']}", headers=ask).status_code == 200


def test_the_page_and_the_description_say_that_a_token_is_possible_and_not_needed(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert {} in described["paths"][URL]["post"]["security"]
    assert "A token goes into the header" in client.get("/api/").content.decode()
