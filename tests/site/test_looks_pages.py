"""Error pages that need only the templates, the navigation, and that no page carries its own style.

No test here may open a database: pytest-django refuses it, and that is part of what is tested.
"""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client, RequestFactory
from django.utils.html import escape

import fairnotice
from fairnotice.cases.permissions import ROUTES
from fairnotice.site import errors
from fairnotice.site.context import DESK_NAV, PUBLIC_NAV, links, operator

_SOURCE = Path(fairnotice.__file__ or "").parent
_TEMPLATES = sorted(_SOURCE.rglob("templates/**/*.html"))


@pytest.fixture(autouse=True)
def _test_pages(settings) -> None:
    settings.ROOT_URLCONF = "tests.site.looks_pages"


@pytest.mark.parametrize("status", sorted(errors.PAGES))
def test_error_pages_say_what_happened_without_a_database(status: int) -> None:
    response = errors.page(status, "/somewhere/")
    heading, paragraphs = errors.PAGES[status]
    html = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in html
    assert all(escape(str(text)) in html for text in paragraphs)
    assert response["Cache-Control"] == "no-store"
    assert "<nav" in html


@pytest.mark.parametrize(
    ("handler", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404), (errors.conflict, 409)],
)
def test_error_pages_keep_the_exception_to_themselves(handler, status: int) -> None:
    request = RequestFactory().get("/status/")
    response = handler(request, ValueError("what somebody typed"))
    assert response.status_code == status
    assert b"what somebody typed" not in response.content


def test_too_many_requests_says_when_to_come_back() -> None:
    response = errors.too_many(RequestFactory().get("/"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_a_form_that_was_open_for_too_long_is_refused_kindly(settings) -> None:
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
    response = Client(enforce_csrf_checks=True).post("/notice-new/", {"reason": "typed with care"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "This page was open for too long" in html
    assert "go back one page" in html
    assert "CSRF" not in html


def test_navigation_has_only_routes_of_the_table_of_permissions() -> None:
    names = {name for name, _label in (*PUBLIC_NAV, *DESK_NAV)}
    assert names <= ROUTES.keys()


def test_navigation_marks_where_one_is() -> None:
    roles = frozenset({"reviewer"})
    marked = {link["url"]: link["current"] for link in links(DESK_NAV, "/desk/desk-appeals/", roles)}
    assert marked["/desk/desk-appeals/"] == "page"
    assert marked["/desk/"] == ""
    below = {link["url"]: link["current"] for link in links(DESK_NAV, "/desk/case/1/", roles)}
    assert below["/desk/"] == "true"


def test_nobody_is_offered_a_page_that_is_closed_to_them() -> None:
    request = RequestFactory().get("/desk/")
    request.user = SimpleNamespace(  # type: ignore[assignment]
        is_authenticated=True, role_names={"auditor"}, get_username=lambda: "somebody"
    )
    shown = operator(request)
    assert "/desk/" in [link["url"] for link in shown["desk_links"]]
    assert "/desk/desk-lookup/" not in [link["url"] for link in shown["desk_links"]]
    assert links(DESK_NAV, "/") == []


def test_visitors_see_no_desk() -> None:
    request = RequestFactory().get("/")
    shown = operator(request)
    assert shown["is_staff_member"] is False
    assert shown["role_names"] == frozenset()
    assert "desk_links" not in shown


@pytest.mark.parametrize("template", _TEMPLATES, ids=lambda p: str(p.relative_to(_SOURCE)))
def test_no_template_carries_a_style_a_script_or_an_outside_file(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<[^>{]*\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<[^>{]*\son[a-z]+\s*=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)=["'](?:https?:)?//""", text)
    assert "hx-on" not in text


@pytest.mark.parametrize("file", sorted(_SOURCE.rglob("static/**/*.css")), ids=lambda p: p.name)
def test_the_style_sheet_loads_nothing(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "url(" not in text
    assert "@import" not in text
    assert len(text.splitlines()) < 400
