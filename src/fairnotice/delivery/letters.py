"""What a letter says. Subjects are neutral: the screen it shows on may be seen by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fairnotice.cases import sealed, subscribing, wording
from fairnotice.cases.actions import emergency, forward_send, period_reports, receive, trusted_people
from fairnotice.cases.forward_words import standing
from fairnotice.cases.models import ForwardStatus, Notice, Received, Statement
from fairnotice.delivery import alerts, forwards, report_letters
from fairnotice.delivery.answering import answering, of_notice
from fairnotice.delivery.blocks import (
    Block,
    Bullets,
    Code,
    Labelled,
    Link,
    Paragraph,
    Section,
    as_html,
    as_text,
)
from fairnotice.delivery.ports import SendFailed
from fairnotice.law.redaction import defang
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import codes

REFERENCE_HEADER = "Fair-Notice-Reference"


def compose(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The letter of an outbox row, in its reader's language. Raises SendFailed where its text or address is
    gone or unusable."""
    with translation.override(language_of(_wanted(row, payload))):
        if row.kind == "notice-received":
            return _received(row, payload)
        if row.kind == receive.RECEIPT:
            return _message_received(row, payload)
        if row.kind == "statement":
            return _statement(row, payload)
        if row.kind == forward_send.NEWS:
            return _news(row, payload["notice"])
        if row.kind == forward_send.MAIL:
            return forwards.letter(row, payload)
        if row.kind == emergency.MAIL:
            return alerts.alert(row, payload)
        if row.kind == trusted_people.KIND:
            return alerts.outside(row, payload)
        if row.kind == period_reports.WEEKLY:
            return report_letters.weekly(row, payload)
        if row.kind == subscribing.CONFIRM:
            return report_letters.confirm(row, payload)
        if row.kind == subscribing.MONTHLY:
            return report_letters.monthly(row, payload)
    raise SendFailed("unreadable", final=True)


def language_of(wanted: str) -> str:
    """The language to write in: the one that is wanted where we have it, else the first that the service is
    reached in and that we have."""
    for code in (wanted, *settings.FN_OPERATOR["languages"]):
        with suppress(LookupError):
            return translation.get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


def _wanted(row: OutboxRow, payload: dict[str, Any]) -> str:
    # Who is not a notifier never told us a language.
    ref = payload.get("notice")
    found = Notice.objects.filter(ref=ref).values_list("language", flat=True).first() if ref else None
    return found or ""


def _received(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    ref, code = payload["notice"], payload.get("code", "")
    said: list[Block] = [
        Paragraph(
            _("%(name)s has received your notice. A person will look at it and decide.") % {"name": _name()}
        ),
        *(_with_code(codes.show(code)) if code else _without_code()),
        _no_answer(),
    ]
    return answering(letter(row, _notifier(ref), ref, said, replied=True), of_notice(ref))


def _with_code(code: str) -> list[Block]:
    return [
        Paragraph(_("To see how it stands, or to appeal later, open the page below and type this code:")),
        _status_page(),
        Code(code),
        Paragraph(
            _(
                "Whoever has the code sees your notice. Keep it, and delete this letter if other people read "
                "your mail."
            )
        ),
    ]


def _without_code() -> list[Block]:
    return [
        Paragraph(
            _(
                "To see how it stands, open the page below and type the code that you were shown when you "
                "sent the notice. This letter does not repeat the code, because other people may read your "
                "mail."
            )
        ),
        _status_page(),
    ]


def _message_received(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    said: list[Block] = [
        Paragraph(
            _(
                "%(name)s has received your letter. A person will read it; if it is a notice, you get a code "
                "with which you can follow it."
            )
            % {"name": _name()}
        ),
        Paragraph(_("You can also send the notice with a form, which tells you at once what is missing:")),
        Link(f"{settings.FN_BASE_URL}/report/"),
        _no_answer(),
    ]
    said_to = letter(row, payload["to"], payload["received"], said, replied=True)
    return answering(said_to, Received.objects.filter(ref=row.ref).first())


def _statement(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    to = payload.get("to") or _notifier(payload["notice"])
    statement = Statement.objects.select_related("decision").get(ref=payload["statement"])
    body = sealed.read_json("statement", statement.ref, "body")
    if body is None:
        raise SendFailed("erased", final=True)
    answer = body["title"] == "answer"
    sections = [
        Section(part.title, tuple(defang(line) if part.slug == "about" else line for line in part.lines))
        for part in wording.in_words(body)
    ]
    said: list[Block] = [
        Paragraph(_opening(statement.audience, answer=answer) % {"name": _name()}),
        *sections,
        Paragraph(
            _("Read this as a page with your code:")
            if answer
            else _("Read this as a page, or appeal, with your code:")
        ),
        _status_page(),
        Code(codes.show(payload["code"])),
        Paragraph(_("Keep the code to yourself: whoever has it can read this and act for you.")),
    ]
    return letter(row, to, body["decision"], said)


def _opening(audience: str, *, answer: bool) -> str:
    if answer:
        return _(
            "%(name)s has answered an appeal against its decision. Somebody who had no part in the decision "
            "has looked at it again."
        )
    if audience == "affected":
        return _(
            "%(name)s has taken a decision about something that you published. These are the reasons, and "
            "how you can have the decision reviewed."
        )
    return _("%(name)s has an answer to your notice.")


def _news(row: OutboxRow, notice_ref: str) -> EmailMessage:
    """How every forwarding of the notice stands at this moment; nobody need read two letters about one
    thing."""
    statuses = (
        ForwardStatus.objects.filter(forward__item__notice__ref=notice_ref)
        .exclude(state__in=("declined", "spared"))
        .select_related("forward__item")
        .order_by("forward__item__position", "forward__position")
    )
    said: list[Block] = [
        Paragraph(_("there is news from %(name)s about your report.") % {"name": _name()}),
        Bullets(tuple(dict.fromkeys(standing(status) for status in statuses))),
        Paragraph(
            _(
                "To see all of it, open the page below and type your code. This letter does not repeat the "
                "code, because other people may read your mail."
            )
        ),
        _status_page(),
        _no_answer(),
    ]
    return letter(row, _notifier(notice_ref), notice_ref, said)


def _notifier(notice_ref: str) -> str:
    """Where a notifier's address is opened to write to them. The other place that opens it, with their tick
    alone, is `forwards`."""
    email = sealed.read("notice", notice_ref, "email")
    if not email:
        raise SendFailed("erased", final=True)
    return email


def _name() -> str:
    return str(settings.FN_OPERATOR["name"])


def _status_page() -> Link:
    return Link(f"{settings.FN_BASE_URL}/status/")


def _no_answer() -> Paragraph:
    return Paragraph(_("You need not answer this letter."))


def letter(
    row: OutboxRow,
    to: str,
    reference: str,
    said: Iterable[Block],
    *,
    replied: bool = False,
    subject: str = "",
) -> EmailMessage:
    """A letter that says these blocks after a greeting and the reference, as text and as HTML. `replied`: it
    answers what came from the reader at once (RFC 3834, 5). `reference` "" for what is about nothing that
    somebody sent. The same row gives the same bytes at every try.
    Raises SendFailed where the address cannot be written to."""
    made = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    try:
        made["To"] = Address(addr_spec=to)
        made["From"] = Address(_name(), addr_spec=str(settings.FN_MAIL["from"]))
    except (ValueError, IndexError, MessageError):
        raise SendFailed("refused", final=True) from None
    subject = subject or _("News about your reference %(reference)s") % {"reference": reference}
    made["Subject"] = subject
    made["Date"] = format_datetime(row.queued_at)
    # The same for every try of this row: a retry is the same letter again, never a second one.
    made["Message-ID"] = f"<{row.message_id}>"
    made["Auto-Submitted"] = "auto-replied" if replied else "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    first, *others = said
    blocks: list[Block] = [Paragraph(_("Hello,")), first]
    if reference:
        made[REFERENCE_HEADER] = reference
        blocks.append(Labelled(((_("Your reference"), reference),)))
    blocks += others
    made.set_content(as_text(blocks), cte="quoted-printable")
    made.add_alternative(as_html(blocks, title=subject), subtype="html", cte="quoted-printable")
    made.set_boundary(f"=_{row.message_id.partition('@')[0]}")
    return made
