"""A result as CSV, JSON, a table, a picture and Parquet."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from html import unescape
from pathlib import Path

from fairnotice.observatory import output
from fairnotice.observatory.asking import Question
from fairnotice.observatory.question import question_of
from fairnotice.observatory.result import Cell, Input, Result

_DAY = date(2025, 7, 1)


def result(question: Question, columns: tuple[str, ...], *rows: tuple[Cell, ...]) -> Result:
    days = [
        Input(date(2025, 7, day), "global", "full", "d.zip", "0" * 40, 5, "v2", True) for day in (1, 2, 3)
    ]
    return Result(
        question, columns, rows, tuple(days), "cube practice", "duckdb", ("a note",), ("v2",), "Fair Notice"
    )


STRANGE = result(
    Question(by=("platform", "category", "delay_decision")),
    ("platform", "category", "delay_decision", "statements"),
    ('=HYPERLINK("x")', "STATEMENT_CATEGORY_VIOLENCE", -3, 1234567),
    ("\x1b[31mred", None, None, 2),
    ("ひらがな, a", "-", 0, 1),
)
DELAYS = result(
    Question(by=("day", "platform"), measure="delay_decision"),
    ("day", "platform", "statements", "negative", "median", "p90", "mean"),
    (_DAY, "Quill", 10, 1, 3, 5, 10 / 3),
    (date(2025, 7, 3), "Quill", 1, 1, None, None, None),
    (_DAY, "Meadow", 4, 0, 0, 1, 0.25),
)


def test_csv_runs_nothing_and_leaves_numbers_alone() -> None:
    rows = list(csv.reader(io.StringIO(output.to_csv(STRANGE))))
    assert rows == [
        ["platform", "category", "delay_decision", "statements"],
        ['\'=HYPERLINK("x")', "STATEMENT_CATEGORY_VIOLENCE", "-3", "1234567"],
        ["\x1b[31mred", "", "", "2"],
        ["ひらがな, a", "'-", "0", "1"],
    ]


def test_json_has_all_of_it_and_the_question_can_be_asked_again() -> None:
    found = json.loads(output.to_json(DELAYS))
    assert question_of(found["question"]) == DELAYS.question
    assert found["rows"][0] == ["2025-07-01", "Quill", 10, 1, 3, 5, 10 / 3]
    assert found["rows"][1][4:] == [None, None, None]
    assert found["inputs"][0]["day"] == "2025-07-01"
    assert (found["answered_from"], found["notes"], found["taxonomies"]) == (
        "cube practice",
        ["a note"],
        ["v2"],
    )


def test_a_table_stands_in_columns_and_steers_no_terminal() -> None:
    assert output.to_table(STRANGE).splitlines() == [
        "platform         category     delay_decision  statements",
        "---------------  -----------  --------------  ----------",
        '=HYPERLINK("x")  VIOLENCE                 -3   1,234,567',
        "\ufffd[31mred         (not given)     (not given)           2",
        "ひらがな, a      -                         0           1",
    ]


def test_a_delay_of_none_is_a_dash() -> None:
    assert output.to_table(DELAYS).splitlines()[3].split() == ["2025-07-03", "Quill", "1", "1", "-", "-", "-"]


def test_parquet_keeps_types_and_the_question(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    output.write_parquet(DELAYS, tmp_path / "answer.parquet")
    table = pq.read_table(tmp_path / "answer.parquet")
    kinds = ["date32[day]", "string", "int64", "int64", "int64", "int64", "double"]
    assert [str(kind) for kind in table.schema.types] == kinds
    assert [tuple(row.values()) for row in table.to_pylist()] == list(DELAYS.rows)
    assert json.loads(table.schema.metadata[b"fairnotice"])["question"]["measure"] == "delay_decision"
    empty = result(Question(by=("day",)), ("day", "statements"))
    assert output.to_arrow(empty).num_rows == 0


def words(svg: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"<text [^>]*>([^<]*)</text>", svg)]


def test_a_picture_over_time_has_a_gap_where_none_is_known() -> None:
    svg = output.to_svg(DELAYS)
    assert {"Quill", "Meadow", "2025-07-01"} <= set(words(svg))
    assert "Median days from the content to the decision by day and platform, 2025-07-01 to 2025-07-03" in svg
    # Each line has one value: a mark, and one in the list of lines.
    assert svg.count('class="chart-mark-0"') == svg.count('class="chart-mark-1"') == 2


def test_a_day_that_was_read_and_has_none_counts_nothing() -> None:
    svg = output.to_svg(result(Question(by=("day",)), ("day", "statements"), (_DAY, 12000)))
    assert svg.count('class="chart-part"') == 3
    assert {"12k", "0", "2025-07-02"} <= set(words(svg))


def test_bars_name_what_is_largest_and_add_up_the_others() -> None:
    many = [(f"Platform {number:02}", 1000 - number) for number in range(40)]
    svg = output.to_svg(result(Question(by=("platform",)), ("platform", "statements"), *many))
    assert "Platform 00" in words(svg) and "Platform 25" not in words(svg)
    assert "all 15 others" in words(svg)
    assert f"{sum(1000 - number for number in range(25, 40)):,}" in words(svg)
    apart = result(Question(by=("content_type.each",)), ("content_type.each", "statements"), *many)
    assert "others" not in "".join(words(output.to_svg(apart)))
    assert "15 smaller ones are not drawn" in output.to_svg(apart)


def test_a_picture_stands_alone_or_in_a_page() -> None:
    assert "<style>" in output.to_svg(STRANGE) and "style" not in output.to_svg(STRANGE, alone=False)
    assert "\x1b" not in output.to_svg(STRANGE)
    assert output.to_svg(result(Question(by=("day",)), ("day", "statements"))) == ""
