"""Parts 7 to 10: outcomes within their totals, medians, shares, rates, people, recipients; zero and
blank."""

from __future__ import annotations

from datetime import date

from fairnotice.harmonised.check_scopes import UNCLEAR, state_of
from fairnotice.harmonised.check_sums import hours_within, unread
from fairnotice.harmonised.numbers import shown
from fairnotice.harmonised.views import Reach, Row, View, template_of

_APPEALS = (
    "complaints",
    "visibility",
    "service",
    "account",
    "monetary",
    "no_action",
    "no_action_tf",
    "disputes",
)
#: The bases that each complaint has one of; those of trusted flaggers are among `no_action`.
_BASES = ("visibility", "service", "account", "monetary", "no_action")
_DECIDED = ("upheld", "partially_reversed", "reversed")
_RATES = ("accuracy", "precision", "recall")
#: Recipients are rounded and estimated.
_CLOSE = 0.01


def check_appeals(view: View, reach: Reach, known: dict[str, date]) -> None:
    """Part 7."""
    rows = view.by_key()
    longest = hours_within(known)
    for name in _APPEALS:
        _outcomes(view, rows, name)
        _median(view, rows, name, longest)
    for scope in ("total", *_DECIDED):
        added = sum(_number(rows, f"{name}.{scope}") or 0 for name in _BASES)
        whole = rows.get(f"complaints.{scope}")
        if whole is not None and (value := whole.value()) is not None and added > value:
            view.fault("bases-more", whole, "value", suggestion=shown(added))
    flagger, every = rows.get("no_action_tf.total"), _number(rows, "no_action.total")
    if flagger is not None and every is not None and (flagger.value() or 0) > every:
        view.fault("complaints-flagger", flagger, "value")
    _implemented(view, rows)
    _blanks(view, reach)


def _outcomes(view: View, rows: dict[str, Row], name: str) -> None:
    total = rows.get(f"{name}.total")
    if total is None or (value := total.value()) is None:
        return
    added = sum(_number(rows, f"{name}.{scope}") or 0 for scope in (*_DECIDED, "omitted"))
    if added > value:
        # Both may be right, so nothing is suggested.
        view.fault("outcomes-more", total, "value", found=f"{shown(value)} < {shown(added)}")


def _median(view: View, rows: dict[str, Row], name: str, longest: float | None) -> None:
    row, total = rows.get(f"{name}.median"), rows.get(f"{name}.total")
    if row is None or total is None:
        return
    value, count = row.value(), total.value()
    decided = any(_number(rows, f"{name}.{scope}") for scope in _DECIDED)
    # What was answered in a period may have come in before it.
    if value is not None and count == 0 and not decided:
        view.fault("median-for-none", row, "value")
    elif value is not None and longest is not None and value > longest:
        view.fault("hours-impossible", row, "value")
    elif not row.text("value") and decided:
        view.fault("median-missing", row, "value")


def _implemented(view: View, rows: dict[str, Row]) -> None:
    row = rows.get("disputes.implemented")
    if row is None:
        return
    scopes = [f"disputes.{scope}" for scope in ("partially_reversed", "reversed")]
    turned = sum(_number(rows, scope) or 0 for scope in scopes)
    vague = any(scope in rows and unread(rows[scope], "value") for scope in scopes)
    if row.value() is not None and not turned and not vague:
        view.fault("implemented-none", row, "value")
    elif turned and not row.text("value"):
        view.fault("implemented-missing", row, "value")


def check_means(view: View, views: dict[int, View], reach: Reach) -> None:
    """Part 8."""
    rows = view.by_key()
    for less, more, rule in (("own", "total", "means-own"), ("notices_tf", "notices", "means-flagger")):
        for one in ("solely", "not"):
            row, every = rows.get(f"{less}.{one}"), _number(rows, f"{more}.{one}")
            if row is not None and every is not None and (row.value() or 0) > every:
                view.fault(rule, row, "value")
    for name, column in (("notices", "notices"), ("notices_tf", "notices_tf")):
        received = _total(views, (4,), column)
        _not_above(view, rows, name, received, "means-notices")
    _not_above(view, rows, "own", _total(views, (5, 6), "measures"), "means-measures")
    for key, row in rows.items():
        group, _dot, rate = key.rpartition(".")
        if rate not in _RATES:
            continue
        alone = rows.get(f"{group}.solely")
        count = alone.value() if alone is not None else None
        if count == 0 and row.text("value"):
            view.fault("rate-for-none", row, "value")
        elif count and not row.text("value"):
            view.fault("rate-missing", row, "value")
    _blanks(view, reach)


def _not_above(view: View, rows: dict[str, Row], name: str, most: float | None, rule: str) -> None:
    row = rows.get(f"{name}.solely")
    added = (_number(rows, f"{name}.solely") or 0) + (_number(rows, f"{name}.not") or 0)
    if row is not None and most is not None and added > most:
        view.fault(rule, row, "value", found=shown(added), suggestion=shown(most))


def _total(views: dict[int, View], parts: tuple[int, ...], column: str) -> float | None:
    """The TOTAL of a column over these parts; None where one of them does not say it."""
    found = [views[number].by_key().get("TOTAL") if number in views else None for number in parts]
    values = [row.value(column) if row is not None else None for row in found]
    return sum(value for value in values if value is not None) if None not in values else None


def check_people(view: View, reach: Reach) -> None:
    """Part 9."""
    rows = view.by_key()
    able = rows.get("languages")
    if able is not None and (value := able.value()) is not None:
        inside, outside = _number(rows, "internal"), _number(rows, "external")
        if inside is not None and outside is not None and value > inside + outside:
            view.fault("people-languages", able, "value", suggestion=shown(inside + outside))
        for row in view.rows:
            if row.key.startswith("language:") and (row.value() or 0) > value:
                view.fault("people-language", row, "value")
    _blanks(view, reach)


def check_recipients(view: View) -> None:
    """Part 10."""
    total, states = None, 0.0
    seen = 0
    for row in view.rows:
        state, value = state_of(row.scope), row.value()
        if not row.key or value is None:
            continue
        if state == "TOTAL":
            total = row
        elif state == UNCLEAR:
            return
        else:
            states += value
            seen += 1
    # With a state or two filled in, the rest is missing, and that is said elsewhere.
    if total is not None and seen > 1 and abs(states - (total.value() or 0)) > _CLOSE * max(states, 1):
        view.fault("recipients-total", total, "value", suggestion=shown(states))


def _number(rows: dict[str, Row], key: str) -> float | None:
    row = rows.get(key)
    return row.value() if row is not None else None


def _blanks(view: View, reach: Reach) -> None:
    """Counts that apply and are blank."""
    for row in view.rows:
        one = template_of(row)
        if one is None or one.kind not in ("count", "number") or row.text("value"):
            continue
        # Languages in which nobody works may be left out or left blank.
        if row.key.startswith("language:"):
            continue
        if reach.applies(one.applicability):
            view.fault("blank-for-zero", row, "value", suggestion="0")
