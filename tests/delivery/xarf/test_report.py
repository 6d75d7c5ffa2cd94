"""What leaves is valid by the official schemas, says what was meant, and nothing that was not ticked."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
import xarf
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.delivery.xarf import MAX_LOCATIONS, ReportFacts, build_report
from fairnotice.delivery.xarf.report import standard_url
from fairnotice.law.problems import PROBLEM_BY_SLUG
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS
from fairnotice.plumbing import xarf_schemas
from tests.delivery.xarf.facts import RECEIVED, facts

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
_WORD = _TEXT.filter(lambda text: bool(text.strip()))
_PLACE = st.one_of(
    _WORD,
    st.ip_addresses().map(str),
    st.sampled_from(
        [
            "https://shop.example.net/a b|c?d=%zz#part",
            "https://bücher.example/ß[1]",
            "http://[2001:db8::1]:8080/",
            "https://example.org",
            "ftp://example.org/pub",
            "magnet://x",
            "post 7 in the forum",
            "AS64500",
        ]
    ),
    st.tuples(st.sampled_from(["https://", "http://", "gopher://", "HTTPS://"]), _WORD).map("".join),
)
_MOMENT = st.integers(946_684_800, 7_258_118_400).map(lambda second: datetime.fromtimestamp(second, UTC))
_KEYWORD = st.sampled_from(["", *sorted({code for group in KEYWORDS.values() for code in group})])
FACTS = st.builds(
    ReportFacts,
    reference=st.text("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=12, max_size=12),
    category=st.sampled_from(sorted(CATEGORIES)),
    keyword=_KEYWORD,
    problem=st.sampled_from(sorted(PROBLEM_BY_SLUG)),
    locations=st.lists(_PLACE, min_size=1, max_size=4).map(tuple),
    received_at=_MOMENT,
    deadline=_MOMENT,
    sender_name=_TEXT.map(lambda text: text * 5),
    sender_contact=st.sampled_from(["notices@forum.example.org", "notices@localhost"]),
    sender_domain=st.sampled_from(["forum.example.org", "localhost", "127.0.0.1"]),
    recipients=st.lists(_TEXT, max_size=3).map(tuple),
    answer_url=st.sampled_from(["", "https://forum.example.org/api/v1/forwards/answers"]),
    answer_token=_TEXT,
    answer_page=st.sampled_from(["", "https://forum.example.org/answer/"]),
    ground_kind=st.sampled_from(["law", "rules", "unsure"]),
    law=_TEXT,
    clause=_TEXT,
    good_faith=st.sampled_from([True, None]),
    text=_TEXT,
    reporter_name=_TEXT,
    reporter_email=st.one_of(st.just(""), st.emails(), _TEXT),
)


@settings(max_examples=300, deadline=None)
@given(FACTS)
def test_whatever_the_facts_the_report_is_valid(given_facts: ReportFacts) -> None:
    report = json.loads(json.dumps(build_report(given_facts)))
    assert xarf_schemas.core_fault(report, formats=True) is None
    assert xarf_schemas.type_fault(report, formats=True) is None
    assert (report["category"], report["type"]) in xarf_schemas.kinds()
    assert report["x-fairnotice"]["locations"] == list(given_facts.locations)


@settings(max_examples=25, deadline=None)
@given(FACTS)
def test_whatever_the_facts_the_package_of_the_standard_parses_the_report(given_facts: ReportFacts) -> None:
    report = build_report(given_facts)
    parsed = xarf.parse(json.dumps(report))
    assert parsed.errors == []
    assert parsed.report is not None
    assert (parsed.report.category, parsed.report.type) == (report["category"], report["type"])
    known = {warning.field for warning in parsed.warnings}
    assert known <= {"x-fairnotice", "url"}


def test_the_same_facts_are_the_same_report() -> None:
    assert build_report(facts()) == build_report(facts())
    assert build_report(facts())["report_id"] != build_report(facts(reference="ABCDEFGH2346"))["report_id"]


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        ("phishing", "content/phishing"),
        ("malware", "content/malware"),
        ("scam", "content/fraud"),
        ("impersonation", "content/fraud"),
        ("privacy", "content/exposed_data"),
        ("child-abuse", "content/csam"),
        ("child-approached", "content/csem"),
        ("copyright", "copyright/copyright"),
        ("trademark", "reputation/threat_intelligence trademark_infringement"),
        ("hate", "reputation/threat_intelligence hate_speech"),
        ("intimate", "reputation/threat_intelligence non_consensual_image_sharing"),
        ("harassment", "reputation/threat_intelligence cyber_harassment"),
        ("threat", "reputation/threat_intelligence incitement_violence_hatred"),
        ("other", "reputation/threat_intelligence not_specified_notice"),
        ("rules", "reputation/threat_intelligence other_violation_tc"),
    ],
)
def test_each_problem_goes_as_the_type_that_means_it(problem: str, kind: str) -> None:
    """Where the standard has no type, none is claimed."""
    chosen = PROBLEM_BY_SLUG[problem]
    report = build_report(facts(problem=problem, category=chosen.category, keyword=chosen.keyword or ""))
    named = f"{report['category']}/{report['type']} {report.get('threat_type', '')}".strip()
    assert named == kind
    assert facts().locations[0] in (report.get("url"), report.get("infringing_url"))


def test_a_place_that_is_no_url_is_named_as_it_was_given() -> None:
    report = build_report(facts(locations=("198.51.100.7", "post 7")))
    assert (report["category"], report["threat_type"]) == ("reputation", "phishing")
    assert report["source_identifier"] == "198.51.100.7"
    assert "url" not in report
    assert report["x-fairnotice"]["locations"] == ["198.51.100.7", "post 7"]


@pytest.mark.parametrize(
    ("location", "written"),
    [
        ("https://example.org/a|b[1]", "https://example.org/a%7Cb%5B1%5D"),
        ("https://example.org/%zz%20", "https://example.org/%25zz%20"),
        ("https://bücher.example/ß", "https://xn--bcher-kva.example/%C3%9F"),
        ("http://[2001:db8::1]:8080/x?y=z", "http://[2001:db8::1]:8080/x?y=z"),
        ("example.org", ""),
        ("https://", ""),
    ],
)
def test_what_browsers_take_is_written_as_the_standard_wants(location: str, written: str) -> None:
    assert standard_url(location) == written


def test_law_faith_deadline_and_answer_go_along() -> None:
    said = build_report(facts())["x-fairnotice"]
    assert said["ground"] == {"kind": "law", "law": "Section 263"}
    assert said["good_faith"] is True
    assert said["deadline"] == "2026-01-14T16:22:45Z"
    assert said["answer"]["url"] == "https://forum.example.org/api/v1/forwards/answers"
    assert said["forward"] == "ABCDEFGH2345"


def test_without_their_tick_neither_words_nor_identity_leave() -> None:
    report = build_report(facts())
    assert report["reporter"] == report["sender"]
    assert not {"text", "notifier"} & set(report["x-fairnotice"])
    said = base64.b64decode(report["evidence"][0]["payload"]).decode()
    assert "Who wrote the notice is not passed on." in said
    assert "wrote:" not in said


def test_with_their_tick_words_and_identity_go_along() -> None:
    report = build_report(
        facts(text="It asks for my card.", reporter_name="A notifier", reporter_email="notifier@example.org")
    )
    assert report["reporter"] == {
        "org": "A notifier", "contact": "notifier@example.org", "domain": "example.org",
    }  # fmt: skip
    assert report["sender"]["org"] == "A forum"
    said = base64.b64decode(report["evidence"][0]["payload"]).decode()
    assert "It asks for my card." in said
    assert "A notifier, notifier@example.org" in said
    assert "It asks for my card." not in report["description"]


def test_facts_that_cannot_be_a_report_are_refused() -> None:
    for changes in (
        {"locations": ()},
        {"locations": ("x",) * (MAX_LOCATIONS + 1)},
        {"received_at": RECEIVED.replace(tzinfo=None)},
    ):
        with pytest.raises(ValueError, match="report"):
            facts(**changes)
    with pytest.raises(ValueError, match="e-mail address and a host name"):
        build_report(facts(sender_contact="by letter"))
