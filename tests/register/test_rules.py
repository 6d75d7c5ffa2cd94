"""The published rules: every version stays, each clause has an address, and changes are named."""

from __future__ import annotations

import pytest
from django.test import Client

from fairnotice.cases.actions import rules
from fairnotice.register import wording
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
SECOND = "## 1 Be fair\nNo insults and no threats.\n\n## 4 No fraud\nDo not cheat.\n"


def publish(text: str, note: str) -> None:
    rules.publish_rules(clauses=rules.parse_rules(text), note=note)


def test_before_the_first_version(client: Client) -> None:
    page = client.get("/rules/")
    assert page.status_code == 200
    assert "No rules are published yet" in page.text


def test_the_newest_version_is_in_force_and_the_old_one_stays(client: Client) -> None:
    publish(making.RULES, "First version.")
    publish(SECOND, "Threats are named.")
    now = client.get("/rules/").text
    assert "No insults and no threats." in now
    assert "Threats are named." in now
    assert "This is an old version" not in now
    old = client.get("/rules/1/").text
    assert 'id="c-3.2"' in old
    assert "Do not publish what is private about others." in old
    assert "This is an old version" in old


def test_changes_are_named_by_clause(client: Client) -> None:
    publish(making.RULES, "First version.")
    publish(SECOND, "Threats are named.")
    page = client.get("/rules/2/").text
    assert 'New: <a href="#c-4">4</a>' in page
    assert 'Changed: <a href="#c-1">1</a>' in page
    assert "No longer there: 3.2" in page
    assert "New:" not in client.get("/rules/1/").text


@pytest.mark.parametrize("number", ["0", "3", "9" * 30, "9" * 5000])
def test_a_version_that_does_not_exist(client: Client, number: str) -> None:
    publish(making.RULES, "First version.")
    assert client.get(f"/rules/{number}/").status_code == 404


def test_a_month_that_is_none_stays_as_it_is() -> None:
    assert wording.month_words("2026-05") == "May 2026"
    assert wording.month_words("2026-13") == "2026-13"
