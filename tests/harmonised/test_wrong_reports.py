"""Every rule finds what it is for: the right report has no fault, and each broken one has the fault it was given."""

from __future__ import annotations

import pickle

import pytest

from fairnotice.harmonised.checking import check
from fairnotice.harmonised.parts import PARTS, file_name
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.rules import RULES
from tests.harmonised.right import nothing_happened, right
from tests.harmonised.rules_page import PAGE, page
from tests.harmonised.wrong import CELLS, PHISHING, WHOLES, Cell, Whole, place_of

RIGHT = pickle.dumps(right())


def fresh() -> Report:
    return pickle.loads(RIGHT)  # noqa: S301 - our own


def test_the_right_report_has_no_fault():
    assert check(right()) == []


def test_a_small_host_to_whom_nothing_happened_has_no_fault():
    assert check(nothing_happened()) == []


def header(part: int, key: str) -> str:
    return PARTS[part].columns[PARTS[part].at(key)].header.strip() if key else ""


def assert_found(
    report: Report, rule: str, part: int, line: int, key: str, suggestion: str | None, also: tuple[str, ...]
):
    faults = check(report)
    here = [one for one in faults if (one.rule, one.file, one.row, one.column) == (rule, file_name(PARTS[part]), line, header(part, key))]  # fmt: skip
    assert here, [(one.rule, one.file, one.row, one.column) for one in faults]
    assert {one.rule for one in faults} <= {rule, *also}
    [fault] = here
    assert (fault.severity, fault.source, fault.message) == (
        RULES[rule].severity,
        RULES[rule].source,
        RULES[rule].text,
    )
    if suggestion is not None:
        assert fault.suggestion == suggestion


@pytest.mark.parametrize(
    "case", CELLS, ids=lambda case: f"{case.rule}-{case.part}-{case.row.split('/')[-1]}-{case.text[:12]!a}"
)
def test_one_wrong_cell_is_found(case: Cell):
    report = fresh()
    place = place_of(report, case.part, case.row, case.scope)
    row = report.parts[case.part][place]
    assert row[PARTS[case.part].at(case.column)] != case.text
    row[PARTS[case.part].at(case.column)] = case.text
    at = place_of(report, case.part, case.at) if case.at else place
    assert_found(
        report, case.rule, case.part, at + 2, case.found_in or case.column, case.suggestion, case.also
    )


@pytest.mark.parametrize("case", WHOLES, ids=lambda case: case.rule)
def test_one_wrong_table_is_found(case: Whole):
    report = fresh()
    part, line, key = case.breaks(report)
    assert_found(report, case.rule, part, line, key, case.suggestion, case.also)


@pytest.mark.parametrize(
    ("part", "row", "column", "scope", "rule"),
    [
        (4, PHISHING, "notices", "TOTAL", "count-text"),
        (5, PHISHING, "visibility_removal", "TOTAL", "count-text"),
        (3, PHISHING, "act", "DE", "count-text"),
        (7, "disputes.reversed", "value", "TOTAL", "count-text"),
    ],
)
def test_what_cannot_be_read_makes_no_other_figure_wrong(part, row, column, scope, rule):
    report = fresh()
    if part == 7:
        report.parts[7][place_of(report, 7, "disputes.partially_reversed")][PARTS[7].at("value")] = "0"
    report.parts[part][place_of(report, part, row, scope)][PARTS[part].at(column)] = "n/a"
    assert [one.rule for one in check(report)] == [rule]


def test_a_category_below_what_can_be_read_is_wrong_all_the_same():
    report = fresh()
    at = PARTS[4].at("notices")
    report.parts[4][place_of(report, 4, PHISHING)][at] = "n/a"
    report.parts[4][place_of(report, 4, PHISHING.partition("/")[0])][at] = "1"
    assert ("sum-category", "") in {(one.rule, one.suggestion) for one in check(report)}


def test_where_one_day_can_only_have_its_month_first_all_are_read_so():
    report = fresh()
    days = {"published": "08/20/2026", "start": "01/01/2026", "end": "06/30/2026", "previous": "02/07/2026"}
    for key, text in days.items():
        report.parts[1][place_of(report, 1, key)][PARTS[1].at("value")] = text
    period = PARTS[4].at("period")
    report.parts[4][0][period] = "01/07/2026 - 06/30/2026"
    faults = [(one.rule, one.suggestion) for one in check(report)]
    assert faults == [
        ("date-format", "2026-08-20"),
        ("date-format", "2026-02-07"),
        ("date-format", "2026-01-01"),
        ("date-format", "2026-06-30"),
        ("period-format", "2026-01-07/2026-06-30"),
    ]


def test_every_rule_about_what_is_in_a_report_is_broken_by_one_of_them():
    reading = {"file", "column", "header", "part-twice", "row-length", "more"}
    tried = {case.rule for case in CELLS} | {case.rule for case in WHOLES}
    missing = {
        rule
        for rule in RULES
        if rule not in tried and rule not in reading and rule.split("-")[0] not in reading
    }
    assert missing == set()
    assert len(CELLS) + len(WHOLES) >= 140


def test_the_docs_list_every_rule_as_it_is():
    assert PAGE.read_text("utf-8") == page()
