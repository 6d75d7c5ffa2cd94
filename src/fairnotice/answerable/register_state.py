"""The register held in memory while an import runs, so that a dry run and a real one decide by the same
code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.utils.translation import gettext as _

from fairnotice.answerable.csv_rows import Row, Unfit
from fairnotice.answerable.lookup import registrable_names, target_of
from fairnotice.answerable.models import Contact, Delegation, Organisation, Resource
from fairnotice.answerable.resources import Target, pack

DelegationKey = tuple[Target, str, str, str, date]
ContactKey = tuple[str, Target | None, str, str, str]


@dataclass
class Writes:
    """What a batch adds and changes, in the order in which it has to be written."""

    organisations: list[Organisation] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    # By the identity of the child, since neither has a number yet.
    parents: dict[int, Delegation] = field(default_factory=dict)
    changed_organisations: dict[str, Organisation] = field(default_factory=dict)
    changed_delegations: dict[DelegationKey, Delegation] = field(default_factory=dict)

    def save(self) -> None:
        """Write all of it. Belongs inside a transaction; raises IntegrityError where another writer was
        first."""
        Organisation.objects.bulk_create(self.organisations)
        Resource.objects.bulk_create(self.resources)
        Contact.objects.bulk_create(self.contacts)
        self._save_delegations()
        # An object made in this very batch has been written with its last values already.
        new = {id(row) for row in (*self.organisations, *self.delegations)}
        organisations = [row for row in self.changed_organisations.values() if id(row) not in new]
        delegations = [row for row in self.changed_delegations.values() if id(row) not in new]
        Organisation.objects.bulk_update(organisations, ["name", "country", "url"])
        Delegation.objects.bulk_update(delegations, ["valid_until", "visibility", "source"])

    def _save_delegations(self) -> None:
        """Parents first, for a child's row holds the number of its parent."""
        waiting = self.delegations
        while waiting:
            ready = []
            for row in waiting:
                parent = self.parents.get(id(row))
                if parent is None or parent.pk is not None:
                    row.parent = parent
                    ready.append(row)
            Delegation.objects.bulk_create(ready)
            waiting = [row for row in waiting if row.pk is None]


@dataclass
class State:
    """All rows by their natural keys; `take` changes it as the import goes on."""

    organisations: dict[str, Organisation]
    resources: dict[Target, Resource]
    contacts: set[ContactKey]
    delegations: dict[DelegationKey, Delegation]
    received: dict[str, list[tuple[Target, Delegation]]]

    @classmethod
    def load(cls) -> Self:
        organisations = {row.handle: row for row in Organisation.objects.all()}
        handles = {row.pk: handle for handle, row in organisations.items()}
        targets = {row.pk: (target_of(row), row) for row in Resource.objects.all()}
        contacts: set[ContactKey] = set()
        for contact in Contact.objects.all():
            own = targets[contact.resource_id][0] if contact.resource_id else None
            where = (contact.role, contact.channel, contact.address)
            contacts.add((handles[contact.organisation_id], own, *where))
        state = cls(organisations, dict(targets.values()), contacts, {}, {})
        for row in Delegation.objects.all():
            target, giver = targets[row.resource_id][0], handles.get(row.from_org_id or 0, "")
            state._hold((target, giver, handles[row.to_org_id], row.kind, row.valid_from), row)
        return state

    def take(self, row: Row, source: str, writes: Writes) -> str:
        """Put `row` into the state and `writes`: "added", "changed" or "unchanged". Raises Unfit, changing
        nothing."""
        if row.from_handle and row.from_handle not in self.organisations:
            raise Unfit(
                _("from_handle names an organisation that is not known; put its own line before this one.")
            )
        outcomes = {self._organisation(row, source, writes)}
        if row.resource is not None and row.resource not in self.resources:
            self.resources[row.resource] = new = _resource(row.resource)
            writes.resources.append(new)
            outcomes.add("added")
        if row.contact is not None:
            outcomes.add(self._contact(row, row.contact, writes))
        if row.resource is not None:
            outcomes.add(self._delegation(row, row.resource, source, writes))
        return next(word for word in ("added", "changed", "unchanged") if word in outcomes)

    def _organisation(self, row: Row, source: str, writes: Writes) -> str:
        known = self.organisations.get(row.handle)
        if known is None:
            known = Organisation(
                handle=row.handle,
                name=row.name,
                country=row.country,
                url=row.url,
                source=row.source or source,
            )
            self.organisations[row.handle] = known
            writes.organisations.append(known)
            return "added"
        said = {"name": row.name, "country": row.country, "url": row.url}
        if not _update(known, said):
            return "unchanged"
        writes.changed_organisations[row.handle] = known
        return "changed"

    def _contact(self, row: Row, contact: tuple[str, str, str], writes: Writes) -> str:
        key = (row.handle, row.resource, *contact)
        if key in self.contacts:
            return "unchanged"
        self.contacts.add(key)
        role, channel, address = contact
        writes.contacts.append(
            Contact(
                organisation=self.organisations[row.handle],
                resource=self.resources[row.resource] if row.resource else None,
                role=role,
                channel=channel,
                address=address,
            )
        )
        return "added"

    def _delegation(self, row: Row, target: Target, source: str, writes: Writes) -> str:
        key = (target, row.from_handle, row.handle, row.kind, row.valid_from)
        known = self.delegations.get(key)
        if known is not None:
            # An empty end says that it goes on; empty visibility and source say nothing.
            changed = known.valid_until != row.valid_until
            known.valid_until = row.valid_until
            if not (_update(known, {"visibility": row.visibility, "source": row.source}) or changed):
                return "unchanged"
            writes.changed_delegations[key] = known
            return "changed"
        new = Delegation(
            resource=self.resources[target],
            from_org=self.organisations[row.from_handle] if row.from_handle else None,
            to_org=self.organisations[row.handle],
            kind=row.kind,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            visibility=row.visibility or row.default_visibility,
            source=row.source or source,
        )
        parent = self._parent(row, target)
        if parent is not None:
            writes.parents[id(new)] = parent
        self._hold(key, new)
        writes.delegations.append(new)
        return "added"

    def _hold(self, key: DelegationKey, row: Delegation) -> None:
        self.delegations[key] = row
        self.received.setdefault(key[2], []).append((key[0], row))

    def _parent(self, row: Row, target: Target) -> Delegation | None:
        """The narrowest delegation by which the giver held the resource on the first day; None where
        unknown."""
        held = [
            (_width(wide), -held.valid_from.toordinal(), position, held)
            for position, (wide, held) in enumerate(self.received.get(row.from_handle, []))
            if _lies_in(target, wide)
            and held.valid_from <= row.valid_from
            and (held.valid_until is None or row.valid_from < held.valid_until)
        ]
        return min(held)[3] if held else None


def _update(known: Organisation | Delegation, said: dict[str, str]) -> bool:
    """Set what is said and differs; True where anything did."""
    differing = {name: value for name, value in said.items() if value and value != getattr(known, name)}
    for name, value in differing.items():
        setattr(known, name, value)
    return bool(differing)


def _resource(target: Target) -> Resource:
    if target.kind == "ip":
        return Resource(kind="ip", ip_start=pack(target.start), ip_end=pack(target.end))
    if target.kind == "as":
        return Resource(kind="as", as_start=target.start, as_end=target.end)
    return Resource(kind=target.kind, name=target.name)


def _lies_in(inner: Target, outer: Target) -> bool:
    if inner.name:
        return bool(outer.name) and outer.name in registrable_names(inner.name)
    same = inner.kind == outer.kind and inner.is_v4 == outer.is_v4
    return same and outer.start <= inner.start and inner.end <= outer.end


def _width(target: Target) -> int:
    return -len(target.name.split(".")) if target.name else target.end - target.start
