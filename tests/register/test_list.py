"""The public list: what is found, what is said when nothing is, and addresses that anyone may have written."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.cases.models import PublicEntry
from fairnotice.register import filters
from tests.register.entries import Desk

pytestmark = pytest.mark.usefixtures("fn_db")
FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"


def copies(entry: PublicEntry, number: int) -> None:
    """More entries of the same kind, as many weeks of work would leave."""
    values = {f.attname: getattr(entry, f.attname) for f in entry._meta.fields if f.name not in ("id", "ref")}
    for _ in range(number):
        PublicEntry.objects.create(**values)


def test_before_the_first_entry_it_says_so_and_shows_no_form(client: Client) -> None:
    page = client.get("/register/")
    assert page.status_code == 200
    assert "Nothing is published yet" in page.text
    assert 'role="search"' not in page.text


def test_an_entry_is_listed_in_words_and_leads_to_its_page(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    page = client.get("/register/")
    assert f'href="/register/{entry.ref}/"' in page.text
    assert "Disabling access to content" in page.text
    assert "Illegal or harmful speech" in page.text
    assert "STATEMENT_CATEGORY_ILLEGAL" not in page.text.replace('value="STATEMENT_CATEGORY_ILLEGAL', "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=FALSE+statement", 1),
        ("q=186", 1),
        ("q=statement+unheard", 0),
        ("category=STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH", 1),
        (f"category={FRAUD}", 0),
        ("ground=law", 1),
        ("ground=rules", 0),
        ("measure=DECISION_VISIBILITY_CONTENT_DISABLED", 1),
        (f"measure={REMOVED}", 0),
        ("appeal=none", 1),
        ("appeal=reversed", 0),
        ("month=1999-01", 0),
        ("q=100%25", 0),
        ("q=_", 0),
    ],
)
def test_filters(client: Client, desk: Desk, query: str, found: int) -> None:
    desk.publish()
    page = client.get(f"/register/?{query}")
    assert page.text.count("<article") == found
    assert ("Nothing matches" in page.text) == (not found)
    assert client.get(f"/register.json?{query}").json()["count"] == found


def test_the_month_of_the_decision_finds_it(client: Client, desk: Desk) -> None:
    entry = desk.publish()
    page = client.get(f"/register/?month={entry.month}")
    assert page.text.count("<article") == 1
    assert f'value="{entry.month}" selected' in page.text


def test_pages_keep_the_filters(client: Client, desk: Desk) -> None:
    copies(desk.publish(), 44)
    first = client.get("/register/?ground=law&q=post")
    assert first.text.count("<article") == 20
    assert "?q=post&amp;ground=law&amp;page=2" in first.text
    seen = [client.get(f"/register/?ground=law&q=post&page={n}").text.count("<article") for n in (2, 3)]
    assert seen == [20, 5]


def test_what_was_not_understood_is_said_and_the_rest_is_shown(client: Client, desk: Desk) -> None:
    desk.publish()
    page = client.get("/register/?category=NONSENSE&page=99&month=May")
    assert page.text.count("<article") == 1
    for said in ("There is no such kind of problem", "not that many pages", "A month looks like"):
        assert said in page.text
    assert "NONSENSE" not in page.text.replace("category=NONSENSE", "")


def test_markup_in_the_words_stays_text(client: Client, desk: Desk) -> None:
    desk.publish()
    page = client.get("/register/?q=" + quote('"><script>alert(1)</script>'))
    assert "<script>alert" not in page.text


def test_long_words_are_cut_and_it_is_said() -> None:
    search = filters.read({"q": "x" * 5000})
    assert search.chosen["q"] == "x" * filters.LONGEST_WORDS
    assert "q" in search.faults


VALUES = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        ["\x00", "a\x00b", "%", "_", "\\", "٣", "１", "-1", "0", "9" * 400, "2026-13", "none", "law"]
    ),
    st.integers().map(str),
)
QUERIES = st.dictionaries(st.sampled_from([*filters.PARAMETERS, "id", "x" * 500, "evidence"]), VALUES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_no_address_breaks_the_list(client: Client, query: dict[str, str]) -> None:
    assert client.get("/register/", query).status_code == 200
    assert client.get("/register.json", query).status_code in (200, 400, 404)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=60))
def test_no_raw_bytes_break_the_list(client: Client, raw: bytes) -> None:
    for name in ("q", "category", "page"):
        assert client.get(f"/register/?{name}={quote(raw)}").status_code == 200


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(filters.PARAMETERS), st.text(st.characters(), max_size=300)))
def test_a_search_read_again_from_its_own_address_is_the_same(given_: dict[str, str]) -> None:
    from django.http import QueryDict

    search = filters.read(given_)
    again = filters.read(QueryDict(search.query(page=search.page)))
    assert (again.chosen, again.page, again.faults) == (search.chosen, search.page, {})
