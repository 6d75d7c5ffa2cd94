"""Reports about no item, on their way to whoever looks after them: unchanged, to a mailbox or a program."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Received
from fairnotice.delivery import customer_hook
from fairnotice.delivery.ports import Port, SendFailed
from fairnotice.ledger.models import OutboxRow

KIND = receive.PASSED_ON


def send(row: OutboxRow, payload: dict[str, Any], port: Port) -> None:
    """Give the report of this row to the operator's program, or else its mailbox. Raises SendFailed, also
    where neither is set any more, and vault's Erased."""
    received = Received.objects.get(ref=payload["received"])
    raw = receive.raw_of(received)
    if settings.FN_PASS_ON_COMMAND:
        customer_hook.run_command(
            settings.FN_PASS_ON_COMMAND,
            raw,
            told={
                "FAIRNOTICE_REFERENCE": received.ref,
                "FAIRNOTICE_FORMAT": received.format,
                "FAIRNOTICE_ABOUT": received.about,
            },
        )
    elif settings.FN_PASS_ON_TO:
        port.send(letter(row, received, raw))
    else:
        raise SendFailed("misconfigured")


def letter(row: OutboxRow, received: Received, raw: bytes) -> EmailMessage:
    """A letter with the report attached byte for byte: base64, since every other way may change line ends.
    Its Message-ID is that of the row, so a retry is never a second letter."""
    made = EmailMessage(policy=SMTP)
    try:
        made["To"] = Address(addr_spec=settings.FN_PASS_ON_TO)
        made["From"] = Address(str(settings.FN_OPERATOR["name"]), addr_spec=str(settings.FN_MAIL["from"]))
    except (ValueError, IndexError, MessageError):
        raise SendFailed("misconfigured") from None
    made["Subject"] = _("Report passed on: %(about)s (%(reference)s)") % {
        "about": received.about,
        "reference": received.ref,
    }
    made["Date"] = format_datetime(received.settled_at or received.received_at)
    made["Message-ID"] = f"<{row.message_id}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(
        _(
            "This report is about traffic, a machine or a message, not about an item that a person could "
            "look at, so nothing was decided about it. It is attached as it came in."
        )
        + "\n\n"
        + f"SHA-256: {bytes(received.sha256).hex()}\n"
        + ("" if received.whole else _("It was too long; only its beginning was kept.") + "\n")
    )
    ending = "eml" if received.door == "mail" else "json" if raw.lstrip()[:1] == b"{" else "bin"
    made.add_attachment(
        raw,
        maintype="application",
        subtype="json" if ending == "json" else "octet-stream",
        filename=f"{received.ref}.{ending}",
    )
    made.set_boundary(f"=_{row.message_id.partition('@')[0]}")
    return made
