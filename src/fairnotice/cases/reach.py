"""How the affected party is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairnotice.cases.drafts import Fault, check_email
from fairnotice.cases.texts import open_text_faults, text_faults


@dataclass(frozen=True)
class Reach:
    """How the affected party is told: "email" with the address, "letter", or "unreachable" with the
    reason."""

    channel: str = ""
    email: str = ""
    reason: str = ""


def check_reach(reach: Reach) -> list[Fault]:
    """What is missing to tell the affected party."""
    if reach.channel not in ("email", "letter", "unreachable"):
        return [Fault("reach.channel", "missing", _("Say how the affected party is told."))]
    if reach.channel == "email" and not check_email(reach.email):
        return [Fault("reach.email", "email", _("Give the affected party's e-mail address."))]
    if reach.channel == "unreachable":
        return open_text_faults("reach.reason", reach.reason, 500, _("Say why nobody can be told."))
    return text_faults("reach.reason", reach.reason, 500)
