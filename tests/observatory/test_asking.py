"""Questions are answered alike from a cube, from the rows and by hand; what the days lack is said."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.observatory import columns
from fairnotice.observatory.asking import (
    Condition,
    NoDays,
    Question,
    QuestionError,
    Store,
    StoreError,
    ask,
    dumps,
)
from fairnotice.observatory.asking.days import lies_in
from fairnotice.observatory.asking.folding import fold
from fairnotice.observatory.question import DIMENSIONS, EACH, MEASURES, PERIODS
from fairnotice.observatory.result import Cell
from tests.observatory import asked, made, plain


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return asked.store(tmp_path_factory.mktemp("asking"))


@pytest.fixture(scope="module")
def every(store: Store) -> list[plain.Statement]:
    return plain.statements(store)


_PLAIN_DIMENSIONS = [name for name in DIMENSIONS if name != columns.PER_SECOND]
_STRANGE = (
    asked.STRANGE,
    "",
    "'; DROP TABLE statements_read; --",
    "\\",
    "a\\'b",
    "%",
    "_",
    "ß|x",
    "STATEMENT_CATEGORY_VIOLENCE",
)


@st.composite
def questions(draw: st.DrawFn, every: list[plain.Statement]) -> Question:
    """Any question that can be asked, most about values that occur."""
    paced = draw(st.integers(0, 5)) == 0
    names = [*columns.CUBES["pace"], *PERIODS] if paced else _PLAIN_DIMENSIONS
    measures = ["statements", columns.PER_SECOND] if paced else ["statements", *columns.DELAYS]
    by = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    apart = [name for name in by if name.endswith(EACH)][1:]
    days = st.none() | st.dates(date(2025, 6, 29), date(2025, 7, 6))
    since, until = draw(days), draw(days)
    if since and until and since > until:
        since, until = until, since
    whole = [name for name in names if not name.endswith(EACH)]
    return Question(
        by=tuple(name for name in by if name not in apart),
        where=tuple(
            draw(st.lists(st.sampled_from(whole).flatmap(lambda name: conditions(name, every)), max_size=2))
        ),
        measure=draw(st.sampled_from(measures)),
        since=since,
        until=until,
        top=draw(st.none() | st.integers(1, 6)),
    )


def conditions(name: str, every: list[plain.Statement]) -> st.SearchStrategy[Condition]:
    """One about a column, of values that it has and of some that it has not."""
    there = sorted({"" if one is None else str(one) for one in (plain._value(name, row) for row in every)})
    values = st.lists(st.sampled_from(there), min_size=1, max_size=3)
    if name in (*columns.CHOICES, *columns.LISTS, "platform"):
        values |= st.lists(st.sampled_from([*there, *_STRANGE]), min_size=1, max_size=3)
    listed = name in columns.LISTS
    if listed:
        pieces = sorted({piece for one in there for piece in one.split("|")})
        values |= st.lists(st.sampled_from(pieces), min_size=1, max_size=2)
    tests = st.sampled_from(["is", "not", "has", "lacks"] if listed else ["is", "not"])
    return st.builds(Condition, st.just(name), tests, values.map(tuple))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_cube_the_rows_and_a_count_by_hand_agree(
    data: st.DataObject, store: Store, every: list[plain.Statement]
) -> None:
    question = data.draw(questions(every))
    by_hand = plain.answer(question, every)
    try:
        found = ask(store, question)
    except NoDays:
        assert by_hand in ([], plain.answer(question, []))
        return
    assert list(found.rows) == by_hand
    counted = ask(store, question, rows_only=True)
    assert counted.answered_from == "rows"
    assert replace(counted, answered_from="", seconds=0) == replace(found, answered_from="", seconds=0)
    if not question.columns() & {columns.SAID, columns.PER_SECOND}:
        assert list(of_dumps(question, every)) == by_hand


def of_dumps(question: Question, every: list[plain.Statement]) -> tuple[tuple[Cell, ...], ...]:
    """What is made of the counts that come out of dumps."""
    by = dumps._columns(question)
    inside = [one for one in every if lies_in(question, one["day"])]
    counts = Counter(
        tuple(one["created_at"].date() if name == "created_at" else one[name] for name in by)
        for one in inside
    )
    return fold(question, dumps._left(question, by, counts)).rows


def test_the_cube_is_named_that_has_the_columns(store: Store) -> None:
    fits = {
        ("platform", "automated_detection"): "cube practice",
        ("content_type.each", "week"): "cube content",
        ("territorial_scope",): "cube reach",
        ("category_specification.each",): "cube keywords",
        ("said",): "cube quality",
        ("delay_decision",): "cube delays",
        ("content_type", "territorial_scope"): "rows",
        ("content_date",): "rows",
    }
    assert {by: ask(store, Question(by=by)).answered_from for by in fits} == fits


def test_delays_are_ranks_of_days_that_occur(store: Store, every: list[plain.Statement]) -> None:
    (row,) = ask(store, Question(measure="delay_decision")).rows
    delays = [one["delay_decision"] for one in every if one["delay_decision"] is not None]
    counting = sorted(delay for delay in delays if delay >= 0)
    assert row[:2] == (len(delays), len(delays) - len(counting))
    assert 9 <= len(delays) - len(counting) < len(delays) < len(every)
    assert row[2:4] == (counting[(len(counting) + 1) // 2 - 1], counting[-(-len(counting) * 9 // 10) - 1])


def test_dumps_answer_without_a_store(store: Store) -> None:
    question = Question(
        by=("platform", "content_type.each"),
        where=(Condition("territorial_scope", "has", ("AT", "DE")),),
        measure="delay_publication",
        since=asked.LAST,
    )
    told: list[float] = []
    paths = sorted((store.path.parent / "dumps").glob("*.zip"))
    found = dumps.ask_dumps(paths, question, workers=1, progress=told.append)
    stored = ask(store, question)
    same = ("rows", "columns", "inputs", "notes", "taxonomies")
    assert [getattr(found, name) for name in same] == [getattr(stored, name) for name in same]
    assert (found.answered_from, found.engine, told[-1]) == ("dumps", "direct", 100.0)


def test_dumps_say_which_codes_no_list_knows_as_a_store_does(store: Store) -> None:
    paths = sorted((store.path.parent / "dumps").glob("*.zip"))
    question = Question(by=("category", "content_type"))
    assert "does not know" in "".join(ask(store, question).notes)
    assert dumps.ask_dumps(paths, question, workers=1).notes == ask(store, question).notes


def test_dumps_that_cannot_be_asked_are_refused(tmp_path: Path) -> None:
    day = date(2025, 7, 1)
    whole = made.of_rows(tmp_path, made.rows(2), day)
    single = made.of_rows(tmp_path, made.rows(2), day, "meadow")
    other = tmp_path / "notes.zip"
    (tmp_path / f"{whole.name}.sha1").write_text("0" * 40)
    asked_of = {
        (whole, single): "would be counted twice; leave one file out",
        (whole, whole): "would be counted twice",
        (whole,): "is not the file that .* names: download both again",
        (other,): "notes.zip is not named as a dump",
    }
    for paths, said in asked_of.items():
        with pytest.raises(dumps.DumpsError, match=said):
            dumps.ask_dumps(paths, Question())
    with pytest.raises(QuestionError, match="can be asked of a store only"):
        dumps.ask_dumps([whole], Question(measure="per_second"))
    with pytest.raises(NoDays):
        dumps.ask_dumps([whole], Question(since=date(2026, 1, 1)))


def test_what_an_answer_rests_on_is_in_it(store: Store) -> None:
    found = ask(store, Question(by=("day",), since=date(2025, 6, 30), until=date(2025, 7, 1)))
    assert [(one.day, one.version, one.rows, len(one.sha1)) for one in found.inputs] == [
        (date(2025, 6, 30), "v1", 40, 40),
        (date(2025, 7, 1), "v2", 50, 40),
    ]
    assert found.taxonomies == ("v1", "v2")
    assert found.program.startswith("Fair Notice ")
    assert found.rows == ((date(2025, 6, 30), 40), (date(2025, 7, 1), 50))


def said(store: Store, question: Question) -> str:
    return "\n".join(ask(store, question).notes)


def test_missing_days_and_two_versions_are_said(store: Store) -> None:
    told = said(store, Question(by=("category",), since=date(2025, 6, 28), until=date(2025, 7, 6)))
    assert "4 days of the period are not there: 2025-06-28 to 2025-06-29, 2025-07-04, 2025-07-06" in told
    assert "both versions, v1 and v2" in told
    same_codes = "\n".join(ask(store, Question(by=("territorial_scope", "automated_decision"))).notes)
    assert "both versions" not in same_codes
    assert "v1" not in said(store, Question(by=("platform",)))
    assert said(store, Question(by=("category",), since=date(2025, 7, 1), until=date(2025, 7, 3))) == ""


def test_only_days_that_were_asked_for_are_missed(store: Store) -> None:
    days = Condition("day", "is", ("2025-07-01", "2025-07-04"))
    assert said(store, Question(where=(days,), since=date(2025, 7, 1), until=date(2025, 7, 5))) == (
        "1 day of the period is not there: 2025-07-04"
    )


def test_codes_of_no_list_and_statements_without_a_date_are_said(store: Store) -> None:
    day = asked.LAST
    told = said(store, Question(by=("category",), measure="delay_decision", since=day))
    assert "category holds 1 code that the published list does not know" in told
    assert "3 of 27 statements take no part: they lack one of the dates" in told
    assert "published list" not in said(store, Question(by=("source_type",), since=day))


def test_lists_taken_apart_and_rows_left_out_are_said(store: Store) -> None:
    told = said(
        store, Question(by=("content_type.each",), top=1, since=date(2025, 7, 1), until=date(2025, 7, 1))
    )
    assert "counts under each," in told
    assert "3 rows were found, the largest is shown" in told


def test_a_light_dump_and_single_platforms_are_said(tmp_path: Path) -> None:
    from fairnotice.observatory.ingest.building import build

    found = Store(tmp_path / "store")
    day, next_day = date(2025, 7, 1), date(2025, 7, 2)
    build(found, made.of_rows(tmp_path, made.rows(5, day), day, kind="light"))
    for scope in ("meadow", "harbour"):
        build(found, made.of_rows(tmp_path, made.rows(5, next_day), next_day, scope))
    build(found, made.of_rows(tmp_path, made.rows(5), next_day + timedelta(days=1), "meadow"))
    told = said(found, Question(by=("territorial_scope",)))
    assert "the dumps of 2025-07-01 have no territorial_scope (light dumps do not)" in told
    assert "2 days are made of the dumps of single platforms (harbour, meadow), not of all" in told
    assert "the dump of harbour is not there for 2025-07-03" in told
    assert "territorial_scope" not in said(found, Question(by=("platform",)))


def test_parts_that_could_not_be_read_are_said(store: Store, tmp_path: Path) -> None:
    damaged = Store(tmp_path)
    (day,) = store.days(date(2025, 7, 1), date(2025, 7, 1))
    place = damaged.place(day.day, day.scope).folder
    place.mkdir(parents=True)
    for file in day.folder.iterdir():
        (place / file.name).hardlink_to(file)
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["damaged"] = [{"name": "part", "reason": "cut off", "rows": None, "kept": ""}]
    (place / "manifest.json").unlink()
    (place / "manifest.json").write_text(json.dumps(manifest))
    told = ask(damaged, Question())
    assert told.notes == ("1 part of the dumps could not be read and is not counted: 2025-07-01 (1)",)
    assert [one.whole for one in told.inputs] == [False]
    (place / "cube-delays.parquet").unlink()
    (place / "cube-delays.parquet").write_bytes(b"no parquet")
    with pytest.raises(StoreError, match="a file of the store is not readable"):
        ask(damaged, Question(by=("delay_decision",)))


def test_a_day_that_is_replaced_meanwhile_is_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fairnotice.observatory.asking import duck

    real, calls = duck.count, []

    def touched(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 1:
            manifest = store.days()[0].folder / "manifest.json"
            manifest.write_text(manifest.read_text() + " ")
        return real(*args)

    monkeypatch.setattr(duck, "count", touched)
    assert sum(int(str(row[1])) for row in ask(store, Question(by=("day",))).rows) == 247
    assert len(calls) == 2


def test_a_store_without_such_days_says_which_there_are(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoDays, match="its days lie from 2025-06-30 to 2025-07-05"):
        ask(store, Question(since=date(2026, 1, 1)))
    with pytest.raises(NoDays, match="has no days yet: fairnotice observatory ingest DIR"):
        ask(Store(tmp_path), Question())


def test_the_example_in_the_docs_runs(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path(__file__).parents[2] / "docs" / "observatory.md"
    example = page.read_text("utf-8").split("### From Python")[1].split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(store.path.parent)
    exec(compile(example, "example", "exec"), {})  # noqa: S102 - it is our own
    assert "Quill & Sons DECISION_VISIBILITY_CONTENT_REMOVED" in capsys.readouterr().out
    assert Path("answer.parquet").stat().st_size > 0


def test_a_watched_answer_is_the_same(store: Store) -> None:
    told: list[float] = []
    watched = ask(store, Question(by=("platform",)), progress=told.append)
    assert watched.rows == ask(store, Question(by=("platform",))).rows
    assert all(0 <= part <= 100 for part in told)


def test_a_path_with_signs_of_patterns_is_a_path(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "day=[1] a*b?"
    place.symlink_to(store.path)
    assert ask(Store(place), Question(by=("day",))).rows == ask(store, Question(by=("day",))).rows


def test_every_measure_has_its_columns(store: Store) -> None:
    found = {name: ask(store, Question(by=("platform",), measure=name)).columns for name in MEASURES}
    delay = ("platform", "statements", "negative", "median", "p90", "mean")
    assert found == {
        "statements": ("platform", "statements"),
        "delay_decision": delay,
        "delay_publication": delay,
        "per_second": ("platform", "per_second", "statements"),
    }
