"""Days of light dumps among days of full ones: what they do not say is asked of the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fairnotice.observatory.asking import ask
from fairnotice.observatory.ingest.building import build
from fairnotice.observatory.store import Store
from fairnotice.observatory.topics import TOPICS, Choice, show
from fairnotice.observatory.topics.model import english
from fairnotice.observatory.topics.quality import TOPIC
from fairnotice.site.cli import main
from tests.observatory import made

FULL, LIGHT = date(2025, 7, 1), date(2025, 7, 2)


@pytest.fixture
def mixed(tmp_path: Path) -> Store:
    """20 statements in a full dump, of which 5 name no territory and 4 no facts; 10 in a light one, of which
    one platform sent all of its own."""
    store = Store(tmp_path / "observatory")
    rows = made.rows(20, FULL, platform_name="Meadow")
    for row in rows[:5]:
        row["territorial_scope"] = ""
    for row in rows[:4]:
        row["decision_facts"] = ""
    build(store, made.of_rows(tmp_path / "dumps", rows, FULL))
    some = made.rows(8, LIGHT, 100, platform_name="Meadow", content_language="")
    some += made.rows(2, LIGHT, 200, platform_name="Quill")
    build(store, made.of_rows(tmp_path / "dumps", some, LIGHT, kind="light"))
    return store


def test_one_light_day_leaves_the_shares_of_the_full_days(mixed: Store) -> None:
    part = show(TOPIC, Choice(), lambda question: ask(mixed, question)).part("missing").answers[0]
    names = [head.code for head in part.table.heads]
    found = {row.code: dict(zip(names, row.values, strict=True)) for row in part.table.rows}
    # Without a language: every fourth of the full day, and all eight of the light one.
    assert found["Meadow"] == {
        "statements": 28,
        "clause": 0,
        "why": 0,
        "facts": 4 / 20,
        "language": (5 + 8) / 28,
        "place": 5 / 20,
    }
    assert found["Quill"]["statements"] == 2
    assert found["Quill"]["why"] is found["Quill"]["facts"] is found["Quill"]["place"] is None
    assert "full dumps, 1 of 2." in english(part.table.notes[0])


def test_such_a_view_can_be_cited(mixed: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ["--store", str(mixed.path)]
    assert main(["observatory", "show", "quality", "--format", "json", *store]) == 0
    cited = tmp_path / "view.json"
    cited.write_text(capsys.readouterr().out, "utf-8")
    assert main(["observatory", "verify", str(cited), *store]) == 0, capsys.readouterr().out


def test_what_is_asked_of_the_full_days_fits_a_cube(mixed: Store) -> None:
    view = show(TOPICS["quality"], Choice(), lambda question: ask(mixed, question))
    assert {result.answered_from[:4] for one in view.answers for result in one.results} == {"cube"}


def test_where_is_said_of_the_full_days_alone(mixed: Store) -> None:
    view = show(TOPICS["where"], Choice(), lambda question: ask(mixed, question))
    sizes, countries, platforms = (one.table for one in view.answers)
    assert {row.code: row.values for row in sizes.rows}["none"] == (5, 5 / 20)
    assert {row.code: row.values[2] for row in countries.rows}["DE"] == 15
    assert [(row.code, row.values[0], row.values[-1]) for row in platforms.rows] == [("Meadow", 20, 5 / 20)]
    for table in (sizes, countries, platforms):
        assert english(table.notes[0]).endswith("only the days with full dumps count here, 1 of 2.")
