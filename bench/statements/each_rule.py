"""The table of rules asked one by one by a validator of a pydantic model, row by row."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, PrivateAttr, create_model, model_validator

from fairnotice.transparencydb import dump
from fairnotice.transparencydb.check import asked
from fairnotice.transparencydb.schema import SCHEMAS

_RULES = asked("v2", dump.absent(dump.COLUMNS))


class _Checked(BaseModel):
    _broken: list[str] = PrivateAttr(default_factory=list)

    @model_validator(mode="after")
    def _ask(self) -> Self:
        row = {name: value for name, value in self.__dict__.items() if value is not None}
        self._broken = [rule.key for rule in _RULES if rule.broken.holds(row)]
        return self


_FIELDS: dict[str, Any] = {
    about.name: (Annotated[list[str] | str | None, BeforeValidator(dump.reader_of(about.name))], None)
    for about in SCHEMAS["v2"].fields.values()
    if about.name != "content_id"
}
Row = create_model("Row", __base__=_Checked, **_FIELDS)


class Checker:
    """Row by row; see `child`."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._seen: set[str] = set()

    def file(self, path: Path) -> int:
        """Check one CSV; gives the number of rows."""
        rows = 0
        with path.open(encoding="utf-8", newline="") as file:
            for cells in csv.DictReader(file):
                rows += 1
                cells["puid"] = cells["platform_uid"]
                row = Row.model_validate({name: cell for name, cell in cells.items() if cell})
                self.counts.update(row._broken)
                name = f"{cells['platform_name']} {cells['puid']}"
                if cells["puid"] and name in self._seen:
                    self.counts["puid_twice"] += 1
                self._seen.add(name)
        return rows
