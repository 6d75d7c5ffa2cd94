"""Whether the service has really done it: reported by a person, or by the operator's own software."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.drafts import Fault
from fairnotice.cases.errors import Conflict, Invalid, NotFound
from fairnotice.cases.models import ApiToken, MeasureStatus
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE, step
from fairnotice.cases.texts import open_text_faults
from fairnotice.ledger.append import append

# What is reported -> the act of the table `effect`. Carrying out and undoing have words of their own, so that
# a late "confirmed" about the one is never taken for the other.
CARRYING_OUT = {"confirmed": "confirm", "failed": "fail"}
UNDOING = {"restored": "confirm", "restore_failed": "fail"}
REPORTS = CARRYING_OUT | UNDOING
_BEING_UNDONE = ("restoring", "restore_failed", "restored")


@transaction.atomic
def report_effect(
    *,
    measure_ref: str,
    effect: str,
    note: str = "",
    actor: Actor | None = None,
    token: ApiToken | None = None,
    service: str = "",
) -> MeasureStatus:
    """Record that a measure was carried out, "confirmed", or could not be, "failed"; that its undoing was
    carried out, "restored", or could not be, "restore_failed".

    Exactly one reports: `actor`, `token`, or our own software, which has looked at the `service` of this
    name. A repeated report changes nothing. Raises NotFound, Invalid,
    Refused, and Conflict where the report is about the one while the other is what there is to do.
    """
    if [actor is not None, token is not None, bool(service)].count(True) != 1:
        raise TypeError("a person, a token, or a service reports, and one of them alone")
    rows = MeasureStatus.objects.select_related("measure__decision__case").filter(measure__ref=measure_ref)
    if actor is not None:
        require(actor, "report_effect")
        rows = rows.filter(measure__decision__case__in=visible_cases(actor))
    status = rows.first()
    if status is None:
        raise NotFound(_("There is no such measure."))
    if effect not in REPORTS:
        say = _("The effect is 'confirmed' or 'failed', or 'restored' or 'restore_failed' for an undoing.")
        raise Invalid([Fault("effect", "choice", say)])
    faults = open_text_faults("note", note, 500)
    if faults:
        raise Invalid(faults)
    if status.effect == effect:
        return status  # software may say a thing twice
    if not status.effect:
        raise Conflict(_("This measure is not in force, so there is nothing to carry out yet."))
    if effect in CARRYING_OUT and status.effect in _BEING_UNDONE:
        raise Conflict(
            _("This measure has ended and is to be undone: report “restored” or “restore_failed”.")
        )
    if effect in UNDOING and status.effect not in _BEING_UNDONE:
        raise Conflict(_("This measure is not to be undone: report “confirmed” or “failed”."))
    before = status.effect
    status.effect = step("effect", before, REPORTS[effect])
    status.effect_at, status.effect_note_length = timezone.now(), len(note.strip())
    if not MeasureStatus.objects.filter(pk=status.pk, effect=before).update(
        effect=status.effect, effect_at=status.effect_at, effect_note_length=status.effect_note_length
    ):
        raise Conflict(STALE)
    sealed.replace("measure", measure_ref, status.measure.decision.case.subject_key, "effect_note", note)
    append(
        kind="measure.effect",
        open={"effect": status.effect, "by": "person" if actor else "software"},
        actor_id=actor.user_id if actor else None,
        case_ref=status.measure.decision.case.ref,
        follows=status.measure.decision.event,
    )
    return status
