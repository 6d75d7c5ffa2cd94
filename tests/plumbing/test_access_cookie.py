"""The cookie behind a receipt code: who it lets in, for how long, and what it gives away."""

from __future__ import annotations

import time
from unittest.mock import patch

from django.http import HttpResponse
from django.test import RequestFactory

from fairnotice.plumbing import access_cookie


def _request(value: str | None):
    request = RequestFactory().get("/status/view/")
    if value is not None:
        request.COOKIES[access_cookie.NAME] = value
    return request


def _granted(number: int = 7) -> HttpResponse:
    response = HttpResponse()
    access_cookie.grant(response, number)
    return response


def test_what_was_granted_is_read_back() -> None:
    assert access_cookie.read(_request(_granted(7).cookies[access_cookie.NAME].value)) == 7


def test_it_is_out_of_reach_of_scripts_other_sites_and_other_pages() -> None:
    cookie = _granted().cookies[access_cookie.NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/status/"
    assert cookie["max-age"] == 1800


def test_with_https_it_never_travels_open(settings) -> None:
    assert not _granted().cookies[access_cookie.NAME]["secure"]
    settings.SESSION_COOKIE_SECURE = True
    assert _granted().cookies[access_cookie.NAME]["secure"]


def test_missing_altered_and_foreign_values_open_nothing() -> None:
    good = _granted().cookies[access_cookie.NAME].value
    for value in (None, "", "7", good[:-1] + ("a" if good[-1] != "a" else "b"), "8" + good, "\x00", "::"):
        assert access_cookie.read(_request(value)) is None


def test_after_half_an_hour_it_opens_nothing() -> None:
    value = _granted().cookies[access_cookie.NAME].value
    with patch("time.time", return_value=time.time() + access_cookie.MAX_AGE + 5):
        assert access_cookie.read(_request(value)) is None


def test_leaving_takes_it_away() -> None:
    response = HttpResponse()
    access_cookie.clear(response)
    cookie = response.cookies[access_cookie.NAME]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, "/status/")
