"""Whatever is done to the register, in whatever order: its rules hold, nothing is refused without need, and what was
said at any earlier moment stays to be seen. The oracle is `brute`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fairnotice.answerable.actions.delegate import Terms, correct, delegate, give_back, retract
from fairnotice.answerable.errors import Changed, Unfit
from fairnotice.answerable.models import Delegation
from fairnotice.answerable.resources import V4_FIRST, Target
from fairnotice.answerable.rows import target_of
from tests.answerable.brute import FAR, Row, below, broken, placed
from tests.answerable.register import planted_organisation

BLOCK = V4_FIRST + (192 << 24) + (2 << 8)
FIRST_DAY = date(2025, 1, 1)
NAMES = ("A", "B", "C", "D")
START = [
    (0, 16, "", "A", "allocation"),
    (0, 8, "A", "B", "lease"),
    (0, 4, "B", "C", "sublease"),
    (8, 4, "A", "D", "lease"),
]
SPANS = [(first, size) for size in (16, 8, 4, 2) for first in range(0, 16, size)]
starts, ends = st.integers(0, 8), st.one_of(st.just(FAR), st.integers(1, 9))
lasting = st.sampled_from([(0, FAR), (0, FAR), (1, 7), (2, 5), (3, FAR), (4, 6)])
picks = st.integers(0, 1000)
kinds = st.sampled_from(("assignment", "lease", "lease", "sublease", "hosting"))


def day(number: int) -> date | None:
    return None if number == FAR else FIRST_DAY + timedelta(days=number)


def plain(row: Delegation) -> Row:
    target = target_of(row.resource)
    return Row(
        series=row.series,
        first=target.start - BLOCK,
        size=target.end - target.start + 1,
        giver=row.from_org.handle if row.from_org else "",
        holder=row.to_org.handle,
        kind=row.kind,
        start=(row.valid_from - FIRST_DAY).days,
        end=(row.valid_until - FIRST_DAY).days if row.valid_until else FAR,
        parent=row.parent,
        shared=row.shared,
    )


def said(moment: datetime | None = None) -> list[Row]:
    known = Q(recorded_until=None)
    if moment is not None:
        known = Q(recorded_from__lte=moment) & (known | Q(recorded_until__gt=moment))
    rows = Delegation.objects.filter(known).select_related("resource", "from_org", "to_org")
    return sorted((plain(row) for row in rows), key=lambda row: row.series)


class Register(RuleBasedStateMachine):
    """Acts in one transaction that is taken back at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        for name in NAMES:
            planted_organisation(name)
        # Without these, most of what is tried would be refused for want of a giver.
        for first, size, giver, holder, kind in START:
            delegate(
                actor_id=None,
                resource=Target("ip", BLOCK + first, BLOCK + first + size - 1),
                giver=giver,
                holder=holder,
                kind=kind,
                terms=Terms(valid_from=FIRST_DAY),
            )
        self.past: list[tuple[datetime, list[Row]]] = []
        self.stale: list[Delegation] = []

    def attempt(self, wanted: list[Row] | None, act: Callable[[], Any], new: Row | None = None) -> None:
        """Do it. `wanted`: the register as it then must be, by the oracle; None: it has to be refused. `new` gets its
        number from the program."""
        before = said()
        try:
            with transaction.atomic():
                made = act()
        except Unfit:
            assert wanted is None or broken(wanted), "refused without need"
            assert said() == before
            return
        if wanted is not None and new is not None:
            wanted = [replace(row, series=made.series) if row.series == new.series else row for row in wanted]
        assert wanted is not None, "taken though it should be refused"
        assert broken(wanted) == []
        assert said() == sorted(wanted, key=lambda row: row.series)
        self.past.append((timezone.now(), said()))

    def pick(self, number: int) -> Delegation:
        rows = Delegation.objects.filter(recorded_until=None).order_by("series")
        return rows.select_related("resource", "from_org", "to_org")[number % rows.count()]

    def something(self) -> bool:
        return Delegation.objects.filter(recorded_until=None).exists()

    @rule(
        span=st.sampled_from(SPANS),
        giver=st.sampled_from(("", *NAMES)),
        holder=st.sampled_from(NAMES),
        kind=st.one_of(st.just("allocation"), kinds),
        when=st.one_of(lasting, st.just((5, 5))),
        shared=st.booleans(),
    )
    def pass_on(
        self, span: tuple[int, int], giver: str, holder: str, kind: str, when: tuple[int, int], shared: bool
    ) -> None:
        self.record(Row(-1, *span, giver, holder, kind, *when, None, shared))

    @precondition(something)
    @rule(number=picks, span=st.sampled_from(SPANS), holder=st.sampled_from(NAMES), kind=kinds, when=lasting)
    def pass_further(
        self, number: int, span: tuple[int, int], holder: str, kind: str, when: tuple[int, int]
    ) -> None:
        """Somebody who holds something passes some of it on, for some of their time."""
        held = plain(self.pick(number))
        size = min(span[1], held.size)
        first = held.first + (span[0] % held.size) // size * size
        start, end = max(when[0], held.start), min(when[1], held.end)
        self.record(Row(-1, first, size, held.holder, holder, kind, start, end, None, False))

    def record(self, row: Row) -> None:
        rows = said()
        new = placed(row, rows)
        target = Target("ip", BLOCK + row.first, BLOCK + row.first + row.size - 1)
        terms = Terms(valid_from=day(row.start) or FIRST_DAY, valid_until=day(row.end), shared=row.shared)
        self.attempt(
            [*rows, new] if row.start < row.end else None,
            lambda: delegate(
                actor_id=None, resource=target, holder=row.holder, giver=row.giver, kind=row.kind, terms=terms
            ),
            new,
        )

    @precondition(something)
    @rule(number=picks, on=starts, with_below=st.booleans())
    def back(self, number: int, on: int, with_below: bool) -> None:
        row = self.pick(number)
        old, rows = plain(row), said()
        ended = [old, *(below(old, rows, on) if with_below else [])]
        wanted = [replace(one, end=on) if one in ended else one for one in rows]
        impossible = on <= old.start or old.end <= on or any(one.start >= on for one in ended)
        self.stale.append(row)
        self.attempt(
            None if impossible else wanted,
            lambda: give_back(
                actor_id=None,
                series=row.series,
                version=row.pk,
                on=FIRST_DAY + timedelta(days=on),
                with_below=with_below,
            ),
        )

    @precondition(something)
    @rule(number=picks, when=st.one_of(lasting, st.tuples(starts, ends)), shared=st.booleans())
    def put_right(self, number: int, when: tuple[int, int], shared: bool) -> None:
        start, end = when
        row = self.pick(number)
        old, rows = plain(row), said()
        others = [one for one in rows if one.series != old.series]
        new = placed(replace(old, start=start, end=end, shared=shared), others)
        same = (start, end, shared) == (old.start, old.end, old.shared)
        terms = Terms(
            valid_from=day(start) or FIRST_DAY,
            valid_until=day(end),
            visibility=row.visibility,
            shared=shared,
            source=row.source,
        )
        self.stale.append(row)
        self.attempt(
            None if same or start >= end else [*others, new],
            lambda: correct(actor_id=None, series=row.series, version=row.pk, terms=terms),
        )

    @precondition(something)
    @rule(number=picks)
    def take_back(self, number: int) -> None:
        row = self.pick(number)
        rows = said()
        self.stale.append(row)
        self.attempt(
            [one for one in rows if one.series != row.series],
            lambda: retract(actor_id=None, series=row.series, version=row.pk),
        )

    @precondition(lambda self: bool(self.stale))
    @rule(number=picks)
    def act_on_what_was_seen_earlier(self, number: int) -> None:
        row = self.stale[number % len(self.stale)]
        if Delegation.objects.filter(pk=row.pk, recorded_until=None).exists():
            return
        with pytest.raises(Changed), transaction.atomic():
            retract(actor_id=None, series=row.series, version=row.pk)

    @invariant()
    def rules_hold(self) -> None:
        assert broken(said()) == []

    def teardown(self) -> None:
        try:
            for moment, rows in self.past:
                assert said(moment) == rows
        finally:
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)


@pytest.mark.django_db
def test_the_rules_hold_whatever_is_done() -> None:
    run_state_machine_as_test(
        Register,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=(Phase.generate, Phase.shrink),
        ),
    )
