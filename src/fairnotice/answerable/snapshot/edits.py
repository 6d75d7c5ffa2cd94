"""What changed since a snapshot was read, gathered change by change from the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from fairnotice.answerable.models import Change, Contact, Delegation
from fairnotice.answerable.snapshot.build import build
from fairnotice.answerable.snapshot.load import list_given, organisations
from fairnotice.answerable.snapshot.rows import Given, Listed
from fairnotice.answerable.snapshot.view import Edits

#: With more changes than this a new snapshot is due.
MANY = 500
#: More changes at a time than this are left to the new snapshot, as a bulk change is.
TOO_MANY = 5000


@dataclass(frozen=True, slots=True)
class Gathered:
    """Immutable. `seen` is the number of the last change in it; `due` tells that a new snapshot is."""

    seen: int
    rows: dict[int, list[Given]] = field(default_factory=dict)
    organisations: dict[int, Listed] = field(default_factory=dict)
    due: bool = False

    def more(self, last: int) -> Self:
        """With the changes up to number `last`. What they changed is read as it is now, so it does no harm
        to meet a change twice, or late."""
        new = Change.objects.filter(pk__gt=self.seen, pk__lte=last)
        found: dict[str, set[int]] = {what: set() for what in Change.What.values}
        many = new.count()
        if many <= TOO_MANY:
            for what, ref in new.values_list("what", "ref"):
                found[what].add(ref)
        resources = Delegation.objects.filter(pk__in=found["delegation"]).values_list("resource", flat=True)
        rows = dict(self.rows)
        for resource in set(resources):
            rows[resource] = list(list_given(Delegation.objects.filter(resource=resource)))
        named = found["organisation"]
        reached = Contact.objects.filter(pk__in=found["contact"] | found["mark"])
        named.update(reached.values_list("organisation", flat=True))
        for each in rows.values():
            for given in each:
                named.add(given.holder)
                if given.giver is not None:
                    named.add(given.giver)
        known = dict(self.organisations)
        known.update(organisations(named))
        due = many > TOO_MANY or bool(found["bulk"]) or len(rows) + len(known) > MANY
        return type(self)(last, rows, known, self.due or due)

    def edits(self) -> Edits | None:
        """For a View; None where nothing changed."""
        if not self.rows and not self.organisations:
            return None
        given = [row for rows in self.rows.values() for row in rows]
        return Edits(
            rows=build(given, self.organisations),
            targets=frozenset(row.target for row in given),
            organisations=self.organisations,
        )
