"""What a decision can do: every measure of the EU statement-of-reasons database, and "no action"."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fairnotice.law.words import gettext_noop

Family = Literal["visibility", "monetary", "provision", "account", "none"]

NO_ACTION = "NO_ACTION"
# State of a measure's effect -> what the operator's own software is then told. A measure is undone once, and
# never comes into force again under its reference.
TO_SOFTWARE = {"pending": "measure.in_force", "restoring": "measure.undo"}


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """One kind of measure. `label` and `reversible_hint` are plain English, callers translate them.

    `severe`: needs a second person before it takes effect. `needs_text`: the reviewer must say what it is.
    `reversible_hint`: what undoing it usually takes, offered to the reviewer, who states it for the case.
    """

    code: str
    family: Family
    label: str
    severe: bool
    needs_text: bool
    reversible_hint: str


_UNDO_RULES = gettext_noop("The limit can be lifted at any time; nothing is lost.")

_KINDS = (
    MeasureKind(
        NO_ACTION,
        "none",
        gettext_noop("No action"),
        severe=False,
        needs_text=False,
        reversible_hint=gettext_noop("Nothing is changed, so there is nothing to undo."),
    ),
    MeasureKind(
        "DECISION_VISIBILITY_CONTENT_REMOVED",
        "visibility",
        gettext_noop("Removal of content"),
        severe=False,
        needs_text=False,
        reversible_hint=gettext_noop("The item can be put back while its sealed copy is kept."),
    ),
    MeasureKind(
        "DECISION_VISIBILITY_CONTENT_DISABLED",
        "visibility",
        gettext_noop("Disabling access to content"),
        severe=False,
        needs_text=False,
        reversible_hint=gettext_noop("The item stays stored; access can be opened again at any time."),
    ),
    MeasureKind(
        "DECISION_VISIBILITY_CONTENT_DEMOTED",
        "visibility",
        gettext_noop("Demotion of content"),
        severe=False,
        needs_text=False,
        reversible_hint=gettext_noop("The item can be shown in its usual place again at any time."),
    ),
    MeasureKind(
        "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
        "visibility",
        gettext_noop("Age restricted content"),
        severe=False,
        needs_text=False,
        reversible_hint=_UNDO_RULES,
    ),
    MeasureKind(
        "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
        "visibility",
        gettext_noop("Restricting interaction with content"),
        severe=False,
        needs_text=False,
        reversible_hint=_UNDO_RULES,
    ),
    MeasureKind(
        "DECISION_VISIBILITY_CONTENT_LABELLED",
        "visibility",
        gettext_noop("Labelled content"),
        severe=False,
        needs_text=False,
        reversible_hint=gettext_noop("The label can be taken off at any time."),
    ),
    MeasureKind(
        "DECISION_VISIBILITY_OTHER",
        "visibility",
        gettext_noop("Other restriction of visibility"),
        severe=False,
        needs_text=True,
        reversible_hint="",
    ),
    MeasureKind(
        "DECISION_MONETARY_SUSPENSION",
        "monetary",
        gettext_noop("Suspension of monetary payments"),
        severe=False,
        needs_text=False,
        reversible_hint=gettext_noop("Payments can start again, and what was held back can be paid out."),
    ),
    MeasureKind(
        "DECISION_MONETARY_TERMINATION",
        "monetary",
        gettext_noop("Termination of monetary payments"),
        severe=False,
        needs_text=False,
        reversible_hint=gettext_noop(
            "Payments can start again; what was lost meanwhile has to be made good."
        ),
    ),
    MeasureKind(
        "DECISION_MONETARY_OTHER",
        "monetary",
        gettext_noop("Other restriction of payments"),
        severe=False,
        needs_text=True,
        reversible_hint="",
    ),
    MeasureKind(
        "DECISION_PROVISION_PARTIAL_SUSPENSION",
        "provision",
        gettext_noop("Partial suspension of the provision of the service"),
        severe=False,
        needs_text=False,
        reversible_hint=_UNDO_RULES,
    ),
    MeasureKind(
        "DECISION_PROVISION_TOTAL_SUSPENSION",
        "provision",
        gettext_noop("Total suspension of the provision of the service"),
        severe=True,
        needs_text=False,
        reversible_hint=gettext_noop(
            "The service can be given again; what was lost meanwhile does not come back."
        ),
    ),
    MeasureKind(
        "DECISION_PROVISION_PARTIAL_TERMINATION",
        "provision",
        gettext_noop("Partial termination of the provision of the service"),
        # Severe like the total one: a suspension ends by itself, a termination does not, and "partial" can
        # be the one part on which a person lives. A second look costs minutes, a wrong end a livelihood.
        severe=True,
        needs_text=False,
        reversible_hint=gettext_noop("That part of the service can be given again while its data is kept."),
    ),
    MeasureKind(
        "DECISION_PROVISION_TOTAL_TERMINATION",
        "provision",
        gettext_noop("Total termination of the provision of the service"),
        severe=True,
        needs_text=False,
        reversible_hint=gettext_noop("The service can be given again while its data is kept."),
    ),
    MeasureKind(
        "DECISION_ACCOUNT_SUSPENDED",
        "account",
        gettext_noop("Suspension of the account"),
        severe=True,
        needs_text=False,
        reversible_hint=gettext_noop(
            "The account can be opened again; what was lost meanwhile does not come back."
        ),
    ),
    MeasureKind(
        "DECISION_ACCOUNT_TERMINATED",
        "account",
        gettext_noop("Termination of the account"),
        severe=True,
        needs_text=False,
        reversible_hint=gettext_noop("The account can be opened again while its data is kept."),
    ),
)

MEASURES: dict[str, MeasureKind] = {kind.code: kind for kind in _KINDS}


def is_severe(codes: Iterable[str]) -> bool:
    """Whether a decision with these measures needs a second person before it takes effect.

    Raises KeyError for a code that is no measure: an unknown one must never pass as harmless.
    """
    # All are looked up before any is judged, so that one severe code cannot hide an unknown one.
    kinds = [MEASURES[code] for code in codes]
    return any(kind.severe for kind in kinds)
