"""Rows: missing, unknown, twice, in another place; categories where they do not belong; descriptions of
"Other"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from fairnotice.harmonised import categories, indicators
from fairnotice.harmonised.cells import plain
from fairnotice.harmonised.codes import RENAMED
from fairnotice.harmonised.parts import OTHER_TEXT, PARTS, STATES_SCOPE, TOTAL_SCOPE
from fairnotice.harmonised.views import BY_CATEGORY, Row, View, template_of
from fairnotice.law.taxonomy import OTHER

_LACKING = "STATEMENT_CATEGORY_PROTECTION_OF_MINORS/KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE"
#: Where category 15, 16 and 17 may stand.
_ONLY = {
    categories.OTHER_VIOLATION_TC: ("category-15", 6),
    categories.NOT_SPECIFIED_ORDER: ("category-16", 3),
    categories.NOT_SPECIFIED_NOTICE: ("category-17", 4),
}
_CODES = [one.code for one in categories.ALL] + [categories.TOTAL]
_SAMPLE = plain(STATES_SCOPE)


def check_rows(view: View) -> None:
    """All of it for one part."""
    if view.number in BY_CATEGORY:
        _categories(view)
        _others(view)
    elif view.number == 2:
        _categories(view)
        _names(view)
    else:
        _indicators(view)
    for _scope, rows in view.blocks():
        _twice(view, rows)
        _order(view, rows)
    _missing(view)
    _fixed(view)


def _expected(view: View, scope: str = TOTAL_SCOPE) -> list[str]:
    """The keys that must be there."""
    keys = [key for key in PARTS[view.number].keys if not key.startswith(("state:", "language:"))]
    if view.number == 3 and scope != TOTAL_SCOPE:
        # The official blank forgets this row in the block of a state; with it or without it is right.
        return [key for key in keys if key != _LACKING]
    return ["state:TOTAL"] if view.number == 10 else keys


def _missing(view: View) -> None:
    for scope, rows in view.blocks():
        if view.number == 3 and (not scope or plain(scope) == _SAMPLE):
            continue
        present = {row.key for row in rows}
        if view.number == 10:
            present = {row.key.upper().replace("STATE:", "state:") for row in rows}
        after = rows[0].line - 1 if rows else 1
        lines = {row.key: row.line for row in rows}
        for key in _expected(view, scope):
            after = lines.get(key, after)
            if key not in present:
                # The line behind which it belongs.
                view.fault("row-missing", after, "", "", _named(view, key, scope))
    if view.number == 3 and not any(row.scope.upper() == TOTAL_SCOPE for row in view.rows):
        view.fault("row-missing", 1, "scope", "", TOTAL_SCOPE)


def _named(view: View, key: str, scope: str) -> str:
    """How a missing row is called."""
    place = PARTS[view.number].keys.index(key)
    if view.number == 2:
        return PARTS[2].rows[place][0]
    if view.number in BY_CATEGORY:
        return f"{key.replace('/', ' / ')}{f' ({scope})' if view.number == 3 else ''}"
    cells = PARTS[view.number].rows[place]
    part = PARTS[view.number]
    found = [cells[part.at("indicator")].strip()]
    if view.number in (7, 8, 9, 10):
        found.append(cells[part.at("scope")].strip())
    return " / ".join(found)


def _twice(view: View, rows: Iterable[Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        if not row.key or (row.code == OTHER and view.number in BY_CATEGORY):
            continue
        # Part 8's blank shows its sample languages three times; an empty one is no fault of whoever fills
        # it in.
        if row.key in seen and (row.filled() or not row.key.startswith("language:")):
            view.fault("row-twice", row, _what(view))
        seen.add(row.key)


def _order(view: View, rows: list[Row]) -> None:
    """The first row that stands before one it should follow."""
    expected = {key: place for place, key in enumerate(_expected(view)) if not key.startswith("state:")}
    last = -1
    for row in rows:
        place = expected.get(row.key, -1)
        if place < 0 or (
            view.number in BY_CATEGORY and row.under not in ("", row.high) and row.key != row.high
        ):
            continue
        if place < last:
            view.fault("row-order", row, _what(view))
            return
        last = place


def _what(view: View) -> str:
    return "category" if view.number in (2, *BY_CATEGORY) else "indicator"


def _categories(view: View) -> None:
    for row in view.rows:
        code = row.code
        if code in RENAMED:
            view.fault("category-v1", row, "category", suggestion=RENAMED[code])
        elif code not in _CODES:
            near = difflib.get_close_matches(code[:80], _CODES, 1, 0.85)
            view.fault("row-unknown", row, "category", suggestion=near[0] if near else "")
        elif code in _ONLY and view.number in BY_CATEGORY:
            rule, part = _ONLY[code]
            if view.number != part:
                view.fault(rule, row, "category")
        elif row.under and row.high != row.under and row.code not in (row.high, OTHER):
            view.fault("category-place", row, "category", suggestion=row.high)
        elif code == OTHER and not row.high:
            view.fault("row-unknown", row, "category")
        elif code != row.text("category"):
            # Read as it is meant, but a program that looks for the code does not find it.
            view.fault("category-name", row, "category", suggestion=code)


def _others(view: View) -> None:
    seen: dict[tuple[str, str, str], Row] = {}
    for row in view.rows:
        text = row.text("other")
        if row.code != OTHER:
            if text:
                view.fault("other-elsewhere", row, "other")
            continue
        counted = any((value.value or 0) > 0 for value in row.values.values())
        if plain(text) == plain(OTHER_TEXT):
            # Left in everywhere else it is only untidy; beside a count nobody knows what was counted.
            view.fault("placeholder" if counted else "placeholder-unused", row, "other")
        elif not text:
            if counted and "other" not in _absent(view):
                view.fault("other-missing", row, "other")
        else:
            key = (row.scope.upper(), row.high, plain(text))
            if key in seen:
                view.fault("other-repeated", row, "other")
            seen.setdefault(key, row)
    _several_blank(view)


def _several_blank(view: View) -> None:
    """Two rows "Other" without a description in one category are the same row twice."""
    seen: set[tuple[str, str]] = set()
    for row in view.rows:
        if row.code == OTHER and plain(row.text("other")) in ("", plain(OTHER_TEXT)):
            key = (row.scope.upper(), row.high)
            if key in seen:
                view.fault("row-twice", row, "category")
            seen.add(key)


def _absent(view: View) -> frozenset[str]:
    source = view.report.sources.get(view.number)
    return source.missing if source else frozenset()


def _names(view: View) -> None:
    of_code = dict(zip(PARTS[2].keys, PARTS[2].rows, strict=True))
    for row in view.rows:
        blank = of_code.get(row.key)
        if blank is None:
            continue
        for place, key in ((0, "label"), (1, "name")):
            # A further "Other" has no label and name in the template.
            if row.text(key) and plain(row.text(key)) != plain(blank[place]) and row.code != OTHER:
                view.fault("category-name", row, key, suggestion=blank[place].strip())


def _indicators(view: View) -> None:
    known = sorted({one.indicator.strip() for one in indicators.INDICATORS[view.number]})
    for row in view.rows:
        if row.key:
            continue
        text = row.text("indicator")
        if plain(text) in {plain(one) for one in known}:
            view.fault("row-unknown", row, "scope")
            continue
        near = difflib.get_close_matches(text[:200], known, 1, 0.8)
        view.fault("row-unknown", row, "indicator", suggestion=near[0] if near else "")


def _fixed(view: View) -> None:
    """The first two cells that nobody fills in."""
    absent = _absent(view)
    for row in view.rows:
        one = template_of(row)
        if view.number in BY_CATEGORY:
            applicability = PARTS[view.number].rows[0][0]
        elif one is not None:
            applicability = one.applicability
        else:
            continue
        if "applicability" not in absent and plain(row.text("applicability")) != plain(applicability):
            view.fault("row-applicability", row, "applicability", suggestion=applicability)
        if one is None or not one.section or "section" in absent:
            continue
        if plain(row.text("section")) != plain(one.section):
            view.fault("row-section", row, "section", suggestion=one.section.strip())
