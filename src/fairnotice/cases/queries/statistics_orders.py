"""Orders of authorities by authority and state: the place where a register of orders puts its counts.

There is no such register yet, so `source` is None and every page says so. What fills it later sets `source`
to a function that counts; nothing else has to change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from fairnotice.cases.permissions import Actor
from fairnotice.cases.queries.statistics import Counts


@dataclass(frozen=True, slots=True)
class OrderCount:
    """How many orders one authority of one state gave in a month. `kind`: "act" (article 9) or "inform"
    (10)."""

    month: str
    state: str
    authority: str
    kind: str
    count: int


#: (first day, last day not included) -> what was counted; None while there is no register of orders.
source: Callable[[date, date], Sequence[OrderCount]] | None = None


def orders(since: date, until: date, actor: Actor | None = None) -> Counts:
    """The same as counts; nothing while there is no register."""
    found: dict[tuple[str, ...], int] = {}
    for one in source(since, until) if source is not None else ():
        key = (one.month, one.kind, one.state, one.authority)
        found[key] = found.get(key, 0) + one.count
    return Counts(("month", "order", "state", "authority"), found)
