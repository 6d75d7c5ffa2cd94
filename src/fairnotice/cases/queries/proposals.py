"""What two people do together, as the desk sees it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from fairnotice.cases import sealed
from fairnotice.cases.actions import two_people
from fairnotice.cases.models import Proposal
from fairnotice.cases.permissions import ACTIONS, Actor


@dataclass(frozen=True)
class ProposalView:
    """One proposal; `reason` and `refused` are empty for a role that sees no sealed field. `may_answer`: this
    person can be the second one; `own`: they proposed it."""

    row: Proposal
    reason: str
    refused: str
    may_answer: bool
    own: bool


def proposals(actor: Actor, *, settled: bool = False) -> QuerySet[Proposal]:
    """Those that wait, the soonest to lapse first; or `settled` ones, the newest first."""
    rows = two_people.visible_proposals(actor).select_related("case", "notice", "proposed_by", "second")
    if settled:
        return rows.exclude(state="proposed").order_by("-id")
    return rows.filter(state="proposed").order_by("expires_at", "id")


def waiting(actor: Actor) -> int:
    """How many wait for a second person, who could be this one. Mostly none does."""
    if not Proposal.objects.filter(state="proposed").exists():
        return 0
    verbs = [verb for verb, found in two_people.verbs().items() if actor.roles & found.roles]
    rows = proposals(actor).filter(verb__in=verbs)
    return rows.exclude(proposed_by_id=actor.user_id).count()


def views(actor: Actor, rows: list[Proposal]) -> list[ProposalView]:
    """As the desk shows them."""
    may = bool(actor.roles & ACTIONS["see_sealed"])
    known = two_people.verbs()
    found = []
    for row in rows:
        names = ["reason", "refused"]
        texts = sealed.read_many("proposal", row.ref, names) if may else dict.fromkeys(names, "")
        verb = known.get(row.verb)
        own = row.proposed_by_id == actor.user_id
        able = row.state == "proposed" and verb is not None and bool(actor.roles & verb.roles)
        found.append(ProposalView(row, texts["reason"], texts["refused"], able, own))
    return found
