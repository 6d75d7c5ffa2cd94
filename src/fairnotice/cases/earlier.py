"""What an earlier decision of the same case left in force, and how the new one takes its place (ADR 0009)."""

from __future__ import annotations

from datetime import datetime

from fairnotice.cases import carrying_out, sealed
from fairnotice.cases.models import Case, Decision, Measure, MeasureStatus
from fairnotice.cases.steps import step
from fairnotice.ledger.append import append

REACH = ("channel", "email", "reason")


def standing(case: Case, before: Decision | None = None) -> list[Measure]:
    """The measures of this case that are in force or still to come, of all decisions or of those `before`
    one."""
    rows = Measure.objects.filter(decision__case=case, status__state__in=("proposed", "in_force"))
    if before is not None:
        rows = rows.filter(decision_id__lt=before.pk)
    return list(rows.select_related("status").order_by("id"))


def take_the_place(decision: Decision, now: datetime) -> None:
    """Undo what earlier decisions of the case left standing, now that this one has taken effect. Nothing is
    undone before: what nobody called too much stays until something stands in its place."""
    gone = standing(decision.case, before=decision)
    for measure in gone:
        undo(measure.status, now)
        measure.status.save()
    if gone:
        append(
            kind="measure.superseded",
            open={"count": len(gone)},
            case_ref=decision.case.ref,
            follows=decision.event,
        )


def undo(status: MeasureStatus, now: datetime) -> None:
    """Undo a measure: what was carried out has to be restored, and only the report of that closes it. The
    caller saves."""
    if status.state == "proposed":
        status.state = step("measure", status.state, "withdraw")
        return
    status.state = step("measure", status.state, "reverse")
    if status.effect in ("pending", "failed", "confirmed"):
        # What nobody reported as done may have been done all the same: it too is restored and confirmed. What
        # is being restored, or is already (the measure had ended), needs no second restoring.
        status.effect, status.effect_at = step("effect", status.effect, "restore"), now
        carrying_out.announce(status, now)


def reach_before(case: Case) -> dict[str, str]:
    """How the affected party was told of the latest decision they were told of: channel, email, reason. A
    letter, where no way is known any more: somebody then has to find one."""
    for ref in case.decisions.order_by("-id").values_list("ref", flat=True):
        found = sealed.read_many("decision", ref, REACH)
        if found["channel"]:
            return found
    return {"channel": "letter", "email": "", "reason": ""}


def end_decision(decision: Decision) -> None:
    """A decision is over when nothing of it is in force any more or still to come."""
    status = decision.status
    if decision.measures.filter(status__state__in=("proposed", "in_force")).exists():
        return
    if status.state in ("in_force", "partly_reversed"):
        expired = decision.measures.filter(status__state="expired").exists()
        status.state = step("decision", status.state, "expire" if expired else "lapse")
        status.save(update_fields=["state"])
