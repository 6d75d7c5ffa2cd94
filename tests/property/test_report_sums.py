"""For any set of facts: sub-categories add up to their category, categories to TOTAL, and months to the year."""

from __future__ import annotations

from collections import Counter
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.cases.counting import facts
from fairnotice.cases.counting.counts import Counts, count
from fairnotice.cases.counting.definitions import DEFINITIONS
from fairnotice.cases.counting.medians import median_hours
from fairnotice.cases.counting.period import parse_period
from fairnotice.cases.reporting import compare, filling, tables
from fairnotice.harmonised.categories import TOTAL
from fairnotice.harmonised.checking import check
from fairnotice.harmonised.parts import PARTS
from fairnotice.harmonised.report import Report
from fairnotice.law.enums import AUTOMATED_DECISION, SOURCE_TYPES
from fairnotice.law.measures import MEASURES, NO_ACTION
from fairnotice.law.taxonomy import CATEGORIES, KEYWORDS

PERIOD = parse_period("2026-01-01/2026-03-31")
categories = st.sampled_from(sorted(CATEGORIES))
# Also keywords of other categories, and none: whatever a row holds has one place.
keywords = st.sampled_from(["", *sorted({one for group in KEYWORDS.values() for one in group})])
seconds = st.integers(0, 10**9)
months = st.integers(0, 2)
notices = st.builds(
    lambda category, keyword, trusted, other, number, more: facts.NoticeFact(
        category, keyword, trusted, other, number, number + more
    ),
    categories,
    keywords,
    st.booleans(),
    st.booleans(),
    st.integers(1, 9),
    st.integers(0, 90),
)
measures = st.builds(
    facts.MeasureFact,
    st.sampled_from(sorted(set(MEASURES) - {NO_ACTION})),
    st.sampled_from(["law", "rules"]),
    st.sampled_from(sorted(SOURCE_TYPES)),
    st.booleans(),
    st.sampled_from(sorted(AUTOMATED_DECISION)),
    categories,
    st.lists(keywords.filter(bool), max_size=3).map(lambda found: str(found).replace("'", '"')),
    st.one_of(categories, st.just("")),
    keywords,
    st.one_of(seconds, st.none()),
)
bases = st.sampled_from(["visibility", "service", "account", "monetary", "no_action", "no_action_tf"])
decided = st.builds(
    facts.AppealFact, bases, st.sampled_from(["upheld", "partly_reversed", "reversed"]), seconds
)
received = st.builds(facts.AppealFact, bases, st.just(""), st.just(0))
Facts = tuple[list[tuple[int, object]], ...]


def of(kind: st.SearchStrategy[object]) -> st.SearchStrategy[list[tuple[int, object]]]:
    return st.lists(st.tuples(months, kind), max_size=12)


def counted(found: Facts, only: int | None = None) -> Counts:
    """The facts of the whole period, or of one of its months."""
    taken = [[fact for month, fact in rows if only in (None, month)] for rows in found]
    names = ("notices", "measures", "appeals_received", "appeals_decided")
    with pytest.MonkeyPatch.context() as patched:
        for name, rows in zip(names, taken, strict=True):
            patched.setattr(facts, name, lambda *_, rows=rows: iter(rows))
        patched.setattr(facts, "appeals_withdrawn", lambda *_: 1)
        patched.setattr(facts, "imposed", lambda *_: 2)
        return count(PERIOD)


@settings(max_examples=8, deadline=None)
@given(st.tuples(of(notices), of(measures), of(received), of(decided)))
def test_sums_hold_whatever_happened(found: Facts) -> None:
    counts = counted(found)
    parts = filling.fill(filling.Head("P", "S", PERIOD, "platform"), counts, {}).parts
    for number in (4, 5, 6):
        at = PARTS[number].at
        for column in (one.key for one in PARTS[number].columns if one.kind == "count"):
            rows: dict[str, list[int]] = {}
            category = ""
            for row in parts[number]:
                code, value = row[at("category")], int(row[at(column)])
                if code.startswith("KEYWORD_"):
                    rows[category][1] += value
                else:
                    category = code
                    rows[category] = [value, 0]
            total = rows.pop(TOTAL)[0]
            assert total == sum(own for own, _below in rows.values())
            assert all(own == below or not below for own, below in rows.values())
    seen = [one for one in check(Report(parts)) if one.severity == "error" and one.file[0] in "4568"]
    # Not part 7: what is answered in a period may have come in before it.
    assert seen == []


@settings(max_examples=5, deadline=None)
@given(st.tuples(of(notices), of(measures), of(received), of(decided)))
def test_the_months_add_up_to_the_report(found: Facts) -> None:
    counts = counted(found)
    each = [counted(found, month) for month in range(3)]
    for one in each:  # what is counted apart stands in one month alone
        for key in (("complaints.omitted", ""), ("new_restrictions.total", "")):
            one.counts[key] = counts.counts[key] if one is each[0] else 0
    read = [tables.read(tables.canonical(tables.table_of("S", PERIOD, one.table()))) for one in each]
    parts = filling.fill(filling.Head("P", "S", PERIOD, "vlop"), counts, {}).parts
    outcome = compare.with_tallies(parts, read, "vlop")
    assert outcome.differences == () and outcome.compared > 1000


@given(st.lists(seconds, max_size=40))
def test_a_median_is_exact(values: list[int]) -> None:
    counts = Counts()
    counts.seconds["complaints.median", ""].extend(values)
    said = median_hours(counts.durations("complaints.median"))
    if not values:
        assert said == ""
    else:
        assert abs(float(said) - median(values) / 3600) <= 0.00501
    assert Counter(one.id for one in DEFINITIONS.values()).most_common(1)[0][1] == 1
