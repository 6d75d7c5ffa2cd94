"""What `two_people` does where two agreed on it: put a hold on a case, or erase before the schedule does."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions import erase, hold, two_people
from fairnotice.cases.errors import Refused
from fairnotice.cases.models import Proposal
from fairnotice.cases.permissions import ACTIONS, APPEALS, SENIOR, Actor
from fairnotice.ledger.models import Event

# Why it was proposed (`law.two_people.REASONS`) -> the reason of a hold, the ground of an erasure.
_HOLDS = {"court": "court", "person": "person", "dispute": "claim", "law": "inspection"}
_GROUNDS = {
    "court": "duty",
    "person": "request",
    "dispute": "no-longer-needed",
    "mistake": "unlawful",
    "law": "duty",
}


def register() -> None:
    """Called once, when the program starts."""
    two_people.register(
        "hold",
        _hold,
        about=frozenset({"case"}),
        roles=frozenset(ACTIONS["retention"] & {SENIOR}),
        until=True,
    )
    two_people.register(
        "erase", _erase, about=frozenset({"case", "notice"}), roles=frozenset({SENIOR, APPEALS})
    )


def _hold(actor: Actor, proposal: Proposal) -> Event | None:
    reason = _HOLDS.get(proposal.why)
    if reason is None or proposal.case is None or proposal.until is None:
        raise Refused(_("This is no reason to keep a case past its time."))
    words = sealed.read_many("proposal", proposal.ref, ["reason"])["reason"]
    made = hold.begin(
        first=proposal.proposed_by_id,
        actor=actor,
        case_ref=proposal.case.ref,
        reason=reason,
        until=proposal.until,
        words=words,
    )
    event: Event = made.event
    return event


def _erase(actor: Actor, proposal: Proposal) -> Event | None:
    what, ref = ("case", proposal.case.ref) if proposal.case else ("notice", proposal.notice.ref)  # type: ignore[union-attr]
    by = erase.By(ground=_GROUNDS[proposal.why], first=proposal.proposed_by_id, second=actor.user_id)
    made = erase.begin(what=what, ref=ref, by=by)
    # The keys go once all of it is written; what a crash leaves is finished by the clock.
    transaction.on_commit(lambda: erase.complete(made))
    event: Event = made.event
    return event
