"""Looking up who answers for an address."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.answerable.register import example_host
from tests.review.reading import text

URL = "/desk/lookup/"


@pytest.fixture
def recorded(fn_db):
    example_host()


def test_the_chain_says_whom_to_write_to(browser, recorded):
    page = text(browser("holder").post(URL, {"location": "https://forum.example.org/post/7"}))
    assert "Write to: Example Hosting" in page and "abuse@host.example" in page
    assert 'href="https://forum' not in page


def test_a_day_before_it_was_recorded_finds_nobody(browser, recorded):
    answer = browser("holder").post(URL, {"location": "forum.example.org", "at": "2019-12-31"})
    assert answer.status_code == 200 and "Example Hosting" not in text(answer)


@pytest.mark.parametrize(
    "sent", [{"location": ""}, {"location": "no place at all"}, {"location": "a", "at": "x"}]
)
def test_what_names_no_place_is_said_at_the_field(browser, sent):
    answer = browser("senior").post(URL, sent)
    assert answer.status_code == 422 and 'href="#id_' in text(answer)


def test_an_address_in_the_query_is_not_looked_up(browser, recorded):
    assert "Example Hosting" not in text(browser("holder").get(URL, {"location": "forum.example.org"}))


@pytest.mark.parametrize("name", ["publisher", "admin", "auditor"])
def test_other_roles_have_no_look_up(browser, name):
    assert browser(name).get(URL).status_code == 403


@given(
    location=st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    at=st.text("0123456789-", max_size=12),
)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_typed_breaks_the_page(browser, location, at):
    assert browser("holder").post(URL, {"location": location, "at": at}).status_code in (200, 422)
