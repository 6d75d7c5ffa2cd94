"""Which figure of a transparency report the statements have too, how far both count the same, and why not
further. Pure.

Words are plain English, callers translate them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from fairnotice.cases.counting.definitions import RESTRICTION
from fairnotice.harmonised.categories import (
    COMMON,
    NOT_SPECIFIED_NOTICE,
    OTHER_VIOLATION_TC,
    TOTAL,
)
from fairnotice.law.words import gettext_noop

Agreement = Literal["same", "roughly"]
"""same: both count the same thing, so far as the general limits let them. roughly: they need not be equal
even where nobody made a mistake; `limits` says why."""

GENERAL_LIMITS: Final = (
    gettext_noop(
        "Both sides say it of themselves: the platform files its statements, and the platform writes its "
        "report. That they agree does not show that they are right."
    ),
    gettext_noop(
        "A statement counts on the day on which the database took it in; a report counts a measure when it "
        "was taken. What was filed late falls into a later period."
    ),
    gettext_noop(
        "A report counts measures. A statement that names several restrictions counts as so many measures "
        "here; one that was filed once for many items still counts once."
    ),
    gettext_noop(
        "No statement is due about deceptive commercial content in high volume (article 17(2)), about orders "
        "of authorities (article 17(5)), or where nobody can be reached; reports may count such measures."
    ),
    gettext_noop(
        "A measure that was reversed later stays in both. A statement that was filed twice counts twice."
    ),
    gettext_noop(
        "A statement has one main category; further categories and sub-categories are left out, since a "
        "statement may name many of them, or none."
    ),
)
"""What holds for every figure here."""

_AUTOMATED_LIMIT = gettext_noop(
    "A report counts what was found by automated means alone; a statement says only whether automated means "
    "found it. So the statements have as many or more."
)
_NOTICE_LIMIT = gettext_noop(
    "A report may count under the category of the notice; a statement has that of the decision. Totals are "
    "free of this, and single categories are not."
)
_OWN_LIMIT = gettext_noop(
    "Own initiative is what neither an order nor a notice under article 16 preceded. Statements that name "
    "another kind of notification as their source count here."
)
_ILLEGAL_TERMS = gettext_noop(
    "Where content breaks both the law and the terms, the statement's own ground decides; a report may have "
    "chosen the other."
)
_PARTLY = gettext_noop("What was automated in part counts in neither of the two figures, on both sides.")


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure that both sides have. `id` is that of `cases.counting.definitions` (or "share." and a name);
    `part` and `column` say where the report has it, `rows` in which of its rows; `words` what it is; `asked`
    which statements count."""

    id: str
    part: int
    column: str
    rows: tuple[str, ...]
    words: str
    asked: str
    agreement: Agreement = "same"
    limits: tuple[str, ...] = ()

    def agreement_in(self, row: str) -> Agreement:
        """The same for one row: single categories of notices agree more loosely than their total."""
        return "roughly" if self.part == 4 and row != TOTAL else self.agreement


_ON_NOTICE = (
    (
        "law",
        gettext_noop("Actions on notices, on the basis of the law"),
        gettext_noop(
            "Restrictions in statements whose source is a notice under article 16 or a trusted flagger, and "
            "whose ground is illegal content."
        ),
    ),
    (
        "law_tf",
        gettext_noop("Actions on trusted flaggers' notices, on the basis of the law"),
        gettext_noop(
            "Restrictions in statements whose source is a trusted flagger and whose ground is illegal "
            "content."
        ),
    ),
    (
        "terms",
        gettext_noop("Actions on notices, on the basis of the terms"),
        gettext_noop(
            "Restrictions in statements whose source is a notice under article 16 or a trusted flagger, and "
            "whose ground are the terms and conditions."
        ),
    ),
    (
        "terms_tf",
        gettext_noop("Actions on trusted flaggers' notices, on the basis of the terms"),
        gettext_noop(
            "Restrictions in statements whose source is a trusted flagger and whose ground are the terms and "
            "conditions."
        ),
    ),
)
_OWN_PARTS = (
    (5, "own_illegal", COMMON, gettext_noop("Own initiative, illegal content")),
    (6, "own_terms", (*COMMON, OTHER_VIOLATION_TC), gettext_noop("Own initiative, against the terms")),
)
_OWN_ASKED = {
    5: gettext_noop(
        "Restrictions in statements of the platform's own initiative, or on another kind of notification, "
        "whose ground is illegal content."
    ),
    6: gettext_noop(
        "Restrictions in statements of the platform's own initiative, or on another kind of notification, "
        "whose ground are the terms and conditions."
    ),
}
#: Column of parts 5 and 6 -> what it is.
COLUMN_WORDS: Final[dict[str, str]] = {
    "measures": gettext_noop("all measures"),
    "automated": gettext_noop("found by automated means"),
    "visibility_removal": gettext_noop("content removed"),
    "visibility_disable": gettext_noop("access to content disabled"),
    "visibility_demoted": gettext_noop("content demoted"),
    "visibility_age": gettext_noop("content restricted by age"),
    "visibility_interaction": gettext_noop("interaction with content restricted"),
    "visibility_labelled": gettext_noop("content labelled"),
    "visibility_other": gettext_noop("another restriction of visibility"),
    "monetary_suspension": gettext_noop("payments suspended"),
    "monetary_termination": gettext_noop("payments ended"),
    "monetary_other": gettext_noop("another restriction of payments"),
    "service_suspension": gettext_noop("service suspended"),
    "service_termination": gettext_noop("service ended"),
    "account_suspension": gettext_noop("account suspended"),
    "account_termination": gettext_noop("account ended"),
}
_MEANS = (
    ("total.solely", gettext_noop("Measures decided by automated means alone")),
    ("total.not", gettext_noop("Measures decided without automated means")),
    ("own.solely", gettext_noop("Own-initiative measures decided by automated means alone")),
    ("own.not", gettext_noop("Own-initiative measures decided without automated means")),
)
_MEANS_ASKED = gettext_noop(
    "Restrictions in statements whose decision is fully automated, or not automated; for own initiative, "
    "those that no notice under article 16 preceded."
)


def _counts() -> list[Compared]:
    notice_rows = (TOTAL, *COMMON, NOT_SPECIFIED_NOTICE)
    found = [
        Compared(f"notices.{column}", 4, column, notice_rows, words, asked, "same", (_NOTICE_LIMIT,))
        for column, words, asked in _ON_NOTICE
    ]
    for part, name, rows, words in _OWN_PARTS:
        for column in COLUMN_WORDS:
            automated = column == "automated"
            limits = (_AUTOMATED_LIMIT,) if automated else (_OWN_LIMIT, _ILLEGAL_TERMS)
            found.append(
                Compared(
                    f"{name}.{column}",
                    part,
                    column,
                    (TOTAL, *rows),
                    words,
                    _OWN_ASKED[part],
                    "roughly" if automated else "same",
                    limits,
                )
            )
    found += [
        Compared(f"automated.{row}", 8, "value", (row,), words, _MEANS_ASKED, "same", (_PARTLY,))
        for row, words in _MEANS
    ]
    return found


#: Counts, in the order of the parts. The rows of part 8 are indicators.
COMPARED: Final = tuple(_counts())
assert set(RESTRICTION.values()) <= set(COLUMN_WORDS)  # noqa: S101 - every kind of restriction has words


@dataclass(frozen=True, slots=True)
class Share:
    """A share of one figure in several: robust where one side counts everything twice, or lacks some days.
    Cells are (id, row). `column`: of those by kind of restriction, the kind."""

    id: str
    words: str
    part_of: tuple[tuple[str, str], ...]
    whole: tuple[tuple[str, str], ...]
    column: str = ""


_OWN_ALL = (("own_illegal.measures", TOTAL), ("own_terms.measures", TOTAL))
_OF_OWN = gettext_noop("Of measures on own initiative, %(what)s")
_NOTICE_ALL = (("notices.law", TOTAL), ("notices.terms", TOTAL))


def _both(column: str) -> tuple[tuple[str, str], ...]:
    return ((f"own_illegal.{column}", TOTAL), (f"own_terms.{column}", TOTAL))


#: Of both sides, and of peers.
SHARES: Final = (
    Share(
        "share.automated",
        gettext_noop("Decided by automated means alone; what was automated in part is left out"),
        (("automated.total.solely", ""),),
        (("automated.total.solely", ""), ("automated.total.not", "")),
    ),
    Share(
        "share.own",
        gettext_noop("Taken on own initiative, of all measures"),
        _OWN_ALL,
        (*_OWN_ALL, *_NOTICE_ALL),
    ),
    Share(
        "share.law",
        gettext_noop("On the basis of the law, of all measures"),
        (_OWN_ALL[0], _NOTICE_ALL[0]),
        (*_OWN_ALL, *_NOTICE_ALL),
    ),
    Share(
        "share.detected",
        gettext_noop("Found by automated means, of measures on own initiative"),
        _both("automated"),
        _OWN_ALL,
    ),
    *(
        Share(f"share.{column}", _OF_OWN, _both(column), _OWN_ALL, column)
        for column in COLUMN_WORDS
        if column not in ("measures", "automated")
    ),
)

#: What stands in a report and cannot be had from statements, and why.
NOT_COMPARED: Final = (
    (
        gettext_noop("Notices received, and the items in them"),
        gettext_noop("A notice that leads to no restriction leaves no statement."),
    ),
    (
        gettext_noop("Median time to take action"),
        gettext_noop(
            "A statement has the day of the content and of the decision, not the hour in which the notice "
            "came."
        ),
    ),
    (gettext_noop("Orders of authorities"), gettext_noop("There are no statements of them.")),
    (
        gettext_noop("Complaints, disputes, suspensions for misuse"),
        gettext_noop("A statement says nothing of what followed it."),
    ),
    (
        gettext_noop("Accuracy of automated means, human resources, active recipients, texts"),
        gettext_noop("Nothing in the statements tells of them."),
    ),
    (
        gettext_noop("Sub-categories"),
        gettext_noop(
            "A report puts each measure under one of them. A statement may name several, and need not name "
            "any."
        ),
    ),
    (
        gettext_noop("Automated decisions by language"),
        gettext_noop("The language of the content is no duty in a statement, and many have none."),
    ),
)
