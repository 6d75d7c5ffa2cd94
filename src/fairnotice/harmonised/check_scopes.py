"""Codes of Member States (parts 3 and 10) and of languages (parts 8 and 9)."""

from __future__ import annotations

from fairnotice.harmonised import codes
from fairnotice.harmonised.cells import plain
from fairnotice.harmonised.indicators import AND_SO_ON
from fairnotice.harmonised.parts import STATES_SCOPE, TOTAL_SCOPE
from fairnotice.harmonised.views import Reach, Row, View

_SAMPLES = {plain(AND_SO_ON), plain(STATES_SCOPE)}
#: What cannot be read as one state.
UNCLEAR = "?"


def state_of(scope: str) -> str:
    """The Member State that is meant, "TOTAL", or UNCLEAR."""
    text = " ".join(scope.split()).upper()
    if text in codes.STATES or text == TOTAL_SCOPE:
        return text
    return codes.MEANT_STATES.get(text, UNCLEAR)


def check_scopes(views: dict[int, View], reach: Reach) -> None:
    """All of it for the whole report."""
    for number in (3, 10):
        if number in views:
            for row in views[number].rows:
                _state(views[number], row, reach)
    if 10 in views:
        _all_states(views[10])
    scopes = {
        row.scope for number in (8, 9) if number in views for row in views[number].rows if _is_language(row)
    }
    of_states = bool(scopes & codes.NO_LANGUAGES)
    for number in (8, 9):
        if number in views:
            for row in views[number].rows:
                if _is_language(row):
                    _language(views[number], row, reach, of_states=of_states)


def _is_language(row: Row) -> bool:
    return row.key.startswith("language:")


def _state(view: View, row: Row, reach: Reach) -> None:
    scope = row.scope
    if view.number == 10 and not row.key:
        return
    text = " ".join(scope.split()).upper()
    if text == TOTAL_SCOPE or text in codes.STATES:
        if scope != text:
            view.fault("state-case", row, "scope", suggestion=text)
    elif not text:
        view.fault("scope-missing", row, "scope")
    elif plain(scope) in _SAMPLES:
        if view.number == 3 or reach.very_large:
            view.fault("scope-placeholder", row, "scope")
    elif text == "GR":
        view.fault("state-greece", row, "scope", suggestion="EL")
    elif text in codes.OUTSIDE:
        view.fault("state-left", row, "scope")
    elif len(parts := [part for part in text.replace(";", ",").split(",") if part.strip()]) > 1 and all(
        state_of(part) != UNCLEAR for part in parts
    ):
        view.fault("state-list", row, "scope")
    else:
        view.fault("state-unknown", row, "scope", suggestion=codes.MEANT_STATES.get(text, ""))


def _all_states(view: View) -> None:
    filled = [row for row in view.rows if row.key and row.value() is not None]
    present = {state_of(row.scope) for row in view.rows if row.key}
    # Where only the total is given, or nothing, this is no list with a gap in it.
    if sum(1 for row in filled if state_of(row.scope) != TOTAL_SCOPE) < 2 or UNCLEAR in present:
        return
    for code in codes.STATES:
        if code not in present:
            view.fault("states-incomplete", view.rows[-1].line, "scope", "", code)


def _language(view: View, row: Row, reach: Reach, *, of_states: bool) -> None:
    scope = row.scope
    low = scope.casefold()
    if plain(scope) in _SAMPLES:
        if row.filled() or reach.very_large:
            view.fault("scope-placeholder", row, "scope")
    elif not scope:
        view.fault("scope-missing", row, "scope")
    elif low in codes.NO_LANGUAGES or (of_states and low in codes.OF_STATES):
        view.fault("language-state", row, "scope", suggestion=codes.OF_STATES.get(low, ""))
    elif scope in codes.LANGUAGES:
        if scope not in codes.OFFICIAL:
            view.fault("language-other", row, "scope")
    elif low in codes.LANGUAGES:
        view.fault("language-case", row, "scope", suggestion=low)
    else:
        view.fault("language-unknown", row, "scope", suggestion=codes.MEANT_LANGUAGES.get(low, ""))
