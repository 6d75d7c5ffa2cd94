"""Deciding through the form: every field reaches the record, faults find their field, nothing typed is lost."""

from __future__ import annotations

import html
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.cases import sealed
from fairnotice.cases.actions import claim, rules
from fairnotice.cases.models import Case, Decision
from tests.cases import making
from tests.review import filling
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL

TYPED = ["Typed facts", "Typed explanation", "Typed necessity", "Typed milder", "Typed paraphrase"]


@pytest.fixture
def held(people, case) -> Case:
    return claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)


@pytest.fixture
def desk(browser, held):
    """The holder's browser."""
    return browser("holder")


def url(case) -> str:
    return f"/desk/case/{case.ref}/decide/"


def text(response) -> str:
    return html.unescape(response.content.decode())


def test_the_form_is_for_who_holds_the_case(browser, people, case):
    assert browser("holder").get(url(case))["Location"] == f"/desk/case/{case.ref}/"
    claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)
    assert browser("holder").get(url(case)).status_code == 200
    assert browser("other").get(url(case))["Location"] == f"/desk/case/{case.ref}/"
    for name in ("appeals", "publisher", "admin", "auditor"):
        assert browser(name).get(url(case)).status_code == 403


def test_the_form_begins_with_what_the_notice_says(browser, people):
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First")
    case = making.case_of(making.notice(ground_kind="rules", clause="3.2"))
    claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)
    page = text(browser("holder").get(url(case)))
    assert '<option value="STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH" selected>' in page
    assert '<option value="SOURCE_ARTICLE_16" selected>' in page
    assert '<option value="1/3.2" selected>' in page
    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_a_decision_reaches_the_record_with_every_field(desk, held):
    changes = {
        "measures-TOTAL_FORMS": "2",
        "measures-1-kind": "DECISION_VISIBILITY_OTHER",
        "measures-1-other_text": "Taken out of the search",
        "measures-1-start": timezone.localdate().isoformat(),
        "measures-1-end": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "measures-1-reversible": "no",
        "measures-1-how_to_reverse": "It is found again.",
        "keywords": ["KEYWORD_DEFAMATION", "KEYWORD_OTHER"],
        "keyword_other": "Rumour",
        "category_additions": ["STATEMENT_CATEGORY_CYBER_VIOLENCE"],
        "content_types": ["CONTENT_TYPE_TEXT", "CONTENT_TYPE_OTHER"],
        "content_type_other": "A drawing",
        "territorial_scope": ["DE", "AT"],
        "automated_detection": "on",
        "automated_decision": "AUTOMATED_DECISION_PARTIALLY",
        "ground_url": "https://law.example.org/186",
        "account_type": "ACCOUNT_TYPE_PRIVATE",
    }
    answer = desk.post(url(held), filling.decision(held.version, **changes))
    assert answer.status_code == 302, text(answer)
    made = Decision.objects.get(case=held)
    first, second = made.measures.all()
    assert (first.kind, first.reversible) == ("DECISION_VISIBILITY_CONTENT_DISABLED", True)
    assert (second.other_text, second.reversible) == ("Taken out of the search", False)
    assert second.end == timezone.localdate() + timedelta(days=30)
    assert made.ground_text == "Section 186 of the Criminal Code"
    assert made.ground_url == "https://law.example.org/186"
    assert made.keywords == ["KEYWORD_DEFAMATION", "KEYWORD_OTHER"]
    assert (made.keyword_other, made.content_type_other) == ("Rumour", "A drawing")
    assert made.category_additions == ["STATEMENT_CATEGORY_CYBER_VIOLENCE"]
    assert sorted(made.territorial_scope) == ["AT", "DE"]
    assert (made.automated_detection, made.automated_decision) == (True, "AUTOMATED_DECISION_PARTIALLY")
    assert (made.account_type, made.content_language) == ("ACCOUNT_TYPE_PRIVATE", "EN")
    assert sealed.read("decision", made.ref, "facts") == "Typed facts: the court found the opposite."
    assert made.publication.summary == making.SUMMARY
    assert made.statements.get(audience="affected").status.channel == "unreachable"


def test_a_clause_of_the_rules_is_cited_with_its_version(people, browser):
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First")
    case = making.case_of(making.notice())
    case = claim.claim(actor=people["holder"], case_ref=case.ref, version=case.version)
    sent = filling.decision(case.version, ground="rules", law=None, clause="1/3.2", also_illegal="yes")
    assert browser("holder").post(url(case), sent).status_code == 302
    made = Decision.objects.get(case=case)
    assert made.clause is not None
    assert (made.clause.reference, made.clause.version.number, made.also_illegal) == ("3.2", 1, True)


def test_no_action_needs_reasons_but_no_measure(desk, held):
    sent = filling.decision(
        held.version, outcome="none", necessity="", milder_considered="", paraphrase="", reach_channel=None
    )
    assert desk.post(url(held), sent).status_code == 302
    made = Decision.objects.get(case=held)
    assert made.no_action
    assert [m.kind for m in made.measures.all()] == ["NO_ACTION"]


def test_looking_once_more_shows_both_sides_and_decides_nothing(desk, held):
    answer = desk.post(url(held), filling.decision(held.version, step="preview"))
    page = text(answer)
    assert answer.status_code == 200
    assert not Decision.objects.exists()
    affected, notifier = page.split("What the notifier reads")
    assert "Typed facts" in affected and "hxxps://sealed-place[.]example[.]org" in affected
    told = notifier.split("What the public may read")[0]
    assert "Typed explanation" in told
    for own in ("Typed facts", "Typed paraphrase", "sealed-place"):
        assert own not in told
    for hidden in (NAME_SENTINEL, EMAIL_SENTINEL):
        assert hidden not in page
    assert 'name="step" value="send"' in page
    assert 'name="keywords" value="KEYWORD_DEFAMATION"' in page


def test_going_back_from_the_preview_keeps_everything(desk, held):
    page = text(desk.post(url(held), filling.decision(held.version, step="edit")))
    for typed in [*TYPED, making.SUMMARY, "The post is shown again."]:
        assert typed in page


def test_each_fault_stands_at_its_field_and_nothing_typed_is_lost(desk, held):
    sent = filling.decision(
        held.version,
        **{"facts": "", "measures-0-review": "", "reach_reason": "", "summary": "See www.example.org"},
    )
    answer = desk.post(url(held), sent)
    page = text(answer)
    assert answer.status_code == 422
    assert not Decision.objects.exists()
    for place in ("id_facts", "id_measures-0-end", "id_reach_reason", "id_summary"):
        assert f'href="#{place}"' in page
        assert f'id="{place}-error"' in page
    for typed in [*TYPED[1:], "The post is shown again.", "See www.example.org"]:
        assert typed in page


def test_a_day_that_is_none_is_said_once_and_at_its_row(desk, held):
    sent = filling.decision(held.version, **{"measures-0-end": "yesterday", "measures-0-review": ""})
    page = text(desk.post(url(held), sent))
    assert "This is no day" in page
    assert page.count('id="id_measures-0-end-error"') == 1


def test_rows_are_added_and_removed_without_scripts(desk, held):
    sent = filling.decision(held.version, step=None, add="1")
    page = text(desk.post(url(held), sent))
    assert 'name="measures-1-kind"' in page
    assert all(typed in page for typed in TYPED)
    sent = filling.decision(held.version, **{"step": None, "measures-TOTAL_FORMS": "2", "remove": "0"})
    sent |= {"measures-1-kind": "DECISION_VISIBILITY_CONTENT_LABELLED"}
    page = text(desk.post(url(held), sent)).split("<template>")[0]
    assert '<option value="DECISION_VISIBILITY_CONTENT_LABELLED" selected>' in page
    assert 'name="measures-1-kind"' not in page
    assert not Decision.objects.exists()


def test_an_account_measure_rests_on_decided_cases_that_exist(desk, people, held):
    account = {"measures-0-kind": "DECISION_ACCOUNT_SUSPENDED", "other_items": "AAAA2222BBBB"}
    page = text(desk.post(url(held), filling.decision(held.version, **account)))
    assert "AAAA2222BBBB" in page and 'id="id_other_items-error"' in page
    earlier = making.decided(making.notice("https://forum.example.org/post/99"), people["other"])
    account["other_items"] = f" {earlier.case.ref.lower()} "
    assert desk.post(url(held), filling.decision(held.version, **account)).status_code == 302
    made = Decision.objects.get(case=held)
    assert made.rests_on == [earlier.case.ref]
    assert made.severe and made.status.state == "proposed"


def test_a_case_that_changed_meanwhile_is_409_with_its_state_and_all_that_was_typed(desk, held):
    answer = desk.post(url(held), filling.decision(held.version - 1))
    page = text(answer)
    assert answer.status_code == 409
    assert not Decision.objects.exists()
    assert "Nothing was decided" in page and "changed while you were looking" in page
    for typed in [*TYPED, making.SUMMARY]:
        assert typed in page
    assert f'name="version" value="{held.version}"' in page
    assert desk.post(url(held), filling.decision(held.version)).status_code == 302


def test_a_case_given_back_meanwhile_keeps_what_was_typed(desk, people, held):
    claim.release(actor=people["holder"], case_ref=held.ref, version=held.version)
    answer = desk.post(url(held), filling.decision(held.version))
    assert answer.status_code == 409
    assert "held by nobody" in text(answer)
    assert all(typed in text(answer) for typed in TYPED)


def test_a_second_click_decides_nothing_twice(desk, held):
    sent = filling.decision(held.version)
    assert desk.post(url(held), sent).status_code == 302
    assert desk.post(url(held), sent).status_code == 409
    assert Decision.objects.count() == 1


def test_somebody_involved_does_not_find_the_case(desk, people, held):
    claim.mark_involved(actor=people["senior"], case_ref=held.ref, user_id=people["holder"].user_id)
    assert desk.get(url(held)).status_code == 404
    assert desk.post(url(held), filling.decision(held.version)).status_code == 404


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        "\x00",
        "9" * 400,
        "-1",
        "0000-00-00",
        "9999-12-31",
        "0001-01-01",
        "NO_ACTION",
        "\u202e",
        "1/3.2",
        "x" * 6000,
    ]
)
_FIELDS = sorted(
    {*filling.decision(1), "measures-0-end", "clause", "ground_url", "also_illegal", "other_items", "remove"}
)


@given(
    changes=st.dictionaries(st.sampled_from(_FIELDS), _TEXT | st.lists(_TEXT, max_size=3), max_size=8),
    step=st.sampled_from(["preview", "send"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_typed_breaks_the_page(desk, held, changes, step):
    answer = desk.post(url(held), {**filling.decision(10**6), "step": step, **changes})
    assert answer.status_code in (200, 409, 422), changes


def test_bytes_that_are_no_text_break_nothing(desk, held):
    body = (
        b"version=1&step=send&facts=%ED%A0%80&summary=%FF%00&measures-0-start=%00&measures-TOTAL_FORMS=%D9%A3"
    )
    answer = desk.post(url(held), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422


def test_a_day_far_away_is_a_fault_and_no_crash(desk, held):
    for day in (date.min, date.max):
        sent = filling.decision(
            held.version, **{"measures-0-start": day.isoformat(), "content_date": day.isoformat()}
        )
        assert desk.post(url(held), sent).status_code == 422
