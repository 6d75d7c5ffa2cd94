"""What a source said before, and its whole new dump no longer says, ends on a day.

Children before parents, so that nothing ever hangs below what has ended. What somebody else said to have been
passed on from it keeps a delegation from ending; that is told as a bad line without a number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.deciding import Difference, words
from fairnotice.answerable.imports.held import Row, Writes
from fairnotice.answerable.imports.said import contact_key, delegation_key, named
from fairnotice.answerable.imports.scratch import Facts
from fairnotice.answerable.imports.shape import BadLine, Unusable
from fairnotice.answerable.imports.store import Store
from fairnotice.answerable.models import Contact, Delegation
from fairnotice.answerable.rows import target_of

_PAGE = 2000
#: A dump of which so much is missing is more likely cut off than right.
MOST = 0.2


class TooMuch(Unusable):
    """More than a fifth of what the source said would end; nothing was written."""

    def __init__(self, ending: int, known: int) -> None:
        words = _(
            "%(ending)d of the %(known)d entries of this source would end. If the file is whole, say --yes."
        )
        super().__init__(words % {"ending": ending, "known": known})


@dataclass(slots=True)
class Ending:
    """What is to end: numbers of delegations with their depth, of contacts, and how many there are of
    each."""

    delegations: int = 0
    contacts: int = 0
    known_delegations: int = 0
    known_contacts: int = 0

    def ask(self) -> None:
        """Raises TooMuch."""
        for ending, known in (
            (self.delegations, self.known_delegations),
            (self.contacts, self.known_contacts),
        ):
            if ending > MOST * known:
                raise TooMuch(ending, known)


def find(place: sqlite3.Connection, facts: Facts, source: str, as_of: date) -> Ending:
    """Put aside what the source said and the facts of its new dump do not."""
    place.execute(
        "CREATE TABLE ending (series INT PRIMARY KEY, parent INT, depth INT, stays INT) WITHOUT ROWID"
    )
    place.execute("CREATE TABLE ending_contact (id INT PRIMARY KEY) WITHOUT ROWID")
    found = Ending()
    for rows in _delegations(source, as_of):
        stated = {row.pk: _keys(row) for row in rows}
        known = facts.of({key for keys in stated.values() for key in keys})
        missing = [
            (row.series, row.parent) for row in rows if not any(key in known for key in stated[row.pk])
        ]
        place.executemany("INSERT INTO ending VALUES (?, ?, 0, 0)", missing)
        found.known_delegations += len(rows)
        found.delegations += len(missing)
    for contacts in _contacts(source):
        keys = {
            row.pk: contact_key(
                row.organisation.handle,
                named(target_of(row.resource) if row.resource else None),
                row.role,
                row.channel,
                row.address,
            )
            for row in contacts
        }
        known = facts.of(keys.values())
        gone = [(pk,) for pk, key in keys.items() if key not in known]
        place.executemany("INSERT INTO ending_contact VALUES (?)", gone)
        found.known_contacts += len(contacts)
        found.contacts += len(gone)
    _sort(place)
    return found


def _delegations(source: str, as_of: date) -> Iterator[list[Delegation]]:
    from django.db.models import Q

    running = Q(valid_until=None) | Q(valid_until__gt=as_of)
    said = Delegation.objects.filter(running, recorded_until=None, source=source).order_by("pk")
    last = 0
    while rows := list(said.filter(pk__gt=last).select_related("resource", "from_org", "to_org")[:_PAGE]):
        yield rows
        last = rows[-1].pk


def _contacts(source: str) -> Iterator[list[Contact]]:
    said = Contact.objects.filter(recorded_until=None, source=source).order_by("pk")
    last = 0
    while rows := list(said.filter(pk__gt=last).select_related("resource", "organisation")[:_PAGE]):
        yield rows
        last = rows[-1].pk


def _keys(row: Delegation) -> tuple[bytes, bytes]:
    giver = row.from_org.handle if row.from_org else ""
    about = (named(target_of(row.resource)), giver, row.to_org.handle, row.kind)
    return delegation_key(*about, row.valid_from.isoformat()), delegation_key(*about, "")


def _sort(place: sqlite3.Connection) -> None:
    """How deep each hangs below others that end."""
    parents: dict[int, int | None] = dict(place.execute("SELECT series, parent FROM ending"))
    depths = []
    for series in parents:
        depth, above, seen = 0, parents[series], {series}
        while above in parents and above not in seen:
            seen.add(above)
            depth, above = depth + 1, parents[above]
        if depth:
            depths.append((depth, series))
    place.executemany("UPDATE ending SET depth = ? WHERE series = ?", depths)


def pages(place: sqlite3.Connection) -> Iterator[list[int]]:
    """The series to end, the deepest first, no page with two depths."""
    depths = [depth for (depth,) in place.execute("SELECT DISTINCT depth FROM ending ORDER BY depth DESC")]
    for depth in depths:
        last = -1
        while True:
            sql = "SELECT series FROM ending WHERE depth = ? AND series > ? ORDER BY series LIMIT ?"
            page = [series for (series,) in place.execute(sql, (depth, last, _PAGE))]
            if not page:
                break
            yield page
            last = page[-1]


def contact_pages(place: sqlite3.Connection) -> Iterator[list[int]]:
    """The contacts that are one no longer."""
    last = -1
    while True:
        sql = "SELECT id FROM ending_contact WHERE id > ? ORDER BY id LIMIT ?"
        page = [pk for (pk,) in place.execute(sql, (last, _PAGE))]
        if not page:
            return
        yield page
        last = page[-1]


def end(store: Store, series: list[int], as_of: date) -> tuple[Writes, list[BadLine], list[Difference]]:
    """What ends of one page, what cannot, and what it is in words. What began on that day or later never was,
    and is only taken back. Call it in the transaction that writes."""
    writes, bad, shown = Writes(), [], []
    below: dict[int, list[Row]] = {}
    for child in store.children(series):
        never = child.valid_from >= as_of
        if child.valid_until is None or child.valid_until > as_of or never:
            below.setdefault(child.parent or 0, []).append(child)
    rows = store.of_series(series)
    names = _names([row.id for row in rows])
    for row in rows:
        if row.valid_until is not None and row.valid_until <= as_of:
            continue
        if row.series in below:
            reason = _("It was not ended: something that this file does not state was passed on from it.")
            bad.append(BadLine(0, names[row.id], reason))
            continue
        writes.closed_delegations[row.id] = row.since
        gone = replace(row, id=0, valid_until=as_of)
        if row.valid_from < as_of:
            writes.delegations.append(gone)
        shown.append(Difference("ended", 0, names[row.id], words(row), words(gone)))
    return writes, bad, shown


def end_contacts(contacts: list[int]) -> tuple[Writes, list[Difference]]:
    """The contacts of one page, closed."""
    writes, shown = Writes(), []
    rows = Contact.objects.filter(pk__in=contacts, recorded_until=None).select_related("organisation")
    for row in rows:
        writes.closed_contacts[row.pk] = row.recorded_from
        about = f"{row.organisation.handle} {row.role}"
        shown.append(Difference("ended", 0, about, f"{row.channel} {row.address}", ""))
    return writes, shown


def _names(ids: list[int]) -> dict[int, str]:
    rows = Delegation.objects.filter(pk__in=ids).select_related("resource", "from_org", "to_org")
    return {
        row.pk: f"{target_of(row.resource).text} {row.kind} to {row.to_org.handle}"
        + (f" from {row.from_org.handle}" if row.from_org else "")
        for row in rows
    }
