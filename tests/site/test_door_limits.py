"""Every page that takes something from the public has a limit, and over it nothing that was typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from fairnotice.cases.permissions import CODE, PUBLIC, ROUTES
from fairnotice.plumbing import limits
from tests.intake.filling import form
from tests.site.routes import all_routes

pytestmark = pytest.mark.usefixtures("fn_db")
PATHS = dict(all_routes())
#: Where a limit stands on another page before it, or nothing is taken in and nothing is looked up.
WITHOUT = {
    "notice-new": "adds and removes rows of a page; stores and looks up nothing",
    "account_login": "allauth counts it (ACCOUNT_RATE_LIMITS)",
    "mfa_authenticate": "does nothing before the right password; then allauth counts by account",
    "mfa_login_webauthn": "allauth counts it (MFA_RATE_LIMITS)",
    "recourse-leave": "takes a cookie back",
}


def _takes(name: str) -> bool:
    return Client(raise_request_exception=False).post(PATHS[name], {}).status_code not in (405, 404)


@pytest.mark.parametrize("name", sorted(n for n, who in ROUTES.items() if who in (PUBLIC, CODE)))
def test_a_public_page_that_takes_something_counts_its_visitors(name, monkeypatch) -> None:
    counted: list[str] = []

    def count(door: str, network: bytes, per_minute: int) -> bool:
        counted.append(door)
        return False

    monkeypatch.setattr(limits, "_over", count)
    client = Client(raise_request_exception=False)
    # "code" is what the pages behind a code ask for first.
    status = client.post(PATHS[name], {"code": "x", "why": "w"}).status_code
    if status == 405 or name in WITHOUT:
        return
    json = client.post(PATHS[name], "{}", content_type="application/json").status_code
    complete = client.post(PATHS[name], form()).status_code
    assert counted, (name, status, json, complete)


def test_the_exceptions_exist() -> None:
    assert set(WITHOUT) <= set(ROUTES)
    assert all(_takes(name) for name in WITHOUT)
