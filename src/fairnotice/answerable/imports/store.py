# ruff: noqa: S608 - what stands in the statements are names of our own tables and columns
"""Reading and writing the register in sets, in plain SQL: the query builder costs more than all the rest
here.

A dry run reads through the same statements, and writes into tables of the same names in its scratch database,
which lie over those of the register. So it decides by the same code, holds no lock and changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from fairnotice.answerable.imports.held import ContactKey, Facts, Row, Writes
from fairnotice.answerable.imports.scratch import together
from fairnotice.answerable.models import Contact, Delegation, Organisation, OrganisationVersion, Resource
from fairnotice.answerable.resources import Target, pack, unpack
from fairnotice.answerable.rows import columns_of
from fairnotice.answerable.spans import Span

_CHUNK = 900
_T = {
    model: model._meta.db_table
    for model in (Organisation, OrganisationVersion, Resource, Contact, Delegation)
}
_ORG, _VERSION, _RESOURCE, _CONTACT, _DELEGATION = _T.values()
_ROW = (
    "id, series, resource_id, low, high, from_org_id, to_org_id, kind, parent, valid_from, valid_until, "
    "source, visibility, shared, answer_hours, recorded_from"
)
_SCRATCH = (
    f"CREATE TABLE {_ORG} (id INTEGER PRIMARY KEY, handle TEXT UNIQUE, basis TEXT)",
    f"CREATE TABLE {_VERSION} (id INTEGER PRIMARY KEY, organisation_id INT, name TEXT, country TEXT,"
    " url TEXT, source TEXT, recorded_from datetime, recorded_until datetime)",
    f"CREATE INDEX version_org ON {_VERSION} (organisation_id)",
    f"CREATE TABLE {_RESOURCE} (id INTEGER PRIMARY KEY, kind TEXT, ip_start BLOB, ip_end BLOB, as_start INT,"
    " as_end INT, name TEXT)",
    f"CREATE INDEX resource_ip ON {_RESOURCE} (ip_start, ip_end)",
    f"CREATE INDEX resource_as ON {_RESOURCE} (as_start)",
    f"CREATE INDEX resource_name ON {_RESOURCE} (name)",
    f"CREATE TABLE {_CONTACT} (id INTEGER PRIMARY KEY, organisation_id INT, resource_id INT, role TEXT,"
    " channel TEXT, address TEXT, source TEXT, recorded_from datetime, recorded_until datetime)",
    f"CREATE INDEX contact_org ON {_CONTACT} (organisation_id)",
    f"CREATE TABLE {_DELEGATION} (id INTEGER PRIMARY KEY, series INT, resource_id INT, low BLOB, high BLOB,"
    " from_org_id INT, to_org_id INT, kind TEXT, parent INT, valid_from date, valid_until date, source TEXT,"
    " visibility TEXT, shared bool, answer_hours INT, recorded_from datetime, recorded_until datetime)",
    f"CREATE INDEX delegation_resource ON {_DELEGATION} (resource_id)",
    f"CREATE INDEX delegation_holder ON {_DELEGATION} (to_org_id, low)",
    f"CREATE INDEX delegation_parent ON {_DELEGATION} (parent)",
    f"CREATE INDEX delegation_series ON {_DELEGATION} (series)",
)


class Store:
    """The register; with `over`, the register and what a dry run would have written."""

    def __init__(self, over: sqlite3.Connection | None = None) -> None:
        self._over = over
        self._closed: dict[str, set[int]] = {_VERSION: set(), _CONTACT: set(), _DELEGATION: set()}
        self._last = 0
        if over is not None:
            for statement in _SCRATCH:
                over.execute(statement)

    # --- reading -------------------------------------------------------------------------------------------

    def organisations(self, handles: Collection[str]) -> dict[str, Facts]:
        """Listed organisations by handle, with what they are called."""
        found = {
            row[1]: Facts(*row)
            for row in self._in(f"SELECT id, handle, basis FROM {_ORG} WHERE handle IN", handles)
        }
        by_id = {facts.id: facts for facts in found.values()}
        sql = f"SELECT id, organisation_id, name, country, url, recorded_from FROM {_VERSION} WHERE " + (
            "recorded_until IS NULL AND organisation_id IN"
        )
        for pk, organisation, name, country, url, since in self._in(sql, by_id, _VERSION):
            facts = by_id[organisation]
            facts.version, facts.name, facts.country, facts.url = pk, name, country, url
            facts.since = _aware(since)
        return found

    def handle_of(self, text: str) -> str:
        """The handle of the listed organisation with this handle, or this name if only one has it; else
        ""."""
        if self.organisations([text]):
            return text
        sql = (
            f"SELECT v.id, o.handle FROM {_VERSION} v JOIN {_ORG} o ON o.id = v.organisation_id "
            "WHERE v.recorded_until IS NULL AND v.name IN"
        )
        found = {handle for _pk, handle in self._in(sql, [text], _VERSION)}
        return found.pop() if len(found) == 1 else ""

    def resources(self, targets: Collection[Target]) -> dict[Target, int]:
        """The numbers of those that are known."""
        found: dict[Target, int] = {}
        ips = {pack(target.start) for target in targets if target.kind == "ip"}
        sql = f"SELECT id, ip_start, ip_end FROM {_RESOURCE} WHERE kind = 'ip' AND ip_start IN"
        found.update((Target("ip", unpack(low), unpack(high)), pk) for pk, low, high in self._in(sql, ips))
        numbers = {target.start for target in targets if target.kind == "as"}
        sql = f"SELECT id, as_start, as_end FROM {_RESOURCE} WHERE kind = 'as' AND as_start IN"
        found.update((Target("as", low, high), pk) for pk, low, high in self._in(sql, numbers))
        names = {target.name for target in targets if target.name}
        sql = f"SELECT id, kind, name FROM {_RESOURCE} WHERE kind IN ('domain', 'server') AND name IN"
        found.update((Target(kind, name=name), pk) for pk, kind, name in self._in(sql, names))
        return found

    def contacts(self, organisations: Collection[int], resources: Collection[int]) -> set[ContactKey]:
        """Contacts of these organisations in general, and for these resources."""
        sql = (
            f"SELECT id, organisation_id, resource_id, role, channel, address FROM {_CONTACT} "
            "WHERE recorded_until IS NULL AND organisation_id IN"
        )
        wanted = {0, *resources}
        rows = ((row[1], row[2] or 0, *row[3:]) for row in self._in(sql, organisations, _CONTACT))
        return {row for row in rows if row[1] in wanted}

    def of_resources(self, resources: Collection[int]) -> list[Row]:
        """All that is said about exactly these resources."""
        return self._rows("resource_id IN", resources)

    def of_series(self, series: Collection[int]) -> list[Row]:
        return self._rows("series IN", series)

    def children(self, series: Collection[int]) -> list[Row]:
        """What is said to hang directly below these series."""
        return self._rows("parent IN", series)

    def holdings(self, holders: Collection[int], spans: Collection[Span]) -> list[Row]:
        """What these organisations hold that may contain one of the spans."""
        ends = (max(span.low for span in spans), min(span.high for span in spans))
        return self._rows("low <= %s AND high >= %s AND to_org_id IN", holders, ends)

    def leases(self, parents: Collection[int], spans: Collection[Span]) -> list[Row]:
        """Leases below these series, of which one thing can have only one, that may meet one of the spans."""
        where = "kind IN ('lease', 'sublease') AND low <= %s AND high >= %s AND parent IN"
        ends = (max(span.high for span in spans), min(span.low for span in spans))
        return self._rows(where, parents, ends)

    def _rows(self, where: str, values: Collection[Any], before: Sequence[Any] = ()) -> list[Row]:
        # Without the sign SQLite may take the index of that column, which nearly all rows are in.
        sign = "+" if connection.vendor == "sqlite" else ""
        sql = f"SELECT {_ROW} FROM {_DELEGATION} WHERE {sign}recorded_until IS NULL AND {where}"
        return [row_of(row) for row in self._in(sql, values, _DELEGATION, before)]

    def _in(
        self, sql: str, values: Iterable[Any], closes: str = "", before: Sequence[Any] = ()
    ) -> list[tuple[Any, ...]]:
        """The rows of `sql`, which ends in IN, for all values; of the register and of what lies over it."""
        wanted = list(values)
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            text = f"{sql} ({','.join(['%s'] * len(part))})"
            with connection.cursor() as cursor:
                cursor.execute(text, [*before, *part])
                rows = cursor.fetchall()
            if self._over is not None:
                closed = self._closed.get(closes, ())
                rows = [row for row in rows if row[0] not in closed]
                rows += self._over.execute(text.replace("%s", "?"), [*before, *part]).fetchall()
            found += rows
        return found

    # --- writing -------------------------------------------------------------------------------------------

    def save(self, writes: Writes) -> None:
        """Write all of it. The caller holds the transaction, and the register is as it was when this was
        decided."""
        last = writes.last_said
        at = timezone.now() if last is None else max(timezone.now(), last + timedelta(microseconds=1))
        if self._over is None:
            self._save(writes, at)
        else:
            with together(self._over):
                self._save(writes, at)

    def _save(self, writes: Writes, at: datetime) -> None:
        self._close(_VERSION, writes.closed_versions, at)
        self._close(_CONTACT, writes.closed_contacts, at)
        self._close(_DELEGATION, writes.closed_delegations, at)
        self._organisations(writes, at)
        self._resources(writes)
        self._rest(writes, at)

    def _organisations(self, writes: Writes, at: datetime) -> None:
        self._insert(_ORG, ("handle", "basis"), [(o.id, o.handle, o.basis) for o in writes.organisations])
        numbers: dict[int, int] = {}
        if writes.organisations and self._over is None:
            known = self.organisations([one.handle for one in writes.organisations])
            numbers = {one.id: known[one.handle].id for one in writes.organisations}
        columns = ("organisation_id", "name", "country", "url", "source", "recorded_from")
        rows = [(0, numbers.get(one[0], one[0]), *one[1:], _time(at)) for one in writes.versions]
        self._insert(_VERSION, columns, rows)
        for row in writes.delegations:
            row.holder = numbers.get(row.holder, row.holder)
            row.giver = numbers.get(row.giver, row.giver) if row.giver is not None else None
        for contact in writes.contacts:
            contact.organisation = numbers.get(contact.organisation, contact.organisation)

    def _resources(self, writes: Writes) -> None:
        names = ("kind", "ip_start", "ip_end", "as_start", "as_end", "name")
        rows = []
        for number, target in writes.resources.items():
            columns = {"name": "", **columns_of(target)}
            rows.append((number, *(columns.get(name) for name in names)))
        self._insert(_RESOURCE, names, rows)
        if rows and self._over is None:
            known = self.resources(list(writes.resources.values()))
            numbers = {number: known[target] for number, target in writes.resources.items()}
            for row in writes.delegations:
                row.resource = numbers.get(row.resource, row.resource)
            for contact in writes.contacts:
                contact.resource = numbers.get(contact.resource, contact.resource)

    def _rest(self, writes: Writes, at: datetime) -> None:
        moment = _time(at)
        columns = ("organisation_id", "resource_id", "role", "channel", "address", "source", "recorded_from")
        contacts = [
            (0, c.organisation, c.resource or None, c.role, c.channel, c.address, c.source, moment)
            for c in writes.contacts
        ]
        self._insert(_CONTACT, columns, contacts)
        rows = [
            (
                0,
                row.series,
                row.resource,
                row.low,
                row.high,
                row.giver,
                row.holder,
                row.kind,
                row.parent,
                _day(row.valid_from),
                _day(row.valid_until),
                row.source,
                row.visibility,
                row.shared,
                row.answer_hours,
                moment,
            )
            for row in writes.delegations
        ]
        self._insert(_DELEGATION, tuple(_ROW.split(", ")[1:]), rows)

    def _insert(self, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Rows begin with a number, which only a dry run takes over."""
        if not rows:
            return
        if self._over is None:
            marks = ",".join(["%s"] * len(columns))
            with connection.cursor() as cursor:
                sql = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})"
                cursor.executemany(sql, [row[1:] for row in rows])
            return
        marks = ",".join("?" * (len(columns) + 1))
        own = [(row[0] or self._next(), *row[1:]) for row in rows]
        self._over.executemany(f"INSERT INTO {table} (id,{','.join(columns)}) VALUES ({marks})", own)

    def _next(self) -> int:
        """A number below all others: the register's own are above zero."""
        self._last -= 1
        return self._last

    def _close(self, table: str, rows: dict[int, datetime | None], at: datetime) -> None:
        if not rows:
            return
        if self._over is not None:
            self._closed[table].update(pk for pk in rows if pk > 0)
            own = [(pk,) for pk in rows if pk < 0]
            self._over.executemany(f"DELETE FROM {table} WHERE id = ?", own)
            return
        sql = f"UPDATE {table} SET recorded_until = %s WHERE recorded_until IS NULL AND id = %s"
        with connection.cursor() as cursor:
            cursor.executemany(sql, [(_time(at), pk) for pk in rows])


def row_of(row: Sequence[Any]) -> Row:
    """From the columns of `_ROW`, as any of the databases hands them out."""
    pk, series, resource, low, high, *rest, since = row
    return Row(pk, series, resource, bytes(low), bytes(high), *rest, _aware(since))  # type: ignore[call-arg]


def _aware(at: datetime | None) -> datetime | None:
    """SQLite hands out times without their zone, which is UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _time(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _day(day: date | None) -> Any:
    return connection.ops.adapt_datefield_value(day) if day is not None else None
