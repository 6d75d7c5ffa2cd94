"""In sets or one by one, the rules of the register refuse the same: imports against the functions that the desk's
acts ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.answerable.actions import holdings
from fairnotice.answerable.actions import imports as action
from fairnotice.answerable.actions.recording import close, moment, new_series
from fairnotice.answerable.models import Delegation, Organisation
from fairnotice.answerable.resources import parse_resource
from fairnotice.answerable.rows import resource_row
from fairnotice.answerable.spans import span_of
from tests.answerable.loading import bad, load
from tests.answerable.register import planted_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fn_db")]
HEADER = (
    "organisation_handle,organisation_name,resource,from_handle,delegation_kind,valid_from,valid_until,shared"
)
NETS = ("192.0.2.0/24", "192.0.2.0/25", "192.0.2.64/26", "192.0.2.100-192.0.2.200", "192.0.2.0/24")
LINE = st.tuples(
    st.sampled_from("ABCD"),
    st.sampled_from(NETS),
    st.sampled_from(["", "A", "B", "C"]),
    st.sampled_from(["allocation", "assignment", "lease", "lease", "sublease", "hosting"]),
    st.sampled_from(["2020-01-01", "2021-01-01", "2022-01-01"]),
    st.sampled_from(["", "", "2023-01-01", "2024-01-01"]),
    st.sampled_from(["", "", "yes", "no"]),
).filter(lambda line: line[0] != line[2])


def one_by_one(lines: list[tuple[str, ...]]) -> list[int]:
    """Take the lines in as the desk would; the numbers of those that are refused."""
    refused: list[int] = []
    stated: dict[tuple[str, ...], tuple[str, str]] = {}
    for number, (holder, net, giver, kind, since, until, shared) in enumerate(lines, start=2):
        target = parse_resource(net)
        span = span_of(target)
        key = (holder, net, giver, kind, since)
        earlier = stated.get(key, (until, ""))
        if earlier[0] != until or (shared and earlier[1] and earlier[1] != shared):
            refused.append(number)
            continue
        if giver and not Organisation.objects.filter(handle=giver).exists():
            refused.append(number)
            continue
        sid = transaction.savepoint()
        to_org = planted_organisation(holder)
        row = Delegation(
            series=new_series(),
            resource=resource_row(target),
            low=span.low,
            high=span.high,
            from_org=planted_organisation(giver) if giver else None,
            to_org=to_org,
            kind=kind,
            valid_from=date.fromisoformat(since),
            valid_until=date.fromisoformat(until) if until else None,
            shared=shared == "yes",
            source="csv",
            visibility="public" if kind == "allocation" else "private",
            recorded_from=timezone.now(),
        )
        known = Delegation.objects.filter(
            recorded_until=None,
            resource=row.resource,
            from_org=row.from_org,
            to_org=to_org,
            kind=kind,
            valid_from=row.valid_from,
        ).first()
        if known is not None:
            row.shared = known.shared if not shared else row.shared
            if (known.valid_until, known.shared) == (row.valid_until, row.shared):
                stated[key] = (until, earlier[1] or shared)
                continue
            row.series, row.parent = known.series, known.parent
            row.recorded_from = moment(known)
            close(known, row.recorded_from)
        row.parent = holdings.parent_for(row)
        if holdings.faults(row):
            refused.append(number)
            transaction.savepoint_rollback(sid)
            continue
        row.save(force_insert=True)
        stated[key] = (until, earlier[1] or shared)
        transaction.savepoint_commit(sid)
    return refused


def picture() -> set[tuple[object, ...]]:
    """What is said, each with what its parent is."""
    rows = {row.series: row for row in Delegation.objects.filter(recorded_until=None)}
    return {
        (
            *(bytes(row.low), bytes(row.high), row.to_org.handle, row.kind, row.valid_from),
            *(row.valid_until, row.shared, row.from_org.handle if row.from_org else ""),
            _named(rows.get(row.parent or 0)),
        )
        for row in rows.values()
    }


def _named(row: Delegation | None) -> tuple[object, ...]:
    return (
        () if row is None else (bytes(row.low), bytes(row.high), row.to_org.handle, row.kind, row.valid_from)
    )


@contextmanager
def undone() -> Iterator[None]:
    sid = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(sid)


@pytest.mark.parametrize("size", [1, 3, 100])
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines=st.lists(LINE, min_size=4, max_size=14), before=st.lists(LINE, max_size=6))
def test_an_import_refuses_what_the_desk_refuses(
    size: int,
    lines: list[tuple[str, ...]],
    before: list[tuple[str, ...]],
    tmp_path: Path,
) -> None:
    old, action.BATCH = action.BATCH, size
    top = ("A", "192.0.2.0/24", "", "allocation", "2020-01-01", "", "")
    try:
        with undone():
            one_by_one([top, *before])
            with undone():
                refused = one_by_one(lines)
                expected = picture()
            with undone():
                text = [HEADER, *(",".join((line[0], f"{line[0]} Ltd", *line[1:])) for line in lines)]
                result = load(tmp_path, text)
                assert [line.number for line in bad(result)] == refused
                assert picture() == expected
    finally:
        action.BATCH = old
