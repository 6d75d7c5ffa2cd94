"""Signing in, signing out and changing the password, through the real pages."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.test import Client

from fairnotice.accounts.actions import add_user, close_account, renew_password
from fairnotice.cases.permissions import REVIEWER

pytestmark = pytest.mark.usefixtures("fn_db")
NAME = "a-reviewer"
LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


@pytest.fixture
def account():
    user, password = add_user(username=NAME, roles=[REVIEWER])
    return user, password


def sign_in(client: Client, password: str, **more):
    return client.post(LOGIN, {"login": NAME, "password": password, **more})


def test_the_sign_in_page_has_no_way_to_sign_up_or_to_reset_by_mail(client):
    page = client.get(LOGIN).content.decode()
    assert 'name="login"' in page
    for word in ("signup", "sign up", "Sign Up", "reset", "Forgot"):
        assert word not in page


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "inactive/", "reauthenticate/", ""])
def test_the_other_pages_of_the_library_do_not_exist(client, path, account):
    assert client.get(f"/accounts/{path}").status_code == 404
    sign_in(client, account[1])
    assert client.get(f"/accounts/{path}").status_code == 404


def test_signing_in_leads_on_and_the_session_ends_with_the_browser(client, account):
    answer = sign_in(client, account[1])
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    cookie = answer.cookies["sessionid"]
    assert cookie["max-age"] == "" and cookie["expires"] == ""
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_signing_in_leads_back_to_the_page_asked_for_but_never_to_another_site(client, account):
    assert sign_in(client, account[1], next="/accounts/password/")["Location"] == "/accounts/password/"
    client.logout()
    assert sign_in(client, account[1], next="https://example.net/")["Location"] == "/desk/"


def test_a_wrong_password_says_so_without_telling_which_names_exist(client, account):
    there = sign_in(client, "wrong")
    cache.clear()
    client_two = Client()
    nobody = client_two.post(LOGIN, {"login": "nobody-here", "password": "wrong"})
    text = "The sign-in name or the password is not right."
    assert text in there.content.decode() and text in nobody.content.decode()
    assert "_auth_user_id" not in client.session


def test_guessing_is_slowed_down_for_the_name_even_from_many_addresses(client, account):
    for number in range(5):
        client.post(LOGIN, {"login": NAME, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{number}")
    answer = client.post(LOGIN, {"login": NAME, "password": account[1]}, REMOTE_ADDR="192.0.2.99")
    assert "Too many tries" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_another_port_in_the_host_header_does_not_start_the_count_anew(client, account):
    for number in range(5):
        client.post(
            LOGIN,
            {"login": NAME, "password": "wrong"},
            REMOTE_ADDR=f"192.0.2.{number}",
            HTTP_HOST=f"localhost:{4000 + number}",
        )
    answer = client.post(LOGIN, {"login": NAME.upper(), "password": "wrong"}, HTTP_HOST="localhost:5000")
    assert "Too many tries" in answer.content.decode()


def test_strangers_cannot_keep_the_owner_of_a_name_out(client, account):
    assert sign_in(client, account[1]).status_code == 302
    client.cookies.pop("sessionid")
    stranger = Client(REMOTE_ADDR="192.0.2.66")
    for _ in range(6):
        sign_in(stranger, "wrong")
    assert "Too many tries" in sign_in(stranger, account[1]).content.decode()
    assert sign_in(client, account[1]).status_code == 302


def test_the_mark_of_a_browser_is_of_one_name_and_cannot_be_made_up(client, account):
    cookie = sign_in(client, account[1]).cookies["fn_known"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == LOGIN
    assert NAME not in cookie.value
    stranger = Client(REMOTE_ADDR="192.0.2.66")
    stranger.cookies["fn_known"] = cookie.value[:-1] + ("a" if cookie.value[-1] != "a" else "b")
    other, password = add_user(username="another", roles=[REVIEWER])
    for _ in range(5):
        stranger.post(LOGIN, {"login": other.username, "password": "wrong"})
    # A mark of one's own name is no way round the count of another name.
    client.cookies.pop("sessionid")
    answer = client.post(LOGIN, {"login": other.username, "password": password})
    assert "Too many tries" in answer.content.decode()
    for _ in range(5):
        sign_in(stranger, "wrong")
    assert "Too many tries" in sign_in(stranger, account[1]).content.decode()


def test_tries_at_many_names_do_not_make_the_tries_at_one_forgotten(client, account):
    for number in range(5):
        client.post(LOGIN, {"login": NAME, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{number}")
    for number in range(400):
        cache.set(f"other-{number}", number)
    answer = client.post(LOGIN, {"login": NAME, "password": account[1]}, REMOTE_ADDR="192.0.2.99")
    assert "Too many tries" in answer.content.decode()


def test_no_address_is_kept_even_in_memory(client, account):
    client.post(LOGIN, {"login": NAME, "password": "wrong"}, REMOTE_ADDR="192.0.2.77")
    kept = str(list(vars(caches["default"])["_cache"]))
    assert ":login" in kept, "tries are counted"
    assert "192.0.2.77" not in kept


def test_a_flood_is_answered_with_a_page_and_429(client):
    codes = [client.post(LOGIN, {"login": f"n{i}", "password": ""}).status_code for i in range(40)]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_a_closed_account_gets_a_page_and_no_session(client, account):
    close_account(user=account[0])
    answer = sign_in(client, account[1])
    assert answer.status_code == 403
    assert "This account is closed" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_its_sessions(client, account):
    sign_in(client, account[1])
    assert client.get(CHANGE).status_code == 200
    close_account(user=account[0])
    assert client.get(CHANGE).status_code == 302


def test_renewing_the_password_ends_its_sessions(client, account):
    sign_in(client, account[1])
    renew_password(user=account[0])
    assert client.get(CHANGE).status_code == 302


def test_signing_out_asks_first_and_forgets_the_session(client, account):
    sign_in(client, account[1])
    assert Session.objects.count() == 1
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert client.get(CHANGE).status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert Session.objects.count() == 0


def test_the_password_can_be_changed_by_whoever_knows_the_old_one(client, account):
    sign_in(client, account[1])
    new = "correct-horse-battery-staple"
    wrong = client.post(CHANGE, {"oldpassword": "guess", "password1": new, "password2": new})
    assert "This is not your present password." in wrong.content.decode()
    weak = client.post(CHANGE, {"oldpassword": account[1], "password1": "short", "password2": "short"})
    assert "at least 12 characters" in weak.content.decode()
    assert (
        client.post(CHANGE, {"oldpassword": account[1], "password1": new, "password2": new}).status_code
        == 302
    )
    assert client.get(CHANGE).status_code == 200, "the one who changed it stays signed in"
    other = Client()
    cache.clear()
    assert sign_in(other, new)["Location"] == "/desk/"


def test_staff_pages_are_never_cached(client, account):
    sign_in(client, account[1])
    assert client.get(CHANGE)["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(account):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, account[1]).status_code == 403
