"""What was seen at a service becomes the effect of the measure, by the same action as anybody's report."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.cases.actions.effect import report_effect
from fairnotice.cases.errors import ActionError
from fairnotice.cases.models import MeasureStatus
from fairnotice.delivery.mastodon.carry import Outcome

#: After so many tries (minutes) the desk is told that it does not work; trying goes on.
SAY_SO_AFTER = 3
_WHY = {
    "misconfigured": gettext_lazy("The server does not take our token, or the token may not do this."),
    "refused": gettext_lazy("The server refused it."),
    "unreachable": gettext_lazy("The server could not be reached."),
    "timeout": gettext_lazy("The server did not answer in time."),
    "deferred": gettext_lazy("The server said that it did it, or that it is busy, but does not show it."),
}


def tell(measure_ref: str, seen: Outcome) -> None:
    """Report it, unless somebody has said something else since: a person's word stands."""
    with suppress(ActionError), transaction.atomic():
        report_effect(measure_ref=measure_ref, effect=seen.effect, note=seen.note, service="mastodon")


def could_not(measure_ref: str, code: str) -> None:
    """Report that it does not work, and why."""
    status = MeasureStatus.objects.filter(measure__ref=measure_ref).first()
    if status is not None and status.effect in ("pending", "restoring"):
        effect = "failed" if status.effect == "pending" else "restore_failed"
        tell(measure_ref, Outcome(effect, str(_WHY.get(code, _("Something went wrong here.")))))
