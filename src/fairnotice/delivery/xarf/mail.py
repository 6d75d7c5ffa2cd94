"""A report as a letter.

XARF by mail is an abuse report of RFC 5965 whose feedback type is `xarf` and whose third part is the report
as JSON (abusix/xarf, "XARF via SMTP"): a program that knows only the older format still sees that it is one.
"""

from __future__ import annotations

import json
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice import __version__
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.xarf.words import in_words


def as_mail(
    report: dict[str, Any],
    *,
    to: str,
    sender: Address,
    message_id: str,
    reply_to: str,
    subject_reference: str,
) -> EmailMessage:
    """The letter: words for a person, three fields for older programs, the report as `xarf.json`.

    `message_id` is the outbox row's, without brackets: every try of a row is the same letter. `reply_to`
    takes answers, "" where the sender does. Raises SendFailed where an address cannot be used.
    """
    policy = SMTP if (to + reply_to).isascii() else SMTPUTF8
    letter = EmailMessage(policy=policy)
    try:
        letter["To"] = Address(addr_spec=to)
        letter["From"] = sender
        if reply_to:
            letter["Reply-To"] = Address(addr_spec=reply_to)
    except (ValueError, IndexError, MessageError):
        raise SendFailed("refused", final=True) from None
    letter["Subject"] = _("Notice %(reference)s: please look at this content") % {
        "reference": subject_reference
    }
    letter["Date"] = format_datetime(timezone.now())
    letter["Message-ID"] = f"<{message_id}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter["Content-Type"] = 'multipart/report; report-type="feedback-report"'
    letter["MIME-Version"] = "1.0"
    for part in (_text(in_words(report), policy), _feedback(policy), _json(report, policy)):
        letter.attach(part)  # type: ignore[arg-type]  # a part is no message of its own, whatever the stubs say
    return letter


def _text(text: str, policy: Any) -> MIMEPart:
    part = MIMEPart(policy=policy)
    part.set_content(text)
    return part


def _feedback(policy: Any) -> MIMEPart:
    part = MIMEPart(policy=policy)
    part["Content-Type"] = "message/feedback-report"
    part["Content-Disposition"] = "inline"
    part.set_payload(f"Feedback-Type: xarf\r\nUser-Agent: FairNotice/{__version__}\r\nVersion: 1\r\n")
    return part


def _json(report: dict[str, Any], policy: Any) -> MIMEPart:
    part = MIMEPart(policy=policy)
    data = json.dumps(report, ensure_ascii=False, indent=2).encode()
    part.set_content(
        data, maintype="application", subtype="json", filename="xarf.json", disposition="attachment"
    )
    part.set_param("name", "xarf.json")
    return part
