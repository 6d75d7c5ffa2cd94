"""A decision's statement of reasons as the EU database takes it, and what a person must look at before it
leaves (DSA article 24(5)): no personal data, and nothing that the database or our own rules would refuse.

The text that leaves is the decision's own, or the version that a person wrote for the database beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from fairnotice.cases import sealed
from fairnotice.cases.actions.decide import SEALED
from fairnotice.cases.models import Decision, Filing, Measure, MeasureStatus
from fairnotice.law import redaction, statement
from fairnotice.law.draft import Draft, MeasureDraft
from fairnotice.law.measures import NO_ACTION
from fairnotice.transparencydb.check import check_one

OWNER = "filing"
#: The two texts that a person can write anew for the database.
TEXTS = ("facts", "explanation")
#: Field of the database -> where our texts stand in it. Its other fields are codes, days and a web address.
_FREE = (
    "decision_facts",
    "illegal_content_legal_ground",
    "illegal_content_explanation",
    "incompatible_content_ground",
    "incompatible_content_explanation",
    "decision_visibility_other",
    "decision_monetary_other",
    "content_type_other",
    "category_specification_other",
)


class TextsErased(Exception):
    """The texts of this decision were erased: its statement cannot be exported any more."""


@dataclass(frozen=True)
class Finding:
    """A rule that it breaks. `level`: "database" where the database would refuse it, "ours" where only we
    ask; a person may let the second kind pass. `message` is plain English."""

    field: str
    rule: str
    level: str
    message: str


@dataclass(frozen=True)
class Place:
    """Something in a text that looks like personal data: text[start:end] == excerpt. For the screen alone."""

    field: str
    kind: str
    start: int
    end: int
    excerpt: str


@dataclass(frozen=True)
class Looked:
    """The object as it would leave, what is wrong with it, and what in it looks like personal data."""

    object: dict[str, object]
    findings: list[Finding] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def hindered(self, *, cleared: bool) -> str:
        """Why it may not leave: one of `HELD_FOR`, or "". `cleared`: a person has looked and given a
        reason."""
        if any(found.level == "database" for found in self.findings) or (self.findings and not cleared):
            return "faults"
        return "personal" if self.places and not cleared else ""

    @property
    def names(self) -> list[str]:
        """Fields and rules, without a word of the texts: what may stand in the clear."""
        said = [f"{found.field}:{found.rule}" for found in self.findings]
        return [*said, *(f"{place.field}:{place.kind}" for place in self.places)][:50]


def due(place: str) -> QuerySet[Decision]:
    """Decisions whose measures are, or were, in force, and that have no row for this database yet, the oldest
    first. "No action" restricts nothing: there is no statement of it."""
    there = Filing.objects.filter(decision=OuterRef("pk"), place=place)
    found = taken_effect().exclude(Exists(there)).order_by("decided_at", "pk")
    # What was decided before, its operator has sent in another way.
    since = settings.FN_STATEMENTS.get("since")
    return found.filter(decided_at__date__gte=since) if since else found


def taken_effect() -> QuerySet[Decision]:
    """Decisions of which at least one measure came into force, which it does when its statement went out or
    it was written down why none could."""
    begun = MeasureStatus.objects.filter(
        measure__decision=OuterRef("pk"), measure__replaces__isnull=True, in_force_at__isnull=False
    ).exclude(measure__kind=NO_ACTION)
    return Decision.objects.filter(Exists(begun), no_action=False)


def applied_on(decision: Decision) -> date:
    """The day on which the first of its measures came into force."""
    begun = MeasureStatus.objects.filter(measure__decision=decision, measure__replaces__isnull=True)
    at: datetime | None = begun.aggregate(at=Min("in_force_at"))["at"]
    return timezone.localdate(at)


def draft_of(decision: Decision) -> Draft:
    """The draft that this decision was made from, as far as the database asks for it. Raises TextsErased."""
    texts = sealed.read_many("decision", decision.ref, SEALED)
    if not texts["facts"] or not texts["explanation"]:
        raise TextsErased
    return Draft(
        measures=[_measure(one) for one in decision.measures.filter(replaces__isnull=True)],
        account_type=decision.account_type,
        ground="rules" if decision.ground_kind == "rules" else "law",
        ground_reference=decision.ground_text,
        ground_url=decision.ground_url,
        explanation=texts["explanation"],
        facts=texts["facts"],
        also_illegal=decision.also_illegal,
        content_types=list(decision.content_types),
        content_type_other=decision.content_type_other,
        content_id_ean=decision.content_id_ean,
        category=decision.category,
        category_additions=list(decision.category_additions),
        keywords=list(decision.keywords),
        keyword_other=decision.keyword_other,
        territorial_scope=list(decision.territorial_scope),
        content_language=decision.content_language,
        content_date=decision.content_date,
        source_type=decision.source_type,
        automated_detection=decision.automated_detection,
        automated_decision=decision.automated_decision,
        necessity=texts["necessity"],
        milder_considered=texts["milder"],
        paraphrase="" if texts["withheld"] else texts["paraphrase"],
        paraphrase_withheld_reason=texts["withheld"],
        other_items=list(decision.rests_on),
    )


def _measure(measure: Measure) -> MeasureDraft:
    return MeasureDraft(
        kind=measure.kind,
        other_text=measure.other_text,
        start=measure.start,
        end=measure.end,
        review=measure.review,
        reversible=measure.reversible,
        how_to_reverse=measure.how_to_reverse,
    )


def look(filing: Filing, texts: dict[str, str] | None = None) -> Looked:
    """The object and all that is amiss in it. `texts`: other words than those that are kept, to be looked at
    before they are. Raises TextsErased."""
    draft = draft_of(filing.decision)
    wanted = texts or (sealed.read_many(OWNER, filing.ref, TEXTS) if filing.edited else {})
    if filing.edited and not texts and not all(wanted.values()):
        raise TextsErased
    draft = replace(
        draft,
        facts=wanted.get("facts") or draft.facts,
        explanation=wanted.get("explanation") or draft.explanation,
    )
    decided_on = timezone.localdate(filing.decision.decided_at)
    findings = [
        Finding(fault.path, fault.code, "ours", fault.message) for fault in statement.check(draft, decided_on)
    ]
    try:
        made = statement.to_sor(draft, filing.puid, filing.applied_on)
    except ValueError as error:
        return Looked({}, [*findings, Finding("statement", "to_sor", "database", str(error))])
    places = places_in(made)
    marked = {place.field for place in places}
    findings += [
        Finding(fault.field, fault.rule, fault.level, fault.message)
        for fault in check_one(made)
        if fault.rule not in PERSONAL or fault.field not in marked
    ]
    return Looked(made, findings, places)


#: Rules of the checker about texts that lead to somebody: here they are places, which a person looks at. The
#: checker sees more, such as bank accounts; where nothing is marked for it, the rule itself is said.
PERSONAL = frozenset({"personal_data", "web_address", "quotation"})


def places_in(made: dict[str, object]) -> list[Place]:
    """What looks like personal data in the free texts of an object."""
    found = []
    for name in _FREE:
        text = made.get(name)
        if isinstance(text, str):
            found += [
                Place(name, one.kind, one.start, one.end, one.excerpt) for one in redaction.findings(text)
            ]
    return found
