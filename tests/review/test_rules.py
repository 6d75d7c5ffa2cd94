"""The rules: reading them at the desk, and publishing the next version."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.cases.actions import rules
from fairnotice.cases.models import RulesVersion
from tests.cases.making import RULES
from tests.review.reading import text

URL = "/desk/rules/publish/"


def test_everybody_at_the_desk_reads_all_versions(browser):
    rules.publish_rules(clauses=rules.parse_rules(RULES), note="The first rules.")
    rules.publish_rules(clauses=rules.parse_rules("## 1 Be kind\nNo insults at all.\n"), note="Shorter.")
    page = text(browser("auditor").get("/desk/rules/"))
    assert "Version 2, in force" in page and "Be kind" in page and "No private data" in page
    assert URL not in page


def test_the_next_version_begins_with_the_last_and_is_seen_before_it_counts(browser):
    rules.publish_rules(clauses=rules.parse_rules(RULES), note="The first rules.")
    client = browser("admin")
    assert "## 3.2 No private data" in text(client.get(URL))
    sent = {"text": RULES + "\n## 4 No spam\nOnce is enough.\n", "note": "Adds clause 4."}
    page = text(client.post(URL, sent | {"step": "preview"}))
    assert "Nothing is published yet" in page and "No spam" in page
    assert RulesVersion.objects.count() == 1
    assert "Adds clause 4." in text(client.post(URL, sent | {"step": "edit"}))
    assert client.post(URL, sent | {"step": "publish"}).status_code == 302
    last = RulesVersion.objects.get(number=2)
    assert [c.reference for c in last.clauses.all()] == ["1", "3.2", "4"]


@pytest.mark.parametrize(
    ("typed", "note", "faulty"),
    [
        ("", "New", "text"),
        ("No clause here", "New", "text"),
        ("## \n", "New", "text"),
        ("## 1 Title\n", "New", "text"),
        ("## 1 A\nb\n## 1 A\nb\n", "New", "text"),
        ("## 1 A\nb\n", "", "note"),
        ("## 1 A\nb\x00\n", "New", "text"),
        ("## 1 A\nb\n", "n\x00", "note"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "publish"])
def test_faults_are_said_and_nothing_is_lost(browser, typed, note, faulty, step):
    answer = browser("admin").post(URL, {"text": typed, "note": note, "step": step})
    assert answer.status_code == 422
    assert f'href="#id_{faulty}"' in text(answer)
    assert typed.splitlines()[:1] == [] or typed.splitlines()[0] in text(answer)
    assert not RulesVersion.objects.exists()


@pytest.mark.parametrize("name", ["holder", "senior", "appeals", "publisher", "auditor"])
def test_other_roles_cannot_publish(browser, name):
    assert browser(name).get(URL).status_code == 403
    assert browser(name).post(URL, {"text": RULES, "note": "x", "step": "publish"}).status_code == 403
    assert not RulesVersion.objects.exists()


@given(
    typed=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=4).map(
        "\n## 1 ".join
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_typed_breaks_the_page(browser, typed):
    answer = browser("admin").post(URL, {"text": typed, "note": "New", "step": "preview"})
    assert answer.status_code in (200, 422)
