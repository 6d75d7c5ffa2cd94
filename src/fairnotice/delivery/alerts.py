"""Alerts to whoever is on duty, and word to people of trust outside: that somebody is waited for, and where.
Never what it is about."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fairnotice.cases.actions import emergency, trusted_people
from fairnotice.delivery import customer_hook
from fairnotice.delivery.blocks import Block, Link, Paragraph
from fairnotice.delivery.ports import SendFailed
from fairnotice.ledger.models import OutboxRow


def alert(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The letter to one person on duty. Raises SendFailed where they are not named any more."""
    from fairnotice.delivery.letters import letter

    ref = payload["emergency"]
    said: list[Block] = [
        Paragraph(
            _("somebody is waited for at the desk of %(name)s, now. Please sign in and open:")
            % {"name": settings.FN_OPERATOR["name"]}
        ),
        Link(emergency.link(ref)),
        Paragraph(
            _(
                "There you say that you look after it. Until somebody does, the next person is told every "
                "%(minutes)s minutes. What it is about stands at the desk alone."
            )
            % {"minutes": settings.FN_EMERGENCY_MINUTES}
        ),
    ]
    subject = _("Please sign in: %(reference)s") % {"reference": ref}
    return letter(row, _address(payload["target"]), ref, said, subject=subject)


def _address(target: str) -> str:
    kind, _sep, which = target.partition(":")
    if kind == "outside":
        found = trusted_people.mailbox_of(which)
    else:
        people = settings.FN_EMERGENCY_CONTACTS
        found = people[int(which)] if int(which) < len(people) else ""
    if not found:
        raise SendFailed("misconfigured", final=True)
    return found


def outside(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The letter to an organisation outside that a notice about somebody at the service came in."""
    from fairnotice.delivery.letters import letter

    to = trusted_people.mailbox_of(payload["contact"])
    if not to:
        raise SendFailed("misconfigured", final=True)
    said: list[Block] = [
        Paragraph(
            _(
                "%(name)s named you as somebody whom people can turn to when a notice is about those who "
                "work there. Such a notice has come in. Nothing of what it says is in this letter."
            )
            % {"name": settings.FN_OPERATOR["name"]}
        ),
        Paragraph(
            _(
                "Whoever sent it knows the reference above and was told that you exist. If they turn to you, "
                "they can show you their receipt, which proves what they sent and when."
            )
        ),
    ]
    return letter(row, to, payload["told"], said)


def run_program(payload: dict[str, Any]) -> None:
    """Start the operator's own program, without a shell: it learns a reference and a link to the desk. Raises
    SendFailed."""
    if not settings.FN_EMERGENCY_COMMAND:
        raise SendFailed("misconfigured", final=True)
    ref = payload["emergency"]
    customer_hook.run_command(
        settings.FN_EMERGENCY_COMMAND,
        b"",
        told={"FAIRNOTICE_REFERENCE": ref, "FAIRNOTICE_LINK": emergency.link(ref)},
    )
