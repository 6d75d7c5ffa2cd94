"""The ready-made views, counted again by hand from the statements that were read in."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from fairnotice.observatory.asking import ask
from fairnotice.observatory.asking.routing import cubes_for
from fairnotice.observatory.question import Question
from fairnotice.observatory.result import Cell, Input, Result
from fairnotice.observatory.topics import TOPICS, Choice, Table, View, show
from fairnotice.observatory.topics.drawing import draw
from fairnotice.observatory.topics.model import Words, english
from fairnotice.observatory.topics.plain import read
from fairnotice.site.cli import main
from tests.observatory import views
from tests.observatory.made import Row
from tests.observatory.views import OTHER, Told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return views.weeks(tmp_path_factory.mktemp("views"))


@pytest.fixture(scope="module")
def of(told: Told) -> Callable[[str, Choice], View]:
    """A topic, answered; each question is asked once in all tests together."""
    known: dict[Question, Result] = {}

    def answer(question: Question) -> Result:
        if question not in known:
            known[question] = ask(told.store, question)
        return known[question]

    return lambda name, choice: show(TOPICS[name], choice, answer)


def table(view: View, key: str) -> Table:
    return next(one.table for one in view.answers if one.part.key == key)


def cells(found: Table) -> dict[str, dict[str, Any]]:
    """row -> column -> value."""
    return {
        row.code: dict(zip((head.code for head in found.heads), row.values, strict=True))
        for row in found.rows
    }


def day_of(text: str) -> date:
    return date.fromisoformat(text[:10])


def of_platform(told: Told, name: str) -> list[Row]:
    return told.all(lambda row: row["platform_name"] == name)


def share(rows: list[Row], test: Callable[[Row], bool]) -> float:
    return sum(map(test, rows)) / len(rows)


@pytest.mark.parametrize("name", TOPICS)
def test_every_topic_says_what_it_means_and_is_answered_from_cubes(name: str, of: Any) -> None:
    topic = TOPICS[name]
    assert topic.name == name and topic.definition and topic.limits
    view = of(name, Choice("Meadow"))
    assert [one.part for one in view.answers] == list(topic.parts)
    for answer in view.answers:
        assert all(cubes_for(result.question) for result in answer.results), answer.part.key
        assert all(result.answered_from.startswith("cube ") and not result.rows for result in answer.results)
        assert answer.table.rows or answer.table.empty != Table("", (), ()).empty, answer.part.key
        assert all(len(row.values) == len(answer.table.heads) for row in answer.table.rows)
        svg = draw(answer.table, key=answer.part.key, title=answer.part.title, say=english, read=read)
        assert bool(svg) == bool(answer.table.picture and answer.table.rows), answer.part.key
    # Every text can be put together in English, whatever it names.
    json.dumps([english(note) for one in view.answers for note in one.table.notes])


def test_who_restricts_what(told: Told, of: Any) -> None:
    view = of("practice", Choice())
    assert (view.first, view.last) == (views.FIRST, views.FIRST + timedelta(views.DAYS - 1))
    for name, found in cells(table(view, "platforms")).items():
        own = of_platform(told, name)
        assert found["statements"] == len(own) and found["share"] == len(own) / len(told.all())
        illegal = share(own, lambda row: row["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT")
        assert (found["illegal"], found["terms"]) == pytest.approx((illegal, 1 - illegal))
    sizes = [one["statements"] for one in cells(table(view, "platforms")).values()]
    assert len(sizes) == len(told.platforms) and sizes == sorted(sizes, reverse=True)
    by_category = Counter(row["category"] for row in told.all())
    assert {code: one["statements"] for code, one in cells(table(view, "categories")).items()} == by_category
    done = cells(table(view, "measures"))
    for code in (
        "DECISION_VISIBILITY_OTHER",
        "DECISION_VISIBILITY_CONTENT_REMOVED",
        "DECISION_ACCOUNT_SUSPENDED",
    ):
        number = sum(code in row["decision_visibility"] + row["decision_account"] for row in told.all())
        assert done[code] == {"statements": number, "share": number / len(told.all())}
    keywords = cells(table(view, "keywords"))
    without = len(told.all(lambda row: not row["category_specification"]))
    assert (
        keywords["none"]["statements"] == without
        and keywords["KEYWORD_OTHER"] == keywords["KEYWORD_CYBER_STALKING"]
    )
    often = cells(table(view, "most-often"))["Meadow"]
    (most, number), *_rest = Counter(row["category"] for row in of_platform(told, "Meadow")).most_common()
    assert often["first_share"] == number / len(of_platform(told, "Meadow"))
    assert isinstance(often["first"], Words) and most in by_category


def test_a_choice_narrows_every_table(told: Told, of: Any) -> None:
    first, last = views.FIRST + timedelta(2), views.FIRST + timedelta(5)
    view = of("practice", Choice("Harbour", first, last))
    own = [row for row in of_platform(told, "Harbour") if first <= day_of(row["created_at"]) <= last]
    assert list(cells(table(view, "platforms"))) == ["Harbour"]
    assert sum(one["statements"] for one in cells(table(view, "categories")).values()) == len(own)
    assert (view.first, view.last) == (first, last)


def test_who_decided(told: Told, of: Any) -> None:
    view = of("automation", Choice())
    decision = cells(table(view, "decision"))
    assert decision.pop("all")["statements"] == len(told.all())
    for name, found in decision.items():
        own = of_platform(told, name)
        fully = share(own, lambda row: row["automated_decision"] == "AUTOMATED_DECISION_FULLY")
        assert (found["fully"], found["partly"], found["people"]) == pytest.approx((fully, 0, 1 - fully))
        alone = share(
            own,
            lambda row: row["automated_decision"].endswith("FULLY") and row["automated_detection"] == "Yes",
        )
        assert cells(table(view, "detection"))[name]["alone"] == pytest.approx(alone)
    assert set(cells(table(view, "sources"))) == {"all", "SOURCE_ARTICLE_16", "SOURCE_VOLUNTARY"}


def test_how_fast(told: Told, of: Any) -> None:
    view = of("speed", Choice())
    delays = {
        name: [
            (day_of(row["application_date"]) - day_of(row["content_date"])).days
            for row in of_platform(told, name)
        ]
        for name in told.platforms
    }
    for name, found in cells(table(view, "platforms")).items():
        real = sorted(days for days in delays[name] if days >= 0)
        assert found["negative"] == len(delays[name]) - len(real) > 0
        assert found["median"] == real[-(-len(real) // 2) - 1] and found["mean"] == pytest.approx(
            sum(real) / len(real)
        )
    every = [days for some in delays.values() for days in some]
    spread = table(view, "spread")
    assert cells(spread)["2-7"]["statements"] == sum(2 <= days <= 7 for days in every)
    assert sum(one["statements"] for one in cells(spread).values()) == sum(days >= 0 for days in every)
    assert f"{sum(days < 0 for days in every)} statements" in english(spread.notes[0])


def test_where(told: Told, of: Any) -> None:
    view = of("where", Choice())
    scopes = [set(json.loads(row["territorial_scope"] or "[]")) for row in told.all()]
    sizes = cells(table(view, "sizes"))
    assert sizes["union"]["statements"] == sum(len(scope) == 27 for scope in scopes) > 0
    assert sizes["few"]["statements"] == sum(2 <= len(scope) <= 5 for scope in scopes)
    austria = cells(table(view, "countries"))["AT"]
    assert austria["named"] == sum("AT" in scope for scope in scopes)
    assert austria["part"] == sum("AT" in scope and len(scope) < 27 for scope in scopes)
    assert table(view, "sizes").notes == ()


def test_which_language(told: Told, of: Any) -> None:
    view = of("content", Choice())
    languages = Counter(row["content_language"] or "none" for row in told.all())
    assert {code: one["statements"] for code, one in cells(table(view, "languages")).items()} == languages
    kinds = cells(table(view, "kinds"))
    assert kinds["CONTENT_TYPE_TEXT"] == kinds["CONTENT_TYPE_IMAGE"]
    own = of_platform(told, "Meadow")
    assert cells(table(view, "platforms"))["Meadow"]["unstated"] == pytest.approx(
        share(own, lambda row: not row["content_language"])
    )


def test_means_gaps_and_changes(told: Told, of: Any) -> None:
    view = of("weeks", Choice())
    days, sizes = cells(table(view, "days")), {day: len(rows) for day, rows in told.rows.items()}
    missing = views.FIRST + timedelta(views.MISSING)
    assert days[missing.isoformat()]["statements"] is None
    assert missing.isoformat() in english(table(view, "days").notes[0])
    last = max(sizes)
    for window, least, name in ((7, 5, "mean7"), (30, 21, "mean30")):
        for day in days:
            back = [date.fromisoformat(day) - timedelta(back) for back in range(window)]
            there = [sizes[one] for one in back if one in sizes]
            # Where too few of them are there, no mean stands.
            assert days[day][name] == (sum(there) / len(there) if len(there) >= least else None)
        assert days[last.isoformat()][name] is not None and days[views.FIRST.isoformat()][name] is None
    weeks = cells(table(view, "weeks"))
    monday = last - timedelta(last.weekday())
    before = [sizes[monday - timedelta(back)] for back in range(1, 8)]
    now = [sizes[day] for day in sizes if day >= monday]
    assert weeks[monday.isoformat()]["change"] == pytest.approx((sum(now) / len(now)) / (sum(before) / 7) - 1)
    changed = {code: tuple(one.values()) for code, one in cells(table(view, "changed-platforms")).items()}
    past = [day for day in sizes if day <= last - timedelta(7)]
    for name, (was, has, _change) in changed.items():
        per_day = Counter(
            {day: sum(row["platform_name"] == name for row in rows) for day, rows in told.rows.items()}
        )
        assert was == pytest.approx(sum(per_day[day] for day in past) / len(past))
        assert has == pytest.approx(sum(per_day[last - timedelta(back)] for back in range(7)) / 7)
    differences = [abs(has - was) for was, has, _change in changed.values()]
    assert len(changed) == 3 and differences == sorted(differences, reverse=True)
    silent = table(view, "silent")
    quiet = views.FIRST + timedelta(views.SILENT)
    usual = median(
        sum(row["platform_name"] == views.QUIET for row in rows)
        for day, rows in told.rows.items()
        if day < quiet
    )
    assert [(row.code, row.values[0], row.values[1]) for row in silent.rows] == [(views.QUIET, quiet, 0)]
    assert silent.rows[0].values[2] == pytest.approx(usual)
    late = cells(table(view, "late"))["Harbour"]
    own = [
        (day_of(row["created_at"]) - day_of(row["application_date"])).days
        for row in of_platform(told, "Harbour")
    ]
    assert late["0-1"] == pytest.approx(sum(days < 2 for days in own) / len(own)) and late["before"] == 0


def test_where_not_every_platform_is_there_none_is_silent() -> None:
    """Days of one platform's own dumps say nothing of the others."""
    days = [views.FIRST + timedelta(place) for place in range(30)]
    inputs = tuple(
        Input(day, "global" if day < days[25] else "meadow", "full", "d.zip", "0" * 40, 40, "v2", True)
        for day in days
    )

    def answer(question: Question) -> Result:
        columns = (*question.by, "statements")
        rows: list[tuple[Cell, ...]] = []
        for name, until in (("Meadow", 30), ("Harbour", 24)):
            for day in days[:until]:
                row: dict[str, Cell] = {"day": day, "platform": name, "statements": 20}
                rows.append(tuple(row[one] for one in columns))
        return Result(question, columns, tuple(rows), inputs, "cube practice", "duckdb")

    parts = {part.key: part for part in TOPICS["weeks"].parts}

    def made(key: str, choice: Choice) -> Table:
        return parts[key].make(choice, [answer(one) for one in parts[key].questions(choice)])

    # Harbour's last day but the days of Meadow's own dumps is a silence, the days after it are not.
    assert [(row.code, row.values[0]) for row in made("silent", Choice()).rows] == [("Harbour", days[24])]
    harbour = Result(
        Question(by=("day",)),
        ("day", "statements"),
        tuple((day, 20) for day in days[:24]),
        inputs,
        "rows",
        "duckdb",
    )
    shown = cells(parts["days"].make(Choice("Harbour"), [harbour]))
    assert shown[days[24].isoformat()]["statements"] == 0
    assert shown[days[25].isoformat()]["statements"] is None
    # They are no fall of all together either; of Meadow itself they tell.
    for choice, known in ((Choice(), 25), (Choice("Meadow"), 30)):
        by_day, by_week = made("days", choice), made("weeks", choice)
        assert sum(row.values[0] is not None for row in by_day.rows) == known
        assert sum(one["days"] for one in cells(by_week).values()) == known
        assert len(by_day.notes) == len(by_week.notes) == (known < 30)
    assert tuple(cells(made("changed-platforms", Choice()))["Meadow"].values()) == (20, 20, 0)


def test_one_platform_beside_its_peers(told: Told, of: Any) -> None:
    view = of("peers", Choice("Harbour"))
    shares = {
        name: share(of_platform(told, name), lambda row: row["automated_decision"].endswith("FULLY"))
        for name in told.platforms
    }
    others = [value for name, value in shares.items() if name != "Harbour"]
    found = cells(table(view, "measures"))["fully"]
    assert (found["own"], found["median"]) == pytest.approx((shares["Harbour"], median(others)))
    place = 1 + sum(value > shares["Harbour"] for value in others)
    assert str(found["place"]) == f"{place} of {len(shares)}"
    own = of_platform(told, "Harbour")
    category = cells(table(view, "categories"))[OTHER]
    assert category["own"] == pytest.approx(share(own, lambda row: row["category"] == OTHER))
    rest = told.all(lambda row: row["platform_name"] != "Harbour")
    assert category["pooled"] == pytest.approx(share(rest, lambda row: row["category"] == OTHER))
    assert show(TOPICS["peers"], Choice(), lambda _question: pytest.fail("asked")).answers == ()


def test_quality(told: Told, of: Any) -> None:
    view = of("quality", Choice())
    for name, found in cells(table(view, "missing")).items():
        own = of_platform(told, name)

        def clause(row: Row) -> bool:
            return not (row["illegal_content_legal_ground"] or row["incompatible_content_ground"])

        assert found["clause"] == pytest.approx(share(own, clause)) and found["facts"] == 0
        assert found["language"] == pytest.approx(share(own, lambda row: not row["content_language"]))
        dates = cells(table(view, "dates"))[name]
        assert dates["before_content"] == sum(
            day_of(row["application_date"]) < day_of(row["content_date"]) for row in own
        )
        other = cells(table(view, "other"))[name]
        assert other["category"] == pytest.approx(share(own, lambda row: row["category"] == OTHER))
        assert other["visibility"] == pytest.approx(
            share(own, lambda row: "VISIBILITY_OTHER" in row["decision_visibility"])
        )
    by_people = told.all(
        lambda row: row["automated_decision"].endswith("NOT_AUTOMATED") and row["platform_name"] == "Meadow"
    )
    pace = cells(table(view, "pace"))["Meadow"]
    seconds = Counter(row["created_at"] for row in by_people)
    assert pace["statements"] == len(by_people) and pace["most"] == max(seconds.values())
    assert pace["ten"] == pytest.approx(sum(n for n in seconds.values() if n >= 10) / len(by_people))
    assert (
        pace["day"] == max(Counter(day_of(row["created_at"]) for row in by_people).values())
        and pace["people"] == 1
    )


def test_what_a_light_dump_leaves_out_is_not_missing(tmp_path: Path) -> None:
    light = views.weeks(tmp_path, days=2, kind="light")
    view = show(TOPICS["quality"], Choice(), lambda question: ask(light.store, question))
    found = cells(table(view, "missing"))["Meadow"]
    assert found["why"] is found["facts"] is found["place"] is None and found["clause"] is not None
    assert "light dumps" in english(table(view, "missing").notes[0])
    where = show(TOPICS["where"], Choice(), lambda question: ask(light.store, question))
    assert cells(table(where, "sizes"))["none"]["share"] == 1 and "light" in english(
        table(where, "sizes").notes[0]
    )


def test_the_command_prints_views(told: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ["--store", str(told.store.path)]
    assert main(["observatory", "show", *store]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(TOPICS)
    assert main(["observatory", "show", "practice", *store, "--svg", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "Meadow" in out and "What these figures cannot say" in out and "█" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"practice-{key}.svg" for key in ("categories", "keywords", "measures", "platforms")
    ]
    assert "<style>" in (tmp_path / "practice-platforms.svg").read_text("utf-8")
    asked = [
        "observatory",
        "show",
        "weeks",
        *store,
        "--platform",
        "Harbour",
        "--table",
        "days",
        "--since",
        "2025-07-10",
    ]
    assert main([*asked, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["platform"], found["since"], found["first"]) == ("Harbour", "2025-07-10", "2025-07-10")
    assert [one["table"] for one in found["tables"]] == ["days"] and len(found["inputs"][0]["sha1"]) == 40
    assert main([*asked, "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {line["column"] for line in lines} == {"statements", "mean7", "mean30"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "there are: practice"),
        (["speed", "--table", "nonsense"], "it has: spread"),
        (["peers"], "--platform NAME"),
        (["speed", "--platform", "meadow"], "did you mean 'Meadow'?"),
        (["speed", "--since", "2031-01-01"], "the store has no days"),
        (["speed", "--since", "2025-07-09", "--until", "2025-07-08"], "ends"),
    ],
)
def test_the_command_says_what_is_wrong(
    told: Told, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["observatory", "show", *words, "--store", str(told.store.path)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err and shown.err.count("\n") == 1 and shown.out == ""
