"""A result as a file that one can cite, and asking again whether it still holds. Pure.

The file is JSON. Its `answer_sha256` is over the question, the columns, the rows and the inputs, so it is the
same whichever engine answered, from rows or from a cube; its `sha256` is over everything but itself. Both are
SHA-256 over the one canonical spelling of JSON (RFC 8785), so anybody can compute them with any program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import rfc8785

from fairnotice.observatory.question import Question, QuestionError, question_of
from fairnotice.observatory.result import Cell, Input, Result
from fairnotice.observatory.store import Store, StoreError

FORMAT: Final = "fair-notice-result/1"
_ANSWER: Final = ("question", "columns", "rows", "inputs")
_KEYS: Final = frozenset(
    {
        *_ANSWER,
        "format",
        "answered_from",
        "engine",
        "notes",
        "taxonomies",
        "program",
        "answer_sha256",
        "sha256",
    }
)
#: So many rows that differ are shown one by one.
SHOWN: Final = 20
_KINDS: Final[tuple[tuple[str, Any], ...]] = (
    ("question", dict),
    ("columns", list),
    ("inputs", list),
    ("notes", list),
    ("taxonomies", list),
    ("rows", list | None),
)

Ask = Callable[[Store, Question], Result]
"""How a question is asked again: `asking.ask`, in the shape that this module needs."""


class CitingError(ValueError):
    """The text is no result that can be verified; the message says in one sentence why."""


def document(result: Result, *, rows: bool = True) -> dict[str, Any]:
    """A result as plain JSON values, with its digests. Without `rows` they are null, and `answer_sha256`
    alone stands for them: asking again gives them."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "question": result.question.to_json(),
        "columns": list(result.columns),
        "rows": [[_plain(cell) for cell in row] for row in result.rows],
        "inputs": [{**asdict(one), "day": one.day.isoformat()} for one in result.inputs],
        "answered_from": result.answered_from,
        "engine": result.engine,
        "notes": list(result.notes),
        "taxonomies": list(result.taxonomies),
        "program": result.program,
    }
    found["answer_sha256"] = answer_digest(found)
    if not rows:
        found["rows"] = None
    found["sha256"] = digest(found)
    return found


def dumps(result: Result) -> str:
    """The text of the file: one row a line, so that two files can be laid side by side."""
    return written(document(result))


def written(found: dict[str, Any]) -> str:
    """JSON with one element of each long list on a line of its own."""
    lines = []
    for key, value in found.items():
        name = json.dumps(key)
        if isinstance(value, list) and value and isinstance(value[0], list | dict):
            inside = ",\n".join(json.dumps(one, ensure_ascii=False) for one in value)
            lines.append(f"{name}: [\n{inside}\n]")
        else:
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def digest(found: dict[str, Any]) -> str:
    """SHA-256 in hex over the canonical JSON of everything but `sha256`. Raises CitingError where there is a
    number that JSON cannot hold."""
    return _sha256({key: value for key, value in found.items() if key != "sha256"})


def answer_digest(found: dict[str, Any]) -> str:
    """The same over the question, the columns, the rows and the inputs."""
    return _sha256({key: found[key] for key in _ANSWER})


def in_words(result: Result) -> str:
    """A result in a sentence, for a footnote."""
    if not result.inputs:
        return f"{result.program or 'Fair Notice'}: an answer that rests on no day at all."
    days = sorted({one.day for one in result.inputs})
    span = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]} ({len(days)} days)"
    return (
        f"Statements of reasons of the EU's DSA Transparency Database (CC BY 4.0), dumps of {span}, "
        f"{sum(one.rows for one in result.inputs):,} rows, counted with {result.program or 'Fair Notice'}; "
        f"answer SHA-256 {document(result)['answer_sha256']}."
    )


def read(text: str) -> dict[str, Any]:
    """The document that `dumps` wrote. Raises CitingError for anything else; whether its digests hold is for
    `verify` to say."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CitingError("it is not JSON") from None
    return check(found)


def check(found: object) -> dict[str, Any]:
    """The same of a document that was read already. One with all of a result but its format and digests, as
    other programs may pass it on, gets them."""
    plain = isinstance(found, dict) and "format" not in found and {"question", "rows"} <= set(found)
    if not isinstance(found, dict) or not (plain or found.get("format") == FORMAT):
        raise CitingError(f"its format is not {FORMAT}")
    optional = frozenset({"format", "answer_sha256", "sha256"}) if plain else frozenset()
    if missing := sorted(_KEYS - optional - set(found)):
        raise CitingError(f"it has no {', '.join(missing)}")
    if plain:
        found = {**found, "format": FORMAT}
        found["answer_sha256"] = answer_digest(found)
        found["sha256"] = digest(found)
    if any(not isinstance(found[name], kind) for name, kind in _KINDS):
        raise CitingError("its parts are not those of a result")
    wide = len(found["columns"])
    if any(not isinstance(row, list) or len(row) != wide for row in found["rows"] or ()):
        raise CitingError("its rows are not as wide as its columns")
    inputs_of(found)
    try:
        question_of(found["question"])
    except QuestionError as error:
        raise CitingError(f"its question cannot be asked: {error}") from None
    return found


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a cited result. `faults`: what does not hold, a sentence each; none: it holds. `said`:
    what to know besides. `asked_again`: whether the question could be asked, which needs every input."""

    faults: tuple[str, ...]
    said: tuple[str, ...]
    asked_again: bool

    @property
    def holds(self) -> bool:
        """Whether the same question gives the same answer from the same inputs."""
        return self.asked_again and not self.faults


def verify(found: dict[str, Any], store: Store, ask: Ask) -> Verified:
    """Hold a document to itself and to the store, and ask its question again. Raises QuestionError,
    StoreError as `ask` does."""
    faults, said = list(_own_faults(found)), []
    inputs = inputs_of(found)
    question = bounded(question_of(found["question"]), inputs)
    lacking, other, more = compare_inputs(inputs, store, question)
    faults += lacking + other
    if lacking:
        said.append("The question was not asked again: not everything it rests on is in this store.")
        return Verified(tuple(faults), tuple(said), asked_again=False)
    now = document(replace(ask(store, question), question=question_of(found["question"])))
    if now["inputs"] != found["inputs"]:
        faults += more or ([] if other else ["The answer rests on other days than it names."])
    if question != question_of(found["question"]) and (days := outside(store, question)):
        said.append(f"This store has {many_days(days)} outside of those it rests on, left out here.")
    faults += compare_rows(found, now)
    if found["program"] != now["program"]:
        said.append(f"It was made with {found['program'] or 'no named program'}; this is {now['program']}.")
    if found["taxonomies"] != now["taxonomies"]:
        said.append(f"Codes then: {_listed(found['taxonomies'])}; codes now: {_listed(now['taxonomies'])}.")
    if found["answered_from"] != now["answered_from"] or found["engine"] != now["engine"]:
        said.append(
            f"Then from {found['answered_from']} by {found['engine']}, now from {now['answered_from']} by "
            f"{now['engine']}."
        )
    return Verified(tuple(faults), tuple(said), asked_again=True)


def compare_rows(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What differs between two documents' rows, a sentence each, at most `SHOWN` and how many more."""
    if then["rows"] is None:
        # The inputs are part of the digest; where they differ, that was said.
        differs = then["answer_sha256"] != now["answer_sha256"] and then["inputs"] == now["inputs"]
        return ["Asked again, the answer is another one: its answer_sha256 differs."] if differs else []
    if then["columns"] != now["columns"]:
        return [f"It has the columns {_listed(then['columns'])}; asked again: {_listed(now['columns'])}."]
    if then["rows"] == now["rows"]:
        return []
    keys = _dimensions(then)
    old, new = _by_key(then["rows"], keys), _by_key(now["rows"], keys)
    names = then["columns"][keys:]
    found = []
    for key, cells in old.items():
        if key not in new:
            found.append(f"{_named(key)}: the file says {_figures(names, cells)}; asked again: no such row.")
        elif new[key] != cells:
            found.append(
                f"{_named(key)}: the file says {_figures(names, cells)}; "
                f"asked again: {_figures(names, new[key])}."
            )
    found += [
        f"{_named(key)}: the file has no such row; asked again: {_figures(names, cells)}."
        for key, cells in new.items()
        if key not in old
    ]
    if not found:
        if len(then["rows"]) != len(now["rows"]):
            return [f"The file has {len(then['rows'])} rows; asked again: {len(now['rows'])}."]
        return ["The rows are the same, in another order."]
    left = len(found) - SHOWN
    return [*found[:SHOWN], f"{left} more rows differ."] if left > 0 else found


def _own_faults(found: dict[str, Any]) -> list[str]:
    faults = []
    if found["rows"] is not None and answer_digest(found) != found["answer_sha256"]:
        faults.append("Its question, rows or inputs were changed: its answer_sha256 is another one.")
    elif digest(found) != found["sha256"]:
        faults.append("Something beside its answer was changed: its sha256 is another one.")
    return faults


def bounded(question: Question, inputs: Sequence[Input]) -> Question:
    """A question without a first or last day is asked again within the days that it rested on: a store that
    has grown since does not make the answer wrong."""
    if not inputs:
        return question
    days = [one.day for one in inputs]
    return replace(question, since=question.since or min(days), until=question.until or max(days))


def outside(store: Store, question: Question) -> int:
    """How many days the store has that the question is not about."""
    inside = {one.folder for one in store.days(question.since, question.until)}
    return len({one.day for one in store.days() if one.folder not in inside})


def many_days(number: int) -> str:
    """In words."""
    return "1 more day" if number == 1 else f"{number:,} more days"


def compare_inputs(
    inputs: Sequence[Input], store: Store, question: Question
) -> tuple[list[str], list[str], list[str]]:
    """What the store lacks, what it has otherwise, and what it has besides in the days of the question."""
    lacking, other = [], []
    for one in inputs:
        place = store.place(one.day, one.scope)
        if not place.folder.is_dir():
            lacking.append(f"{one.day} ({one.scope}) is not in this store: ingest {one.dump} again.")
            continue
        try:
            there = place.manifest()
        except StoreError as error:
            lacking.append(f"{error}.")
            continue
        for name, then, now in (
            ("SHA-1", one.sha1, there.sha1),
            ("kind", one.kind, there.kind),
            ("rows", one.rows, there.rows),
            ("codes", one.version, there.version),
        ):
            if then != now:
                other.append(f"{one.day} ({one.scope}), {name}: the file says {then}, the store has {now}.")
        if one.whole != there.whole:
            what = "all of it" if there.whole else "not all of it"
            other.append(f"{one.day} ({one.scope}): {what} could be read now, unlike then.")
    named = {(one.day, one.scope) for one in inputs}
    more = [
        f"{day.day} ({day.scope}) is in this store and was not in the one that answered."
        for day in store.days(question.since, question.until)
        if (day.day, day.scope) not in named
    ]
    return lacking, other, more


def inputs_of(found: dict[str, Any]) -> list[Input]:
    """What a document rests on. Raises CitingError."""
    try:
        inputs = [Input(**{**one, "day": date.fromisoformat(one["day"])}) for one in found["inputs"]]
    except (TypeError, KeyError, ValueError):
        raise CitingError("its inputs are not those of a result") from None
    for one in inputs:
        # They become the name of a folder.
        if not isinstance(one.scope, str) or not one.scope.replace("-", "a").isalnum():
            raise CitingError("one of its inputs has a scope that no dump can have")
    return inputs


def _sha256(value: object) -> str:
    try:
        return hashlib.sha256(rfc8785.dumps(value)).hexdigest()  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError as error:
        raise CitingError(f"it cannot be written as canonical JSON: {error}") from None


def _plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _dimensions(found: dict[str, Any]) -> int:
    return len(found["question"].get("by", []))


def _by_key(rows: list[list[Any]], keys: int) -> dict[tuple[str, ...], list[Any]]:
    return {tuple("" if cell is None else str(cell) for cell in row[:keys]): row[keys:] for row in rows}


def _named(key: tuple[str, ...]) -> str:
    return ", ".join(part or "none" for part in key) or "In all"


def _figures(names: list[str], cells: list[Any]) -> str:
    return ", ".join(f"{cell} {name}" for name, cell in zip(names, cells, strict=True))


def _listed(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values) or "none"
