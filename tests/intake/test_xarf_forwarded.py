"""What one Fair Notice writes, another reads as it was meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from fairnotice.cases.drafts import NoticeDraft, check_notice, normalised
from fairnotice.delivery.xarf import ReportFacts, build_report
from fairnotice.intake.readers import read_notice
from fairnotice.intake.unreadable import Unreadable
from fairnotice.law.problems import NO_CONTACT, PROBLEM_BY_SLUG
from tests.delivery.xarf.facts import facts
from tests.delivery.xarf.test_report import FACTS


def read(report: dict[str, Any]) -> NoticeDraft:
    draft, door, machine = read_notice(json.dumps(report).encode())
    assert (door, machine) == ("forward", True)
    return draft


def test_a_forwarded_notice_is_the_notice_that_was_sent() -> None:
    draft = read(
        build_report(
            facts(
                problem="defamation",
                category="STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
                keyword="KEYWORD_DEFAMATION",
                locations=("https://forum.example.net/post/7", "post 8 there"),
                text="It says that I stole money.",
                reporter_name="A notifier",
                reporter_email="notifier@example.org",
            )
        )
    )
    assert [item.location for item in draft.items] == ["https://forum.example.net/post/7", "post 8 there"]
    assert (draft.problem, draft.keyword) == ("defamation", "KEYWORD_DEFAMATION")
    assert draft.category == "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
    assert (draft.ground_kind, draft.law) == ("law", "Section 263")
    assert draft.why == "It says that I stole money.\nForwarded by A forum."
    assert (draft.name, draft.email) == ("A notifier", "notifier@example.org")
    assert (draft.good_faith, draft.source_type) == (True, "SOURCE_ARTICLE_16")
    assert check_notice(draft, machine=True) == []


def test_without_their_tick_it_is_nobody_s_and_says_so() -> None:
    draft = read(build_report(facts()))
    assert (draft.name, draft.email) == ("", "")
    assert draft.why == "The notifier’s own words were not passed on.\nForwarded by A forum."


def test_a_rule_of_the_sender_is_none_of_ours() -> None:
    draft = read(build_report(facts(ground_kind="rules", law="", clause="3.2 No fakes")))
    assert (draft.ground_kind, draft.clause) == ("unsure", "")
    assert "By the notice it breaks this rule of the sender: 3.2 No fakes" in draft.why


def test_a_report_that_a_program_made_has_no_statement_of_good_faith() -> None:
    draft = read(build_report(facts(good_faith=None)))
    assert (draft.good_faith, draft.source_type) == (None, "SOURCE_TYPE_OTHER_NOTIFICATION")


def test_a_contact_is_not_kept_where_nobody_is_asked_for_one() -> None:
    draft = read(
        build_report(
            facts(
                problem="child-abuse",
                category="STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
                keyword="KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
                reporter_name="A notifier",
                reporter_email="notifier@example.org",
            )
        )
    )
    assert (draft.name, draft.email) == ("", "")


def test_codes_that_this_version_does_not_know_are_left_out() -> None:
    report = build_report(facts())
    report["x-fairnotice"] |= {
        "problem": "new",
        "category": "STATEMENT_CATEGORY_NEW",
        "keyword": "KEYWORD_NEW",
    }
    draft = read(report)
    assert (draft.problem, draft.category, draft.keyword) == ("phishing", "", "")
    assert check_notice(draft, machine=True) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"version": 2}, "version"),
        ({"forward": "a b"}, "forward"),
        ({"forward": "x" * 65}, "forward"),
        ({"locations": []}, "locations"),
        ({"locations": ["x" * 2001]}, "locations/0"),
        ({"deadline": "tomorrow"}, "deadline"),
        ({"deadline": "2026-01-14T16:22:45"}, "deadline"),
        ({"good_faith": "yes"}, "good_faith"),
        ({"answer": {"url": 7}}, "answer/url"),
        ({"answer": []}, "answer"),
        ({"text": "x" * 10_001}, "text"),
    ],
)
def test_what_is_wrong_in_the_extension_is_said_with_its_place(change: dict[str, Any], pointer: str) -> None:
    report = build_report(facts())
    report["x-fairnotice"] |= change
    with pytest.raises(Unreadable) as caught:
        read(report)
    assert caught.value.pointer == f"/x-fairnotice/{pointer}"


@settings(max_examples=100, deadline=None)
@given(FACTS)
def test_whatever_is_sent_is_read_as_it_was_sent(sent: ReportFacts) -> None:
    draft = read(build_report(sent))
    assert {normalised(item.location) for item in draft.items} == {normalised(one) for one in sent.locations}
    assert (draft.problem, draft.category, draft.keyword) == (sent.problem, sent.category, sent.keyword)
    assert draft.good_faith == sent.good_faith
    assert sent.text.strip() in draft.why
    if NO_CONTACT in PROBLEM_BY_SLUG[sent.problem].flags:
        assert (draft.name, draft.email) == ("", "")
    else:
        assert draft.name == sent.reporter_name
