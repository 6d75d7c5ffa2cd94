"""Short ways to put organisations and what they hold into the register, as a person at the desk would."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from fairnotice.answerable.actions.contacts import add_contact, mark_contact
from fairnotice.answerable.actions.delegate import Terms, delegate
from fairnotice.answerable.actions.holdings import parent_for
from fairnotice.answerable.actions.organisations import add_organisation
from fairnotice.answerable.actions.recording import new_series, tell
from fairnotice.answerable.models import Change, Contact, Delegation, Organisation, OrganisationVersion
from fairnotice.answerable.resources import parse_resource
from fairnotice.answerable.rows import resource_row
from fairnotice.answerable.spans import span_of


def organisation(handle: str, name: str = "", country: str = "") -> Organisation:
    known = Organisation.objects.filter(handle=handle).first()
    return known or add_organisation(
        actor_id=None, handle=handle, name=name or f"{handle} Ltd", country=country, source="test"
    )


def hold(
    text: str,
    to: str,
    *,
    giver: str = "",
    kind: str = "allocation",
    since: str = "2020-01-01",
    until: str | None = None,
    public: bool = True,
    shared: bool = False,
) -> Delegation:
    """Record a delegation; the organisations are listed where they are not yet."""
    for handle in (giver, to):
        if handle:
            organisation(handle)
    return delegate(
        actor_id=None,
        resource=parse_resource(text),
        holder=to,
        giver=giver,
        kind=kind,
        terms=Terms(
            valid_from=date.fromisoformat(since),
            valid_until=date.fromisoformat(until) if until else None,
            visibility="public" if public else "private",
            shared=shared,
            source="test",
        ),
    )


def planted_organisation(handle: str) -> Organisation:
    """As `organisation`, without an event, for tests that list many."""
    row, new = Organisation.objects.get_or_create(handle=handle)
    if new:
        OrganisationVersion.objects.create(
            organisation=row, name=f"{handle} Ltd", source="test", recorded_from=timezone.now()
        )
        tell(Change.What.ORGANISATION, [row.pk])
    return row


def plant(
    text: str,
    to: str,
    *,
    giver: str = "",
    kind: str = "allocation",
    since: str = "2020-01-01",
    until: str | None = None,
    public: bool = True,
    parent: Delegation | None = None,
) -> Delegation:
    """As `hold`, past the rules of the register: what earlier versions took in without asking them is still there."""
    target = parse_resource(text)
    span = span_of(target)
    row = Delegation(
        series=new_series(),
        resource=resource_row(target),
        low=span.low,
        high=span.high,
        from_org=planted_organisation(giver) if giver else None,
        to_org=planted_organisation(to),
        kind=kind,
        valid_from=date.fromisoformat(since),
        valid_until=date.fromisoformat(until) if until else None,
        visibility="public" if public else "private",
        source="test",
        recorded_from=timezone.now(),
    )
    row.parent = parent.series if parent else parent_for(row)
    row.save(force_insert=True)
    tell(Change.What.DELEGATION, [row.pk])
    return row


def contact(handle: str, address: str, *, own: str = "", bad: bool = False, role: str = "abuse") -> Contact:
    """Record a mail address; `bad`: it is known not to work."""
    organisation(handle)
    made = add_contact(
        actor_id=None,
        handle=handle,
        address=address,
        role=role,
        resource=parse_resource(own) if own else None,
        source="test",
    )
    if bad:
        mark_contact(actor_id=None, contact_id=made.pk, works=False)
    return made


def example_host() -> Organisation:
    """A host with an abuse desk, and a forum that runs there."""
    host = organisation("HOST-1", "Example Hosting", "DE")
    hold("forum.example.org", "HOST-1", kind="hosting", public=False)
    contact("HOST-1", "abuse@host.example")
    return host


def provider() -> None:
    """A provider ("OWN-1") that got a network from a registry and leased parts of it out; one of its
    customers subleased. "FOREIGN-1" holds something else. Set FN_OWN_ORGANISATION to "OWN-1" beside it."""
    organisation("RIR-1", "Example Registry")
    organisation("OWN-1", "Example Provider", "DE")
    organisation("LEASE-1", "Example Lessee")
    hold("198.51.100.0/24", "OWN-1", giver="RIR-1")
    hold("2001:db8::/32", "OWN-1", giver="RIR-1")
    hold("198.51.100.0/25", "LEASE-1", giver="OWN-1", kind="lease", since="2021-01-01", public=False)
    hold("198.51.100.0/26", "SUB-1", giver="LEASE-1", kind="sublease", since="2022-01-01", public=False)
    hold("203.0.113.0/24", "FOREIGN-1", giver="RIR-1")
