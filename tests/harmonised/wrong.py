"""Wrong reports, each made by breaking the right one in one place, and the fault that must be found there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fairnotice.harmonised.parts import OTHER_TEXT, PARTS
from fairnotice.harmonised.report import Report
from tests.harmonised.right import SERVICE

MINORS = "STATEMENT_CATEGORY_PROTECTION_OF_MINORS"
SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
ANIMALS = "STATEMENT_CATEGORY_ANIMAL_WELFARE"
HARM = f"{ANIMALS}/KEYWORD_ANIMAL_HARM"
PHISHING = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD/KEYWORD_PHISHING"


@dataclass(frozen=True)
class Cell:
    """Write `text` into the cell of this row (our key; in part 3 with its scope) and column (our key). `found_in`
    names another column, `row` another row in which the fault is found; `also` are rules broken with it."""

    rule: str
    part: int
    row: str
    column: str
    text: str
    suggestion: str | None = None
    scope: str = "TOTAL"
    found_in: str = ""
    at: str = ""
    also: tuple[str, ...] = ()


def place_of(report: Report, part: int, key: str, scope: str = "TOTAL") -> int:
    """The first row with this key of ours."""
    rows, template = report.parts[part], PARTS[part]
    if part in (2, 3, 4, 5, 6):
        high, _, keyword = key.partition("/")
        inside = high in ("TOTAL",)
        for place, row in enumerate(rows):
            if part == 3 and row[template.at("scope")] != scope:
                continue
            code = row[template.at("category")]
            if code.startswith("STATEMENT_"):
                inside = code == high
            if inside and code == (keyword or high):
                return place
    if key.startswith(("language:", "state:")):
        wanted, _, rate = key.partition(":")[2].partition(".")
        for place, row in enumerate(rows):
            text = row[template.at("indicator")]
            if row[template.at("scope")] == wanted and (not rate or rate in text.lower()):
                return place
    return PARTS[part].keys.index(key)


#: One cell each.
CELLS = (
    # numbers as they are written
    Cell("hours-unit", 4, PHISHING, "median", "1.3hrs", "1.3"),
    Cell("hours-unit", 4, PHISHING, "median", "25.8 hrs", "25.8"),
    Cell("hours-unit", 4, PHISHING, "median", "2 days", "48"),
    Cell("hours-unit", 4, PHISHING, "median", "30 min", "0.5"),
    Cell("hours-unit", 7, "complaints.median", "value", "1h 30m", "1.5"),
    Cell("hours-unit", 7, "complaints.median", "value", "36:30", "36.5"),
    Cell("hours-unit", 4, PHISHING, "median", "1.5\N{NO-BREAK SPACE}h", "1.5"),
    Cell("hours-unit", 7, "complaints.median", "value", "1 day, 2:30:00", "26.5"),
    # Three what? The digits alone would be a wrong number.
    Cell("hours-unit", 7, "complaints.median", "value", "3 weeks", ""),
    Cell("hours-unit", 7, "complaints.median", "value", "3 giorni", ""),
    Cell("number-text", 7, "complaints.median", "value", "about a day", ""),
    Cell("count-text", 7, "suspended_content.total", "value", "5k", ""),
    Cell("count-text", 7, "suspended_content.total", "value", "5 Mio.", ""),
    Cell("count-decimal", 7, "suspended_content.total", "value", "0.000", "0"),
    Cell("count-decimal", 7, "suspended_content.total", "value", "0.125", ""),
    Cell("share-percent", 8, "total.accuracy", "value", "97,5\N{NARROW NO-BREAK SPACE}%", "0.975"),
    Cell("count-decimal", 4, PHISHING, "notices", "7.0", "7"),
    Cell("count-decimal", 7, "disputes.total", "value", "9.5", "", also=("outcomes-more", "median-missing")),
    Cell("count-text", 7, "suspended_notices.total", "value", "none", ""),
    Cell("count-text", 7, "complaints.total", "value", "60 complaints", "60"),
    Cell("count-text", 10, "state:TOTAL", "value", "See our other report", ""),
    Cell("number-separator", 10, "state:AT", "value", "1,000", "1000"),
    Cell("number-separator", 10, "state:BE", "value", "2.000", "2000"),
    Cell("number-separator", 10, "state:BG", "value", "3 000", "3000"),
    Cell("number-separator", 10, "state:CY", "value", "4\N{NO-BREAK SPACE}000", "4000"),
    Cell("number-separator", 10, "state:CZ", "value", "5,000.00", "5000"),
    Cell("number-comma", 4, PHISHING, "median", "12,5", "12.5"),
    Cell("number-comma", 8, "total.accuracy", "value", "0,97", "0.97"),
    Cell("number-comma", 9, "internal", "value", "40,5", "40.5"),
    Cell("number-exponent", 10, "state:TOTAL", "value", "3.78E+05", "378000"),
    Cell("number-negative", 7, "new_restrictions.total", "value", "-3", ""),
    Cell("number-negative", 4, PHISHING, "median", "-2.5", ""),
    Cell("share-percent", 8, "total.accuracy", "value", "97%", "0.97"),
    Cell("share-percent", 8, "total.precision", "value", "90.0", "0.9"),
    Cell("share-percent", 7, "disputes.implemented", "value", "75 %", "0.75"),
    Cell("share-range", 8, "own.accuracy", "value", "970", ""),
    Cell("share-range", 8, "own.accuracy", "value", "110%", ""),
    # medians, zero and blank
    Cell("hours-impossible", 4, PHISHING, "median", "9000", None),
    Cell("hours-impossible", 7, "disputes.median", "value", "100000", None),
    Cell("median-for-none", 4, "STATEMENT_CATEGORY_CONSUMER_INFORMATION/KEYWORD_NONCOMPLIANCE_PRICING", "median", "0", ""),
    Cell("median-for-none", 7, "service.median", "value", "0", ""),
    Cell("median-missing", 4, PHISHING, "median", "", None),
    Cell("median-missing", 7, "complaints.median", "value", "", None),
    Cell("median-missing", 3, "TOTAL", "act_inform", "", None),
    Cell("blank-for-zero", 7, "service.total", "value", "", "0"),
    Cell("blank-for-zero", 7, "suspended_notices.total", "value", "", "0"),
    Cell("blank-for-zero", 8, "notices.solely", "value", "", "0"),
    Cell("blank-for-zero", 4, HARM, "terms_tf", "", "0"),
    Cell("blank-for-zero", 9, "external", "value", "", "0"),
    Cell("rate-for-none", 8, "notices.accuracy", "value", "0", None),
    Cell("rate-missing", 8, "total.recall", "value", "", None),
    Cell("implemented-missing", 7, "disputes.implemented", "value", "", None),
    # sums
    Cell("sum-category", 4, SPEECH, "notices", "71", "70"),
    Cell("sum-category", 4, SPEECH, "notices", "0", "70", also=("flagger-more", "median-for-none")),
    Cell("sum-category", 5, MINORS, "visibility_removal", "100", None, also=("restrictions-more",)),
    Cell("sum-category", 6, "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "account_suspension", "0", None, also=("restrictions-fewer",)),
    Cell("sum-total", 4, "TOTAL", "notices", "9999", None, also=("items-fewer",)),
    Cell("sum-total", 6, "TOTAL", "monetary_other", "1", None, also=("restrictions-fewer",)),
    Cell("sum-states", 3, "TOTAL", "info", "40", None, also=("sum-total",)),
    Cell("flagger-more", 4, HARM, "terms_tf", "99", None, also=("sum-category", "actions-more")),
    Cell("items-fewer", 4, PHISHING, "items", "1", None, also=("sum-category", "actions-more", "flagger-more")),
    Cell("actions-more", 4, PHISHING, "law", "100", None, also=("sum-category",)),
    Cell("automated-more", 5, HARM, "automated", "999", None, also=("sum-category",)),
    # Both figures may be right: what they are is said, and no other is suggested.
    Cell("restrictions-fewer", 5, HARM, "measures", "500", "", also=("sum-category",)),
    Cell("restrictions-more", 6, HARM, "measures", "12", "", also=("sum-category",)),
    Cell("outcomes-more", 7, "disputes.total", "value", "8", ""),
    Cell("bases-more", 7, "complaints.total", "value", "59", "60"),
    Cell("bases-more", 7, "complaints.reversed", "value", "14", "15"),
    Cell("complaints-flagger", 7, "no_action_tf.total", "value", "15", None),
    Cell("means-own", 8, "own.not", "value", "401", None),
    Cell("means-flagger", 8, "notices_tf.not", "value", "121", None, also=("means-notices",)),
    Cell("means-notices", 8, "notices.not", "value", "99999", None, found_in="value", at="notices.solely"),
    Cell("means-measures", 8, "own.solely", "value", "90000", None, also=("means-own",)),
    Cell("people-languages", 9, "languages", "value", "141", "140.5"),
    Cell("people-language", 9, "language:de", "value", "120.5", None),
    Cell("recipients-total", 10, "state:TOTAL", "value", "300000", "378000"),
    # codes
    Cell("state-unknown", 10, "state:ES", "scope", "SP", "ES"),
    Cell("state-unknown", 10, "state:DE", "scope", "Germany", "DE"),
    Cell("state-unknown", 10, "state:FR", "scope", "XX", ""),
    Cell("state-greece", 10, "state:EL", "scope", "GR", "EL"),
    Cell("state-greece", 3, "TOTAL", "scope", "GR", "EL", scope="EL", also=("row-missing",)),
    Cell("state-left", 10, "state:IE", "scope", "UK", ""),
    Cell("state-case", 10, "state:AT", "scope", "at", "AT"),
    Cell("state-list", 3, "TOTAL", "scope", "DE, EL", "", scope="DE", also=("row-missing",)),
    Cell("scope-missing", 3, "TOTAL", "scope", "", "", scope="DE", also=("row-missing",)),
    Cell("scope-placeholder", 3, "TOTAL", "scope", "AT, […], SE", "", scope="DE", also=("row-missing",)),
    Cell("scope-placeholder", 10, "state:SE", "scope", "[...]", ""),
    Cell("scope-placeholder", 9, "language:sv", "scope", "[...]", ""),
    Cell("language-case", 9, "language:de", "scope", "DE", "de"),
    Cell("language-state", 9, "language:cs", "scope", "cz", "cs"),
    Cell("language-unknown", 9, "language:fr", "scope", "french", "fr"),
    Cell("language-unknown", 8, "language:fr.accuracy", "scope", "qq", ""),
    Cell("language-other", 9, "language:ga", "scope", "tr", None),
    # dates
    Cell("date-format", 1, "published", "value", "20/08/2026", "2026-08-20"),
    Cell("date-format", 1, "end", "value", "30.06.2026", "2026-06-30"),
    Cell("date-format", 1, "start", "value", "1 January 2026", "2026-01-01"),
    Cell("date-format", 1, "end", "value", "2026-06-30T00:00:00Z", "2026-06-30"),
    Cell("category-name", 4, PHISHING, "category", "keyword_phishing", "KEYWORD_PHISHING"),
    Cell("category-name", 5, "TOTAL", "category", "Total", "TOTAL"),
    Cell("date-impossible", 1, "published", "value", "2026-02-30", ""),
    Cell("date-missing", 1, "published", "value", "", None),
    Cell("date-impossible", 4, "TOTAL", "period", "2026-01-01/2026-06-31", "2026-01-01/2026-06-30"),
    Cell("period-format", 7, "new_restrictions.total", "period", "01/01/2026 - 30/06/2026", "2026-01-01/2026-06-30"),
    Cell("period-format", 8, "own.not", "period", "H1 2026", "2026-01-01/2026-06-30"),
    Cell("period-differs", 10, "state:TOTAL", "period", "2025-07-01/2025-12-31", "2026-01-01/2026-06-30"),
    Cell("period-missing", 11, "summary", "period", "", "2026-01-01/2026-06-30"),
    Cell("period-order", 11, "summary", "period", "2026-06-30/2026-01-01", "2026-01-01/2026-06-30"),
    Cell("period-order", 1, "start", "value", "2026-07-01", None, at="end"),
    Cell("period-unusual", 1, "end", "value", "2026-07-31", None, also=("period-differs",)),
    Cell("period-early", 1, "start", "value", "2025-01-01", None, also=("period-differs", "period-unusual")),
    Cell("published-early", 1, "published", "value", "2026-06-30", None),
    # A day that is past cannot be another one.
    Cell("published-late", 1, "published", "value", "2026-09-01", ""),
    Cell("previous-late", 1, "previous", "value", "2026-08-20", None),
    # text
    Cell("placeholder", 1, "name", "value", "Text", None),
    Cell("placeholder", 1, "previous", "value", "YYYY-MM-DD", None),
    Cell("placeholder", 11, "safeguards", "value", "Free text", None),
    Cell("placeholder", 5, "TOTAL", "period", "YYYY-MM-DD/YYYY-MM-DD", "2026-01-01/2026-06-30"),
    Cell("placeholder", 5, f"{MINORS}/KEYWORD_OTHER", "other", OTHER_TEXT, None),
    Cell("text-too-long", 11, "purposes", "value", "x" * 5001, "5000"),
    Cell("text-missing", 11, "training", "value", "", None),
    Cell("mojibake", 11, "support", "value", "für Moderation".encode().decode("cp1252"), "für Moderation"),
    Cell("formula", 4, PHISHING, "note_notices", '=HYPERLINK("x")', None),
    Cell("service-missing", 6, HARM, "service", "", SERVICE),
    Cell("service-differs", 3, "TOTAL", "service", "Example  Bord", SERVICE),
    Cell("provider-missing", 1, "name", "value", "", None),
    # rows and categories
    Cell("category-v1", 4, "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS", "category", "STATEMENT_CATEGORY_UNSAFE_AND_ILLEGAL_PRODUCTS", "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS", also=("row-missing", "sum-total", "sum-category", "category-place", "other-repeated")),
    Cell("row-unknown", 4, PHISHING, "category", "KEYWORD_PHISING", "KEYWORD_PHISHING", also=("row-missing", "sum-category")),
    Cell("row-unknown", 7, "disputes.omitted", "scope", "Decisions forgotten", None, also=("row-missing",)),
    Cell("row-unknown", 7, "suspended_notices.total", "indicator", "Suspensions for unfounded notices", None, also=("row-missing",)),
    Cell("row-twice", 7, "visibility.upheld", "scope", "Total number", None, found_in="indicator", also=("row-missing",)),
    Cell("category-place", 5, HARM, "category", "KEYWORD_PHISHING", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", also=("row-missing", "row-twice", "sum-category")),
    Cell("category-15", 4, "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", "category", "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", None, also=("row-missing", "sum-category")),
    Cell("category-16", 4, "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", "category", "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", None, also=("row-missing",)),
    Cell("category-17", 3, "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", "category", "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", None, also=("row-missing", "sum-states")),
    Cell("category-name", 2, HARM, "name", "Harm to animals", "Animal harm"),
    Cell("category-name", 2, ANIMALS, "label", "Kategorie 1", "Category 1"),
    Cell("other-missing", 5, f"{MINORS}/KEYWORD_OTHER", "other", "", None),
    Cell("other-elsewhere", 6, HARM, "other", "Dogs", None),
    Cell("row-applicability", 5, HARM, "applicability", "Only for VLOPs", "All"),
    Cell("row-section", 7, "disputes.total", "section", "Courts", "Out-of-court dispute settlement bodies"),
)  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """Break more than a cell. `breaks` gives (part, line, column key) of the fault."""

    rule: str
    breaks: Callable[[Report], tuple[int, int, str]]
    suggestion: str | None = None
    also: tuple[str, ...] = ()


def _without(part: int) -> Callable[[Report], tuple[int, int, str]]:
    def breaks(report: Report) -> tuple[int, int, str]:
        del report.parts[part]
        return part, 0, ""

    return breaks


def _without_row(part: int, key: str, scope: str = "TOTAL") -> Callable[[Report], tuple[int, int, str]]:
    def breaks(report: Report) -> tuple[int, int, str]:
        place = place_of(report, part, key, scope)
        del report.parts[part][place]
        # Named is the line behind which it belongs.
        return part, place + 1, ""

    return breaks


def _row_again(report: Report) -> tuple[int, int, str]:
    place = place_of(report, 5, HARM)
    row = [*report.parts[5][place]]
    for column in PARTS[5].columns:
        if column.kind == "count":
            row[PARTS[5].at(column.key)] = "0"
    report.parts[5].insert(place + 1, row)
    return 5, place + 3, "category"


def _swapped(report: Report) -> tuple[int, int, str]:
    rows = report.parts[11]
    rows[1], rows[2] = rows[2], rows[1]
    return 11, 4, "indicator"


def _same_other(report: Report) -> tuple[int, int, str]:
    place = place_of(report, 4, f"{ANIMALS}/KEYWORD_OTHER")
    rows, other = report.parts[4], PARTS[4].at("other")
    rows[place + 1][other] = rows[place][other].upper()
    return 4, place + 3, "other"


def _blank_others(report: Report) -> tuple[int, int, str]:
    place = place_of(report, 2, f"{ANIMALS}/KEYWORD_OTHER")
    report.parts[2].insert(place + 1, [*report.parts[2][place]])
    return 2, place + 3, "category"


def _unused_placeholder(report: Report) -> tuple[int, int, str]:
    place = place_of(report, 4, f"{ANIMALS}/KEYWORD_OTHER") + 1
    rows = report.parts[4]
    row = [*rows[place]]
    for column in PARTS[4].columns:
        if column.kind == "count":
            row[PARTS[4].at(column.key)] = "0"
        elif column.kind == "hours":
            row[PARTS[4].at(column.key)] = ""
    row[PARTS[4].at("other")] = OTHER_TEXT
    rows.insert(place + 1, row)
    return 4, place + 3, "other"


def _no_implementation(report: Report) -> tuple[int, int, str]:
    for key in ("disputes.reversed", "disputes.partially_reversed"):
        report.parts[7][place_of(report, 7, key)][PARTS[7].at("value")] = "0"
    return 7, place_of(report, 7, "disputes.implemented") + 2, "value"


def _without_totals(report: Report) -> tuple[int, int, str]:
    scope = PARTS[3].at("scope")
    report.parts[3] = [row for row in report.parts[3] if row[scope] != "TOTAL"]
    return 3, 1, "scope"


def _many_zeros(report: Report) -> tuple[int, int, str]:
    median = PARTS[3].at("act_effect")
    for state in ("DE", "EL", "TOTAL"):
        for place, row in enumerate(report.parts[3]):
            if row[PARTS[3].at("act")] == "0" and row[PARTS[3].at("scope")] == state:
                row[median] = "0"
                return 3, place + 2, "act_effect"
    raise AssertionError("no row without orders")


def _without_state(report: Report) -> tuple[int, int, str]:
    place = place_of(report, 10, "state:MT")
    del report.parts[10][place]
    return 10, len(report.parts[10]) + 1, "scope"


WHOLES = (
    *(Whole("part-missing", _without(part)) for part in (1, 2, 3, 5, 6, 7, 8, 11)),
    Whole("part-missing-hosting", _without(4)),
    Whole("part-missing-vlop", _without(9)),
    Whole("part-missing-vlop", _without(10)),
    Whole(
        "row-missing", _without_row(4, "STATEMENT_CATEGORY_SELF_HARM/KEYWORD_SUICIDE"), also=("sum-category",)
    ),
    Whole("row-missing", _without_row(7, "monetary.median"), also=("median-missing",)),
    Whole("row-missing", _without_row(11, "methodology")),
    Whole("row-missing", _without_row(3, HARM, "EL"), also=("sum-states", "sum-category")),
    Whole("row-missing", _without_totals, "TOTAL"),
    Whole("row-twice", _row_again, also=("median-for-none",)),
    Whole("row-twice", _blank_others),
    Whole("row-order", _swapped),
    Whole("other-repeated", _same_other),
    Whole("placeholder-unused", _unused_placeholder),
    Whole("implemented-none", _no_implementation, ""),
    Whole("median-for-none", _many_zeros, ""),
    Whole("states-incomplete", _without_state, "MT", also=("recipients-total",)),
)
