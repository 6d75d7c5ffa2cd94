"""The SQL of a question is kept between runs, and taken only where it is ours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fairnotice.observatory.asking import Condition, Question, written
from fairnotice.observatory.asking.engines import Dialect

ASKED = Question(by=("platform",), where=(Condition("category", "is", ("A",)),))


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """The questions for which Ibis had to be loaded."""
    asked: list[Question] = []
    new = written._new

    def counted(question, source, dialect):
        asked.append(question)
        return new(question, source, dialect)

    monkeypatch.setattr(written, "_new", counted)
    return asked


def test_a_text_is_written_once_and_is_the_same_again(writes, tmp_path: Path) -> None:
    first = written.sql(ASKED, "rows", "duckdb", tmp_path / "cache")
    days = Question(by=ASKED.by, where=ASKED.where, since=date(2025, 7, 1), top=3)
    assert [written.sql(one, "rows", "duckdb", tmp_path / "cache") for one in (ASKED, days)] == [first, first]
    assert len(writes) == 1
    assert first == written.sql(ASKED, "rows", "duckdb")


def test_every_other_question_source_and_dialect_has_its_own(writes, tmp_path: Path) -> None:
    other = Question(by=("platform",), where=(Condition("category", "is", ("B",)),))
    asked: list[tuple[Question, str, Dialect]] = [
        (ASKED, "rows", "duckdb"),
        (other, "rows", "duckdb"),
        (ASKED, "practice", "duckdb"),
        (ASKED, "rows", "pyspark"),
    ]
    texts = [written.sql(*one, tmp_path) for one in asked]
    assert len(writes) == 4
    assert texts == [written.sql(*one) for one in asked]


def test_a_file_that_others_could_have_written_is_not_taken(writes, tmp_path: Path) -> None:
    right = written.sql(ASKED, "rows", "duckdb", tmp_path)
    [path] = tmp_path.iterdir()
    path.write_text("SELECT 1")
    path.chmod(0o622)
    assert written.sql(ASKED, "rows", "duckdb", tmp_path) == right
    assert path.read_text() == right
    assert not path.stat().st_mode & 0o022


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert written.sql(ASKED, "rows", "duckdb", tmp_path / "file" / "cache")


def test_the_oldest_go(writes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(written, "MOST", 2)
    for name in ("platform", "category", "day"):
        written.sql(Question(by=(name,)), "practice", "duckdb", tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
