"""What a letter says. Subjects are neutral: the screen it shows on may be seen by somebody else."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed, wording
from fairnotice.cases.models import Statement
from fairnotice.delivery.ports import SendFailed
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import codes


def compose(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The letter of an outbox row. Raises SendFailed where its text or address is gone or unusable."""
    if row.kind == "notice-received":
        to = _notifier(payload["notice"])
        return _letter(row, to, "delivery/received.txt", {"reference": payload["notice"]})
    if row.kind == "statement":
        to = payload.get("to") or _notifier(payload["notice"])
        statement = Statement.objects.select_related("decision").get(ref=payload["statement"])
        body = sealed.read_json("statement", statement.ref, "body")
        if body is None:
            raise SendFailed("erased", final=True)
        return _letter(
            row,
            to,
            "delivery/statement.txt",
            {
                "reference": body["decision"],
                "audience": statement.audience,
                "answer": body["title"] == "answer",
                "body": wording.in_words(body),
                "code": codes.show(payload["code"]),
            },
        )
    raise SendFailed("unreadable", final=True)


def _notifier(notice_ref: str) -> str:
    """The one place where a notifier's address is opened."""
    email = sealed.read("notice", notice_ref, "email")
    if not email:
        raise SendFailed("erased", final=True)
    return email


def _letter(row: OutboxRow, to: str, template: str, context: dict[str, Any]) -> EmailMessage:
    operator = settings.FN_OPERATOR
    letter = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    try:
        letter["To"] = Address(addr_spec=to)
        letter["From"] = Address(str(operator["name"]), addr_spec=str(settings.FN_MAIL["from"]))
    except (ValueError, IndexError, MessageError):
        raise SendFailed("refused", final=True) from None
    letter["Subject"] = _("News about your reference %(reference)s") % {"reference": context["reference"]}
    letter["Date"] = format_datetime(timezone.now())
    # The same for every try of this row: a retry is the same letter again, never a second one.
    letter["Message-ID"] = f"<{row.message_id}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    text = render_to_string(template, {**context, "operator": operator, "base_url": settings.FN_BASE_URL})
    letter.set_content(text.strip() + "\n")
    return letter
