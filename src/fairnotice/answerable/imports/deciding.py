"""What a batch of statements changes in the register, decided without writing.

Line by line in the order of the file; a line that breaks a rule stays out whole, and those after it are
decided as if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from fairnotice.answerable.actions.recording import new_series
from fairnotice.answerable.imports.around import Around, Asked
from fairnotice.answerable.imports.held import Facts, NewContact, Row, Writes
from fairnotice.answerable.imports.said import Agreement
from fairnotice.answerable.imports.shape import BadLine, Entry, Refused, Statement
from fairnotice.answerable.imports.store import Store
from fairnotice.answerable.invariants import EXCLUSIVE, FROM_REGISTRY
from fairnotice.answerable.resources import Target
from fairnotice.answerable.spans import span_of

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
_PUBLIC_BY_DEFAULT = {"allocation", "registrar"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a line changes, in words: what it is about, and the values before and after."""

    what: str
    number: int
    about: str
    before: str = ""
    after: str = ""


@dataclass(slots=True)
class Decision:
    """What became of each entry of a batch, in their order, and what is to be written."""

    outcomes: list[str | BadLine] = field(default_factory=list)
    writes: Writes = field(default_factory=Writes)
    differences: list[Difference] = field(default_factory=list)


class Numbers:
    """Numbers below zero for what has none yet; the same for a whole run."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        self._last -= 1
        return self._last


class Batch:
    """Decides one batch."""

    def __init__(
        self,
        store: Store,
        agreement: Agreement,
        *,
        source: str,
        as_of: date,
        numbers: Numbers,
        shown: bool = False,
    ) -> None:
        self._store, self._agreement, self._numbers = store, agreement, numbers
        self._source, self._as_of, self._shown = source, as_of, shown
        self._organisations: dict[str, Facts] = {}
        self._resources: dict[Target, int] = {}
        self._contacts: set[tuple[int, int, str, str, str]] = set()
        self._said: dict[tuple[int, int, int, str], list[Row]] = {}
        self._around = Around(store)
        self._result = Decision()

    def decide(self, entries: list[Entry]) -> Decision:
        """What becomes of the entries, as the register is now."""
        statements = [entry for entry in entries if isinstance(entry, Statement)]
        self._fetch(statements)
        for entry in entries:
            if isinstance(entry, BadLine):
                self._result.outcomes.append(entry)
                continue
            try:
                self._result.outcomes.append(self._take(entry))
            except Refused as fault:
                self._result.outcomes.append(BadLine(entry.number, entry.text, str(fault)))
        return self._result

    def _fetch(self, statements: list[Statement]) -> None:
        handles = {said.handle for said in statements} | {said.from_handle for said in statements}
        self._organisations = self._store.organisations(handles - {""})
        self._resources = self._store.resources({said.resource for said in statements if said.resource})
        with_contacts = {said.handle for said in statements if said.contacts}
        holders = [facts.id for handle, facts in self._organisations.items() if handle in with_contacts]
        self._contacts = self._store.contacts(holders, self._resources.values())
        for row in self._store.of_resources(list(self._resources.values())):
            key = (row.resource, row.giver or 0, row.holder, row.kind)
            self._said.setdefault(key, []).append(row)
        self._around.fetch(self._asked(statements))
        self._agreement.fetch(statements)

    def _asked(self, statements: list[Statement]) -> Iterator[Asked]:
        for said in statements:
            giver = self._organisations.get(said.from_handle)
            if said.resource is not None and giver is not None and said.kind not in FROM_REGISTRY:
                yield giver.id, span_of(said.resource), said.kind in EXCLUSIVE

    def _take(self, said: Statement) -> str:
        """Raises Refused before anything is noted."""
        known = self._organisations.get(said.handle)
        if known is None and not said.name:
            raise Refused(_("The organisation that holds it is not listed."))
        if known is not None and said.basis and said.basis != known.basis:
            raise Refused(_("The organisation is listed already, and with another basis."))
        if said.from_handle and said.from_handle not in self._organisations:
            raise Refused(
                _("from_handle names an organisation that is not known; put its own line before this one.")
            )
        facts = self._agreement.ask(said)
        holder = known or Facts(self._numbers.next(), said.handle, said.basis or "registry")
        resource = 0
        if said.resource is not None:
            resource = self._resources.get(said.resource) or self._numbers.next()
        passed = self._delegation(said, said.resource, holder, resource) if said.resource else None
        self._agreement.remember(facts)
        outcomes = {self._organisation(said, holder)}
        if said.resource is not None and said.resource not in self._resources:
            self._resources[said.resource] = resource
            self._result.writes.resources[resource] = said.resource
        outcomes |= {self._contact(said, holder, resource, contact) for contact in said.contacts}
        if passed is not None:
            outcomes.add(self._pass(said, *passed))
        return next(word for word in (ADDED, CHANGED, UNCHANGED) if word in outcomes)

    def _organisation(self, said: Statement, facts: Facts) -> str:
        writes = self._result.writes
        new = said.handle not in self._organisations
        stated = (said.name or facts.name, said.country or facts.country, said.url or facts.url)
        before = (facts.name, facts.country, facts.url)
        if stated == before:
            return UNCHANGED
        if new:
            self._organisations[said.handle] = facts
            writes.organisations.append(facts)
        elif facts.version:
            writes.closed_versions[facts.version] = facts.since
            facts.version = 0
        facts.name, facts.country, facts.url = stated
        # Said twice anew in one batch: the last one is what is written.
        writes.versions = (
            [one for one in writes.versions if one[0] != facts.id] if not new else writes.versions
        )
        writes.versions.append((facts.id, *stated, said.source or self._source))
        self._show(ADDED if new else CHANGED, said, said.handle, " ".join(before), " ".join(stated))
        return ADDED if new else CHANGED

    def _contact(self, said: Statement, holder: Facts, resource: int, contact: tuple[str, str, str]) -> str:
        key = (holder.id, resource, *contact)
        if key in self._contacts:
            return UNCHANGED
        self._contacts.add(key)
        self._result.writes.contacts.append(
            NewContact(holder.id, resource, *contact, said.source or self._source)
        )
        self._show(ADDED, said, f"{said.handle} {contact[0]}", "", f"{contact[1]} {contact[2]}")
        return ADDED

    def _delegation(
        self, said: Statement, target: Target, holder: Facts, resource: int
    ) -> tuple[Row | None, Row]:
        """What is said about it so far, and what is from now on. Raises Refused where a rule would break."""
        giver = self._organisations[said.from_handle].id if said.from_handle else None
        before = self._before((resource, giver or 0, holder.id, said.kind), said.valid_from)
        if before is not None:
            if not _differs(said, before):
                return before, before
            new = replace(before, id=0)
            if said.says_end:
                new.valid_until = said.valid_until
            new.visibility = said.visibility or before.visibility
            new.source = said.source or before.source
            new.shared = before.shared if said.shared is None else said.shared
            new.answer_hours = said.answer_hours or before.answer_hours
            if new.valid_until is not None and new.valid_until <= new.valid_from:
                raise Refused(_("It would end before it began."))
        else:
            span = span_of(target)
            new = Row(
                id=0,
                series=new_series(),
                resource=resource,
                low=span.low,
                high=span.high,
                giver=giver,
                holder=holder.id,
                kind=said.kind,
                parent=None,
                valid_from=said.valid_from or self._as_of,
                valid_until=said.valid_until,
                source=said.source or self._source,
                visibility=said.visibility or ("public" if said.kind in _PUBLIC_BY_DEFAULT else "private"),
                shared=bool(said.shared),
                answer_hours=said.answer_hours,
            )
            if new.giver is None:
                # Nothing is above it, nothing below it yet: no rule to break.
                return None, new
        parent = self._around.parent_of(new.held)
        new.parent = parent.series if parent else None
        if faults := self._around.faults(new.held, parent, before):
            raise Refused(" ".join(fault.message for fault in faults))
        return before, new

    def _before(self, key: tuple[int, int, int, str], valid_from: date | None) -> Row | None:
        rows = self._said.get(key, ())
        if valid_from is not None:
            return next((row for row in rows if row.valid_from == valid_from), None)
        day = self._as_of
        running = [
            row
            for row in rows
            if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
        ]
        return max(running, key=lambda row: row.valid_from, default=None)

    def _pass(self, said: Statement, before: Row | None, new: Row) -> str:
        if new is before:
            return UNCHANGED
        writes = self._result.writes
        key = (new.resource, new.giver or 0, new.holder, new.kind)
        rows = self._said.setdefault(key, [])
        if before is not None:
            rows.remove(before)
            if before.id:
                writes.closed_delegations[before.id] = before.since
            else:
                # Said in this very batch: it was never written.
                writes.delegations = [row for row in writes.delegations if row is not before]
        rows.append(new)
        writes.delegations.append(new)
        self._around.add(new)
        if self._shown and said.resource is not None:
            self._show(
                CHANGED if before else ADDED, said, about(said), words(before) if before else "", words(new)
            )
        return CHANGED if before else ADDED

    def _show(self, what: str, said: Statement, about: str, before: str, after: str) -> None:
        if self._shown:
            self._result.differences.append(
                Difference(what, said.number, about, before.strip(), after.strip())
            )


def _differs(said: Statement, row: Row) -> bool:
    """Whether the line states anything that the row does not."""
    return (
        (said.says_end and said.valid_until != row.valid_until)
        or (said.visibility not in ("", row.visibility))
        or (said.source not in ("", row.source))
        or (said.shared is not None and said.shared != row.shared)
        or (said.answer_hours is not None and said.answer_hours != row.answer_hours)
    )


def about(said: Statement) -> str:
    """Which delegation a line is about, in words."""
    giver = f" from {said.from_handle}" if said.from_handle else ""
    return f"{said.resource.text if said.resource else ''} {said.kind} to {said.handle}{giver}"


def words(row: Row) -> str:
    """The terms of a delegation in words."""
    until = f" until {row.valid_until.isoformat()}" if row.valid_until else ""
    shared = ", shared" if row.shared else ""
    hours = f", {row.answer_hours} hours to answer" if row.answer_hours else ""
    return f"since {row.valid_from.isoformat()}{until}, {row.visibility}, {row.source}{shared}{hours}"
