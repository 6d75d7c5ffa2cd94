"""A decision as its reviewer writes it down, before anything about it is final."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fairnotice.law.measures import MEASURES, NO_ACTION

Ground = Literal["", "law", "rules"]


@dataclass(kw_only=True)
class MeasureDraft:
    """One measure of a decision.

    `kind`: a code of measures.MEASURES. `other_text`: what it is, where the kind needs it. `start`: the day
    on which it is to take effect. `end`: its last day. `review`: the day on which a person looks at it again.
    `reversible`, `how_to_reverse`: whether it can be undone, and how (or what can be made good instead).
    """

    kind: str
    other_text: str = ""
    start: date | None = None
    end: date | None = None
    review: date | None = None
    reversible: bool = True
    how_to_reverse: str = ""

    @property
    def family(self) -> str:
        """The family of measures.MeasureKind, or "" for a kind that does not exist."""
        return MEASURES[self.kind].family if self.kind in MEASURES else ""


@dataclass(kw_only=True)
class Draft:
    """All that a reviewer fills in; empty where not yet done. `law.statement.check` says what is amiss.

    Codes are those of law.enums, law.taxonomy and law.measures. There is no field for who sent a notice: the
    statement of reasons names its source by type alone (DSA article 17(3)(b)).
    """

    measures: list[MeasureDraft] = field(default_factory=list)
    account_type: str = ""
    # A law or a clause of the published rules: the reference says which, the URL leads to its text.
    ground: Ground = ""
    ground_reference: str = ""
    ground_url: str = ""
    explanation: str = ""  # why the facts fall under the ground
    facts: str = ""  # what was found
    also_illegal: bool | None = None  # with ground "rules" only: is it illegal too? None: not examined
    content_types: list[str] = field(default_factory=list)
    content_type_other: str = ""
    content_id_ean: str = ""  # thirteen digits, for a product
    category: str = ""
    category_additions: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    keyword_other: str = ""
    territorial_scope: list[str] = field(default_factory=list)  # empty: not limited to some states
    content_language: str = ""
    content_date: date | None = None
    source_type: str = ""
    automated_detection: bool = False
    automated_decision: str = "AUTOMATED_DECISION_NOT_AUTOMATED"
    necessity: str = ""  # why nothing less would do
    milder_considered: str = ""  # which milder measure was considered, and why it was rejected
    paraphrase: str = ""  # what was alleged, in the reviewer's own words, for the affected party
    paraphrase_withheld_reason: str = ""  # or why showing it would endanger the notifier
    other_items: list[str] = field(default_factory=list)  # decided cases that an account measure rests on

    @property
    def codes(self) -> list[str]:
        """The codes of its measures, in order."""
        return [measure.kind for measure in self.measures]

    @property
    def no_action(self) -> bool:
        """Whether it decides that nothing is done: also a reasoned decision."""
        return self.codes == [NO_ACTION]
