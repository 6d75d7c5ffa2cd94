"""Asking again what the file of a ready-made view says. Pure.

The file is `topics.files.as_json`: its tables rest on several questions, so it is shown again as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from fairnotice.observatory import citing
from fairnotice.observatory.citing import SHOWN, Ask, CitingError, Verified
from fairnotice.observatory.question import Question, QuestionError
from fairnotice.observatory.store import Store
from fairnotice.observatory.topics import TOPICS, Choice, files, show

FORMAT: Final = files.FORMAT
_KEYS: Final = frozenset({"topic", "platform", "since", "until", "program", "tables", "inputs", "sha256"})


def check(found: object) -> dict[str, Any]:
    """A document that was read as JSON. Raises CitingError where it is no view."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise CitingError(f"its format is not {FORMAT}")
    if missing := sorted(_KEYS - set(found)):
        raise CitingError(f"it has no {', '.join(missing)}")
    if str(found["topic"]) not in TOPICS:
        raise CitingError("there is no view of that name here")
    try:
        _choice(found)
        for table in found["tables"]:
            if not isinstance(table["table"], str):
                raise TypeError
            _cells(table)
    except (TypeError, KeyError, ValueError, AttributeError):
        raise CitingError("its parts are not those of a view") from None
    citing.inputs_of(found)
    return found


def verify(found: dict[str, Any], store: Store, ask: Ask) -> Verified:
    """Hold the file to itself and to the store, and make its tables again. Raises what `ask` raises."""
    faults: list[str] = []
    said: list[str] = []
    if citing.digest(found) != found["sha256"]:
        faults.append("Something in it was changed: its sha256 is another one.")
    choice, inputs = _choice(found), citing.inputs_of(found)
    days = citing.bounded(Question(since=choice.since, until=choice.until), inputs)
    lacking, other, more = citing.compare_inputs(inputs, store, days)
    faults += [*lacking, *other, *more]
    if lacking:
        said.append("The view was not made again: not everything it rests on is in this store.")
        return Verified(tuple(faults), tuple(said), asked_again=False)
    if left_out := (0 if choice.since and choice.until else citing.outside(store, days)):
        said.append(
            f"This store has {citing.many_days(left_out)} outside of those it rests on, left out here."
        )
        choice = replace(choice, since=days.since, until=days.until)
    now = files.as_json(show(TOPICS[found["topic"]], choice, lambda question: ask(store, question)))
    differing = list(_differing(found["tables"], now["tables"]))
    faults += differing[:SHOWN]
    if len(differing) > SHOWN:
        faults.append(f"{len(differing) - SHOWN} more cells differ.")
    if found["program"] != now["program"]:
        said.append(f"It was made with Fair Notice {found['program']}; this is {now['program']}.")
    return Verified(tuple(faults), tuple(said), asked_again=True)


def _differing(then: list[dict[str, Any]], now: Any) -> Iterator[str]:
    again = {table["table"]: _cells(table) for table in now}
    for table in then:
        name, old = table["table"], _cells(table)
        new = again.get(name, {})
        for place in dict.fromkeys((*old, *new)):
            if old.get(place) != new.get(place):
                yield (
                    f"{name}, {' '.join(place)}: the file says {_said(old, place)}; made again: "
                    f"{_said(new, place)}."
                )


def _cells(table: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """(row, column) -> value. A code may stand twice where several rows are left out; then with its place."""
    columns = [str(one["code"]) for one in table["columns"]]
    found: dict[tuple[str, str], Any] = {}
    for place, row in enumerate(table["rows"]):
        for column, value in zip(columns, row["values"], strict=True):
            key = (str(row["code"]), column)
            found[key if key not in found else (f"{row['code']} (row {place + 1})", column)] = value
    return found


def _said(cells: dict[tuple[str, str], Any], place: tuple[str, str]) -> str:
    return str(cells[place]) if place in cells else "nothing"


def _choice(found: dict[str, Any]) -> Choice:
    since, until = (date.fromisoformat(found[name]) if found[name] else None for name in ("since", "until"))
    platform = found["platform"]
    if platform is not None and not isinstance(platform, str):
        raise TypeError
    try:
        Question(since=since, until=until)
    except QuestionError as error:
        raise ValueError(str(error)) from None
    return Choice(platform, since, until)
