"""Signing in by an identity provider: linked accounts alone, and nothing of it is kept but a hash."""

from __future__ import annotations

import html
import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core.cache import cache
from django.test import Client

from fairnotice.accounts import linking
from fairnotice.accounts.actions import AccountError, add_user, close_account
from fairnotice.accounts.by_provider import subject_hash
from fairnotice.accounts.models import User
from fairnotice.cases.permissions import REVIEWER
from fairnotice.ledger.models import Event
from fairnotice.plumbing import limits
from tests.accounts import otp
from tests.accounts.standin import CLIENT, SECRET, StandIn, standing_in

pytestmark = pytest.mark.usefixtures("fn_db")
GO, BACK = "/accounts/login/office/", "/accounts/login/office/back/"


@pytest.fixture(autouse=True)
def no_earlier_tries(monkeypatch):
    cache.clear()
    monkeypatch.setattr(limits, "_over", lambda *_: False)


@pytest.fixture
def there(settings, tmp_path: Path) -> Iterator[StandIn]:
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    with standing_in() as provider:
        settings.FN_IDENTITY_PROVIDERS = [
            {
                "name": "office", "label": "Office account", "url": provider.issuer, "client_id": CLIENT,
                "secret_file": str(secret),
            }
        ]  # fmt: skip
        yield provider


def to_provider(client: Client, **fields: str) -> str:
    """From our button to where our page leads."""
    page = client.post(GO, fields)
    assert page.status_code == 200, (page.status_code, page.get("Location"))
    refresh = re.search(r'content="0; url=([^"]+)"', page.content.decode())
    assert refresh and f'href="{refresh[1]}"' in page.content.decode(), "it goes without scripts and by hand"
    return html.unescape(refresh[1])


def at_provider(url: str) -> str:
    """What the browser does there; the path that it is sent back to."""
    parts = urlsplit(url)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    link.request("GET", f"{parts.path}?{parts.query}")
    answer = link.getresponse()
    back = urlsplit(answer.headers["Location"])
    link.close()
    return f"{back.path}?{back.query}"


def through(client: Client, **fields: str) -> Any:
    return client.get(at_provider(to_provider(client, **fields)))


def linked(provider: StandIn, name: str = "one") -> User:
    user, _ = add_user(username=name, roles=[REVIEWER])
    linking.link(user=user, provider="office", uid=subject_hash("office", provider.subject))
    return user


def test_a_linked_account_signs_in_and_nothing_is_kept_of_the_person(there: StandIn) -> None:
    user = linked(there)
    client = Client()
    assert "Sign in with Office account" in client.get(otp.LOGIN).content.decode()
    before = SocialAccount.objects.get()
    answer = through(client)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200
    row = SocialAccount.objects.get()
    assert (row.user_id, row.extra_data, row.last_login) == (user.pk, {}, before.date_joined)
    assert there.subject not in row.uid
    kept = f"{row.__dict__} {dict(client.session)}"
    for word in ("Sentinel", "sentinel", there.subject):
        assert word not in kept, word
    assert not SocialToken.objects.exists() and not SocialApp.objects.exists()
    assert "/keys" in there.asked and "/user" not in there.asked


def test_nobody_gets_an_account_by_it(there: StandIn) -> None:
    client = Client()
    answer = through(client)
    assert answer.status_code == 403 and "No account here is linked" in answer.content.decode()
    assert not User.objects.exists() and not SocialAccount.objects.exists()
    assert client.get("/desk/").status_code == 302


def test_the_owner_links_and_unlinks_while_signed_in(there: StandIn) -> None:
    client, user, password = otp.somebody("one", REVIEWER)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    assert client.post(GO, {"process": "connect"})["Location"].startswith("/accounts/again/")
    otp.again(client, password)
    answer = through(client, process="connect")
    assert answer["Location"] == otp.SAFETY
    assert "Linked." in client.get(otp.SAFETY).content.decode()
    other = Client()
    assert through(other)["Location"] == "/desk/"
    client.post(f"{otp.SAFETY}unlink/office/")
    assert through(Client()).status_code == 403
    kinds = list(
        Event.objects.filter(kind__contains="provider").order_by("id").values_list("kind", flat=True)
    )
    assert kinds == ["account.provider_linked", "account.provider_unlinked"]
    assert not SocialAccount.objects.filter(user=user).exists()


def test_what_is_linked_already_is_not_linked_to_another(there: StandIn) -> None:
    linked(there, "first")
    client, user, password = otp.somebody("second", REVIEWER)
    otp.again(client, password)
    through(client, process="connect")
    assert "Another account is linked" in client.get(otp.SAFETY).content.decode()
    assert not SocialAccount.objects.filter(user=user).exists()
    with pytest.raises(AccountError, match="no such identity provider"):
        linking.link(user=user, provider="elsewhere", uid="x")


def test_a_closed_account_stays_closed_and_a_second_factor_is_still_asked_for(there: StandIn) -> None:
    user = linked(there, "closed")
    close_account(user=user)
    assert "This account is closed" in through(Client()).content.decode()
    there.subject = "subject-8"
    client, second, password = otp.somebody("second", REVIEWER)
    otp.set_up_app(client, password)
    linking.link(user=second, provider="office", uid=subject_hash("office", there.subject))
    assert through(Client())["Location"] == "/accounts/login/second/"


@pytest.mark.parametrize(
    "faults",
    [
        {"wrong key": True}, {"header": {"alg": "none"}}, {"header": {"alg": "HS256"}},
        {"header": {"kid": "k2"}}, {"header": {"kid": None}}, {"claims": {"aud": "somebody-else"}},
        {"claims": {"iss": "https://evil.example.org"}}, {"claims": {"exp": 1}}, {"claims": {"sub": None}},
        {"/token": {"access_token": "x"}}, {"/token": "not json"}, {"/keys": {}}, {"/keys": "<html>"},
        {"/token": {"error": "invalid_grant"}}, {"/token": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_right_signs_nobody_in(there: StandIn, faults: dict[str, Any]) -> None:
    linked(there)
    client = Client()
    back = at_provider(to_provider(client))
    there.faults = faults
    answer = client.get(back)
    assert answer.status_code in (401, 403, 502), answer.status_code
    assert "_auth_user_id" not in client.session


def test_a_provider_that_is_down_or_talks_nonsense_is_a_page(there: StandIn, settings, tmp_path) -> None:
    for faults in ({"/.well-known/openid-configuration": said} for said in ("", "[]", "{}", {"issuer": 1})):
        there.faults = faults
        answer = Client().post(GO)
        assert answer.status_code == 502 and "That did not work" in answer.content.decode()
    there.faults = {}
    settings.FN_IDENTITY_PROVIDERS[0]["secret_file"] = str(tmp_path / "nothing")
    assert Client().post(GO).status_code == 502
    settings.FN_IDENTITY_PROVIDERS[0] |= {"url": "http://127.0.0.1:9", "secret_file": ""}
    assert Client().post(GO).status_code == 502


def test_what_was_not_begun_here_ends_here(there: StandIn) -> None:
    linked(there)
    back = at_provider(to_provider(Client()))
    for path in (
        back,
        BACK,
        f"{BACK}?code=x&state=y",
        f"{BACK}?error=access_denied",
        f"{BACK}?error=sentinel",
    ):
        stranger = Client()
        answer = stranger.get(path)
        assert answer.status_code == 401 and "sentinel" not in answer.content.decode(), path
        assert "_auth_user_id" not in stranger.session
    client = Client()
    assert client.post(GO, {"process": "redirect", "next": "https://evil.example.org/"}).status_code == 404
    assert client.post("/accounts/login/elsewhere/").status_code == 404
    assert client.get("/accounts/login/elsewhere/back/").status_code == 404
    assert client.get(GO).status_code == 405
    client.post(GO, {"process": "connect"})
    assert "office" not in client.get("/accounts/signed-in/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(GO).status_code == 403
