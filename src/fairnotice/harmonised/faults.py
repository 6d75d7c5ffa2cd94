"""One thing amiss in a report, and the rule that says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

#: error: the rule is broken. warning: hardly can be so, or leaves the reader in doubt. note: good to know.
Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` never changes its meaning; `source` is where it is written, or "plausibility"; `text` says in
    one sentence, without numbers put in, what is wrong and what to do."""

    id: str
    severity: Severity
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` counts from 1 with the header, as a spreadsheet does; 0 where it is about the whole file.
    `column` is the template's header. `found` is what stands there (shortened), `suggestion` what should,
    "" where that is not known or where the cell should be blank."""

    file: str
    row: int
    column: str
    rule: str
    source: str
    severity: Severity
    message: str
    found: str
    suggestion: str

    def as_json(self) -> dict[str, object]:
        """For `--json` and downloads."""
        return asdict(self)
