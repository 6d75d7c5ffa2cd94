"""Every route with every role: the table decides, and what is not in the table exists for nobody."""

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from fairnotice.accounts.actions import add_user
from fairnotice.accounts.models import User
from fairnotice.cases import permissions
from fairnotice.cases.permissions import CODE, PUBLIC, ROLE_WORDS, ROLES, ROUTES, SIGNED_IN
from tests.site.routes import all_routes
from tests.site.served import hearing

pytestmark = pytest.mark.usefixtures("fn_db")
PATHS = dict(all_routes())
NOBODY = "nobody"
# Steps of signing in: whoever has not begun is led to the beginning, whoever is done goes on.
STEPS = ("mfa_authenticate", "mfa_login_webauthn")


@pytest.fixture
def clients(settings):
    """A client for a visitor, for somebody without a role, and for each role; all see 500 as an answer."""
    # Hashing seven passwords well takes seconds, in every one of these tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    found = {NOBODY: Client(raise_request_exception=False)}
    for role in ("", *ROLES):
        user = User.objects.create_user(f"user-{role or 'without-role'}", "a long password")
        user.grants.create(role=role) if role else None
    sign_in(found)
    return found


def sign_in(clients):
    for who in ("", *ROLES):
        user = User.objects.get(username=f"user-{who or 'without-role'}")
        clients[who] = Client(raise_request_exception=False)
        clients[who].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_every_route_of_the_resolver_is_in_the_table():
    assert {name for name, _ in all_routes()} == set(ROUTES)


def test_no_two_routes_share_a_name():
    names = [name for name, _ in all_routes()]
    assert len(names) == len(set(names))


def test_every_listed_role_exists():
    for allowed in ROUTES.values():
        assert allowed in (PUBLIC, CODE, SIGNED_IN) or frozenset(allowed) <= frozenset(ROLES)
    assert set(ROLE_WORDS) == set(ROLES)


@pytest.mark.parametrize("names", [sorted(ROUTES)[first::20] for first in range(20)])
def test_the_table_decides(clients, names):
    """A share of the routes at a time, since making everybody takes longer than asking."""
    for name, method in product(names, ("get", "post", "put")):
        the_table_decides(clients, name, method)
        # Signing out, oneself, everywhere or somebody else, is among the routes, and it works.
        if method == "post" and (name.startswith("account") or "sign-out" in name):
            sign_in(clients)


def the_table_decides(clients, name, method):
    allowed = ROUTES[name]
    for who, client in clients.items():
        answer = getattr(client, method)(PATHS[name])
        seen = (name, method, who, answer.status_code)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
        if allowed in (PUBLIC, CODE):
            assert not to_sign_in or name in STEPS, seen
            assert answer.status_code < 500, seen
        elif who == NOBODY:
            assert to_sign_in, seen
        elif allowed == SIGNED_IN or who in allowed:
            assert not to_sign_in, seen
            assert answer.status_code < 500, seen
            assert answer.status_code != 403, seen
        else:
            assert answer.status_code == 403, seen
            words = [ROLE_WORDS[role] for role in ROLES if role in allowed]
            assert all(word in answer.content.decode() for word in words), seen
        if allowed != PUBLIC:
            assert answer["Cache-Control"] == "no-store", seen


def test_a_route_that_is_forgotten_in_the_table_is_refused_and_said(clients, monkeypatch):
    with hearing("fairnotice.access") as heard:
        monkeypatch.delitem(permissions.ROUTES, "about")
        assert {client.get("/about/").status_code for client in clients.values()} == {404}
    assert any("about" in line for line in heard)


def test_a_visitor_comes_back_to_the_page_after_signing_in():
    _, password = add_user(username="a-reviewer", roles=[permissions.REVIEWER])
    client = Client()
    asked = client.get("/desk/measures/")
    signed_in = client.post(
        asked["Location"], {"login": "a-reviewer", "password": password, "next": "/desk/measures/"}
    )
    assert signed_in["Location"] == "/desk/measures/"


def test_htmx_is_sent_to_the_whole_sign_in_page(client):
    answer = client.get("/desk/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, reverse("account_login"))


def test_a_public_page_is_not_cached_with_somebodys_way_to_the_desk(clients):
    assert clients["reviewer"].get("/about/")["Cache-Control"] == "no-store"
    assert "Cache-Control" not in clients[NOBODY].get("/about/")


def test_the_tiles_of_the_log_depend_on_no_cookie(clients):
    for client in clients.values():
        assert "Cookie" not in client.get("/log/2026/checkpoint").get("Vary", "")


def test_a_closed_account_is_nobody(clients):
    User.objects.filter(username="user-reviewer").update(is_active=False)
    assert clients["reviewer"].get("/desk/").status_code == 302
