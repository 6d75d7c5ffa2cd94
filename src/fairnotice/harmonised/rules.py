"""Every rule of the checker, once: id, severity, source, text. `docs/report-rules.md` lists the same.

The texts are fixed sentences, so that each can be translated as it stands; numbers are in `found` and
`suggestion`.
"""

from __future__ import annotations

from fairnotice.harmonised.faults import Fault, Rule, Severity
from fairnotice.law.words import gettext_noop

_ACT = "Implementing Regulation (EU) 2024/2835"
_FORMAT = f"{_ACT}, Annex II, part I (format)"
_VALUES = f"{_ACT}, Annex II, part I (values)"
_CODES = f"{_ACT}, Annex II, part I (codes)"
_KINDS = f"{_ACT}, Annex II, part I (categories)"
_TIME = f"{_ACT}, Annex II, part I (periods and publication)"
_TEMPLATE = f"{_ACT}, Annex I"
_DSA = "Regulation (EU) 2022/2065"
_ORDERS = f"{_TEMPLATE}, 1.2; {_DSA}, Art. 15(1)(a)"
_NOTICES = f"{_TEMPLATE}, 1.3; {_DSA}, Art. 15(1)(b)"
_OWN = f"{_TEMPLATE}, 1.4; {_DSA}, Art. 15(1)(c)"
_APPEALS = f"{_TEMPLATE}, 1.5; {_DSA}, Art. 15(1)(d)"
_DISPUTES = f"{_TEMPLATE}, 1.5; {_DSA}, Art. 24(1)(a)"
_AUTOMATED = f"{_TEMPLATE}, 1.6; {_DSA}, Art. 15(1)(e)"
_PEOPLE = f"{_TEMPLATE}, 1.7; {_DSA}, Art. 42(2)(a)"
_RECIPIENTS = f"{_TEMPLATE}, 1.8; {_DSA}, Art. 42(3)"
_TEXTS = f"{_TEMPLATE}, 2"
_RFC = "RFC 4180"
_OURS = "plausibility"

_E: Severity = "error"
_W: Severity = "warning"
_N: Severity = "note"

_TABLE: tuple[tuple[str, Severity, str, str], ...] = (
    # --- files
    ("file-unreadable", _E, _FORMAT, gettext_noop("This file cannot be read.")),
    ("file-unknown", _W, _TEMPLATE, gettext_noop("No part of the template was found in this file.")),
    ("file-encoding", _E, _FORMAT, gettext_noop("The file is not in UTF-8. Please save it as UTF-8.")),
    ("file-bom", _N, _FORMAT, gettext_noop("The file begins with a byte order mark. UTF-8 needs none.")),
    ("file-delimiter", _E, _RFC, gettext_noop("Cells are not separated by commas.")),
    ("file-line-ends", _N, _RFC, gettext_noop("Lines do not end in CRLF.")),
    ("file-quotes", _E, _RFC, gettext_noop("A quotation mark is not closed or not doubled.")),
    ("file-format", _N, _FORMAT, gettext_noop("The report is to be published as CSV; no CSV file is here.")),
    (
        "file-name",
        _N,
        _TEMPLATE,
        gettext_noop("The number in the file's name is not the part that is in it."),
    ),
    # --- parts, columns, rows
    ("part-missing", _E, f"{_FORMAT}; {_TEMPLATE}", gettext_noop("This part is missing. It applies to all.")),
    (
        "part-missing-hosting",
        _W,
        _TEMPLATE,
        gettext_noop("This part is missing. It applies to hosting services."),
    ),
    (
        "part-missing-vlop",
        _N,
        _TEMPLATE,
        gettext_noop("This part is missing. It applies to very large platforms and search engines only."),
    ),
    (
        "part-twice",
        _W,
        _TEMPLATE,
        gettext_noop("This part is there more than once. This copy was not checked."),
    ),
    ("column-missing", _E, _TEMPLATE, gettext_noop("This column is missing.")),
    ("column-unknown", _W, _TEMPLATE, gettext_noop("This column is not in the template.")),
    (
        "column-twice",
        _E,
        _TEMPLATE,
        gettext_noop("This column is there more than once. The first one was read."),
    ),
    ("column-order", _W, _TEMPLATE, gettext_noop("The columns stand in another order than in the template.")),
    (
        "header-language",
        _W,
        _TEMPLATE,
        gettext_noop("The headers are not the English ones; read by their place."),
    ),
    ("row-missing", _E, _TEMPLATE, gettext_noop("A row of the template is missing.")),
    ("row-unknown", _E, _TEMPLATE, gettext_noop("This row is not in the template.")),
    ("row-twice", _E, _TEMPLATE, gettext_noop("This row is there more than once.")),
    ("row-order", _W, _TEMPLATE, gettext_noop("This row stands in another place than in the template.")),
    ("row-length", _E, _RFC, gettext_noop("This row has more cells than there are columns.")),
    (
        "row-applicability",
        _N,
        _TEMPLATE,
        gettext_noop("This says something else than the template about whom it applies to."),
    ),
    ("row-section", _N, _TEMPLATE, gettext_noop("The section is not the template's.")),
    # --- categories
    ("category-v1", _E, _KINDS, gettext_noop("This is a name from before 1 July 2025.")),
    ("category-place", _E, _KINDS, gettext_noop("This sub-category belongs to another category.")),
    ("category-15", _E, _KINDS, gettext_noop("Category 15 belongs in part 6 only.")),
    ("category-16", _E, _KINDS, gettext_noop("Category 16 belongs in part 3 only.")),
    ("category-17", _E, _KINDS, gettext_noop("Category 17 belongs in part 4 only.")),
    (
        "category-name",
        _N,
        _KINDS,
        gettext_noop("The label, code or description is not written as in the template."),
    ),
    (
        "other-missing",
        _E,
        _KINDS,
        gettext_noop("A count stands beside “Other”, but nothing says what it is."),
    ),
    (
        "other-repeated",
        _E,
        _KINDS,
        gettext_noop("The same description of “Other” is there twice in this category."),
    ),
    (
        "other-elsewhere",
        _W,
        _KINDS,
        gettext_noop("A description of “Other” stands beside a row that is not “Other”."),
    ),
    # --- text
    ("placeholder", _E, _FORMAT, gettext_noop("Text of the blank template was left in.")),
    (
        "placeholder-unused",
        _N,
        _FORMAT,
        gettext_noop("Text of the blank template was left in a row without a count."),
    ),
    ("text-too-long", _E, _VALUES, gettext_noop("The text has more than 5000 characters.")),
    ("text-missing", _E, _TEXTS, gettext_noop("This text is missing.")),
    ("mojibake", _W, _FORMAT, gettext_noop("Letters are garbled: the text was read in the wrong encoding.")),
    ("formula", _W, _OURS, gettext_noop("A spreadsheet would run this cell as a formula.")),
    ("service-missing", _E, _TEMPLATE, gettext_noop("The name of the service is missing.")),
    (
        "service-differs",
        _E,
        _FORMAT,
        gettext_noop("The service has another name here than elsewhere in the report."),
    ),
    ("provider-missing", _E, f"{_TEMPLATE}, 1.1", gettext_noop("The name of the provider is missing.")),
    # --- dates
    ("date-missing", _E, f"{_TEMPLATE}, 1.1", gettext_noop("This date is missing.")),
    ("date-format", _E, _FORMAT, gettext_noop("Dates are written YYYY-MM-DD.")),
    ("date-impossible", _E, _FORMAT, gettext_noop("There is no such day.")),
    ("period-missing", _E, _FORMAT, gettext_noop("The reporting period is missing.")),
    ("period-format", _E, _FORMAT, gettext_noop("A period is written YYYY-MM-DD/YYYY-MM-DD.")),
    ("period-differs", _E, _FORMAT, gettext_noop("The period is not the one of part 1.")),
    ("period-order", _E, f"{_TEMPLATE}, 1.1", gettext_noop("The period ends before it starts.")),
    (
        "period-unusual",
        _W,
        _TIME,
        gettext_noop(
            "A period is a calendar year, or half of one for very large platforms and search engines."
        ),
    ),
    ("period-early", _N, _TIME, gettext_noop("Data are collected in this form since 1 July 2025.")),
    ("published-early", _E, _TIME, gettext_noop("The report would be published before its period ended.")),
    (
        "published-late",
        _W,
        _TIME,
        gettext_noop("A report is published at latest two months after its period."),
    ),
    (
        "previous-late",
        _E,
        f"{_TEMPLATE}, 1.1",
        gettext_noop("The previous report is not older than this one."),
    ),
    # --- numbers
    ("count-text", _E, _VALUES, gettext_noop("A count is a whole number in digits.")),
    ("count-decimal", _E, _VALUES, gettext_noop("A count is a whole number, without decimals.")),
    ("number-separator", _E, _VALUES, gettext_noop("Numbers have no thousands separators.")),
    ("number-comma", _E, _VALUES, gettext_noop("Decimals are written with a point.")),
    ("number-exponent", _E, _VALUES, gettext_noop("Numbers are written out, without an exponent.")),
    ("number-negative", _E, _VALUES, gettext_noop("This cannot be below zero.")),
    ("number-text", _E, _VALUES, gettext_noop("Here stands a number in digits, and nothing else.")),
    ("hours-unit", _E, _VALUES, gettext_noop("Median times are hours, the number only.")),
    (
        "hours-impossible",
        _W,
        _OURS,
        gettext_noop("This is longer than from the period's start to the publication."),
    ),
    ("share-percent", _E, _VALUES, gettext_noop("Percentages are written as a number from 0 to 1.")),
    ("share-range", _E, _VALUES, gettext_noop("This share is not between 0 and 1.")),
    (
        "median-for-none",
        _E,
        _VALUES,
        gettext_noop("There is no median where the count is zero: leave it blank."),
    ),
    ("median-missing", _W, _VALUES, gettext_noop("The count is not zero, but its median is missing.")),
    (
        "blank-for-zero",
        _W,
        _VALUES,
        gettext_noop("Blank means that it cannot apply. What did not happen is 0."),
    ),
    # --- codes
    ("state-unknown", _E, _CODES, gettext_noop("This is not the code of a Member State.")),
    ("state-case", _E, _CODES, gettext_noop("Member States are written in two capital letters.")),
    ("state-greece", _E, _CODES, gettext_noop("In reports, Greece is EL (Eurostat).")),
    ("state-left", _E, _CODES, gettext_noop("This is not a Member State of the Union.")),
    ("state-list", _E, _CODES, gettext_noop("Each Member State has rows of its own.")),
    ("scope-missing", _E, _CODES, gettext_noop("The scope is missing.")),
    ("scope-placeholder", _E, _CODES, gettext_noop("The blank's sample scope was left in.")),
    ("states-incomplete", _N, _RECIPIENTS, gettext_noop("A Member State is missing.")),
    ("language-case", _E, _CODES, gettext_noop("Languages are written in two small letters.")),
    ("language-state", _E, _CODES, gettext_noop("This is the code of a state, not of a language.")),
    ("language-unknown", _E, _CODES, gettext_noop("This is not the code of a language.")),
    ("language-other", _N, _CODES, gettext_noop("This is not an official language of the Union.")),
    # --- sums and what cannot be together
    ("sum-category", _E, _KINDS, gettext_noop("The sub-categories do not add up to this category.")),
    ("sum-total", _E, _KINDS, gettext_noop("The categories do not add up to TOTAL.")),
    ("sum-states", _E, _ORDERS, gettext_noop("The Member States do not add up to TOTAL.")),
    ("recipients-total", _W, _RECIPIENTS, gettext_noop("The Member States do not add up to TOTAL.")),
    ("flagger-more", _E, _NOTICES, gettext_noop("Trusted flaggers have more than all together.")),
    ("items-fewer", _W, _OURS, gettext_noop("There are fewer items than notices or orders.")),
    (
        "actions-more",
        _N,
        _OURS,
        gettext_noop(
            "There are more actions than items; some items may have been notified before the period, or had "
            "several actions."
        ),
    ),
    (
        "automated-more",
        _E,
        _OWN,
        gettext_noop("More was detected by automated means than measures were taken."),
    ),
    ("restrictions-fewer", _W, _OWN, gettext_noop("There are fewer restrictions than measures.")),
    ("restrictions-more", _N, _OWN, gettext_noop("There are more restrictions than measures.")),
    (
        "outcomes-more",
        _N,
        _APPEALS,
        gettext_noop("The outcomes add up to more than there were; some may have come in before the period."),
    ),
    (
        "bases-more",
        _E,
        _APPEALS,
        gettext_noop("The single kinds of complaint add up to more than all complaints."),
    ),
    (
        "complaints-flagger",
        _W,
        _APPEALS,
        gettext_noop("Trusted flaggers have more complaints than all notifiers."),
    ),
    (
        "implemented-none",
        _E,
        _DISPUTES,
        gettext_noop("No outcome was to be implemented: leave the share blank."),
    ),
    (
        "implemented-missing",
        _W,
        _DISPUTES,
        gettext_noop("Decisions were reversed; the share implemented is missing."),
    ),
    ("means-own", _E, _AUTOMATED, gettext_noop("Own-initiative measures are more than all measures.")),
    ("means-flagger", _E, _AUTOMATED, gettext_noop("Trusted flagger notices are more than all notices.")),
    ("means-notices", _E, _AUTOMATED, gettext_noop("More notices were processed than part 4 counts.")),
    (
        "means-measures",
        _W,
        _AUTOMATED,
        gettext_noop("There are more own-initiative measures than in parts 5 and 6."),
    ),
    (
        "rate-for-none",
        _W,
        _AUTOMATED,
        gettext_noop("Automated means decided nothing: leave their accuracy blank."),
    ),
    ("rate-missing", _W, _AUTOMATED, gettext_noop("Automated means decided; their accuracy is missing.")),
    ("people-languages", _W, _PEOPLE, gettext_noop("More people know languages than there are moderators.")),
    (
        "people-language",
        _E,
        _PEOPLE,
        gettext_noop("One language has more people than all languages together."),
    ),
    # --- the checker itself
    ("more", _N, _OURS, gettext_noop("There are more faults of this kind in this file than are listed.")),
)

#: Rule id -> rule.
RULES: dict[str, Rule] = {row[0]: Rule(*row) for row in _TABLE}


def fault(
    rule: str, file: str, row: int = 0, column: str = "", found: str = "", suggestion: str = ""
) -> Fault:
    """The fault with its rule's own words. Raises KeyError for a rule that does not exist."""
    one = RULES[rule]
    found = found if len(found) <= 120 else f"{found[:119]}…"
    suggestion = suggestion if len(suggestion) <= 200 else f"{suggestion[:199]}…"
    return Fault(file, row, column, rule, one.source, one.severity, one.text, found, suggestion)
