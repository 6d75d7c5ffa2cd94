"""Where somebody is signed in: listed, ended, and little of it kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from fairnotice.accounts import actions, sign_ins
from fairnotice.accounts.models import SignIn
from fairnotice.cases.permissions import ADMIN, PUBLISHER, REVIEWER
from tests.accounts import otp

pytestmark = pytest.mark.usefixtures("fn_db")
LIST, END = "/accounts/signed-in/", "/accounts/signed-in/end/"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def elsewhere(name: str, password: str) -> Client:
    """The same account in another browser."""
    client = Client(headers={"user-agent": "sentinel-browser"}, REMOTE_ADDR="192.0.2.31")
    assert client.post(otp.LOGIN, {"login": name, "password": password}).status_code == 302
    return client


def signed_in(client: Client) -> bool:
    return client.get(LIST).status_code == 200


def test_each_browser_is_a_row_with_hours_and_without_address_or_browser() -> None:
    client, user, password = otp.somebody("one", REVIEWER)
    elsewhere("one", password)
    rows = sign_ins.of(user)
    assert len(rows) == 2
    now = timezone.now()
    for row in rows:
        for moment in (row.started_at, row.used_at):
            assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)
            assert now - timedelta(hours=1, minutes=1) < moment <= now
    assert {f.name for f in SignIn._meta.concrete_fields} == {
        "id", "key", "user", "started_at", "used_at", "factor"
    }  # fmt: skip
    page = client.get(LIST).content.decode()
    assert "This browser" in page and page.count("with the password alone") == 2
    assert "192.0.2" not in page and "sentinel" not in page
    name = client.session[sign_ins.NAME]
    assert all(name.encode() not in bytes(row.key) for row in rows)


def test_one_is_ended_or_all_others_and_never_somebody_elses() -> None:
    client, user, password = otp.somebody("one", REVIEWER)
    second, third = elsewhere("one", password), elsewhere("one", password)
    stranger, _, _ = otp.somebody("two", REVIEWER)
    number = SignIn.objects.filter(user=user).order_by("pk")[1].pk
    stranger.post(END, {"number": number})
    assert signed_in(second)
    assert client.post(END, {"number": number})["Location"] == LIST
    assert not signed_in(second) and signed_in(third)
    assert second.get("/desk/").status_code == 302
    assert "is ended" in client.get(LIST).content.decode()
    client.post(END, {"number": "others"})
    assert not signed_in(third) and signed_in(client) and signed_in(stranger)
    for sent in ("", "x", "-1", "9" * 30, "٣"):
        assert client.post(END, {"number": sent}).status_code == 404


def test_an_ended_session_stays_ended_and_the_account_can_sign_in_anew() -> None:
    client, user, password = otp.somebody("one", REVIEWER)
    actions.sign_out(user)
    assert not signed_in(client) and not signed_in(client)
    assert SignIn.objects.count() == 0
    assert client.post(otp.LOGIN, {"login": "one", "password": password})["Location"] == "/desk/"
    assert signed_in(client)


def test_signing_out_leaves_nothing() -> None:
    client, _, _ = otp.somebody("one", REVIEWER)
    client.post("/accounts/logout/")
    assert not SignIn.objects.exists()


def test_another_password_or_other_roles_end_them() -> None:
    client, user, password = otp.somebody("one", REVIEWER)
    other = elsewhere("one", password)
    new = "correct-horse-battery-staple"
    sent = client.post("/accounts/password/", {"oldpassword": password, "password1": new, "password2": new})
    assert sent["Location"] == otp.SAFETY
    assert signed_in(client) and not signed_in(other)
    assert SignIn.objects.count() == 1
    for change in (
        lambda: actions.grant_roles(user=user, roles=[PUBLISHER]),
        lambda: actions.revoke_roles(user=user, roles=[PUBLISHER]),
        lambda: actions.renew_password(user=user),
    ):
        cache.clear()
        user.set_password(new)
        user.save()
        again = elsewhere("one", new)
        assert signed_in(again)
        change()
        assert not signed_in(again)
        assert not SignIn.objects.filter(user=user).exists()


def test_an_administrator_ends_them_and_nobody_else_can() -> None:
    client, user, _ = otp.somebody("one", REVIEWER)
    admin, _, _ = otp.somebody("two", ADMIN)
    path = f"/desk/staff/{user.pk}/sign-out/"
    assert client.post(path).status_code == 403
    assert admin.post(path)["Location"] == "/desk/staff/"
    assert not signed_in(client) and signed_in(admin)
    assert admin.post("/desk/staff/99999/sign-out/").status_code == 404


def test_rows_of_sessions_that_ran_out_are_forgotten() -> None:
    client, _, _ = otp.somebody("one", REVIEWER)
    assert sign_ins.forget_old() == 0
    assert sign_ins.forget_old(timezone.now() + timedelta(hours=8)) == 0
    assert sign_ins.forget_old(timezone.now() + timedelta(hours=11)) == 1
    assert not signed_in(client)


def test_use_is_noted_by_the_hour() -> None:
    client, user, _ = otp.somebody("one", REVIEWER)
    earlier = sign_ins.of(user)[0].used_at - timedelta(hours=3)
    SignIn.objects.update(started_at=earlier, used_at=earlier)
    client.get(LIST)
    row = sign_ins.of(user)[0]
    assert row.started_at == earlier < row.used_at


def test_a_visitor_gets_no_row() -> None:
    Client().get("/")
    Client().get(otp.LOGIN)
    Client().post(otp.LOGIN, {"login": "nobody", "password": "x"})
    assert not SignIn.objects.exists()
