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
    m.EmergencyAlert,
    m.PeriodReport,
    m.ReportText,
    m.Report,
    m.ReportFile,
    m.Tally,
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


# The access log only grows, and is forgotten after months (a setting): nothing of the last three can be
# deleted, whatever asks for it, and no row is ever changed.
OPENED_STAYS = "the access log: rows are never changed, and none of the last three months is deleted"
_OPENED_YOUNG = """CREATE TRIGGER cases_opened_young_stays BEFORE DELETE ON "cases_opened"
WHEN julianday(OLD."at") > julianday('now') - 85
BEGIN SELECT RAISE(ABORT, '{message}'); END"""
_OPENED_CHANGES = """CREATE TRIGGER cases_opened_as_it_was BEFORE UPDATE ON "cases_opened"
BEGIN SELECT RAISE(ABORT, '{message}'); END"""


# An identifier in the EU database is never used for anything else, and never again: not even after its row.
FILING_STAYS = "an identifier in the EU database: never changed, never used again"
_FILING_CHANGES = """CREATE TRIGGER cases_filing_keeps_its_puid BEFORE UPDATE ON "cases_filing"
WHEN NEW.puid IS NOT OLD.puid OR NEW.decision_id IS NOT OLD.decision_id OR NEW.place IS NOT OLD.place
BEGIN SELECT RAISE(ABORT, '{message}'); END"""
_FILING_GOES = """CREATE TRIGGER cases_filing_stays BEFORE DELETE ON "cases_filing"
BEGIN SELECT RAISE(ABORT, '{message}'); END"""


def register() -> None:
    """Hand the append-only tables and the triggers to `plumbing.appendonly`, which installs and verifies
    them."""
    for model in FINAL:
        appendonly.register(model)
    _register_opened()
    _register_filing()
    appendonly.register_trigger("outcome_names_first_decider", "cases_appealoutcome", _OUTCOME)
    for verb in ("insert", "update"):
        name = f"status_names_decider_on_{verb}"
        sql = _STATUS.format(name=name, verb=verb.upper())
        appendonly.register_trigger(name, "cases_decisionstatus", sql)


def _register_opened() -> None:
    raises = f"RAISE EXCEPTION '{OPENED_STAYS}';"
    young = f"IF OLD.at > now() - interval '85 days' THEN {raises} END IF; RETURN OLD;"
    appendonly.register_trigger(
        "cases_opened_young_stays",
        "cases_opened",
        _OPENED_YOUNG.format(message=OPENED_STAYS),
        appendonly.PostgresRule("BEFORE DELETE", "FOR EACH ROW", young),
    )
    appendonly.register_trigger(
        "cases_opened_as_it_was",
        "cases_opened",
        _OPENED_CHANGES.format(message=OPENED_STAYS),
        appendonly.PostgresRule("BEFORE UPDATE", "FOR EACH ROW", raises),
    )


def _register_filing() -> None:
    raises = f"RAISE EXCEPTION '{FILING_STAYS}';"
    same = (
        "IF NEW.puid IS DISTINCT FROM OLD.puid OR NEW.decision_id IS DISTINCT FROM OLD.decision_id "
        f"OR NEW.place IS DISTINCT FROM OLD.place THEN {raises} END IF; RETURN NEW;"
    )
    appendonly.register_trigger(
        "cases_filing_keeps_its_puid",
        "cases_filing",
        _FILING_CHANGES.format(message=FILING_STAYS),
        appendonly.PostgresRule("BEFORE UPDATE", "FOR EACH ROW", same),
    )
    appendonly.register_trigger(
        "cases_filing_stays",
        "cases_filing",
        _FILING_GOES.format(message=FILING_STAYS),
        appendonly.PostgresRule("BEFORE DELETE", "FOR EACH ROW", raises),
    )
