"""What somebody wrote into a cell for numbers: the number that is meant, and what is wrong with its
writing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from fairnotice.harmonised.cells import number, whole

Kind = Literal["count", "hours", "share", "number"]

_DIGITS = r"\d{1,15}"
#: A spreadsheet writes a third as 0.3333333333333333.
_MORE = r"\d{1,20}"
_EXPONENT = re.compile(rf"[+-]?{_DIGITS}(?:[.,]{_MORE})?[eE][+-]?\d{{1,2}}", re.ASCII)
_NEGATIVE = re.compile(rf"[-\u2212\u2013]\s?{_DIGITS}(?:[.,]{_MORE})?", re.ASCII)
_PERCENT = re.compile(rf"({_DIGITS}(?:[.,]{_MORE})?)\s?%", re.ASCII)
# No number with thousands begins with a zero: "0.125" is a decimal one, also in a cell for counts.
_GROUPED = re.compile(
    rf"([1-9]\d{{0,2}}(?:([ .,'\u2019_])\d{{3}})(?:\2\d{{3}})*)(?:[.,]({_MORE}))?", re.ASCII
)
_DECIMAL = re.compile(rf"({_DIGITS})([.,])({_MORE})", re.ASCII)
_ODD = re.compile(rf"\+?({_DIGITS})?(?:\.({_MORE})?)?", re.ASCII)
_UNIT = re.compile(rf"({_DIGITS}(?:[.,]{_MORE})?)\s?([a-z]{{1,20}})\.?", re.ASCII | re.IGNORECASE)
_TWO_UNITS = re.compile(
    rf"({_DIGITS})\s?(h|d)[a-z]{{0,5}}\s?({_DIGITS})\s?(m|h)[a-z]{{0,6}}", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
#: As a workbook's durations come out: "1 day, 2:30:00".
_DAYS_CLOCK = re.compile(rf"({_DIGITS})\sdays?,\s(\d{{1,2}}):([0-5]\d):([0-5]\d)(?:\.\d+)?", re.ASCII)
#: "5k" is five thousand: the digits alone would be a wrong number.
_BIG = re.compile(r"k|m|b|t|bn|mn|tsd|tys|(?:mil|mln|mio|mld|mrd|thous|tausend|bill)[a-z]*", re.IGNORECASE)
_HOURS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures"), 1.0),
    **dict.fromkeys(("d", "day", "days", "tag", "tage", "jour", "jours"), 24.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten"), 1 / 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sekunden"), 1 / 3600),
}


@dataclass(frozen=True, slots=True)
class Value:
    """`value`: what is meant, None where the cell is blank or nothing can be made of it; `rule`: what is
    wrong with its writing, "" where nothing is; `suggestion`: how it is written rightly."""

    value: float | None
    rule: str = ""
    suggestion: str = ""


BLANK = Value(None)


@lru_cache(maxsize=8192)
def read(text: str, kind: Kind) -> Value:
    """Read one cell. Never raises."""
    text = text.strip().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    if not text:
        return BLANK
    found = whole(text) if kind == "count" else number(text)
    value = Value(float(found)) if found is not None else _written(text, kind)
    if kind == "share" and value.value is not None and value.value > 1:
        if value.value <= 100:
            share = value.value / 100
            return Value(share, "share-percent", shown(share))
        return Value(None, "share-range")
    return value


def shown(value: float) -> str:
    """A number as a report has it: no exponent, at most six decimals, no needless ones."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _written(text: str, kind: Kind) -> Value:
    if _EXPONENT.fullmatch(text):
        return _exponent(float(text.replace(",", ".")), kind)
    if _NEGATIVE.fullmatch(text):
        return Value(None, "number-negative")
    if (found := _PERCENT.fullmatch(text)) is not None:
        if kind != "share":
            return Value(None, _text_rule(kind))
        share = float(found[1].replace(",", ".")) / 100
        return Value(share, "share-percent", shown(share)) if share <= 1 else Value(None, "share-range")
    value = _grouped(text, kind) or _decimal(text, kind)
    if value is None and kind == "hours":
        value = _time(text)
    if value is not None:
        return value
    if (found := _ODD.fullmatch(text)) is not None and (found[1] or found[2]):
        odd = float(f"{found[1] or 0}.{found[2] or 0}")
        if kind != "count" or odd == int(odd):
            return Value(odd, _text_rule(kind), shown(odd))
    if (found := _UNIT.fullmatch(text)) is None:
        return Value(None, _text_rule(kind))
    if kind == "hours":
        # Weeks, or hours and days in a language that is not known here: the digits alone may mean anything.
        return Value(None, "hours-unit")
    if whole(found[1]) is not None and not _BIG.fullmatch(found[2]):
        return Value(float(found[1]), _text_rule(kind), found[1])
    return Value(None, _text_rule(kind))


def _exponent(big: float, kind: Kind) -> Value:
    if big < 0:
        return Value(None, "number-negative")
    if big >= 1e15 or (kind == "count" and big != int(big)):
        return Value(None, "number-exponent")
    return Value(big, "number-exponent", shown(big))


def _text_rule(kind: Kind) -> str:
    return "count-text" if kind == "count" else "number-text"


def _grouped(text: str, kind: Kind) -> Value | None:
    """1,204 or 1 204.00. A single comma with three digits in a cell for hours is a decimal comma."""
    found = _GROUPED.fullmatch(text)
    if found is None:
        return None
    groups, mark, decimals = found.groups()
    if kind != "count" and mark in ".," and groups.count(mark) == 1 and decimals is None:
        return None
    digits = re.sub(r"\D", "", groups)
    if kind == "count":
        if decimals is not None and decimals.strip("0"):
            return Value(None, "count-decimal")
        return Value(float(digits), "number-separator", digits)
    value = float(f"{digits}.{decimals or 0}")
    return Value(value, "number-separator", shown(value))


def _decimal(text: str, kind: Kind) -> Value | None:
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    before, mark, after = found.groups()
    if kind == "count":
        exact = not after.strip("0")
        return Value(float(before) if exact else None, "count-decimal", str(int(before)) if exact else "")
    value = float(f"{before}.{after}")
    # More decimals than anybody needs are no fault.
    return Value(value, "number-comma" if mark == "," else "", shown(value) if mark == "," else "")


def _time(text: str) -> Value | None:
    hours = None
    if (found := _UNIT.fullmatch(text)) is not None and found[2].lower() in _HOURS:
        hours = float(found[1].replace(",", ".")) * _HOURS[found[2].lower()]
    elif (found := _TWO_UNITS.fullmatch(text)) is not None:
        hours = sum(float(found[one]) * _HOURS[found[one + 1].lower()] for one in (1, 3))
    elif (found := _DAYS_CLOCK.fullmatch(text)) is not None:
        hours = int(found[1]) * 24 + int(found[2]) + int(found[3]) / 60 + int(found[4]) / 3600
    elif (found := _CLOCK.fullmatch(text)) is not None:
        hours = int(found[1]) + int(found[2]) / 60 + int(found[3] or 0) / 3600
    return None if hours is None else Value(hours, "hours-unit", shown(round(hours, 2)))
