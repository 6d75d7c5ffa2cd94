"""A view as JSON and CSV for programs, in English, in the format `fair-notice-observatory-view/1`
(docs/observatory.md). Pure."""

from __future__ import annotations

from datetime import date

from fairnotice import __version__
from fairnotice.answerable.csv_out import csv_text
from fairnotice.observatory import citing
from fairnotice.observatory.result import Input, Result
from fairnotice.observatory.topics.model import Answer, Value, View, Words, english

FORMAT = "fair-notice-observatory-view/1"
HEADER = ("table", "row", "row_label", "column", "column_label", "kind", "value")


def as_json(view: View) -> dict[str, object]:
    """The view as one object, with all that it takes to ask again: questions, days, hashes, versions.
    `observatory verify` does (`citing_views`)."""
    results = [result for answer in view.answers for result in answer.results]
    inputs = dict.fromkeys(one for result in results for one in result.inputs)
    found: dict[str, object] = {
        "format": FORMAT,
        "topic": view.topic.name,
        "title": view.topic.title,
        "definition": list(view.topic.definition),
        "limits": list(view.topic.limits),
        "platform": view.choice.platform,
        "since": _day(view.choice.since),
        "until": _day(view.choice.until),
        "first": _day(view.first),
        "last": _day(view.last),
        "notes": list(view.notes),
        "program": __version__,
        "taxonomies": sorted({version for result in results for version in result.taxonomies}),
        "tables": [_table(answer) for answer in view.answers],
        "inputs": [_input(one) for one in sorted(inputs, key=lambda one: (one.day, one.scope))],
    }
    return {**found, "sha256": citing.digest(found)}


def _table(answer: Answer) -> dict[str, object]:
    part, table = answer.part, answer.table
    return {
        "table": part.key,
        "title": part.title,
        "method": part.method,
        "notes": [english(note) for note in (*table.notes, *(() if table.rows else (table.empty,)))],
        "rows_are": english(table.first),
        "columns": [{"code": head.code, "label": english(head.label)} for head in table.heads],
        "rows": [
            {
                "code": row.code,
                "label": english(row.label),
                "values": [plain(value) for value in row.values],
                "kinds": [row.read_as(head) for head in table.heads],
            }
            for row in table.rows
        ],
        "asked": [_asked(result) for result in answer.results],
    }


def _asked(result: Result) -> dict[str, object]:
    return {
        "question": result.question.to_json(),
        "answered_from": result.answered_from,
        "engine": result.engine,
    }


def _input(one: Input) -> dict[str, object]:
    return {
        "day": one.day.isoformat(),
        "scope": one.scope,
        "kind": one.kind,
        "dump": one.dump,
        "sha1": one.sha1,
        "rows": one.rows,
        "version": one.version,
        "whole": one.whole,
    }


def as_csv(view: View) -> str:
    """A line for each cell, so that every program can read all tables of a view at once."""
    rows = [
        (
            answer.part.key,
            row.code,
            english(row.label),
            head.code,
            english(head.label),
            row.read_as(head),
            plain(value),
        )
        for answer in view.answers
        for row in answer.table.rows
        for head, value in zip(answer.table.heads, row.values, strict=True)
    ]
    return csv_text(HEADER, rows)


def plain(value: Value) -> str | int | float | None:
    """A value for programs: shares are 0 to 1, to six places."""
    if isinstance(value, Words | date):
        return str(value)
    return round(value, 6) if isinstance(value, float) else value


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
