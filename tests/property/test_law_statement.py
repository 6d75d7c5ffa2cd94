"""Whatever a reviewer types, the rules answer; and what lacks its ground, facts or end is never clean."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from fairnotice.law import enums, taxonomy
from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.law.redaction import defang, findings
from fairnotice.law.statement import MESSAGES, Draft, MeasureDraft, check, to_sor
from tests.law.test_statement import TODAY, a_draft, a_measure

texts = st.text(max_size=40)
dates = st.none() | st.dates() | st.datetimes()
# Nothing that says anything: no letter and no digit of any script.
silence = st.text(st.characters(exclude_categories=["L", "N"]), max_size=10)


def some(known):
    return st.lists(st.sampled_from(sorted(known)) | texts, max_size=4)


wild_measures = st.builds(
    MeasureDraft,
    kind=st.sampled_from(sorted(MEASURES)) | texts,
    other_text=texts,
    start=dates,
    end=dates,
    review=dates,
    reversible=st.booleans(),
    how_to_reverse=texts,
)
wild_drafts = st.builds(
    Draft,
    measures=st.lists(wild_measures, max_size=4),
    account_type=texts,
    ground=st.sampled_from(["", "law", "rules"]) | texts,
    ground_reference=texts,
    ground_url=texts | texts.map(lambda text: f"https://{text}"),
    explanation=texts,
    facts=texts,
    also_illegal=st.none() | st.booleans(),
    content_types=some(enums.CONTENT_TYPES),
    content_type_other=texts,
    content_id_ean=texts | st.from_regex(r"[0-9]{13}", fullmatch=True),
    category=st.sampled_from(sorted(taxonomy.CATEGORIES)) | texts,
    category_additions=some(taxonomy.CATEGORIES),
    keywords=some({keyword for group in taxonomy.KEYWORDS.values() for keyword in group}),
    keyword_other=texts,
    territorial_scope=some(enums.TERRITORIES),
    content_language=texts,
    content_date=dates,
    source_type=st.sampled_from(sorted(enums.SOURCE_TYPES)) | texts,
    automated_detection=st.booleans(),
    automated_decision=texts,
    necessity=texts,
    milder_considered=texts,
    paraphrase=texts,
    paraphrase_withheld_reason=texts,
    other_items=st.lists(texts, max_size=3),
)


@given(wild_drafts, st.dates())
def test_every_draft_gets_an_answer_that_points_at_a_field(draft, today):
    names = {field.name for field in fields(Draft)}
    for fault in check(draft, today):
        assert fault.path.split(".")[0] in names
        assert fault.message == MESSAGES[fault.code]


@given(st.sampled_from(["ground_reference", "facts", "explanation"]), silence, st.booleans())
def test_without_ground_facts_or_explanation_nothing_is_clean(name, text, acts):
    draft = a_draft() if acts else a_draft(measures=[MeasureDraft(kind=NO_ACTION)])
    assert check(draft, TODAY) == []
    assert name in {fault.path for fault in check(replace(draft, **{name: text}), TODAY)}


@given(st.sampled_from(sorted(MEASURES.keys() - {NO_ACTION})), st.none() | st.dates())
def test_without_an_end_or_a_review_no_measure_is_clean(kind, start):
    measure = a_measure(kind=kind, other_text="Something", start=start, end=None, review=None)
    faults = check(a_draft(measures=[measure], other_items=["FN-2026-000007"]), TODAY)
    assert ("measures.0.end", "end_missing") in {(fault.path, fault.code) for fault in faults}


@given(wild_drafts, st.sampled_from(fields(Draft)), st.sampled_from(fields(Draft)))
def test_whatever_is_clean_can_be_exported(wild, first, second):
    changes = {field.name: getattr(wild, field.name) for field in (first, second)}
    draft = replace(a_draft(), **changes)
    if check(draft, TODAY) == [] and not draft.no_action:
        sor = to_sor(draft, "s-1", TODAY)
        assert {"category", "content_type", "content_date", "decision_facts", "decision_ground"} <= set(sor)
        # A field without a value is left out: for some the database takes no null.
        assert all(value not in (None, "", []) for value in sor.values())


@given(st.text(alphabet=st.characters() | st.sampled_from("@.:/[]()“”'\"-0129aut")))
def test_findings_stand_where_they_say_and_never_fail(text):
    places = findings(text)
    for finding in places:
        assert text[finding.start : finding.end] == finding.excerpt
        assert finding.excerpt
    assert places == sorted(places, key=lambda finding: (finding.start, -finding.end))


@given(st.text(), st.emails())
def test_an_address_is_found_among_any_words(words, address):
    text = f"{words} {address} {words}"
    place = len(words) + 1
    covered = {index for finding in findings(text) for index in range(finding.start, finding.end)}
    # The part behind the sign is what leads to a person's mailbox: none of it may be missed.
    at = place + address.rindex("@")
    assert at + 1 in covered


@given(st.text(alphabet=st.characters() | st.sampled_from("htp:/.[]@\\?#。 ")))
def test_defanging_twice_is_defanging_once(text):
    assert defang(defang(text)) == defang(text)


@given(st.from_regex(r"https?://[a-z0-9.-]{1,40}(/[a-z0-9./?=&]{0,40})?", fullmatch=True))
def test_a_defanged_web_address_opens_nothing(url):
    shown = defang(url)
    assert not shown.startswith("http")
    host = shown.split("/")[2]
    assert "." not in host.replace("[.]", "")
