"""The rules over the columns of pandas, a hundred thousand rows at a time, as one would write it there.

Lists and personal data have no operation there: they are read by a function for each cell, remembered where
it comes again. Rules have the names of our table.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from bench.statements import cross
from fairnotice.law import taxonomy
from fairnotice.transparencydb import personal
from fairnotice.transparencydb.rules import END_OF
from fairnotice.transparencydb.schema import FREE_TEXTS, SCHEMAS

_FIELDS = SCHEMAS["v2"].fields
_PATTERNS = {
    "puid": r"[a-zA-Z0-9_-]+",
    "decision_ground_reference_url": r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+\S*",
    "content_id_ean": r"[0-9]{13}",
}
_HOMES = {
    code: category
    for category, group in taxonomy.KEYWORDS.items()
    for code in group
    if code != "KEYWORD_OTHER"
}


@cache
def _items(cell: str) -> tuple[str, ...] | None:
    try:
        found = json.loads(cell) if cell else []
    except ValueError:
        return None
    return tuple(found)


class Checker:
    """See `child`."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._seen: set[str] = set()

    def file(self, path: Path) -> int:
        """Check one CSV; gives the number of rows."""
        rows = 0
        for frame in pd.read_csv(path, dtype=str, keep_default_na=False, chunksize=100_000):
            rows += len(frame)
            self._frame(frame.rename(columns={"platform_uid": "puid"}))
        return rows

    def _say(self, rule: str, field: str, broken: Any) -> None:
        count = int(broken.sum())
        if count:
            self.counts[f"{rule}/{field}"] += count

    def _frame(self, frame: pd.DataFrame) -> None:
        lists = {name: frame[name].map(_items) for name, about in _FIELDS.items() if about.kind == "list"}
        dates = {}
        missing = {name: frame[name].str.strip() == "" for name in _FIELDS if name != "content_id"}
        for name, found in lists.items():
            missing[name] |= found.map(lambda items: items == ())
        for name, about in _FIELDS.items():
            if name == "content_id":
                continue
            cells = frame[name]
            if about.need == "required":
                self._say("required", name, missing[name])
            if about.most:
                self._say("too_long", name, cells.str.len() > about.most)
            if about.kind == "list":
                self._list(name, lists[name])
            elif about.kind == "date":
                dates[name] = self._date(name, cells, missing[name])
            elif about.allowed:
                allowed = [*about.allowed, "null"] if about.nullable else list(about.allowed)
                self._say("unknown", name, ~missing[name] & ~cells.isin(allowed))
                if about.nullable:
                    self._say("null_text", name, cells == "null")
            else:
                self._text(name, cells, missing[name])
        self._cross(frame, lists, dates, missing)

    def _list(self, name: str, found: Any) -> None:
        about = _FIELDS[name]
        allowed = about.allowed | {"null"} if about.nullable else about.allowed
        self._say("type", name, found.isna())
        self._say("unknown", name, found.map(lambda items: bool(items) and not allowed.issuperset(items)))
        self._say("repeated", name, found.map(lambda items: bool(items) and len(set(items)) < len(items)))
        if about.nullable:
            self._say("null_text", name, found.map(lambda items: bool(items) and "null" in items))
        if name == "territorial_scope":
            self._say(
                "one_left_out", name, found.map(lambda items: bool(items) and cross.one_left_out(list(items)))
            )

    def _date(self, name: str, cells: Any, missing: Any) -> Any:
        day = cells.str.removesuffix(" 00:00:00")
        found = pd.to_datetime(day, format="%Y-%m-%d", errors="coerce")
        self._say("date", name, ~missing & (found.isna() | ~day.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")))
        first = _FIELDS[name].earliest
        early = found < pd.Timestamp(first) if first else found.isna() & False
        self._say("date_range", name, early | (found > pd.Timestamp(2038, 1, 1)))
        return found

    def _text(self, name: str, cells: Any, missing: Any) -> None:
        if name in _PATTERNS:
            self._say("shape", name, ~missing & ~cells.str.fullmatch(_PATTERNS[name]))
        if name == "content_id_ean":
            self._say("check_digit", name, cells.map(_wrong_digit))
        elif name == "decision_ground_reference_url":
            whole = cells.str.fullmatch(_PATTERNS[name])
            self._say("not_web", name, whole & ~cells.str.lower().str.startswith(("http://", "https://")))
        else:
            self._say("null_text", name, cells == "null")
        if name in FREE_TEXTS:
            if _FIELDS[name].need != "optional":
                self._say("says_nothing", name, ~missing & ~cells.str.contains(r"[^\W_]"))
            kinds = cells.map(personal.kinds)
            for bit, rule in ((1, "personal_data"), (2, "web_address"), (4, "quotation")):
                self._say(rule, name, kinds & bit != 0)

    def _cross(
        self, frame: pd.DataFrame, lists: dict[str, Any], dates: dict[str, Any], missing: dict[str, Any]
    ) -> None:
        nothing = missing["decision_visibility"]
        for measure in END_OF.values():
            nothing = nothing & missing[measure]
        self._say("no_measure", "decision_visibility", nothing)
        for name in ("illegal_content_legal_ground", "illegal_content_explanation"):
            self._ground(frame, name, missing, "ILLEGAL", "INCOMPATIBLE")
        for name in ("incompatible_content_ground", "incompatible_content_explanation"):
            self._ground(frame, name, missing, "INCOMPATIBLE", "ILLEGAL")
        illegal = frame["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
        self._say(
            "dropped", "incompatible_content_illegal", ~missing["incompatible_content_illegal"] & illegal
        )
        there = {
            "decision_visibility_other": lists["decision_visibility"].map(
                lambda items: bool(items) and "DECISION_VISIBILITY_OTHER" in items
            ),
            "content_type_other": lists["content_type"].map(
                lambda items: bool(items) and "CONTENT_TYPE_OTHER" in items
            ),
            "category_specification_other": lists["category_specification"].map(
                lambda items: bool(items) and "KEYWORD_OTHER" in items
            ),
            "decision_monetary_other": frame["decision_monetary"] == "DECISION_MONETARY_OTHER",
        }
        for name, found in there.items():
            self._say("required_here", name, found & missing[name])
            self._say("dropped", name, ~found & ~missing[name])
        start = dates["application_date"]
        self._say("after_start", "content_date", dates["content_date"] > start)
        for end, measure in END_OF.items():
            self._say("end_before_start", end, dates[end] < start)
            self._say("end_without_measure", end, ~missing[end] & missing[measure])
        named = ~missing["source_identity"]
        self._say("dropped", "source_identity", named & (frame["source_type"] == "SOURCE_VOLUNTARY"))
        self._say("names_notifier", "source_identity", named & (frame["source_type"] == "SOURCE_ARTICLE_16"))
        self._rows(frame, lists)

    def _ground(self, frame: pd.DataFrame, name: str, missing: dict[str, Any], mine: str, other: str) -> None:
        ground = frame["decision_ground"]
        self._say("required_here", name, (ground == f"DECISION_GROUND_{mine}_CONTENT") & missing[name])
        self._say("dropped", name, (ground == f"DECISION_GROUND_{other}_CONTENT") & ~missing[name])

    def _rows(self, frame: pd.DataFrame, lists: dict[str, Any]) -> None:
        """What compares two lists, or a row with all before it."""
        more = zip(
            frame["category"], lists["category_addition"], lists["category_specification"], strict=True
        )
        for category, additions, keywords in more:
            if category in (additions or ()):
                self.counts["same_as_category/category_addition"] += 1
            homes = {_HOMES[code] for code in keywords or () if code in _HOMES}
            if category in taxonomy.CATEGORIES and homes - {category, *(additions or ())}:
                self.counts["elsewhere/category_specification"] += 1
        unspecified = (frame["category"] == taxonomy.NOT_SPECIFIED) & (
            frame["source_type"] == "SOURCE_VOLUNTARY"
        )
        self._say("no_notifier", "category", unspecified)
        for language, states in zip(frame["content_language"], lists["territorial_scope"], strict=True):
            if language in cross.MISTAKABLE and language in (states or ()):
                self.counts["state_for_language/content_language"] += 1
        for platform, puid in zip(frame["platform_name"], frame["puid"], strict=True):
            name = f"{platform} {puid}"
            if puid and name in self._seen:
                self.counts["puid_twice"] += 1
            self._seen.add(name)


@cache
def _wrong_digit(cell: str) -> bool:
    if len(cell) != 13 or not cell.isascii() or not cell.isdigit():
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(cell)) % 10 != 0
