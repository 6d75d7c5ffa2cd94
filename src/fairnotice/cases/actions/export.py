"""The file of a case: what was decided, on which facts, and what became of it, for a court or for the person
whom it is about. Two people agree on it; then either of them can write it, for a while.

It says nothing of whoever sent a notice: not who they are, not how they can be reached, and not their own
words, which may lead to them. The affected party's side is told as the affected party was told it.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases.actions import two_people
from fairnotice.cases.errors import Refused
from fairnotice.cases.models import Proposal
from fairnotice.cases.permissions import APPEALS, REVIEWER, SENIOR, Actor, require
from fairnotice.ledger.append import append
from fairnotice.ledger.models import Event

VERB = "export"
#: So long after the confirmation the file can be written.
WRITTEN_WITHIN = timedelta(days=2)


def granted(*, actor: Actor, proposal_ref: str) -> Proposal:
    """A confirmed export that this person proposed or confirmed, and whose time has not run out. Raises
    NotFound, Forbidden, Refused."""
    require(actor, "see_sealed")
    row = two_people.proposal_for(actor, proposal_ref)
    if row.verb != VERB or row.state != "done" or row.ended_at is None:
        raise Refused(_("No second person has confirmed that this file may be written."))
    if actor.user_id not in (row.proposed_by_id, row.second_id):
        raise Refused(_("Only the two people who agreed on this file can write it."))
    if row.ended_at + WRITTEN_WITHIN < timezone.now():
        raise Refused(
            _("The time for writing this file has run out. Propose it again if it is still needed.")
        )
    return row


def writable(actor: Actor, row: Proposal) -> bool:
    """Whether this person can write the file of this proposal now."""
    return (
        row.verb == VERB
        and row.state == "done"
        and row.ended_at is not None
        and row.ended_at + WRITTEN_WITHIN >= timezone.now()
        and actor.user_id in (row.proposed_by_id, row.second_id)
    )


def _grant(actor: Actor, row: Proposal) -> Event:
    return append(
        kind="case.exported",
        open={"why": row.why},
        actor_id=actor.user_id,
        case_ref=row.case.ref if row.case else "",
    )


def register() -> None:
    """Make the export something that two people do."""
    roles = frozenset({REVIEWER, SENIOR, APPEALS})
    two_people.register(VERB, _grant, about=frozenset({"case"}), roles=roles)
