"""Each figure of parts 3 to 8 as one definition: what is counted, when, by which query, and after which text.

The ids stand in the provenance file beside a report and in the tallies; they never change their meaning.
"Instructions" are those of Annex II of Implementing Regulation (EU) 2024/2835.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fairnotice.law.words import gettext_noop

#: count: a whole number, committed in the tallies; hours: a median; entered: typed in at the desk, the cases
#: do not hold it.
Kind = Literal["count", "hours", "entered"]


@dataclass(frozen=True, slots=True)
class Definition:
    """`part` and `column` say where it stands; `row` is the row's key where it stands in one row alone.
    `words` are plain English, callers translate them. `query` names the one in `facts` that it comes from."""

    id: str
    part: int
    column: str
    kind: Kind
    words: str
    source: str
    query: str
    row: str = ""


_RECEIVED = gettext_noop(
    "Notices under article 16, each counted once, in the month in which it was received, under the category "
    "and sub-category stated in it."
)
_NOTICE: tuple[tuple[str, str, Kind, str, str], ...] = (
    ("received", "notices", "count", _RECEIVED, "NOTICES"),
    (
        "received_tf",
        "notices_tf",
        "count",
        gettext_noop(
            "Of the notices received, those of trusted flaggers, as the notice was recorded when it came in."
        ),
        "NOTICES",
    ),
    (
        "items",
        "items",
        "count",
        gettext_noop(
            "The exact locations that the notices received name, each counted once for each notice."
        ),
        "NOTICES",
    ),
    (
        "items_tf",
        "items_tf",
        "count",
        gettext_noop("The exact locations that the notices of trusted flaggers name."),
        "NOTICES",
    ),
    (
        "median",
        "median",
        "hours",
        gettext_noop(
            "Median of the hours from the receipt of the first notice about the item to the moment at which "
            "the measure took effect, over the actions counted beside it; empty where there was none."
        ),
        "MEASURES_IN_FORCE",
    ),
    (
        "median_tf",
        "median_tf",
        "hours",
        gettext_noop(
            "The same over the actions that answer a trusted flagger, from the receipt of their notice."
        ),
        "MEASURES_IN_FORCE",
    ),
    (
        "law",
        "law",
        "count",
        gettext_noop(
            "Measures on a notice that took effect in the month and rest on the law, each counted once, "
            "under the category of the first notice about the item."
        ),
        "MEASURES_IN_FORCE",
    ),
    (
        "law_tf",
        "law_tf",
        "count",
        gettext_noop("Of these, the measures of decisions that answer a trusted flagger."),
        "MEASURES_IN_FORCE",
    ),
    (
        "terms",
        "terms",
        "count",
        gettext_noop(
            "Measures on a notice that took effect in the month and rest on the operator's own rules, each "
            "counted once, under the category of the first notice about the item."
        ),
        "MEASURES_IN_FORCE",
    ),
    (
        "terms_tf",
        "terms_tf",
        "count",
        gettext_noop("Of these, the measures of decisions that answer a trusted flagger."),
        "MEASURES_IN_FORCE",
    ),
)

#: Kind of measure -> our column in parts 5 and 6. The templates do not tell partial from total.
RESTRICTION = {
    "DECISION_VISIBILITY_CONTENT_REMOVED": "visibility_removal",
    "DECISION_VISIBILITY_CONTENT_DISABLED": "visibility_disable",
    "DECISION_VISIBILITY_CONTENT_DEMOTED": "visibility_demoted",
    "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED": "visibility_age",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED": "visibility_interaction",
    "DECISION_VISIBILITY_CONTENT_LABELLED": "visibility_labelled",
    "DECISION_VISIBILITY_OTHER": "visibility_other",
    "DECISION_MONETARY_SUSPENSION": "monetary_suspension",
    "DECISION_MONETARY_TERMINATION": "monetary_termination",
    "DECISION_MONETARY_OTHER": "monetary_other",
    "DECISION_PROVISION_PARTIAL_SUSPENSION": "service_suspension",
    "DECISION_PROVISION_TOTAL_SUSPENSION": "service_suspension",
    "DECISION_PROVISION_PARTIAL_TERMINATION": "service_termination",
    "DECISION_PROVISION_TOTAL_TERMINATION": "service_termination",
    "DECISION_ACCOUNT_SUSPENDED": "account_suspension",
    "DECISION_ACCOUNT_TERMINATED": "account_termination",
}

_OWN = gettext_noop(
    "Measures that took effect in the month and that neither an order nor a notice under article 16 "
    "preceded, under the category of the decision."
)
_OWN_COLUMNS = (
    ("measures", _OWN),
    (
        "automated",
        gettext_noop("Of these, the measures whose decision says that a machine found the content."),
    ),
    *(
        (column, gettext_noop("Of these, the measures of this kind, partial and total ones together."))
        for column in dict.fromkeys(RESTRICTION.values())
    ),
)

_COMPLAINT: dict[str, tuple[Kind, str, str]] = {
    "total": (
        "count",
        gettext_noop(
            "Complaints received in the month. Each counts as one kind: of a decision with several measures "
            "the farthest-reaching (account, service, payments, visibility)."
        ),
        "APPEALS_RECEIVED",
    ),
    "upheld": (
        "count",
        gettext_noop("Complaints answered in the month whose decision stands."),
        "APPEALS_DECIDED",
    ),
    "partially_reversed": (
        "count",
        gettext_noop("Complaints answered in the month whose decision was reversed in part."),
        "APPEALS_DECIDED",
    ),
    "reversed": (
        "count",
        gettext_noop("Complaints answered in the month whose decision was reversed."),
        "APPEALS_DECIDED",
    ),
    "median": (
        "hours",
        gettext_noop(
            "Median of the hours from the receipt of the complaint to its answer, over those answered in the "
            "period; empty where there was none."
        ),
        "APPEALS_DECIDED",
    ),
}
#: Kinds of complaint, as the rows of part 7 name them. Those of notifiers: also against a measure they find
#: too mild.
BASES = ("visibility", "service", "account", "monetary", "no_action", "no_action_tf")

_TYPED = gettext_noop(
    "Not held by the cases: the figure that somebody typed in at the desk. A count of part 7 that nobody "
    "typed in is 0, anything else empty."
)
_ARTICLE = "Implementing Regulation (EU) 2024/2835, Annex II"


def _definitions() -> list[Definition]:
    found = [
        Definition(f"notices.{name}", 4, column, kind, words, f"{_ARTICLE}, part 4", query)
        for name, column, kind, words, query in _NOTICE
    ]
    for part, name in ((5, "own_illegal"), (6, "own_terms")):
        found += [
            Definition(
                f"{name}.{column}",
                part,
                column,
                "count",
                words,
                f"{_ARTICLE}, part {part}",
                "MEASURES_IN_FORCE",
            )
            for column, words in _OWN_COLUMNS
        ]
    for basis in ("complaints", *BASES):
        found += [
            Definition(
                f"{basis}.{scope}", 7, "value", kind, words, f"{_ARTICLE}, part 7", query, f"{basis}.{scope}"
            )
            for scope, (kind, words, query) in _COMPLAINT.items()
        ]
    found.append(
        Definition(
            "complaints.omitted",
            7,
            "value",
            "count",
            gettext_noop("Complaints that were taken back in the month before anybody answered them."),
            f"{_ARTICLE}, part 7",
            "APPEALS_WITHDRAWN",
            "complaints.omitted",
        )
    )
    found.append(
        Definition(
            "new_restrictions.total",
            7,
            "value",
            "count",
            gettext_noop(
                "Measures that took effect in the month and were decided anew after a notifier's complaint "
                "was right. A milder measure in the place of another is not counted here."
            ),
            f"{_ARTICLE}, part 7",
            "IMPOSED",
            "new_restrictions.total",
        )
    )
    found += [_entered(7, row) for row in _ENTERED_7]
    for scope, whose in _MEANS.items():
        query = "NOTICES" if scope.startswith("notices") else "MEASURES_IN_FORCE"
        found += [
            Definition(
                f"automated.{scope}.{one}",
                8,
                "value",
                "count",
                words,
                f"{_ARTICLE}, part 8",
                query,
                f"{scope}.{one}",
            )
            for one, words in whose
        ]
        found += [_entered(8, f"{scope}.{rate}") for rate in ("accuracy", "precision", "recall")]
    return found


def _entered(part: int, row: str) -> Definition:
    return Definition(f"entered.{row}", part, "value", "entered", _TYPED, f"{_ARTICLE}, part {part}", "", row)


_ENTERED_7 = (
    *(
        f"disputes.{scope}"
        for scope in ("total", "upheld", "partially_reversed", "reversed", "median", "omitted", "implemented")
    ),
    "suspended_content.total",
    "suspended_notices.total",
    "suspended_complaints.total",
)
_SOLELY = gettext_noop("Measures that took effect in the month and whose decision was fully automated.")
_NOT = gettext_noop(
    "Measures that took effect in the month and whose decision no machine took part in; what was automated "
    "in part counts in neither."
)
_NO_MACHINE = gettext_noop("Notices that a machine alone dealt with: none, since a person decides each case.")
_PERSON = gettext_noop("Notices received: each is dealt with by a person.")
_MEANS = {
    "total": (("solely", _SOLELY), ("not", _NOT)),
    "own": (("solely", _SOLELY), ("not", _NOT)),
    "notices": (("solely", _NO_MACHINE), ("not", _PERSON)),
    "notices_tf": (("solely", _NO_MACHINE), ("not", _PERSON)),
}

#: Id -> definition, in the order of the parts.
DEFINITIONS: dict[str, Definition] = {one.id: one for one in _definitions()}
#: (part, column) -> definition, where it stands in every row of a part.
OF_COLUMN = {(one.part, one.column): one for one in DEFINITIONS.values() if not one.row}
#: (part, row) -> definition, where it stands in one row.
OF_ROW = {(one.part, one.row): one for one in DEFINITIONS.values() if one.row}
