"""The heavy part of an answer as one Ibis expression: statements counted by columns. Loads Ibis."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, reduce
from operator import and_
from typing import Any, Final

import ibis
import ibis.backends.sql.compilers  # otherwise loaded while the first question is waiting
from ibis.expr import types as ir

from fairnotice.observatory import columns
from fairnotice.observatory.asking.days import beyond_days
from fairnotice.observatory.asking.engines import TABLE, Dialect
from fairnotice.observatory.asking.folding import keys_of
from fairnotice.observatory.asking.routing import ROWS
from fairnotice.observatory.question import NOTHING, Condition, Question

_TYPES: Final = {"date": "date", "time": "timestamp", "int": "int64", "count": "int64", "text": "string"}
_NUMBERS: Final = (*columns.DELAYS, columns.SAID, columns.PER_SECOND)


def sql(question: Question, source: str, dialect: Dialect) -> str:
    """The SQL that counts, in an engine's dialect: columns `keys_of(question)`, then `columns.COUNT`.
    `source`: "rows" or the name of a cube."""
    # What days are asked and how many rows are shown is settled elsewhere: such questions share their SQL.
    return _sql(replace(question, since=None, until=None, top=None), source, dialect)


@lru_cache(maxsize=512)
def _sql(question: Question, source: str, dialect: Dialect) -> str:
    return str(ibis.to_sql(counting(question, source), dialect=dialect, pretty=False))


def counting(question: Question, source: str) -> ir.Table:
    """The same as an Ibis expression over a table named TABLE."""
    if source == ROWS and columns.PER_SECOND in question.columns():
        return _by_second(question)
    table = _table(source)
    conditions = [_asked(table, one) for one in beyond_days(question)]
    if conditions:
        table = table.filter(reduce(and_, conditions))
    count = table.count() if columns.COUNT not in table.columns else table[columns.COUNT].sum()
    keys = list(keys_of(question))
    counted = table.group_by(keys) if keys else table
    return counted.aggregate(count.name(columns.COUNT))


def _table(source: str) -> ir.Table:
    """The files with the columns that a question may name; those that rows do not have are made of theirs."""
    names = columns.ROWS if source == ROWS else (*columns.CUBES[source], columns.COUNT)
    table = ibis.table({name: _TYPES[columns.type_of(name)] for name in names}, name=TABLE)
    if source != ROWS:
        return table
    created = table[columns.CREATED].date()
    return table.mutate(
        delay_decision=table.application_date.delta(table.content_date, unit="day"),
        delay_publication=created.delta(table.application_date, unit="day"),
    )


def _by_second(question: Question) -> ir.Table:
    """What the cube "pace" holds, from rows: statements by second first, then by how many came in it."""
    table = _table(ROWS)
    own = [one for one in beyond_days(question) if one.column == columns.PER_SECOND]
    others = [_asked(table, one) for one in beyond_days(question) if one.column != columns.PER_SECOND]
    if others:
        table = table.filter(reduce(and_, others))
    by = [name for name in columns.CUBES["pace"] if name != columns.PER_SECOND]
    seconds = table.group_by([*by, columns.CREATED]).aggregate(table.count().name(columns.PER_SECOND))
    if own:
        seconds = seconds.filter(reduce(and_, [_asked(seconds, one) for one in own]))
    keys = list(keys_of(question))
    counted = seconds.group_by(keys) if keys else seconds
    return counted.aggregate(seconds[columns.PER_SECOND].sum().name(columns.COUNT))


def _asked(table: ir.Table, condition: Condition) -> Any:
    """A condition as an expression that is true or false, never null: "not" is all that "is" is not."""
    column = table[condition.column]
    values = [one for one in condition.values if one != NOTHING]
    parts: list[Any] = []
    if values and condition.test in ("is", "not"):
        known = [_literal(condition.column, one) for one in values]
        parts.append(column.isin([one for one in known if one is not None]))
    elif values:
        framed = ibis.literal(columns.SEPARATOR) + column + ibis.literal(columns.SEPARATOR)
        # A code with the separator in it can stand in no list.
        whole = [one for one in values if columns.SEPARATOR not in one]
        parts += [framed.contains(f"{columns.SEPARATOR}{one}{columns.SEPARATOR}") for one in whole]
    found = [part.fill_null(False) for part in parts]
    if NOTHING in condition.values:
        found.append(column.isnull())
    either = reduce(lambda one, other: one | other, found) if found else ibis.literal(False)
    return either if condition.test in ("is", "has") else ~either


def _literal(column: str, value: str) -> Any:
    """A value as one of its column; None for a number that no column can hold."""
    if column in columns.DATES:
        return ibis.literal(value, type="date")
    if column not in _NUMBERS:
        return value
    number = int(value)
    return number if abs(number) < 2**63 else None
