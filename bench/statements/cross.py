"""The rules about more than one field, in plain Python for a row whose values are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from fairnotice.law import enums, taxonomy
from fairnotice.transparencydb.rules import END_OF

_HOMES = {code: category for category, group in taxonomy.KEYWORDS.items() for code in group}
_ASKED = {
    "illegal_content_legal_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
    "illegal_content_explanation": "DECISION_GROUND_ILLEGAL_CONTENT",
    "incompatible_content_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "incompatible_content_explanation": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
}
_OTHERS = {
    "decision_visibility_other": ("decision_visibility", "DECISION_VISIBILITY_OTHER"),
    "decision_monetary_other": ("decision_monetary", "DECISION_MONETARY_OTHER"),
    "content_type_other": ("content_type", "CONTENT_TYPE_OTHER"),
    "category_specification_other": ("category_specification", "KEYWORD_OTHER"),
}
MISTAKABLE = {"BE", "CY", "EE", "IE", "LI", "LU", "SE", "SI"}


def one_left_out(states: list[str]) -> bool:
    """All states of the EU or the EEA but one."""
    named, known = set(states), set(enums.TERRITORIES)
    european = known - {"IS", "LI", "NO"}
    return named <= known and (len(known - named) == 1 or (named <= european and len(european - named) == 1))


def values(row: Mapping[str, str]) -> dict[str, Any]:
    """The row as far as it can be read, where the model refused it."""
    read: dict[str, Any] = dict(row)
    for name, cell in row.items():
        try:
            if cell.startswith("["):
                read[name] = json.loads(cell)
            elif name.endswith("_date") or name.startswith("end_date"):
                read[name] = date.fromisoformat(cell[:10])
        except ValueError:
            read[name] = None
    return read


def broken(row: Mapping[str, Any]) -> Iterator[str]:
    """The rules that a row breaks."""
    get = row.get
    if not (
        get("decision_visibility")
        or get("decision_monetary")
        or get("decision_provision")
        or get("decision_account")
    ):
        yield "no_measure/decision_visibility"
    ground = get("decision_ground")
    for name, wanted in _ASKED.items():
        if get(name):
            if ground in enums.DECISION_GROUNDS and ground != wanted:
                yield f"dropped/{name}"
        elif ground == wanted:
            yield f"required_here/{name}"
    if get("incompatible_content_illegal") and ground == "DECISION_GROUND_ILLEGAL_CONTENT":
        yield "dropped/incompatible_content_illegal"
    for name, (field, code) in _OTHERS.items():
        there = code in (get(field) or ())
        if get(name) and not there:
            yield f"dropped/{name}"
        elif there and not get(name):
            yield f"required_here/{name}"
    yield from _dates(row)
    yield from _categories(row)
    if get("source_identity"):
        if get("source_type") == "SOURCE_VOLUNTARY":
            yield "dropped/source_identity"
        elif get("source_type") == "SOURCE_ARTICLE_16":
            yield "names_notifier/source_identity"
    language = get("content_language")
    if language in MISTAKABLE and language in (get("territorial_scope") or ()):
        yield "state_for_language/content_language"


def _dates(row: Mapping[str, Any]) -> Iterator[str]:
    start, content = row.get("application_date"), row.get("content_date")
    if start and content and content > start:
        yield "after_start/content_date"
    for end, measure in END_OF.items():
        day = row.get(end)
        if day:
            if start and day < start:
                yield f"end_before_start/{end}"
            if not row.get(measure):
                yield f"end_without_measure/{end}"


def _categories(row: Mapping[str, Any]) -> Iterator[str]:
    category, additions = row.get("category"), row.get("category_addition") or ()
    if category in additions:
        yield "same_as_category/category_addition"
    if category in taxonomy.CATEGORIES:
        for code in row.get("category_specification") or ():
            home = _HOMES.get(code)
            if code != "KEYWORD_OTHER" and home and home != category and home not in additions:
                yield "elsewhere/category_specification"
                break
    if category == taxonomy.NOT_SPECIFIED and row.get("source_type") == "SOURCE_VOLUNTARY":
        yield "no_notifier/category"
