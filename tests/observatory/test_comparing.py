"""A report beside the statements: one whose statements were made with it agrees in every figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from fairnotice.harmonised.categories import TOTAL
from fairnotice.observatory.asking import ask
from fairnotice.observatory.comparing import CompareError, compare, document, peers
from fairnotice.observatory.comparing.comparison import Comparison
from fairnotice.observatory.comparing.coverage import coverage, slug
from fairnotice.observatory.comparing.definitions import COMPARED
from fairnotice.observatory.comparing.lines import Level, Line, Unit, judged
from fairnotice.observatory.comparing.measures import LAW, TERMS, Kind, Practice, figures
from fairnotice.observatory.comparing.reported import NoReport, read_path, reported
from fairnotice.observatory.result import Input
from fairnotice.observatory.store import Store
from tests.harmonised.right import SERVICE
from tests.observatory import made
from tests.observatory.compared import DAYS, PEERS, SINCE, UNTIL, Both, store

VIOLENCE = "STATEMENT_CATEGORY_VIOLENCE"
OTHER = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The statements of `Both`, and of two peers."""
    return store(tmp_path_factory.mktemp("public"), Both())


def compared(both: Both, public: Store) -> Comparison:
    return compare(reported(both.report, "report"), public, ask)


def line(found: Comparison, name: str, row: str = TOTAL) -> Line:
    return next(one for one in found.lines if (one.id, one.row) == (name, row))


def test_what_was_made_of_the_same_measures_is_alike_in_every_figure(public: Store) -> None:
    both = Both()
    found = compared(both, public)
    assert {one.level for one in found.lines} == {"alike"}
    assert [one for one in found.lines if one.reported != one.derived] == []
    assert (found.platforms, found.statements, found.coverage.whole) == ((SERVICE,), 56, True)
    assert line(found, "own_illegal.measures").derived == 14
    assert line(found, "notices.law").derived == 14
    assert line(found, "notices.terms_tf").derived == 4
    assert line(found, "automated.own.solely", "").derived == 10
    assert line(found, "share.own", "").derived == 0.5
    # Every figure that both sides have was looked at, but for those that stand in none of the statements.
    assert {one.id for one in COMPARED} <= {one.id for one in found.lines}


def test_differences_are_flagged_where_they_are(public: Store) -> None:
    both = Both()
    both.set(5, TOTAL, "measures", "15")
    both.set(5, VIOLENCE, "measures", "2")
    both.set(6, VIOLENCE, "measures", "0")
    both.set(4, TOTAL, "law", "")
    found = compared(both, public)
    assert (line(found, "own_illegal.measures").level, line(found, "own_illegal.measures").difference) == (
        "differs",
        -0.066667,
    )
    assert line(found, "own_illegal.measures", VIOLENCE).level == "far"
    zero = line(found, "own_terms.measures", VIOLENCE)
    assert (zero.level, zero.difference) == ("far", None)
    blank = line(found, "notices.law")
    assert (blank.level, blank.reported, blank.derived) == ("open", None, 14)
    assert line(found, "share.own", "").level == "open", "it takes a figure that the report leaves blank"
    assert {one.row for one in found.lines if one.level in ("differs", "far")} == {TOTAL, VIOLENCE}


@pytest.mark.parametrize(
    ("left", "right", "unit", "level"),
    [
        (100, 105, "count", "alike"),
        (100, 106, "count", "differs"),
        (100, 94, "count", "differs"),
        (100, 120, "count", "differs"),
        (100, 121, "count", "far"),
        (100, 79, "count", "far"),
        (0, 1, "count", "far"),
        (0, 0, "count", "alike"),
        (Fraction(1, 2), Fraction(55, 100), "share", "alike"),
        (Fraction(1, 100), Fraction(7, 100), "share", "differs"),
        (Fraction(9, 10), Fraction(69, 100), "share", "far"),
    ],
)
def test_the_bounds_are_exact(left: int, right: int, unit: Unit, level: Level) -> None:
    assert judged(Fraction(left), Fraction(right), unit)[0] == level


def test_with_days_missing_too_few_prove_nothing_and_too_many_do(tmp_path: Path) -> None:
    both = Both()
    part = Both()
    part.statements[DAYS[1]] = []
    some = store(tmp_path, part)
    (some.place(DAYS[1], "global").folder / "manifest.json").unlink()
    some.place(DAYS[1], "global").folder.rename(tmp_path / "away")
    both.set(4, TOTAL, "law", "3")
    found = compared(both, some)
    assert (found.coverage.there, found.coverage.days) == (2, 3)
    assert found.coverage.missing == ((DAYS[1], DAYS[1]),)
    assert line(found, "own_illegal.measures").level == "open"
    assert line(found, "notices.law").level == "far"
    assert any("2026-01-02" in note for note in found.notes)


def practice(*kinds: tuple[str, str, str, str]) -> Practice:
    """Of (restriction, category, ground, source)."""
    made_of = Practice(statements=len(kinds))
    for measure, category, ground, source in kinds:
        made_of.measures[Kind(measure, category, ground, source, "No", "AUTOMATED_DECISION_PARTIALLY")] += 1
    return made_of


def test_what_has_no_row_of_its_own_still_counts() -> None:
    found = figures(
        practice(
            (REMOVED, OTHER, LAW, "SOURCE_VOLUNTARY"),
            (REMOVED, "STATEMENT_CATEGORY_PORNOGRAPHY_OR_SEXUALIZED_CONTENT", LAW, "SOURCE_VOLUNTARY"),
            ("DECISION_VISIBILITY_NEW", VIOLENCE, TERMS, "SOURCE_TYPE_OTHER_NOTIFICATION"),
            (REMOVED, VIOLENCE, "", "SOURCE_ARTICLE_16"),
            (REMOVED, VIOLENCE, LAW, ""),
        )
    )
    assert found == {
        ("own_terms.measures", TOTAL): 2,
        ("own_terms.measures", OTHER): 1,
        ("own_terms.measures", VIOLENCE): 1,
        ("own_terms.visibility_removal", TOTAL): 1,
        ("own_terms.visibility_removal", OTHER): 1,
        ("own_illegal.measures", TOTAL): 1,
        ("own_illegal.visibility_removal", TOTAL): 1,
    }


def test_a_statement_counts_once_for_each_restriction_and_none_without(tmp_path: Path) -> None:
    both = Both()
    three = {
        "decision_visibility": f'["{REMOVED}","DECISION_VISIBILITY_CONTENT_LABELLED"]',
        "decision_account": "DECISION_ACCOUNT_SUSPENDED",
        "decision_ground": LAW,
        "category": VIOLENCE,
        "source_type": "SOURCE_VOLUNTARY",
    }
    both.statements = {day: [] for day in DAYS}
    both.statements[SINCE] = [
        made.row(1, SINCE, platform_name=SERVICE, **three),
        made.row(2, SINCE, platform_name=SERVICE, decision_visibility=""),
    ]
    found = compared(both, store(tmp_path, both))
    assert (found.statements, line(found, "own_illegal.measures").derived) == (2, 3)
    assert line(found, "own_illegal.account_suspension").derived == 1
    assert "1 of 2 statements name no restriction, and count nowhere here." in found.notes


def test_who_it_is_in_the_public_data(public: Store) -> None:
    both = Both()
    unnamed = replace(reported(both.report, "x"), services=("Another Ltd",))
    with pytest.raises(CompareError, match=f"name it with --platform; there are: {SERVICE}, Harbour, Meadow"):
        compare(unnamed, public, ask)
    with pytest.raises(CompareError, match="have no platform 'Nobody'; they have: "):
        compare(unnamed, public, ask, platforms=["Nobody"])
    with pytest.raises(CompareError, match="names no period"):
        compare(replace(unnamed, since=None), public, ask)
    both_names = compare(unnamed, public, ask, platforms=[SERVICE, "Harbour"])
    assert both_names.statements == 56 + 120
    assert both_names.peers == ("Meadow",)


def test_the_period_is_the_reports_or_the_one_asked_for(public: Store) -> None:
    found = compare(reported(Both().report, "x"), public, ask, period=(SINCE, SINCE))
    assert (found.coverage.days, found.statements) == (1, 19)


def test_coverage_knows_dumps_of_single_platforms() -> None:
    def there(day: date, scope: str, *, whole: bool = True) -> Input:
        return Input(day, scope, "full", "d", "0", 1, "v2", whole)

    assert slug("Bay of Things, Ltd.") == "bay-of-things-ltd"
    inputs = [there(DAYS[0], "harbour"), there(DAYS[1], "meadow"), there(DAYS[2], "global", whole=False)]
    found = coverage(inputs, ["Harbour"], SINCE, UNTIL)
    assert (found.there, found.missing, found.damaged) == (2, ((DAYS[1], DAYS[1]),), (DAYS[2],))
    assert not found.whole
    assert coverage(inputs, ["Harbour", "Meadow"], SINCE, UNTIL).there == 1
    assert coverage(inputs, [], SINCE, UNTIL).there == 3
    for scope in ("bookshop-com", "bookshopcom"):
        assert coverage([there(SINCE, scope)], ["Bookshop.com"], SINCE, SINCE).whole, scope


@pytest.mark.parametrize(
    ("own", "standing"),
    [(0.05, "lowest"), (0.1, "low"), (0.2, "middle"), (0.4, "middle"), (0.5, "high"), (0.9, "highest")],
)
def test_a_place_among_peers(own: float, standing: str) -> None:
    found = peers.placed("share.own", own, [0.5, 0.1, 0.3, 0.4, 0.2])
    assert (found.standing, found.lowest, found.low, found.middle, found.high, found.highest) == (
        standing,
        0.1,
        0.2,
        0.3,
        0.4,
        0.5,
    )


def test_peers_are_the_others_with_enough_to_say(public: Store) -> None:
    found = compared(Both(), public)
    assert found.peers == PEERS
    by_id = {one.id: one for one in found.beside}
    # Of the peers' statements each fifth answers a notice; of the service's own every second.
    own = by_id["share.own"]
    assert (own.own, own.lowest, own.highest, own.standing) == (0.5, 0.8, 0.8, "lowest")
    assert by_id[peers.DELAY].standing == "middle"
    alone = compare(reported(Both().report, "x"), public, ask, period=(SINCE, SINCE))
    assert alone.peers == (), "40 measures a day are too few"
    assert {one.standing for one in alone.beside} == {"alone"}


def test_a_report_of_one_file_is_enough_and_none_is_not(tmp_path: Path, public: Store) -> None:
    folder = Both().write(tmp_path / "report")
    one = read_path(folder / "5_own_initiative_illegal.csv")
    assert len(one.files) == 1
    found = compare(one, public, ask, period=(SINCE, UNTIL))
    assert {line.id.partition(".")[0] for line in found.lines if line.level != "open"} == {"own_illegal"}
    for name in ("3_member_states_orders.csv", "11_qualitative.csv"):
        with pytest.raises(NoReport, match="no figure that the statements have too"):
            read_path(folder / name)


def test_every_figure_has_words_and_the_csv_has_every_figure(public: Store) -> None:
    found = compared(Both(), public)
    rows = list(csv.DictReader(io.StringIO(document.to_csv(found))))
    assert len(rows) == len(found.lines) + len(found.beside)
    assert all(row["figure"] for row in rows)
    row = next(row for row in rows if (row["id"], row["row"]) == ("own_illegal.measures", VIOLENCE))
    assert (row["figure"], row["reported"], row["public_data"], row["level"]) == (
        "Own initiative, illegal content, all measures: Violence",
        "1",
        "1",
        "alike",
    )
    text = document.to_text(found, everything=True)
    assert all(document.figure_words(one.id, one.row) in text for one in found.lines)


Change = Callable[[dict[str, object]], object]


def test_a_comparison_can_be_asked_again(public: Store) -> None:
    found = document.document(compared(Both(), public))
    outcome = document.verify(document.check(found), public, ask)
    assert (outcome.holds, outcome.faults) == (True, ())


def test_a_comparison_whose_figures_were_changed_never_passes(public: Store) -> None:
    found = document.document(compared(Both(), public))
    changed = next(one for one in found["lines"] if one["row"] == VIOLENCE)
    changed["derived"] += 1
    outcome = document.verify(found, public, ask)
    assert "Something in it was changed: its sha256 is another one." in outcome.faults
    assert any(
        f"1 figure comes out otherwise: {changed['id']} {VIOLENCE}" in fault for fault in outcome.faults
    )
