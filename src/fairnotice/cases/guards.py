"""The rows that nobody may rewrite, and the rules that need a trigger of their own."""

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
    m.Forward,
    m.ForwardConsent,
    m.ForwardAnswer,
    m.TrustedStatus,
    m.TrustedEnd,
    m.Erasure,
    m.Correction,
)


# Two tables repeat who decided, so that a CHECK can refuse the same person as the second one. These triggers
# hold the copies to the original: a copy that lies would let somebody answer the appeal against themselves.
_OUTCOME = """CREATE TRIGGER outcome_names_first_decider BEFORE INSERT ON "cases_appealoutcome"
WHEN NEW.first_decider_id IS NOT (
    SELECT d.decided_by_id FROM "cases_appeal" a JOIN "cases_decision" d ON d.id = a.decision_id
    WHERE a.id = NEW.appeal_id
)
BEGIN SELECT RAISE(ABORT, 'first_decider is not who made the decision'); END"""

_STATUS = """CREATE TRIGGER {name} BEFORE {verb} ON "cases_decisionstatus"
WHEN NEW.decider_id IS NOT (SELECT d.decided_by_id FROM "cases_decision" d WHERE d.id = NEW.decision_id)
BEGIN SELECT RAISE(ABORT, 'decider is not who made the decision'); END"""


def register() -> None:
    """Hand the append-only tables and the triggers to `plumbing.appendonly`, which installs and verifies
    them."""
    for model in FINAL:
        appendonly.register(model)
    appendonly.register_trigger("outcome_names_first_decider", "cases_appealoutcome", _OUTCOME)
    for verb in ("insert", "update"):
        name = f"status_names_decider_on_{verb}"
        sql = _STATUS.format(name=name, verb=verb.upper())
        appendonly.register_trigger(name, "cases_decisionstatus", sql)
