"""The database itself refuses what cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fairnotice.answerable.models import Contact, Delegation, Organisation, Resource
from fairnotice.answerable.resources import pack
from tests.answerable.register import contact, hold, organisation, resource

pytestmark = pytest.mark.django_db
LOW, HIGH = pack(1), pack(2)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "ip", "ip_start": HIGH, "ip_end": LOW},
        {"kind": "ip", "ip_start": LOW},
        {"kind": "ip", "ip_start": b"\x01", "ip_end": HIGH},
        {"kind": "ip", "ip_start": LOW, "ip_end": HIGH, "name": "example.org"},
        {"kind": "ip"},
        {"kind": "as", "as_start": 2, "as_end": 1},
        {"kind": "as", "as_start": 1},
        {"kind": "as", "as_end": 1},
        {"kind": "as", "as_start": 1, "as_end": 2**32},
        {"kind": "as", "as_start": 1, "as_end": 1, "ip_start": LOW, "ip_end": HIGH},
        {"kind": "domain"},
        {"kind": "domain", "name": "example.org", "as_start": 1, "as_end": 1},
        {"kind": "person", "name": "example.org"},
    ],
)
def test_resources_that_make_no_sense(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.create(**values)


@pytest.mark.parametrize("text", ["192.0.2.0/24", "AS64500", "example.org", "server:web1.example.net"])
def test_a_resource_stands_once(text: str) -> None:
    known = resource(text)
    known.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        known.save(force_insert=True)


@pytest.mark.parametrize(
    "values",
    [
        {"valid_until": date(2020, 1, 1)},
        {"valid_until": date(2019, 1, 1)},
        {"kind": "gift"},
        {"visibility": "secret"},
        {"from_org": "A"},
    ],
)
def test_delegations_that_make_no_sense(values: dict[str, object]) -> None:
    if "from_org" in values:
        values = {"from_org": organisation("A")}
    plain = {"kind": "lease", "valid_from": date(2020, 1, 1), "source": "test"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            **{"resource": resource("192.0.2.0/24"), "to_org": organisation("A"), **plain, **values}
        )


def test_a_delegation_is_private_unless_it_says_otherwise_and_stands_once() -> None:
    given = hold("192.0.2.0/24", "A", giver="B", kind="lease")
    assert Delegation(kind="lease").visibility == "private"
    for giver in ("B", ""):
        if not giver:
            hold("192.0.2.0/24", "A", kind="lease")
        with pytest.raises(IntegrityError), transaction.atomic():
            hold("192.0.2.0/24", "A", giver=giver, kind="lease", since=given.valid_from.isoformat())


def test_contacts_and_organisations() -> None:
    contact("A", "abuse@example.org")
    contact("A", "abuse@example.org", own="192.0.2.0/24")
    for own in ("", "192.0.2.0/24"):
        with pytest.raises(IntegrityError), transaction.atomic():
            contact("A", "abuse@example.org", own=own)
    for wrong in ({"role": "boss"}, {"channel": "fax"}, {"address": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(**{"organisation": organisation("A"), "address": "x@example.org", **wrong})
    for values in ({"handle": "", "name": "A"}, {"handle": "B", "name": ""}, {"handle": "A", "name": "A"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(**values, source="test")
