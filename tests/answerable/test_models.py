"""The database itself refuses what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, models, transaction

from fairnotice.answerable.models import Contact, Delegation, Organisation, OrganisationVersion, Resource
from fairnotice.answerable.resources import pack, parse_resource
from fairnotice.answerable.rows import resource_row
from fairnotice.answerable.spans import span_of
from tests.answerable.register import contact, hold, organisation

pytestmark = pytest.mark.django_db
LOW, HIGH = pack(1), pack(2)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEPT = r"append-only|keeps its past"


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
    known = resource_row(parse_resource(text))
    known.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        known.save(force_insert=True)


def planted(**values: object) -> Delegation:
    """A row past the actions, as a faulty program would write it."""
    target = parse_resource("192.0.2.0/24")
    span = span_of(target)
    return Delegation.objects.create(
        **{
            "series": 7,
            "resource": resource_row(target),
            "low": span.low,
            "high": span.high,
            "to_org": organisation("A"),
            "kind": "lease",
            "valid_from": date(2020, 1, 1),
            "source": "test",
            "recorded_from": NOW,
            **values,
        }
    )


@pytest.mark.parametrize(
    "values",
    [
        {"valid_until": date(2020, 1, 1)},
        {"valid_until": date(2019, 1, 1)},
        {"recorded_until": NOW},
        {"recorded_until": NOW - timedelta(days=1)},
        {"kind": "gift"},
        {"visibility": "secret"},
        {"from_org": "A"},
        {"parent": 7, "from_org": "B"},
        {"parent": 8},
        {"low": b"9", "high": b"4"},
    ],
)
def test_delegations_that_make_no_sense(values: dict[str, object]) -> None:
    if isinstance(giver := values.get("from_org"), str):
        values = {**values, "from_org": organisation(giver)}
    with pytest.raises(IntegrityError), transaction.atomic():
        planted(**values)


def test_a_delegation_is_private_unless_it_says_otherwise() -> None:
    assert Delegation(kind="lease").visibility == "private"


def test_a_series_says_one_thing_at_a_time_and_a_delegation_stands_once() -> None:
    planted()
    for series in (7, 8):
        with pytest.raises(IntegrityError), transaction.atomic():
            planted(series=series, valid_from=date(2020, 1, 1) if series == 8 else date(2021, 1, 1))
    planted(series=9, recorded_until=NOW + timedelta(days=1))


def test_contacts_and_organisations() -> None:
    for own in (None, resource_row(parse_resource("192.0.2.0/24"))):
        values = {"organisation": organisation("A"), "address": "a@example.org", "resource": own}
        Contact.objects.create(**values, recorded_from=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(**values, recorded_from=NOW)
    for wrong in ({"role": "boss"}, {"channel": "fax"}, {"address": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(
                **{
                    "organisation": organisation("A"),
                    "address": "x@example.org",
                    "recorded_from": NOW,
                    **wrong,
                }
            )
    for identity in ({"handle": ""}, {"handle": "A"}, {"handle": "B", "basis": "customer"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(**identity)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationVersion.objects.create(
            organisation=organisation("A"), name="Another", source="test", recorded_from=NOW
        )


def past() -> list[models.Model]:
    """A row of each table that keeps its past."""
    given = hold("192.0.2.0/24", "A")
    reached = contact("A", "a@example.org", bad=True)
    return [given, given.resource, given.to_org, given.to_org.versions.get(), reached, reached.marks.get()]


def test_what_was_said_is_never_changed_or_deleted() -> None:
    for row in past():
        field = next(
            f for f in row._meta.concrete_fields if f.name in ("source", "name", "basis", "at", "kind")
        )
        value = NOW if field.name == "at" else "x"
        with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
        with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")


def test_a_row_is_closed_once() -> None:
    given = hold("192.0.2.0/24", "A")
    rows = Delegation.objects.filter(pk=given.pk)
    later = given.recorded_from + timedelta(days=1)
    assert rows.update(recorded_until=later) == 1
    for value in (None, later + timedelta(days=1)):
        with pytest.raises(IntegrityError, match="closed once"), transaction.atomic():
            rows.update(recorded_until=value)
