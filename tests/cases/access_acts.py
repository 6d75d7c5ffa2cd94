"""The actions of the access log, of emergencies, of two people and of people of trust, done once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from fairnotice.cases.actions import emergency, export, openings, trusted_people, two_people
from fairnotice.cases.models import Emergency, Proposal
from tests.cases import making

READERS: set[Callable[..., Any]] = {
    emergency.emergency_for,
    emergency.check_assessment,
    emergency.link,
    two_people.verbs,
    two_people.visible_proposals,
    two_people.proposal_for,
    export.granted,
    export.writable,
    trusted_people.mailbox_of,
}
# Called where a notice comes in, or when the program starts.
PARTS: set[Callable[..., Any]] = {
    emergency.open_emergency,
    trusted_people.tell_outside,
    two_people.register,
    export.register,
}
# Nobody relies on a row of the access log that is a year old.
SILENT: set[Callable[..., Any]] = {openings.forget_openings}


def waiting_emergency() -> Emergency:
    """An emergency that nobody looks after."""
    making.notice("https://forum.example.org/danger", life_in_danger=True)
    return Emergency.objects.get()


def _acknowledged(s: Any) -> Emergency:
    return emergency.acknowledge(actor=s.senior, emergency_ref=waiting_emergency().ref)


def proposed(s: Any, **changes: Any) -> Proposal:
    """The export of a case, proposed by the reviewer."""
    values = {"verb": "export", "why": "court", "reason": "The court asked for it.", **changes}
    return two_people.propose(actor=s.reviewer, case_ref=s.case.ref, **values)


def _escalated(s: Any) -> None:
    found = waiting_emergency()
    assert found.next_at is not None
    assert emergency.escalate(now=found.next_at - timedelta(seconds=1)) == 0
    assert emergency.escalate(now=found.next_at) == 1


def _named(s: Any, **changes: Any) -> Any:
    boss = making.account("boss", "administrator")
    values = {"label": "works council", "mailbox": "council@example.org", **changes}
    return boss, trusted_people.add_trusted_person(actor=boss, **values)


def _let_go(s: Any) -> None:
    boss, contact = _named(s)
    trusted_people.end_trusted_person(actor=boss, contact_ref=contact.ref)
    assert trusted_people.mailbox_of(contact.ref) == ""


def _expired(s: Any) -> None:
    row = proposed(s)
    assert two_people.expire_proposals(now=row.expires_at - timedelta(seconds=1)) == 0
    assert two_people.expire_proposals(now=timezone.now() + timedelta(days=8)) == 1


DONE: dict[Callable[..., Any], tuple[Callable[[Any], Any], str]] = {
    emergency.acknowledge: (_acknowledged, "emergency.acknowledged"),
    emergency.escalate: (_escalated, "emergency.escalated"),
    emergency.assess: (
        lambda s: emergency.assess(
            actor=s.senior, emergency_ref=_acknowledged(s).ref, passed_on=False, why="It is a poem."
        ),
        "emergency.assessed",
    ),
    two_people.propose: (proposed, "proposal.made"),
    two_people.confirm: (
        lambda s: two_people.confirm(actor=s.senior, proposal_ref=proposed(s).ref),
        "case.exported",
    ),
    two_people.refuse: (
        lambda s: two_people.refuse(actor=s.senior, proposal_ref=proposed(s).ref, reason="No."),
        "proposal.refused",
    ),
    two_people.expire_proposals: (_expired, "proposal.lapsed"),
    trusted_people.add_trusted_person: (_named, "trusted-person.added"),
    trusted_people.end_trusted_person: (_let_go, "trusted-person.ended"),
}
