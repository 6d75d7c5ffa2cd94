"""Measures: the whole list of the schema, and which need a second person."""

import pytest

from fairnotice.law.measures import MEASURES, NO_ACTION, is_severe


def test_every_measure_of_the_schema_is_there_and_no_action():
    families = [kind.family for kind in MEASURES.values()]
    counts = {family: families.count(family) for family in set(families)}
    assert counts == {"visibility": 7, "monetary": 3, "provision": 4, "account": 2, "none": 1}
    for code, kind in MEASURES.items():
        assert code == kind.code
        if code != NO_ACTION:
            assert code.startswith(f"DECISION_{kind.family.upper()}_")
        assert kind.needs_text == code.endswith("_OTHER")


def test_what_takes_a_whole_account_or_service_needs_a_second_person():
    assert {code for code, kind in MEASURES.items() if kind.severe} == {
        "DECISION_ACCOUNT_SUSPENDED",
        "DECISION_ACCOUNT_TERMINATED",
        "DECISION_PROVISION_TOTAL_SUSPENSION",
        "DECISION_PROVISION_PARTIAL_TERMINATION",
        "DECISION_PROVISION_TOTAL_TERMINATION",
    }


def test_one_severe_measure_makes_the_decision_severe():
    assert not is_severe([])
    assert not is_severe([NO_ACTION])
    assert not is_severe(["DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_MONETARY_OTHER"])
    assert is_severe(["DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_ACCOUNT_SUSPENDED"])


def test_an_unknown_measure_never_passes_as_harmless():
    with pytest.raises(KeyError):
        is_severe(["DECISION_ACCOUNT_SUSPENDED", "DECISION_MADE_UP"])
