"""The rules as a pydantic model, validated row by row, as one would write it with that library.

Fields carry their types, lists, lengths and patterns, which pydantic checks in Rust; what it has no word for
is a validator of the field. What is about two fields is asked behind it. Rules have the names of our table.
"""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    Json,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from bench.statements import cross
from fairnotice.transparencydb import personal
from fairnotice.transparencydb.dump import COLUMNS
from fairnotice.transparencydb.schema import SCHEMAS
from fairnotice.transparencydb.schema import Field as Known

# pydantic's name of an error -> our rule.
_RULES = {
    "missing": "required",
    "too_short": "required",
    "literal_error": "unknown",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "shape",
    "json_invalid": "type",
    "list_type": "type",
    "date_from_datetime_parsing": "date",
    "date_parsing": "date",
    "greater_than_equal": "date_range",
    "less_than_equal": "date_range",
}
_PATTERNS = {
    "puid": r"^[a-zA-Z0-9_-]+$",
    "decision_ground_reference_url": r"^[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+\S*$",
    "content_id_ean": r"^[0-9]{13}$",
}


def _broken(rule: str) -> PydanticCustomError:
    return PydanticCustomError("rule", "{rule}", {"rule": rule})


def _no_null(value: str) -> str:
    if value == "null":
        raise _broken("null_text")
    return value


def _list(value: list[str]) -> list[str]:
    if "null" in value:
        raise _broken("null_text")
    if len(set(value)) < len(value):
        raise _broken("repeated")
    return value


def _states(value: list[str]) -> list[str]:
    if len(value) in (26, 29) and cross.one_left_out(value):
        raise _broken("one_left_out")
    return value


def _web(value: str) -> str:
    if not value.lower().startswith(("http://", "https://")):
        raise _broken("not_web")
    return value


def _ean(value: str) -> str:
    if sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(value)) % 10:
        raise _broken("check_digit")
    return value


def _free(value: str) -> str:
    if value == "null":
        raise _broken("null_text")
    if not any(map(str.isalnum, value)):
        raise _broken("says_nothing")
    if found := personal.kinds(value):
        rule = "personal_data" if found & 1 else "web_address" if found & 2 else "quotation"
        raise _broken(rule)
    return value


def _day(value: object) -> object:
    return value.removesuffix(" 00:00:00") if isinstance(value, str) else value


def _type_of(about: Known) -> Any:
    values = tuple(sorted(about.allowed)) + (("null",) if about.nullable else ())
    if about.kind == "date":
        first = about.earliest or datetime.date.min
        bounds = Field(ge=first, le=datetime.date(2038, 1, 1))
        return Annotated[datetime.date, bounds, BeforeValidator(_day)]
    if about.kind == "list":
        items: Any = list[Literal[values]]  # type: ignore[valid-type]
        least = Field(min_length=1 if about.need == "required" else 0)
        kind: Any = Annotated[items, least, AfterValidator(_list)]
        read: Any = cast(Any, Json)[kind]
        return Annotated[read, AfterValidator(_states)] if about.name == "territorial_scope" else read
    if about.allowed:
        choice: Any = Literal[values]
        return Annotated[choice, AfterValidator(_no_null)] if about.nullable else choice
    text = StringConstraints(max_length=about.most or None, pattern=_PATTERNS.get(about.name))
    more = (
        _free
        if about.free
        else {"content_id_ean": _ean, "decision_ground_reference_url": _web}.get(about.name, _no_null)
    )
    return Annotated[str, text, AfterValidator(more)]


_FIELDS: dict[str, Any] = {
    about.name: (_type_of(about), ...) if about.need == "required" else (_type_of(about) | None, None)
    for about in SCHEMAS["v2"].fields.values()
    if about.name != "content_id"
}
Statement: type[BaseModel] = create_model("Statement", **_FIELDS)


class Checker:
    """Row by row; see `child`."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._seen: set[str] = set()

    def file(self, path: Path) -> int:
        """Check one CSV; gives the number of rows."""
        rows = 0
        names = ["puid" if name == "platform_uid" else name for name in COLUMNS]
        with path.open(encoding="utf-8", newline="") as file:
            for cells in csv.reader(file):
                if cells[0] == "uuid":
                    continue
                rows += 1
                self._row({name: cell for name, cell in zip(names, cells, strict=True) if cell})
        return rows

    def _row(self, row: dict[str, str]) -> None:
        broken = set()
        try:
            statement = Statement.model_validate(row)
            values = statement.__dict__
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=False, include_input=False):
                rule = one["msg"] if one["type"] == "rule" else _RULES[one["type"]]
                broken.add(f"{rule}/{one['loc'][0]}")
            values = cross.values(row)
        broken.update(cross.broken(values))
        self.counts.update(broken)
        name = f"{row.get('platform_name')} {row.get('puid')}"
        if "puid" in row and name in self._seen:
            self.counts["puid_twice"] += 1
        self._seen.add(name)
