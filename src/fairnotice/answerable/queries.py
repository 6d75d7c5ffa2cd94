"""Numbers about the register for staff. No query here goes from an organisation to what it holds."""

from __future__ import annotations

from typing import TypedDict

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from fairnotice.answerable.models import Contact, Delegation, Organisation, Resource


class OverviewCounts(TypedDict):
    organisations: int
    without_working_contact: int
    contacts: int
    contacts_verified: int
    contacts_known_bad: int
    ip_ranges: int
    as_ranges: int
    domains: int
    servers: int
    delegations_current: int
    delegations_ended: int


def overview_counts() -> OverviewCounts:
    """How much is recorded today. `without_working_contact` counts organisations that have no abuse contact
    at all, or none that is not known to be bad."""
    today = timezone.now().date()
    working = Contact.objects.filter(organisation=OuterRef("pk"), role=Contact.Role.ABUSE, known_bad=False)
    contacts = Contact.objects.aggregate(
        all=Count("pk"),
        verified=Count("pk", filter=Q(verified_at__isnull=False)),
        bad=Count("pk", filter=Q(known_bad=True)),
    )
    resources = Resource.objects.aggregate(
        **{kind: Count("pk", filter=Q(kind=kind)) for kind in Resource.Kind.values}
    )
    ended = Q(valid_until__lte=today)
    delegations = Delegation.objects.aggregate(
        current=Count("pk", filter=Q(valid_from__lte=today) & ~ended), ended=Count("pk", filter=ended)
    )
    return {
        "organisations": Organisation.objects.count(),
        "without_working_contact": Organisation.objects.filter(~Exists(working)).count(),
        "contacts": contacts["all"],
        "contacts_verified": contacts["verified"],
        "contacts_known_bad": contacts["bad"],
        "ip_ranges": resources["ip"],
        "as_ranges": resources["as"],
        "domains": resources["domain"],
        "servers": resources["server"],
        "delegations_current": delegations["current"],
        "delegations_ended": delegations["ended"],
    }
