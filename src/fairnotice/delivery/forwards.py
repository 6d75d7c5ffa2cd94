"""A forwarded notice as it leaves: the facts that may go along, and nothing else of the notice.

This is the one place where a notice is opened for somebody outside. Words go along with the notifier's tick
for words, name and address with their tick for those (`ForwardConsent`, append-only).
"""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.models import Forward, ForwardConsent, Notice
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.xarf import ReportFacts, RestPort, as_mail, build_report, peer_for
from fairnotice.law.forwarding import answer_due
from fairnotice.ledger.models import OutboxRow

ANSWERS_PATH = "/api/v1/forwards/answers"


def letter(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The letter of an outbox row of the kind forward-mail. Raises SendFailed, and vault's Erased."""
    forward = _forward(payload)
    # The time runs from the day on which the letter gets away, however many tries that takes.
    fresh = answer_due(timezone.now(), forward.answer_hours)
    deadline = datetime.fromisoformat(payload["due"]) if payload["reminder"] else fresh
    facts = facts_of(forward, payload["token"], deadline)
    try:
        sender = Address(str(settings.FN_OPERATOR["name"]), addr_spec=str(settings.FN_MAIL["from"]))
    except (ValueError, IndexError, MessageError):
        raise SendFailed("misconfigured") from None
    made = as_mail(
        _report(facts),
        to=forward.contact,
        sender=sender,
        message_id=row.message_id,
        reply_to=plus_address(payload["token"]),
        subject_reference=forward.ref,
    )
    if payload["reminder"]:
        subject = str(made["Subject"])
        del made["Subject"]
        made["Subject"] = _("Reminder: %(subject)s") % {"subject": subject}
    return made


def post(payload: dict[str, Any], port: RestPort) -> None:
    """Post the report of a row of the kind forward-rest to its peer: the same words at every try, so that the
    other side can tell a retry from a second notice. Raises SendFailed, and vault's Erased."""
    forward = _forward(payload)
    peer = peer_for(forward.contact)
    if peer is None:
        raise SendFailed("misconfigured")
    facts = facts_of(forward, payload["token"], datetime.fromisoformat(payload["due"]))
    port.post(_report(facts), peer)


def facts_of(forward: Forward, token: str, deadline: datetime) -> ReportFacts:
    """What this organisation is told. Raises Erased where the item or its notifier was erased, SendFailed
    where nobody said yes."""
    consent = ForwardConsent.objects.filter(forward=forward).first()
    if consent is None:
        raise SendFailed("internal", final=True)
    notice = forward.item.notice
    location = sealed.read("item", forward.item.ref, "location")
    if not location:
        raise SendFailed("erased", final=True)
    words = _words(forward) if consent.with_words else {"law": "", "text": ""}
    person = _person(notice) if consent.with_contact else {"name": "", "email": ""}
    asked = Forward.objects.filter(item=forward.item, consent__isnull=False).order_by("position")
    return ReportFacts(
        reference=forward.ref,
        category=notice.category,
        keyword=notice.keyword,
        problem=notice.problem,
        locations=(location,),
        received_at=notice.received_at,
        sender_name=str(settings.FN_OPERATOR["name"]),
        sender_contact=str(settings.FN_MAIL["from"]),
        sender_domain=urlsplit(settings.FN_BASE_URL).hostname or "localhost",
        recipients=tuple(asked.values_list("organisation", flat=True)),
        deadline=deadline,
        answer_url=settings.FN_BASE_URL + ANSWERS_PATH,
        answer_token=token,
        answer_page=settings.FN_BASE_URL + reverse("forward-answer", args=[token]),
        ground_kind=notice.ground_kind,
        law=words["law"],
        clause=f"{notice.clause.reference} {notice.clause.title}" if notice.clause else "",
        good_faith=notice.good_faith,
        text=words["text"],
        reporter_name=person["name"],
        reporter_email=person["email"],
    )


def plus_address(token: str) -> str:
    """Where replies go: our own address with the token behind a plus (RFC 5233), so that the reply says by
    itself what it belongs to."""
    local, _at, host = str(settings.FN_MAIL["from"]).rpartition("@")
    return f"{local}+{token.lower()}@{host}"


def _forward(payload: dict[str, Any]) -> Forward:
    rows = Forward.objects.select_related("item__notice__clause")
    return rows.get(ref=payload["forward"])


def _report(facts: ReportFacts) -> dict[str, Any]:
    try:
        return build_report(facts)
    except ValueError:
        # The sender's own address or host: for the operator to mend.
        raise SendFailed("misconfigured") from None


def _words(forward: Forward) -> dict[str, str]:
    said = sealed.read_many("notice", forward.item.notice.ref, ["why", "law"])
    note = sealed.read_many("item", forward.item.ref, ["note"])["note"]
    return {"law": said["law"], "text": "\n\n".join(part for part in (said["why"], note) if part)}


def _person(notice: Notice) -> dict[str, str]:
    return sealed.read_many("notice", notice.ref, ["name", "email"])
