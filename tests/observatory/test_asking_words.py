"""A question as a person types it."""

from __future__ import annotations

import pytest

from fairnotice.observatory import columns
from fairnotice.observatory.asking import Condition, QuestionError, codes, words

_VIOLENCE = "STATEMENT_CATEGORY_VIOLENCE"
_FIRST = "DECISION_VISIBILITY_CONTENT_"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("category=VIOLENCE", Condition("category", "is", (_VIOLENCE,))),
        ("category = violence", Condition("category", "is", (_VIOLENCE,))),
        (f"category is {_VIOLENCE}", Condition("category", "is", (_VIOLENCE,))),
        ("category!=Violence, animal welfare",
         Condition("category", "not", (_VIOLENCE, "STATEMENT_CATEGORY_ANIMAL_WELFARE"))),
        ("category not VIOLENCE", Condition("category", "not", (_VIOLENCE,))),
        # What was renamed with v2 has its name of v2 in the store.
        ("category=SCOPE_OF_PLATFORM_SERVICE",
         Condition("category", "is", ("STATEMENT_CATEGORY_OTHER_VIOLATION_TC",))),
        ("category=cyber violence", Condition("category", "is", ("STATEMENT_CATEGORY_CYBER_VIOLENCE",))),
        ('category="SOMETHING NEW"', Condition("category", "is", ("SOMETHING NEW",))),
        ("territorial_scope has de,FR", Condition("territorial_scope", "has", ("DE", "FR"))),
        ("territorial_scope lacks none", Condition("territorial_scope", "lacks", ("",))),
        ("decision_visibility = CONTENT_REMOVED|CONTENT_DEMOTED",
         Condition("decision_visibility", "is", (f"{_FIRST}DEMOTED|{_FIRST}REMOVED",))),
        ("source_type=other_notification,VOLUNTARY",
         Condition("source_type", "is", ("SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"))),
        ("automated_detection=yes", Condition("automated_detection", "is", ("Yes",))),
        ("content_language=", Condition("content_language", "is", ("",))),
        ("content_language is", Condition("content_language", "is", ("",))),
        ("content_language != None", Condition("content_language", "not", ("",))),
        ('platform="Shop, Ltd" , "The ""Shop""",Plain Name',
         Condition("platform", "is", ("Shop, Ltd", 'The "Shop"', "Plain Name"))),
        ("platform=A = B", Condition("platform", "is", ("A = B",))),
        ("week=2025-07-02", Condition("week", "is", ("2025-07-02",))),
        ("delay_decision=-3,0", Condition("delay_decision", "is", ("-3", "0"))),
        ("version=v1", Condition("version", "is", ("v1",))),
    ],
)  # fmt: skip
def test_a_condition(typed: str, meant: Condition) -> None:
    assert words.condition(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("category", "is no condition; write COLUMN = VALUE"),
        ("category > VIOLENCE", "is no condition"),
        ("categry=VIOLENCE", "no 'categry' to ask about; did you mean category"),
        ("category=VIOLENSE", "no code 'VIOLENSE'; did you mean VIOLENCE"),
        ("decision_ground=LAW", "there are: ILLEGAL_CONTENT, INCOMPATIBLE_CONTENT"),
        ("category_specification=qqqq", "`ask --codes category_specification` lists all 75"),
        ("territorial_scope has DE|FR", "takes single codes"),
        ('platform="Shop', "a quotation mark stands alone"),
        ('platform="Shop" Ltd', "a quotation mark stands alone"),
        ("version=v3", "there are: v1, v2"),
        ("category=VIOLENCE,", "there is no value at one of the commas; for what is not given write none"),
        ("territorial_scope has DE,,FR", "there is no value at one of the commas"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said(typed: str, said: str) -> None:
    with pytest.raises(QuestionError) as refused:
        words.condition(typed)
    assert said in str(refused.value)


def test_dimensions_and_measures_are_spelt_or_suggested() -> None:
    assert words.dimensions(" platform, week,content_type.each ") == ("platform", "week", "content_type.each")
    assert words.dimensions("") == ()
    with pytest.raises(QuestionError, match="did you mean platform"):
        words.dimensions("platfrom")
    with pytest.raises(QuestionError, match="did you mean delay_decision"):
        words.measure("delay-decision")


@pytest.mark.parametrize("column", [*columns.CHOICES, *columns.LISTS])
def test_every_code_is_found_by_its_name_and_its_short_form(column: str) -> None:
    every = codes.codes(column)
    assert every
    shorts = [str(codes.short(column, code)) for code in every]
    assert len(set(shorts)) == len(every)
    assert [codes.full(column, one) for one in every] == every
    assert [codes.full(column, one.lower()) for one in shorts] == every
