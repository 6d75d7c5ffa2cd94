"""What PostgreSQL itself refuses, past the actions. Run by `test_on_postgres`."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from fairnotice.answerable import guards
from fairnotice.answerable.actions.recording import queue
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.resources import parse_resource
from fairnotice.answerable.rows import resource_row
from fairnotice.answerable.spans import span_of
from fairnotice.plumbing import appendonly
from tests.answerable.register import planted_organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def lease(text: str, series: int, **values: object) -> Delegation:
    target = parse_resource(text)
    span = span_of(target)
    return Delegation.objects.create(
        **{
            "series": series,
            "resource": resource_row(target),
            "low": span.low,
            "high": span.high,
            "from_org": planted_organisation("LIR"),
            "to_org": planted_organisation("SHOP"),
            "kind": "lease",
            "parent": 1,
            "valid_from": date(2020, 1, 1),
            "source": "test",
            "recorded_from": NOW,
            **values,
        }
    )


@pytest.mark.parametrize("text", ["192.0.2.0/25", "192.0.2.64/26", "192.0.0.0/16", "192.0.2.127"])
def test_leases_that_overlap(text: str) -> None:
    lease("192.0.2.0/25", 2)
    with pytest.raises(IntegrityError, match="leases_beside"), transaction.atomic():
        lease(text, 3, kind="sublease", valid_from=date(2021, 1, 1))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("192.0.2.128/25", {}),
        ("192.0.2.0/25", {"valid_from": date(2019, 1, 1), "valid_until": date(2020, 1, 1)}),
        ("192.0.2.0/25", {"shared": True, "valid_from": date(2021, 1, 1)}),
        ("192.0.2.0/25", {"kind": "hosting"}),
        ("192.0.2.0/25", {"parent": 9, "valid_from": date(2021, 1, 1)}),
        ("192.0.2.0/25", {"recorded_until": NOW + timedelta(days=1)}),
        ("2001:db8::/32", {}),
    ],
)
def test_leases_that_do_not(text: str, values: dict[str, object]) -> None:
    lease("192.0.2.0/25", 2)
    lease(text, 3, **values)


def test_a_series_says_one_thing_at_a_time() -> None:
    lease("192.0.2.0/25", 2, recorded_until=NOW + timedelta(days=9))
    with pytest.raises(IntegrityError, match="says_one_thing"), transaction.atomic():
        lease("192.0.2.0/25", 2, recorded_from=NOW + timedelta(days=8))


def test_the_guards_are_there_and_a_changed_one_is_found() -> None:
    tables = {model._meta.db_table for model in (*guards.FINAL, *guards.GROWS)}
    assert not tables & set(appendonly.missing(connection))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE answerable_delegation DISABLE TRIGGER answerable_delegation_closes_once")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION fairnotice_answerable_contact_stays() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NULL; END $$"
        )
    assert {"answerable_delegation", "answerable_contact"} <= set(appendonly.missing(connection))


def test_changes_of_the_register_queue() -> None:
    """Two could both find a rule kept that they break together."""
    queue()
    seen: list[str] = []

    def other() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
                queue()
                seen.append("got in")
        except OperationalError:
            seen.append("waited")
        finally:
            connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == ["waited"]
