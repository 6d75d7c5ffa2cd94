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
from fairnotice.cases.actions import forward_send, receive
from fairnotice.cases.forward_words import standing
from fairnotice.cases.models import ForwardStatus, Statement
from fairnotice.delivery import forwards
from fairnotice.delivery.ports import SendFailed
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import codes


def compose(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The letter of an outbox row. Raises SendFailed where its text or address is gone or unusable."""
    if row.kind == "notice-received":
        to = _notifier(payload["notice"])
        code = codes.show(payload["code"]) if "code" in payload else ""
        return _letter(row, to, "delivery/received.txt", {"reference": payload["notice"], "code": code})
    if row.kind == receive.RECEIPT:
        context = {"reference": payload["received"]}
        return _letter(row, payload["to"], "delivery/message_received.txt", context)
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
    if row.kind == forward_send.NEWS:
        return _news(row, payload["notice"])
    if row.kind == forward_send.MAIL:
        return forwards.letter(row, payload)
    raise SendFailed("unreadable", final=True)


def _news(row: OutboxRow, notice_ref: str) -> EmailMessage:
    """How every forwarding of the notice stands at this moment; nobody need read two letters about one
    thing."""
    statuses = (
        ForwardStatus.objects.filter(forward__item__notice__ref=notice_ref)
        .exclude(state__in=("declined", "spared"))
        .select_related("forward__item")
        .order_by("forward__item__position", "forward__position")
    )
    lines = list(dict.fromkeys(standing(status) for status in statuses))
    context = {"reference": notice_ref, "lines": lines}
    return _letter(row, _notifier(notice_ref), "delivery/forward_news.txt", context)


def _notifier(notice_ref: str) -> str:
    """Where a notifier's address is opened to write to them. The other place that opens it, with their tick
    alone, is `forwards`."""
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
