"""The statement of reasons: when it is complete, what each gap is called, what leaves for the EU database."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.law.statement import MESSAGES, Draft, MeasureDraft, check, to_sor

TODAY = date(2026, 3, 10)


def a_measure(**changes) -> MeasureDraft:
    return replace(
        MeasureDraft(
            kind="DECISION_VISIBILITY_CONTENT_DISABLED",
            start=date(2026, 3, 10),
            end=date(2026, 9, 10),
            reversible=True,
            how_to_reverse="Access is opened again.",
        ),
        **changes,
    )


def a_draft(**changes) -> Draft:
    return replace(
        Draft(
            measures=[a_measure()],
            ground="law",
            ground_reference="Section 185 of the Criminal Code (DE)",
            ground_url="https://example.org/law/185",
            explanation="The text calls a person a thief, which is untrue.",
            facts="A text on a public page states that a person stole goods.",
            content_types=["CONTENT_TYPE_TEXT"],
            category="STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
            keywords=["KEYWORD_DEFAMATION"],
            territorial_scope=["DE", "AT"],
            content_language="DE",
            content_date=date(2026, 1, 4),
            source_type="SOURCE_ARTICLE_16",
            necessity="The claim is read daily.",
            milder_considered="A label would leave the claim in place.",
            paraphrase="A notice says that the text defames somebody.",
        ),
        **changes,
    )


def no_action(**changes) -> Draft:
    return a_draft(
        **{
            "measures": [MeasureDraft(kind=NO_ACTION)],
            "necessity": "",
            "milder_considered": "",
            "paraphrase": "",
            **changes,
        }
    )


def codes(draft: Draft, today: date = TODAY) -> set[tuple[str, str]]:
    faults = check(draft, today)
    assert all(fault.message == MESSAGES[fault.code] for fault in faults)
    return {(fault.path, fault.code) for fault in faults}


def test_a_complete_draft_is_clean():
    assert check(a_draft(), TODAY) == []


def test_a_ground_in_the_rules_is_as_good():
    assert check(a_draft(ground="rules", ground_reference="Rule 4.2", also_illegal=False), TODAY) == []


def test_no_action_needs_its_reasons_but_no_end_no_necessity_and_no_paraphrase():
    assert check(no_action(), TODAY) == []
    assert codes(no_action(facts="", explanation=" ", ground="", ground_reference="-")) == {
        ("facts", "facts_missing"),
        ("explanation", "explanation_missing"),
        ("ground", "ground_missing"),
        ("ground_reference", "ground_reference_missing"),
    }


def test_an_empty_draft_is_told_everything_at_once():
    assert codes(Draft()) == {
        ("measures", "measure_missing"),
        ("ground", "ground_missing"),
        ("ground_reference", "ground_reference_missing"),
        ("explanation", "explanation_missing"),
        ("facts", "facts_missing"),
        ("necessity", "necessity_missing"),
        ("milder_considered", "milder_missing"),
        ("paraphrase", "paraphrase_missing"),
        ("content_types", "content_type_missing"),
        ("content_date", "content_date_missing"),
        ("category", "category_missing"),
        ("source_type", "source_missing"),
    }


EAN_BAD, EAN_GOOD = "4006381333932", "4006381333931"
SCAM = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"facts": "…"}, ("facts", "facts_missing")),
        ({"facts": "x" * 5001}, ("facts", "too_long_5000")),
        ({"explanation": "x" * 2001}, ("explanation", "too_long_2000")),
        ({"ground_reference": "x" * 501}, ("ground_reference", "too_long_500")),
        ({"ground": "mood"}, ("ground", "ground_missing")),
        ({"ground_url": "example.org/law"}, ("ground_url", "ground_url")),
        ({"ground_url": "javascript:alert(1)"}, ("ground_url", "ground_url")),
        ({"ground_url": "https://[2001:db8::1/law"}, ("ground_url", "ground_url")),
        ({"necessity": ""}, ("necessity", "necessity_missing")),
        ({"milder_considered": ""}, ("milder_considered", "milder_missing")),
        ({"paraphrase": ""}, ("paraphrase", "paraphrase_missing")),
        ({"paraphrase_withheld_reason": "It would show who wrote."}, ("paraphrase", "paraphrase_both")),
        ({"content_types": []}, ("content_types", "content_type_missing")),
        ({"content_types": ["TEXT"]}, ("content_types", "content_type_unknown")),
        ({"content_types": ["CONTENT_TYPE_TEXT"] * 2}, ("content_types", "content_type_twice")),
        ({"content_types": ["CONTENT_TYPE_OTHER"]}, ("content_type_other", "content_type_text")),
        ({"content_id_ean": EAN_BAD}, ("content_id_ean", "ean")),
        ({"content_id_ean": "٤٠٠٦٣٨١٣٣٣٩٣١"}, ("content_id_ean", "ean")),
        (
            {"category": "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", "keywords": []},
            ("category", "category_unknown"),
        ),
        ({"category_additions": ["SPAM"]}, ("category_additions", "addition_unknown")),
        ({"category_additions": [SPEECH]}, ("category_additions", "addition_twice")),
        ({"keywords": ["KEYWORD_PHISHING"]}, ("keywords", "keyword_elsewhere")),
        ({"keywords": ["KEYWORD_DANGEROUS_TOYS"]}, ("keywords", "keyword_unknown")),
        ({"keywords": ["KEYWORD_DEFAMATION"] * 2}, ("keywords", "keyword_twice")),
        ({"keywords": ["KEYWORD_OTHER"]}, ("keyword_other", "keyword_text")),
        ({"territorial_scope": ["GB"]}, ("territorial_scope", "territory_unknown")),
        ({"content_language": "de"}, ("content_language", "language_unknown")),
        ({"content_date": None}, ("content_date", "content_date_missing")),
        ({"content_date": date(1999, 12, 31)}, ("content_date", "date_range")),
        ({"content_date": date(2026, 3, 11)}, ("content_date", "content_date_future")),
        ({"source_type": "SOURCE_AUTHORITY"}, ("source_type", "source_unknown")),
        ({"automated_decision": "AUTOMATED_DECISION_FULLY"}, ("automated_decision", "automation_full")),
        ({"automated_decision": "No"}, ("automated_decision", "automation_unknown")),
        ({"account_type": "ACCOUNT_TYPE_SECRET"}, ("account_type", "account_type_unknown")),
        ({"other_items": ["2026-7", ""]}, ("other_items", "other_items_blank")),
        ({"other_items": ["2026-7", "2026-7 "]}, ("other_items", "other_items_twice")),
        ({"measures": []}, ("measures", "measure_missing")),
    ],
)
def test_each_gap_is_named_where_it_is(changes, fault):
    assert codes(a_draft(**changes)) == {fault}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kind": "DECISION_MADE_UP"}, ("measures.0.kind", "measure_unknown")),
        ({"kind": "DECISION_MONETARY_OTHER"}, ("measures.0.other_text", "measure_text")),
        ({"other_text": "x" * 501}, ("measures.0.other_text", "too_long_500")),
        ({"start": None}, ("measures.0.start", "start_missing")),
        ({"start": date(2019, 12, 31), "end": date(2026, 9, 1)}, ("measures.0.start", "date_range")),
        ({"end": None}, ("measures.0.end", "end_missing")),
        ({"end": date(2038, 1, 2)}, ("measures.0.end", "date_range")),
        ({"end": date(2026, 3, 9)}, ("measures.0.end", "end_past")),
        ({"start": date(2026, 5, 1), "end": date(2026, 4, 30)}, ("measures.0.end", "end_before_start")),
        ({"review": date(2026, 3, 9)}, ("measures.0.review", "review_past")),
        (
            {"start": date(2026, 5, 1), "review": date(2026, 4, 1)},
            ("measures.0.review", "review_before_start"),
        ),
        ({"review": date(2026, 9, 11)}, ("measures.0.review", "review_after_end")),
        ({"how_to_reverse": ""}, ("measures.0.how_to_reverse", "how_to_reverse_missing")),
    ],
)
def test_each_gap_of_a_measure_is_named_where_it_is(changes, fault):
    faults = codes(a_draft(measures=[a_measure(**changes)]))
    assert fault in faults
    assert faults - {fault} <= {("content_date", "content_date_after_start")}


def test_a_review_date_does_instead_of_an_end():
    assert check(a_draft(measures=[a_measure(end=None, review=date(2026, 6, 1))]), TODAY) == []


def test_a_day_and_a_moment_can_meet():
    moment = datetime(2026, 9, 10, 12, 0)  # noqa: DTZ001 - a form may hand over either
    assert check(a_draft(measures=[a_measure(end=moment)]), TODAY) == []


def test_content_that_is_younger_than_the_measure_is_a_slip():
    draft = a_draft(content_date=date(2026, 3, 10), measures=[a_measure(start=date(2026, 3, 1))])
    assert codes(draft) == {("content_date", "content_date_after_start")}


def test_no_action_stands_alone():
    draft = a_draft(measures=[a_measure(), MeasureDraft(kind=NO_ACTION)])
    assert codes(draft) == {("measures.1.kind", "no_action_alone")}
    assert codes(no_action(measures=[MeasureDraft(kind=NO_ACTION, end=date(2026, 9, 1))])) == {
        ("measures.0.end", "no_action_dates")
    }


def test_one_measure_of_a_kind_and_one_of_a_family_that_the_schema_holds_once():
    assert codes(a_draft(measures=[a_measure(), a_measure()])) == {("measures.1.kind", "measure_twice")}
    pay, stop = (
        a_measure(kind="DECISION_MONETARY_SUSPENSION"),
        a_measure(kind="DECISION_MONETARY_TERMINATION"),
    )
    assert codes(a_draft(measures=[pay, stop])) == {("measures.1.kind", "measure_family")}
    both = [a_measure(), a_measure(kind="DECISION_VISIBILITY_CONTENT_LABELLED")]
    assert check(a_draft(measures=both), TODAY) == []


@pytest.mark.parametrize("kind", ["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"])
def test_a_measure_on_an_account_lists_the_items_it_rests_on(kind):
    draft = a_draft(measures=[a_measure(kind=kind)])
    assert codes(draft) == {("other_items", "other_items_missing")}
    assert check(replace(draft, other_items=["FN-2026-000007"]), TODAY) == []


def test_where_nobody_alleged_anything_there_is_nothing_to_tell():
    assert check(a_draft(source_type="SOURCE_VOLUNTARY", paraphrase=""), TODAY) == []


def test_the_allegation_may_be_withheld_with_a_reason():
    draft = a_draft(paraphrase="", paraphrase_withheld_reason="Only one person could have written it.")
    assert check(draft, TODAY) == []


def test_a_keyword_counts_under_a_further_category_too():
    draft = a_draft(category_additions=[SCAM], keywords=["KEYWORD_DEFAMATION", "KEYWORD_PHISHING"])
    assert check(draft, TODAY) == []


def test_the_exported_statement_uses_the_names_of_the_database():
    assert to_sor(a_draft(), "s-000001", date(2026, 3, 11)) == {
        "puid": "s-000001",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        "end_date_visibility_restriction": "2026-09-10",
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "decision_ground_reference_url": "https://example.org/law/185",
        "illegal_content_legal_ground": "Section 185 of the Criminal Code (DE)",
        "illegal_content_explanation": "The text calls a person a thief, which is untrue.",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category": SPEECH,
        "category_specification": ["KEYWORD_DEFAMATION"],
        "territorial_scope": ["AT", "DE"],
        "content_language": "DE",
        "content_date": "2026-01-04",
        "application_date": "2026-03-11",
        "decision_facts": "A text on a public page states that a person stole goods.",
        "source_type": "SOURCE_ARTICLE_16",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }


def test_the_exported_statement_of_several_measures_under_the_rules():
    draft = a_draft(
        ground="rules",
        also_illegal=False,
        measures=[
            a_measure(),
            a_measure(
                kind="DECISION_VISIBILITY_OTHER", other_text="No adverts", end=None, review=date(2026, 6, 1)
            ),
            a_measure(kind="DECISION_MONETARY_OTHER", other_text="No gifts", end=date(2026, 4, 1)),
            a_measure(kind="DECISION_PROVISION_PARTIAL_SUSPENSION", end=date(2026, 5, 1)),
            a_measure(kind="DECISION_ACCOUNT_SUSPENDED", end=date(2026, 6, 1)),
        ],
        other_items=["FN-2026-000007"],
        account_type="ACCOUNT_TYPE_BUSINESS",
        content_types=["CONTENT_TYPE_OTHER"],
        content_type_other="A poll",
        content_id_ean=EAN_GOOD,
        keywords=["KEYWORD_OTHER"],
        keyword_other="Rumours",
        automated_detection=True,
    )
    assert check(draft, TODAY) == []
    sor = to_sor(draft, "s-2", date(2026, 3, 11))
    expected = {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED", "DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": "No adverts",
        "decision_monetary": "DECISION_MONETARY_OTHER",
        "decision_monetary_other": "No gifts",
        "end_date_monetary_restriction": "2026-04-01",
        "decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION",
        "end_date_service_restriction": "2026-05-01",
        "decision_account": "DECISION_ACCOUNT_SUSPENDED",
        "end_date_account_restriction": "2026-06-01",
        "account_type": "ACCOUNT_TYPE_BUSINESS",
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_illegal": "No",
        "content_type_other": "A poll",
        "content_id": {"EAN-13": EAN_GOOD},
        "category_specification_other": "Rumours",
        "automated_detection": "Yes",
    }
    assert {name: sor.get(name) for name in expected} == expected
    # One visibility measure has no end, so the family as a whole has none.
    assert "end_date_visibility_restriction" not in sor
    assert not {"illegal_content_legal_ground", "source_identity"} & set(sor)


def test_texts_that_belong_to_an_unchosen_option_do_not_leave():
    sor = to_sor(a_draft(content_type_other="x", keyword_other="y", also_illegal=True), "s-3", TODAY)
    assert not {"content_type_other", "category_specification_other", "incompatible_content_illegal"} & set(
        sor
    )


def test_nothing_about_the_notifier_or_the_allegation_leaves():
    sor = to_sor(a_draft(), "s-4", TODAY)
    assert "A notice says" not in str(sor)


@pytest.mark.parametrize(
    ("draft", "puid", "day"),
    [
        (no_action(), "s-1", TODAY),
        (a_draft(), "", TODAY),
        (a_draft(), "s 1", TODAY),
        (a_draft(), "s-1\n", TODAY),
        (a_draft(), "s" * 501, TODAY),
        (a_draft(), "s-1", date(2019, 12, 31)),
        (a_draft(content_date=None), "s-1", TODAY),
    ],
)
def test_what_the_database_would_refuse_is_not_written(draft, puid, day):
    with pytest.raises(ValueError, match=r".+"):
        to_sor(draft, puid, day)


def test_every_measure_of_the_schema_can_be_decided_and_exported():
    for code in MEASURES.keys() - {NO_ACTION}:
        draft = a_draft(
            measures=[a_measure(kind=code, other_text="Something")], other_items=["FN-2026-000007"]
        )
        assert check(draft, TODAY) == [], code
        assert code in str(to_sor(draft, "s-5", TODAY))
