"""What is sent to any page, in any place, is in no log: neither when the page works nor when it fails.

`tests/fault/test_sentinels.py` looks at the bytes of a whole service; this walks all routes, so that a new one
cannot be forgotten.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from fairnotice.accounts.models import User
from fairnotice.cases.permissions import ROLES, ROUTES
from fairnotice.plumbing import limits
from tests.site import routes

pytestmark = pytest.mark.usefixtures("fn_db")
WORD = "zqvkx"
ADDRESS = "192.0.2.77"
FIELDS = (
    "code", "why", "reasons", "name", "email", "login", "password", "credential", "version", "number", "kind",
    "sign_in", "search", "q", "act", "items-0-location", "items-TOTAL_FORMS", "oldpassword", "process", "next",
    "state", "error", "label", "reference", "facts", "note", "token", "handle", "text", "problem", WORD,
)  # fmt: skip


@pytest.fixture(params=["whole", "failing"])
def way(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The program as it is; and with a fault of ours in every page."""
    monkeypatch.setattr(limits, "_over", lambda *_: False)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if request.param == "failing":
        settings.MIDDLEWARE = [*configured.MIDDLEWARE, "tests.site.failing.Failing"]
    return str(request.param)


@pytest.fixture
def said() -> Iterator[Callable[[], str]]:
    """Everything that any logger says, those of libraries too, whatever their level lets through."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(exc_info)s %(stack_info)s"))
    known = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    loggers = [logger for logger in known if logger is logging.root or not logger.propagate]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream.getvalue
    for logger in loggers:
        logger.removeHandler(handler)


def paths(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A path for each route, with the word wherever a path takes text."""
    for kind in ("str", "slug", "path"):
        monkeypatch.setitem(routes.SAMPLES, kind, f"{WORD}path")
    return dict(routes.all_routes())


def clients() -> dict[str, Client]:
    """A visitor, and somebody with every role."""
    user = User.objects.create_user("somebody", "a long password")
    user.grants.bulk_create([user.grants.model(user=user, role=role) for role in ROLES])
    found = {"visitor": Client(raise_request_exception=False), "staff": Client(raise_request_exception=False)}
    found["staff"].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_nothing_that_was_sent_is_in_a_log(
    way: str, said: Callable[[], str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    who = clients()
    headers = {
        "User-Agent": WORD, "Referer": f"https://{WORD}.example.org/{WORD}", "X-Forwarded-For": WORD,
        "Authorization": f"Bearer {WORD}", "Idempotency-Key": WORD, "Accept-Language": WORD, "Signature": WORD,
        "X-Request-Id": WORD, "Content-Language": WORD,
    }  # fmt: skip
    fields = {name: f"{WORD}{name}" for name in FIELDS}
    statuses: dict[int, int] = {}
    there = paths(monkeypatch)
    assert set(there) == set(ROUTES)
    for name, path in there.items():
        for client in who.values():
            client.cookies["other"] = WORD
            for answer in (
                client.get(f"{path}?{WORD}={WORD}&next={WORD}", headers=headers, REMOTE_ADDR=ADDRESS),
                client.post(f"{path}?{WORD}={WORD}", fields, headers=headers, REMOTE_ADDR=ADDRESS),
            ):
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
                if way == "whole":
                    assert answer.status_code < 500 or answer.status_code == 502, (name, answer.status_code)
                elif answer.status_code >= 500:
                    assert WORD.encode() not in answer.content, name
    if way == "failing":
        # Everywhere but where a page is not reached: without an account, or without the right to it.
        assert statuses.get(500, 0) > 2 * len(ROUTES), statuses
    for broken in (b'{"why": "' + WORD.encode(), b"\xff" + WORD.encode()):
        for path in ("/api/v1/notices", "/ap/inbox", "/api/v1/reports"):
            who["visitor"].post(path, broken, content_type="application/json", headers=headers)
    captured = capfd.readouterr()
    text = (said() + captured.out + captured.err).lower()
    assert text.count(" ms") > 2 * len(ROUTES), "each request is a line"
    at = text.find(WORD)
    assert at < 0, text[max(at - 200, 0) : at + 100]
    assert ADDRESS not in text
