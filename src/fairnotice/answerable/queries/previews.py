"""What a change would do, before it is done. Reads alone; the action asks all of it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from fairnotice.answerable.actions import holdings
from fairnotice.answerable.errors import Fault
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.queries.delegations import Shown, shown


def refusals(row: Delegation, **changed: Any) -> list[Fault]:
    """The rules of the register that would break if `row` were said with these other values."""
    copied = {
        field.attname: getattr(row, field.attname)
        for field in Delegation._meta.concrete_fields
        if not field.primary_key
    }
    new = Delegation(**{**copied, **changed})
    new.parent = holdings.parent_for(new)
    return holdings.faults(new)


def below(row: Delegation, day: date) -> list[Shown]:
    """All that was passed on from it, at any depth, and has not ended by that day."""
    return shown(holdings.below(row, running_on=day))


def directly_below(row: Delegation) -> list[Shown]:
    """What was passed on from it, whether it has ended or not."""
    return shown(holdings.children(row.series))
