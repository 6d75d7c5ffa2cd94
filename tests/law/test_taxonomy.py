"""The taxonomy is whole, versioned and consistent with the choices that people see."""

import pytest

from fairnotice.law import enums, taxonomy
from fairnotice.law.keywords import KEYWORDS, OTHER, STALKING


def test_the_taxonomy_holds_the_sixteen_categories_and_sixty_nine_keywords():
    assert len(taxonomy.CATEGORIES) == 16
    assert len({keyword for group in KEYWORDS.values() for keyword in group}) == 69
    assert set(KEYWORDS) == set(taxonomy.CATEGORIES)


def test_every_group_offers_a_way_out_and_no_other_keyword_stands_in_two_groups():
    homes: dict[str, list[str]] = {}
    for category, group in KEYWORDS.items():
        assert list(group)[-1] == OTHER
        for keyword in group:
            homes.setdefault(keyword, []).append(category)
    assert len(homes.pop(OTHER)) == 16
    assert all(len(categories) == 1 for categories in homes.values())


def test_a_keyword_knows_its_label_and_category():
    assert taxonomy.keyword_label("KEYWORD_PHISHING") == "Phishing"
    assert taxonomy.category_of("KEYWORD_PHISHING") == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
    assert taxonomy.category_of(STALKING) == "STATEMENT_CATEGORY_CYBER_VIOLENCE"
    assert taxonomy.category_of(OTHER) is None
    assert taxonomy.keyword_label(OTHER) == "Not captured by any other keyword"


@pytest.mark.parametrize("code", ["", "KEYWORD_DANGEROUS_TOYS", "KEYWORD_DISINFORMATION"])
def test_codes_that_the_database_dropped_are_unknown(code):
    with pytest.raises(KeyError):
        taxonomy.keyword_label(code)
    with pytest.raises(KeyError):
        taxonomy.category_of(code)


def test_the_closed_lists_have_the_sizes_of_the_schema():
    assert len(enums.CONTENT_TYPES) == 8
    assert len(enums.SOURCE_TYPES) == 4
    assert len(enums.AUTOMATED_DECISION) == 3
    assert len(enums.ACCOUNT_TYPES) == len(enums.DECISION_GROUNDS) == 2
    assert len(enums.TERRITORIES) == 30
    assert len(enums.LANGUAGES) == 184
    assert enums.TERRITORIES["GR"] == "Greece"
    assert enums.LANGUAGES["EL"] == "Greek"
    assert "GR" not in enums.LANGUAGES


def test_every_label_is_text_that_a_person_can_read():
    lists = [taxonomy.CATEGORIES, enums.CONTENT_TYPES, enums.TERRITORIES, enums.LANGUAGES, *KEYWORDS.values()]
    for codes in lists:
        for code, label in codes.items():
            assert label.strip() == label
            assert label
            assert label != code
