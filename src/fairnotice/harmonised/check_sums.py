"""Parts 3 to 6: sums, medians beside their counts, what cannot be more than something else, zero and
blank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fairnotice.harmonised.categories import TOTAL
from fairnotice.harmonised.check_scopes import UNCLEAR, state_of
from fairnotice.harmonised.columns import RESTRICTIONS
from fairnotice.harmonised.numbers import shown
from fairnotice.harmonised.parts import TOTAL_SCOPE
from fairnotice.harmonised.views import Row, View

#: Median -> the count that it is about.
_MEDIANS = {
    3: {"act_inform": "act", "act_effect": "act", "info_inform": "info", "info_effect": "info"},
    4: {"median": "notices", "median_tf": "notices_tf"},
}
#: (what cannot be more, than what).
_FLAGGER = (("notices_tf", "notices"), ("items_tf", "items"), ("law_tf", "law"), ("terms_tf", "terms"))
_ITEMS = {3: (("act_items", "act"),), 4: (("items", "notices"), ("items_tf", "notices_tf"))}
_ACTIONS = ((("law", "terms"), "items"), (("law_tf", "terms_tf"), "items_tf"))
_RECEIPTS = ("act_inform", "info_inform")


def check_sums(view: View, known: dict[str, date]) -> None:
    """All of it for one of these parts; `known` are the dates of part 1."""
    counts = [column.key for column in view.part.columns if column.kind == "count"]
    for _scope, rows in view.blocks():
        for key in counts:
            _sums(view, rows, key)
    if view.number == 3:
        for key in counts:
            _states(view, key)
    longest = hours_within(known)
    for row in view.rows:
        _medians(view, row, longest)
        _pairs(view, row)
    _blanks(view, counts)


def hours_within(known: dict[str, date]) -> float | None:
    """The hours from the first day of the period to the publication: no median can be more."""
    start, end = known.get("start"), known.get("end")
    if start is None or end is None or end < start:
        return None
    last = max(known.get("published", end), end + timedelta(days=62))
    return ((last - start).days + 1) * 24.0


def _sums(view: View, rows: Sequence[Row], key: str) -> None:
    total = next((row for row in rows if row.key == TOTAL), None)
    high = [row for row in rows if row.key == row.high != "" and row.key != TOTAL]
    given = meant = 0.0
    vague = False
    for row in high:
        subs = [one for one in rows if one.high == row.key and one is not row]
        below = [one.value(key) for one in subs]
        added = sum(value for value in below if value is not None)
        own = row.value(key)
        given += own or 0
        if any(unread(one, key) for one in subs):
            # What is named there already could be any number: the category can hardly be judged by the rest.
            vague = True
            meant += max(own or 0, added)
            if own is not None and own < added:
                view.fault("sum-category", row, key)
        elif any(value is not None for value in below) or (own and any(one.filled() for one in subs)):
            meant += added
            if (own is not None or added) and own != added and not unread(row, key):
                view.fault("sum-category", row, key, suggestion=shown(added))
        else:
            meant += own or 0
    if total is None or unread(total, key) or not high:
        return
    if vague and any(row.value(key) is None for row in high):
        return
    said = total.value(key)
    if said is None and not given and not meant:
        return
    # Where the categories are wrong themselves, and said so, the total may rest on what they should be.
    if (said or 0) not in (given, meant):
        view.fault("sum-total", total, key, suggestion=shown(meant))


def unread(row: Row, key: str) -> bool:
    """True where the cell is said to be wrong already and nothing could be made of it."""
    value = row.values.get(key)
    return value is not None and bool(value.rule) and value.value is None


def _states(view: View, key: str) -> None:
    """Every category's total is the sum over the states that gave the orders."""
    totals: dict[str, float] = {}
    states: dict[str, float] = {}
    first: dict[str, Row] = {}
    vague = {row.key for row in view.rows if unread(row, key)}
    for row in view.rows:
        state = state_of(row.scope)
        value = row.value(key)
        if state == UNCLEAR and row.filled() and any(one.value for one in row.values.values()):
            return
        if not row.key or value is None:
            continue
        if state == TOTAL_SCOPE:
            first.setdefault(row.key, row)
            totals[row.key] = totals.get(row.key, 0) + value
        elif state != UNCLEAR:
            states[row.key] = states.get(row.key, 0) + value
    for name, row in first.items():
        if totals[name] != states.get(name, 0) and name not in vague:
            view.fault("sum-states", row, key, suggestion=shown(states.get(name, 0)))


def _medians(view: View, row: Row, longest: float | None) -> None:
    for key, counted in _MEDIANS.get(view.number, {}).items():
        value, count = row.value(key), row.value(counted)
        ending = "_tf" if counted.endswith("_tf") else ""
        # What was acted on in a period may have been notified before it.
        acted = (
            (row.value(f"law{ending}") or 0) + (row.value(f"terms{ending}") or 0) if view.number == 4 else 0
        )
        if value is not None and not count and not acted and not unread(row, counted):
            view.fault("median-for-none", row, key)
        elif value is not None and longest is not None and value > longest:
            view.fault("hours-impossible", row, key)
        # Notices and orders without an action may be left out of the median of acting, so that it may be
        # blank; of being informed, and where there was action, it cannot be.
        elif value is None and count and (key in _RECEIPTS or acted) and not unread(row, key):
            view.fault("median-missing", row, key)


def _pairs(view: View, row: Row) -> None:
    for less, more in _FLAGGER if view.number == 4 else ():
        if _above(row.value(less), row.value(more)):
            view.fault("flagger-more", row, less)
    for items, counted in _ITEMS.get(view.number, ()):
        if _above(row.value(counted), row.value(items)):
            view.fault("items-fewer", row, items)
    for actions, items in _ACTIONS if view.number == 4 else ():
        taken = sum(row.value(key) or 0 for key in actions)
        if _above(taken, row.value(items)):
            view.fault("actions-more", row, actions[0], found=shown(taken))
    if view.number not in (5, 6):
        return
    measures = row.value("measures")
    if _above(row.value("automated"), measures):
        view.fault("automated-more", row, "automated")
    kinds = [row.value(key) for key in RESTRICTIONS]
    if measures is None or all(value is None for value in kinds):
        return
    if any(unread(row, key) for key in RESTRICTIONS):
        return
    added = sum(value for value in kinds if value is not None)
    if added != measures:
        rule, sign = ("restrictions-fewer", ">") if added < measures else ("restrictions-more", "<")
        # Which of the two is wrong, and whether any, cannot be told.
        view.fault(rule, row, "measures", found=f"{shown(measures)} {sign} {shown(added)}")


def _above(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one > other


def _blanks(view: View, counts: list[str]) -> None:
    """A blank cell in a row and a column that are both in use: what could have been and was not is 0."""
    used = {key for key in counts if any(row.value(key) is not None for row in view.rows)}
    for row in view.rows:
        if not row.key or not any(row.value(key) is not None for key in counts):
            continue
        for key in counts:
            if key in used and not row.text(key):
                view.fault("blank-for-zero", row, key, suggestion="0")
