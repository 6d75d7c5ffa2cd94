"""The rows that nobody may rewrite, and the one rule that needs a trigger of its own."""

from __future__ import annotations

from fairnotice.cases import models as m
from fairnotice.plumbing import appendonly

FINAL = (
    m.RulesVersion,
    m.RulesClause,
    m.Decision,
    m.Measure,
    m.Statement,
    m.Appeal,
    m.AppealOutcome,
    m.MeasureChange,
)


def register() -> None:
    """Hand the append-only tables to `plumbing.appendonly`, which installs and verifies the triggers."""
    for model in FINAL:
        appendonly.register(model)
