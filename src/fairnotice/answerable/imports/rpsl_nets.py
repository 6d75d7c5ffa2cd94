"""From the objects of a dump, which stand in any order, to statements in the order in which they can be taken
in.

First all objects are put aside on disk; then come the organisations, and then their networks from the widest
to the narrowest, so that for each it is known whose network it lies in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from fairnotice.answerable.actions.organisations import HANDLE
from fairnotice.answerable.imports import rpsl
from fairnotice.answerable.imports.cells import is_contact
from fairnotice.answerable.imports.opening import Line
from fairnotice.answerable.imports.shape import BadLine, ContactSaid, Entry, Reading, Refused, Statement
from fairnotice.answerable.resources import parse_resource
from fairnotice.answerable.spans import span_of

_TABLES = (
    "CREATE TABLE org (handle TEXT PRIMARY KEY, number INT, name TEXT, kind TEXT, country TEXT, role TEXT,"
    " mailbox TEXT, text TEXT) WITHOUT ROWID",
    "CREATE TABLE role (handle TEXT PRIMARY KEY, mailbox TEXT) WITHOUT ROWID",
    "CREATE TABLE net (low BLOB, high BLOB, number INT, target TEXT, org TEXT, kind TEXT, began TEXT,"
    " role TEXT, text TEXT)",
)
_SORTED = (
    "SELECT net.low, net.high, net.number, net.target, net.org, net.kind, net.began, role.mailbox, net.text, "
    "org.kind "
    "FROM net LEFT JOIN role ON role.handle = net.role LEFT JOIN org ON org.handle = net.org "
    "ORDER BY net.low, net.high DESC, net.number"
)
_ORGS = (
    "SELECT org.handle, org.number, org.name, org.country, org.mailbox, role.mailbox, org.text "
    "FROM org LEFT JOIN role ON role.handle = org.role ORDER BY org.handle"
)
_BATCH = 2000


class _Around(NamedTuple):
    """A network that the next ones may lie in."""

    high: bytes
    holder: str
    since: date | None


def read(lines: Iterable[Line], reading: Reading, connection: sqlite3.Connection) -> Iterator[Entry]:
    """Bad objects, then organisations, then what they hold. What no organisation holds is left out. Raises
    nothing."""
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {table.split()[2]}")
        connection.execute(table)
    connection.execute("BEGIN")
    try:
        for number, found in enumerate(rpsl.objects(lines)):
            try:
                _put(connection, found, reading)
            except Refused as fault:
                yield BadLine(found.number, found.text, str(fault))
            if number % _BATCH == _BATCH - 1:
                connection.execute("COMMIT")
                connection.execute("BEGIN")
    finally:
        connection.execute("COMMIT")
    yield from _organisations(connection)
    yield from _networks(connection, reading)


def _put(connection: sqlite3.Connection, found: rpsl.Object, reading: Reading) -> None:
    said = found.values
    if found.kind == "role":
        if said.get("nic-hdl") and said.get("abuse-mailbox"):
            row = (said["nic-hdl"].upper(), said["abuse-mailbox"])
            connection.execute("INSERT OR IGNORE INTO role VALUES (?, ?)", row)
        return
    if found.kind == "organisation":
        handle, name = said.get("organisation", "").upper(), said.get("org-name", "")
        if not HANDLE.fullmatch(handle):
            raise Refused(_("The name of the organisation object is not a handle."))
        if not 1 <= len(name) <= 200 or not name.isprintable():
            raise Refused(_("org-name must have 1 to 200 characters."))
        country = said.get("country", "").upper()
        connection.execute(
            "INSERT OR IGNORE INTO org VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                handle,
                found.number,
                name,
                said.get("org-type", "").lower(),
                country if len(country) == 2 and country.isascii() and country.isalpha() else "",
                said.get("abuse-c", "").upper(),
                said.get("abuse-mailbox", ""),
                found.text,
            ),
        )
        return
    if not said.get("org"):
        reading.left_out += 1
        return
    target, began = rpsl.resource(found), rpsl.day_of(found)
    span = span_of(target)
    connection.execute(
        "INSERT INTO net VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            span.low,
            span.high,
            found.number,
            target.text,
            said["org"].upper(),
            rpsl.kind_of(found),
            began.isoformat() if began else None,
            said.get("abuse-c", "").upper(),
            found.text,
        ),
    )


def _organisations(connection: sqlite3.Connection) -> Iterator[Entry]:
    for handle, number, name, country, own, of_role, text in connection.execute(_ORGS):
        # A mailbox that cannot be one is passed over: the organisation itself is as good without.
        contacts = _mailbox(of_role) or _mailbox(own)
        yield Statement(number, text, handle, name, country, contacts=contacts)


def _mailbox(address: str | None) -> tuple[ContactSaid, ...]:
    return (("abuse", "mail", address),) if address and is_contact("abuse", "mail", address) else ()


def _networks(connection: sqlite3.Connection, reading: Reading) -> Iterator[Entry]:
    around: list[_Around] = []
    for low, high, number, written, holder, kind, began, mailbox, text, of_holder in connection.execute(
        _SORTED
    ):
        if of_holder in rpsl.HANDING_OUT:
            reading.left_out += 1
            continue
        around = [one for one in around if one.high >= low]
        above = next((one for one in reversed(around) if one.high >= high), None)
        since = date.fromisoformat(began) if began else None
        if kind == "legacy":
            kind = "sub-allocation" if above else "allocation"
        giver = ""
        if kind != "allocation":
            if above is not None and above.holder == holder:
                # The holder's own use of a part of it.
                reading.left_out += 1
                continue
            if above is None:
                reason = _("No organisation in this file holds a network that it lies in.")
                yield BadLine(number, text, reason)
                continue
            giver = above.holder
            # Nobody passes on what they do not hold yet.
            since = max(since, above.since) if since and above.since else None
        around.append(_Around(high, holder, since))
        if not HANDLE.fullmatch(holder):
            yield BadLine(number, text, _("org is not the handle of an organisation."))
            continue
        yield Statement(
            number,
            text,
            holder,
            contacts=_mailbox(mailbox),
            resource=parse_resource(written),
            from_handle=giver,
            kind=kind,
            valid_from=since,
        )
