"""A second factor: set up, asked for, sealed, required where it has to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from fairnotice.accounts import second_factor
from fairnotice.cases.permissions import ADMIN, PUBLISHER, REVIEWER
from fairnotice.vault.errors import SealBroken
from fairnotice.vault.named import seal_text, unseal_text
from tests.accounts import otp

pytestmark = pytest.mark.usefixtures("fn_db")
NAME = "a-reviewer"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def stored() -> str:
    """All that the database holds of second factors and sessions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        rows = [str(row[0]) for row in cursor.fetchall()]
    return str(rows + [session.get_decoded() for session in Session.objects.all()])


def test_a_code_of_the_app_is_asked_for_after_the_password() -> None:
    client, _, password = otp.somebody(NAME, REVIEWER)
    secret, codes = otp.set_up_app(client, password)
    assert len(codes) == 10
    other = Client()
    asked = other.post(otp.LOGIN, {"login": NAME, "password": password})
    assert asked["Location"] == "/accounts/login/second/"
    assert other.get("/desk/").status_code == 302
    wrong = other.post("/accounts/login/second/", {"code": "000000"})
    assert "This code or passkey is not right" in wrong.content.decode()
    assert other.get("/desk/").status_code == 302
    now = otp.code(secret)
    assert other.post("/accounts/login/second/", {"code": now})["Location"] == "/desk/"
    assert other.get("/desk/").status_code == 200
    # The same code opens nothing a second time.
    third = Client()
    third.post(otp.LOGIN, {"login": NAME, "password": password})
    assert third.post("/accounts/login/second/", {"code": now}).status_code == 200
    assert third.get("/desk/").status_code == 302
    # A recovery code does, once.
    assert third.post("/accounts/login/second/", {"code": codes[0]})["Location"] == "/desk/"
    fourth = Client()
    fourth.post(otp.LOGIN, {"login": NAME, "password": password})
    assert fourth.post("/accounts/login/second/", {"code": codes[0]}).status_code == 200
    assert "with password and a recovery code" in third.get("/accounts/signed-in/").content.decode()


def test_secrets_lie_sealed_and_codes_are_shown_once() -> None:
    client, user, password = otp.somebody(NAME, REVIEWER)
    otp.again(client, password, otp.APP)
    client.get(otp.APP)
    waiting = client.session["mfa.totp.secret"]
    plain = unseal_text(second_factor.SEALED_AS, waiting)
    assert plain not in stored()
    secret, codes = otp.set_up_app(client, password)
    assert secret == plain, "looking again does not make another secret"
    kept = stored()
    assert secret not in kept and not any(code in kept for code in codes)
    seed = Authenticator.objects.get(user=user, type="recovery_codes").data["seed"]
    assert len(unseal_text(second_factor.SEALED_AS, seed)) == 80
    page = client.get(f"{otp.SAFETY}codes/").content.decode()
    assert not any(code in page for code in codes)
    assert Authenticator.objects.filter(last_used_at__isnull=False).count() == 0


def test_what_was_not_sealed_so_does_not_open() -> None:
    sealed = seal_text("one", "a text")
    assert unseal_text("one", sealed) == "a text"
    for name, text in (("two", sealed), ("one", sealed[:-4] + "AAA="), ("one", "ß"), ("one", "")):
        with pytest.raises(SealBroken):
            unseal_text(name, text)


def test_the_picture_is_a_file_of_ours_that_nothing_keeps() -> None:
    client, _, password = otp.somebody(NAME, REVIEWER)
    assert client.get(f"{otp.APP}code.svg").status_code == 404
    otp.again(client, password, otp.APP)
    page = client.get(otp.APP)
    assert f'src="{otp.APP}code.svg"' in page.content.decode() and "data:image" not in page.content.decode()
    picture = client.get(f"{otp.APP}code.svg")
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert (
        b"<svg" in picture.content and b"style=" not in picture.content and b"<script" not in picture.content
    )
    assert Client().get(f"{otp.APP}code.svg").status_code == 302


def test_what_keeps_the_account_safe_changes_only_after_showing_it_again() -> None:
    client, user, _ = otp.somebody(NAME, REVIEWER)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    for path in ("safety/app/", "safety/passkey/", "safety/codes/new/"):
        answer = client.get(f"/accounts/{path}")
        assert answer["Location"].startswith("/accounts/again/"), path
        sent = client.post(f"/accounts/{path}", {"code": "sentinel"}, REMOTE_ADDR="192.0.2.44")
        assert sent["Location"].startswith("/accounts/again/"), path
        kept = str(dict(client.session))
        assert "192.0.2.44" not in kept and "sentinel" not in kept
    assert not Authenticator.objects.filter(user=user).exists()


@pytest.mark.parametrize(("role", "needed"), [(REVIEWER, True), (ADMIN, True), (PUBLISHER, False)])
def test_whoever_needs_one_sets_it_up_before_anything_else(settings, role: str, needed: bool) -> None:
    settings.FN_SECOND_FACTOR = "required"
    client, _, password = otp.somebody(NAME, role)
    answer = client.get("/desk/")
    if not needed:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer["Location"]) == (302, otp.SAFETY)
    assert client.post("/desk/", {}).status_code == 302
    htmx = client.get("/desk/", headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (403, otp.SAFETY)
    assert "Before you go on" in client.get(otp.SAFETY).content.decode()
    assert client.get("/accounts/signed-in/").status_code == 200
    otp.set_up_app(client, password)
    assert client.get("/desk/").status_code == 200
    # The last one stays, for as long as it is needed.
    otp.again(client, password, f"{otp.APP}remove/")
    refused = client.post(f"{otp.APP}remove/")
    assert "Your roles need a second factor" in refused.content.decode()
    settings.FN_SECOND_FACTOR = "offered"
    assert client.post(f"{otp.APP}remove/")["Location"] == otp.SAFETY
    assert not Authenticator.objects.exists(), "the recovery codes go with it"


def test_others_who_are_signed_in_by_the_password_alone_are_out_once_there_is_more() -> None:
    client, _, password = otp.somebody(NAME, REVIEWER)
    stranger = Client()
    stranger.post(otp.LOGIN, {"login": NAME, "password": password})
    assert stranger.get("/desk/").status_code == 200
    otp.set_up_app(client, password)
    assert stranger.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 200


def test_guessing_codes_is_slowed_down_and_ends() -> None:
    client, _, password = otp.somebody(NAME, REVIEWER)
    secret, _ = otp.set_up_app(client, password)
    guesser = Client()
    guesser.post(otp.LOGIN, {"login": NAME, "password": password})
    for number in range(6):
        answer = guesser.post("/accounts/login/second/", {"code": f"00000{number}"})
    assert "Too many tries" in answer.content.decode()
    assert "Too many" in guesser.post("/accounts/login/second/", {"code": otp.code(secret)}).content.decode()
    cache.clear()  # minutes later
    assert guesser.post("/accounts/login/second/", {"code": otp.code(secret)})["Location"] == "/desk/"


@pytest.mark.parametrize(
    "sent",
    ["", "{", "[]", "null", "7", '{"id": 1}', '{"response": {"userHandle": "AA"}}']
    + [
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": more})
        for more in (
            {},
            {"clientDataJSON": "AA", "attestationObject": "AA"},
            {
                "clientDataJSON": "e30",
                "authenticatorData": "AA",
                "signature": "AA",
                "userHandle": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
            },
        )
    ],
)
def test_a_passkey_that_is_none_is_refused_with_a_page(sent: str) -> None:
    client, _, password = otp.somebody(NAME, REVIEWER)
    anonymous = Client()
    assert anonymous.get("/accounts/login/passkey/", headers={"Accept": "application/json"}).json()
    assert anonymous.post("/accounts/login/passkey/", {"credential": sent})["Location"] == otp.LOGIN
    otp.again(client, password, "/accounts/safety/passkey/")
    assert client.post("/accounts/safety/passkey/", {"credential": sent}).status_code == 200
    assert not Authenticator.objects.exists()


def test_a_site_with_only_a_number_has_no_passkeys(settings, rf) -> None:
    for url, host in (
        ("https://notice.example.org", "notice.example.org"),
        ("http://127.0.0.1:8000", "localhost"),
        ("https://192.0.2.7", ""),
    ):
        settings.FN_BASE_URL = url
        assert second_factor.passkey_host() == host
    settings.FN_BASE_URL = "https://notice.example.org"
    request = rf.get("/", headers={"host": "localhost"})
    assert not second_factor.passkeys_here(request)


def test_no_page_of_ours_is_left_to_the_librarys_own_templates() -> None:
    """Every template that a route of ours can show is one of ours."""
    from django.template.loader import get_template

    ours = Path(second_factor.__file__).parent / "templates"
    for name in (
        "account/login.html", "account/logout.html", "account/reauthenticate.html", "mfa/index.html",
        "mfa/authenticate.html", "mfa/reauthenticate.html", "mfa/totp/activate_form.html",
        "mfa/totp/deactivate_form.html", "mfa/recovery_codes/index.html", "mfa/recovery_codes/generate.html",
        "mfa/webauthn/add_form.html", "mfa/webauthn/reauthenticate.html",
        "mfa/webauthn/authenticator_confirm_delete.html", "socialaccount/authentication_error.html",
    ):  # fmt: skip
        found: Any = get_template(name)
        assert Path(found.origin.name).is_relative_to(ours), name
