"""The second look, and the batch that carries approved entries into the public register."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions.decide import check_summary
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import AppealOutcome, Decision, Publication, PublicEntry
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE, step
from fairnotice.cases.texts import open_text_faults
from fairnotice.ledger import evidence
from fairnotice.ledger.append import append

# The fields of a decision's leaf that the public reads. The time is not among them: a month is enough.
OPENED = (
    "month",
    "category",
    "category_additions",
    "keywords",
    "ground_kind",
    "ground_text",
    "measure_terms",
    "content_types",
    "content_language",
    "territorial_scope",
    "source_type",
    "automated_detection",
    "automated_decision",
    "appeal_months",
)


def publication_of(actor: Actor, ref: str) -> Publication:
    """The draft entry, or NotFound where the actor may not see its case."""
    found = Publication.objects.filter(ref=ref, decision__case__in=visible_cases(actor)).first()
    if found is None:
        raise NotFound(_("There is no such entry."))
    return found


@transaction.atomic
def approve_publication(*, actor: Actor, publication_ref: str, summary: str) -> Publication:
    """The second look: somebody other than whoever wrote the summary reads it, may mend it, and lets it go
    public with the next batch. Refused while a text still leads to a person or a page."""
    require(actor, "approve_publication")
    publication = publication_of(actor, publication_ref)
    if publication.drafted_by_id == actor.user_id:
        raise Refused(_("You wrote this decision; somebody else has to take the second look."))
    if publication.decision.status.state not in (
        "in_force",
        "partly_reversed",
        "reversed",
        "expired",
        "lapsed",
    ) or (publication.decision.measures.filter(status__state="proposed").exists()):
        raise Refused(_("This decision has not taken effect yet."))
    faults = check_summary(summary)
    if faults:
        raise Invalid(faults)
    event = append(
        kind="publication.approved",
        open={"summary": summary.strip()},
        actor_id=actor.user_id,
        case_ref=publication.decision.case.ref,
        follows=publication.decision.event,
    )
    _move(
        publication,
        "approve",
        summary=summary.strip(),
        approved_by_id=actor.user_id,
        approved_at=timezone.now(),
        event=event,
    )
    return publication


@transaction.atomic
def withhold_publication(*, actor: Actor, publication_ref: str, reason: str) -> Publication:
    """Keep a decision out of the register, with the reason."""
    require(actor, "withhold_publication")
    publication = publication_of(actor, publication_ref)
    if publication.drafted_by_id == actor.user_id:
        raise Refused(_("You wrote this decision; somebody else says whether it is published."))
    faults = open_text_faults("reason", reason, 500, _("Say why this is not published."))
    if faults:
        raise Invalid(faults)
    append(
        kind="publication.withheld",
        open={},
        actor_id=actor.user_id,
        case_ref=publication.decision.case.ref,
        follows=publication.decision.event,
    )
    key_id = publication.decision.case.subject_key
    length = sealed.replace("publication", publication.ref, key_id, "withheld_reason", reason)
    _move(publication, "withhold", withheld_reason_length=length)
    return publication


@transaction.atomic
def publish_batch(*, today: date | None = None) -> int:
    """Publish what was approved, and bring entries up to date whose decision an appeal changed. The clock
    calls this once a day, so that an entry's day says little about its case. Returns how many entries were
    written."""
    day = today or timezone.localdate()
    approved = list(Publication.objects.select_related("decision__event", "event").filter(state="approved"))
    for publication in approved:
        _move(publication, "publish", stale=False)
        PublicEntry.objects.create(ref=publication.ref, published_on=day, **_entry(publication, day))
    stale = list(
        Publication.objects.select_related("decision__event", "event").filter(state="published", stale=True)
    )
    for publication in stale:
        PublicEntry.objects.filter(ref=publication.ref).update(**_entry(publication, day))
        Publication.objects.filter(pk=publication.pk).update(stale=False)
    written = len(approved) + len(stale)
    if written:
        append(kind="register.published", open={"entries": len(approved), "updated": len(stale)})
    return written


def _move(publication: Publication, act: str, **changes: Any) -> None:
    try:
        state = step("publication", publication.state, act)
    except Refused as error:
        # It was offered on a page, so somebody else was faster.
        raise Conflict(STALE) from error
    if not Publication.objects.filter(pk=publication.pk, state=publication.state).update(
        state=state, **changes
    ):
        raise Conflict(STALE)
    publication.refresh_from_db()


def _entry(publication: Publication, day: date) -> dict[str, Any]:
    decision = publication.decision
    outcome = last_outcome(decision)
    records: list[tuple[Any, list[str] | None, dict[str, Any]]] = [(decision.event, list(OPENED), {})]
    if publication.event:
        records.append((publication.event, ["summary"], {}))
    if outcome:
        records.append((outcome.event, ["outcome", "side", "month", "changes"], {}))
    return {
        "updated_on": day,
        "month": decision.decided_at.strftime("%Y-%m"),
        "category": decision.category,
        "keywords": decision.keywords,
        "ground_kind": decision.ground_kind,
        "ground_text": decision.ground_text,
        "measures": measures_of(decision),
        "territorial_scope": decision.territorial_scope,
        "content_types": decision.content_types,
        "content_language": decision.content_language,
        "source_type": decision.source_type,
        "automated_detection": decision.automated_detection,
        "automated_decision": decision.automated_decision,
        "not_independently_reviewed": decision.status.not_independently_reviewed,
        "appeal_outcome": outcome.outcome if outcome else "",
        "summary": publication.summary,
        "evidence": evidence.build("register-entry", records, promise=False),
    }


def measures_of(decision: Decision) -> list[str]:
    """The kinds of the measures of a decision: those that were decided, and after them those that an appeal
    put in their place."""
    kinds = list(decision.measures.order_by("id").values_list("kind", flat=True))
    return list(dict.fromkeys(kinds))


def last_outcome(decision: Decision) -> AppealOutcome | None:
    """The latest answer to an appeal against this decision; one that changed something comes before one that
    did not."""
    found = list(
        AppealOutcome.objects.select_related("event").filter(appeal__decision=decision).order_by("id")
    )
    changed = [o for o in found if o.outcome != "upheld"]
    return changed[-1] if changed else found[-1] if found else None
