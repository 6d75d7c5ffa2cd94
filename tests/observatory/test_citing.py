"""A cited result: its digests, and everything that may have changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairnotice.observatory import citing
from fairnotice.observatory.question import Question
from fairnotice.observatory.result import Input, Result
from fairnotice.observatory.store import Manifest, Store

FIRST, SECOND, THIRD = date(2025, 7, 1), date(2025, 7, 2), date(2025, 7, 3)


def manifest(day: date, **changes: Any) -> Manifest:
    """Of a day of all platforms."""
    values: dict[str, Any] = {
        "day": day,
        "scope": "global",
        "kind": "full",
        "version": "v2",
        "dump": f"sor-global-{day}-full.zip",
        "sha1": hashlib.sha1(str(day).encode(), usedforsecurity=False).hexdigest(),
        "sha1_published": True,
        "bytes": 1000,
        "rows": 40,
        "members": (),
    }
    return Manifest(**{**values, **changes})


def put(store: Store, one: Manifest) -> None:
    """The day in the store, as far as verifying looks at it."""
    folder = store.place(one.day, one.scope).folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(one.to_json(), "utf-8")


def answering(*rows: tuple[str | None, int, float | None]) -> Callable[[Store, Question], Result]:
    """A store that always has these rows, and names the days that it holds."""

    def ask(store: Store, question: Question) -> Result:
        found = [day.manifest() for day in store.days(question.since, question.until)]
        return Result(
            question,
            ("platform", "statements", "mean"),
            rows,
            tuple(
                Input(one.day, one.scope, one.kind, one.dump, one.sha1, one.rows, one.version, one.whole)
                for one in found
            ),
            "cube practice",
            "duckdb",
            ("a note",),
            ("v2",),
            "Fair Notice 1",
            0.25,
        )

    return ask


ROWS = (("Bay of Things", 70, 1.5), (None, 10, None))
QUESTION = Question(by=("platform",))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path)
    for day in (FIRST, SECOND):
        put(made, manifest(day))
    return made


def cited(store: Store, question: Question = QUESTION) -> dict[str, Any]:
    """The file of an answer, read back."""
    return citing.read(citing.dumps(answering(*ROWS)(store, question)))


def test_the_digests_can_be_computed_without_our_program(store: Store) -> None:
    found = cited(store)

    def by_hand(value: object) -> str:
        # Texts and numbers here are such that Python's own sorted JSON is canonical.
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    answer = {name: found[name] for name in ("question", "columns", "rows", "inputs")}
    assert found["answer_sha256"] == by_hand(answer)
    assert found["sha256"] == by_hand({name: value for name, value in found.items() if name != "sha256"})
    assert "seconds" not in found


def test_the_answer_has_one_digest_however_it_was_found(store: Store) -> None:
    result = answering(*ROWS)(store, QUESTION)
    other = replace(result, engine="spark", answered_from="rows", program="Fair Notice 2", seconds=9.0)
    one, two = citing.document(result), citing.document(other)
    assert one["answer_sha256"] == two["answer_sha256"]
    assert one["sha256"] != two["sha256"]
    assert one["answer_sha256"] in citing.in_words(result)
    assert "2025-07-01 to 2025-07-02 (2 days), 80 rows" in citing.in_words(result)


def test_it_holds_where_nothing_changed(store: Store) -> None:
    outcome = citing.verify(cited(store), store, answering(*ROWS))
    assert (outcome.holds, outcome.faults, outcome.said) == (True, (), ())


def test_a_store_that_grew_does_no_harm(store: Store) -> None:
    found = cited(store)
    put(store, manifest(THIRD))
    outcome = citing.verify(found, store, answering(*ROWS))
    assert outcome.holds
    assert "1 more day outside" in outcome.said[0]


def test_a_day_that_came_between_is_named(store: Store) -> None:
    put(store, manifest(date(2025, 7, 4)))
    found = cited(store)
    put(store, manifest(THIRD))
    outcome = citing.verify(found, store, answering(*ROWS))
    assert not outcome.holds
    assert outcome.faults == ("2025-07-03 (global) is in this store and was not in the one that answered.",)


def test_what_is_not_there_is_named_and_nothing_is_asked(tmp_path: Path, store: Store) -> None:
    found = cited(store)
    empty = Store(tmp_path / "empty")
    put(empty, manifest(SECOND))

    def never(_store: Store, _question: Question) -> Result:
        raise AssertionError

    outcome = citing.verify(found, empty, never)
    assert not outcome.asked_again
    assert outcome.faults == (
        "2025-07-01 (global) is not in this store: ingest sor-global-2025-07-01-full.zip again.",
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha1": "0" * 40}, "SHA-1"),
        ({"rows": 41}, "rows: the file says 40, the store has 41"),
        ({"kind": "light"}, "kind: the file says full, the store has light"),
        ({"version": "v1"}, "codes: the file says v2, the store has v1"),
    ],
)
def test_another_input_is_named(store: Store, change: dict[str, Any], said: str) -> None:
    found = cited(store)
    put(store, manifest(SECOND, **change))
    outcome = citing.verify(found, store, answering(*ROWS))
    assert outcome.asked_again
    assert [said in fault for fault in outcome.faults] == [True]


def test_another_answer_is_named_row_by_row(store: Store) -> None:
    outcome = citing.verify(cited(store), store, answering(("Bay of Things", 71, 1.5), ("Shop", 1, None)))
    assert outcome.faults == (
        "Bay of Things: the file says 70 statements, 1.5 mean; asked again: 71 statements, 1.5 mean.",
        "none: the file says 10 statements, None mean; asked again: no such row.",
        "Shop: the file has no such row; asked again: 1 statements, None mean.",
    )


def test_of_many_rows_only_some_are_shown(store: Store) -> None:
    many = tuple((f"Platform {number:02}", number, None) for number in range(30))
    found = citing.document(answering(*many)(store, QUESTION))
    outcome = citing.verify(found, store, answering(*((name, size + 1, None) for name, size, _ in many)))
    assert len(outcome.faults) == citing.SHOWN + 1
    assert outcome.faults[-1] == "10 more rows differ."


@pytest.mark.parametrize("also_digest", [False, True])
def test_a_changed_figure_never_passes(store: Store, also_digest: bool) -> None:
    found = cited(store)
    found["rows"][0][1] = 700
    if also_digest:
        found["answer_sha256"] = citing.answer_digest(found)
        found["sha256"] = citing.digest(found)
    outcome = citing.verify(found, store, answering(*ROWS))
    assert not outcome.holds
    assert any("says 700 statements" in fault for fault in outcome.faults)
    assert (outcome.faults[0].startswith("Its question, rows or inputs were changed")) is not also_digest


def test_a_changed_note_is_noticed(store: Store) -> None:
    found = cited(store)
    found["notes"] = []
    assert citing.verify(found, store, answering(*ROWS)).faults == (
        "Something beside its answer was changed: its sha256 is another one.",
    )


def test_without_rows_the_digest_stands_for_them(store: Store) -> None:
    found = citing.check(citing.document(answering(*ROWS)(store, QUESTION), rows=False))
    assert found["rows"] is None
    assert citing.verify(found, store, answering(*ROWS)).holds
    outcome = citing.verify(found, store, answering(("Bay of Things", 71, 1.5)))
    assert outcome.faults == ("Asked again, the answer is another one: its answer_sha256 differs.",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "another/1"}, "its format is not"),
        ({"rows": [[1]]}, "not as wide as its columns"),
        ({"rows": "none"}, "not those of a result"),
        ({"inputs": [{}]}, "inputs are not those"),
        ({"question": {"by": ["nothing"]}}, "cannot be asked"),
        ({"notes": None}, "not those of a result"),
    ],
)
def test_what_is_no_result_is_refused(store: Store, change: dict[str, Any], said: str) -> None:
    text = json.dumps({**cited(store), **change})
    with pytest.raises(citing.CitingError, match=said):
        citing.read(text)


def test_no_input_leads_out_of_the_store(store: Store) -> None:
    found = cited(store)
    found["inputs"][0]["scope"] = "../../global"
    with pytest.raises(citing.CitingError, match="scope"):
        citing.check(found)
    for text in ("", "[]", "{", "[" * 100_000, '{"format": "fair-notice-result/1"}'):
        with pytest.raises(citing.CitingError):
            citing.read(text)
