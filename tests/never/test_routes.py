"""What has no address cannot be asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path

from fairnotice.cases.permissions import ROUTES
from fairnotice.cases.queries import desk, public, recourse
from tests.never import walking

# The words of a person in a query's arguments. The actor is not among them: that is who asks.
PERSON = {"name", "email", "person", "user", "username", "notifier", "author", "handle", "account", "ip"}


# RFC 9082 names these paths: the address that is asked about, never that of a visitor.
ASKED_ABOUT = [f"rdap/{path} rdap-{path.rpartition('/')[0].replace('/', '-')}" for path in (
    "ip/<asked:text>", "history/ip/<asked:text>",
)] + ["rdap-ip", "rdap-history-ip"]  # fmt: skip
# Files that the program itself made of counts, and published.
PUBLISHED = ["reports/<str:ref>/files/<str:name> report-file", "report-file"]


def _faults(found: list[str]) -> list[str]:
    return walking.bad_names(
        found, walking.EVERYTHING | {"export", "username", "userid"}, [*ASKED_ABOUT, *PUBLISHED]
    )


def test_no_page_for_what_must_not_be_done() -> None:
    """No look-up of a person, no upload, no bulk orders, no shared lists, nothing that opens a reported address."""
    assert _faults(list(walking.routes(get_resolver().url_patterns))) == []
    assert _faults(list(ROUTES)) == []


def test_a_planted_page_is_found() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    for where in (
        "desk/person/<int:pk>/",
        "orders/import/",
        "notice/<ref>/upload/",
        "preview/",
        "bans/shared.json",
    ):
        assert _faults(list(walking.routes([path(where, view)])))
    assert _faults(list(walking.routes([path("desk/list/", view, name="notifier-activity")])))


def _asks_for_a_person(found: list[Callable[..., Any]]) -> list[str]:
    return [
        f"{query.__name__}({name})"
        for query in found
        for name in inspect.signature(query).parameters
        if name != "actor" and walking.bad_names([name], PERSON)
    ]


def _queries(module: ModuleType) -> list[Callable[..., Any]]:
    found = inspect.getmembers(module, inspect.isfunction)
    return [query for _, query in found if query.__module__ == module.__name__ and query.__name__[0] != "_"]


def test_no_query_asks_for_a_person() -> None:
    """What pages can show comes from these three; none can be asked who did or sent something."""
    assert _asks_for_a_person([*_queries(desk), *_queries(public), *_queries(recourse)]) == []


def test_a_planted_query_is_found() -> None:
    def notices(*, notifier_email: str) -> None: ...

    def decisions(actor: object, username: str) -> None: ...

    assert len(_asks_for_a_person([notices, decisions])) == 2
