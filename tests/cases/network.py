"""A small network around one forum, and short ways to forward a notice about it."""

from __future__ import annotations

import re
from email.message import EmailMessage, Message
from typing import Any

from django.utils import timezone

from fairnotice.cases import codes
from fairnotice.cases.actions import forward, forward_reply
from fairnotice.cases.actions.submit import Submitted
from fairnotice.cases.models import AccessCode, ForwardLetter, ForwardStatus
from fairnotice.delivery.ports import SmtpPort
from fairnotice.ledger.models import OutboxRow
from tests.answerable import register
from tests.cases import making

PLACE = "https://forum.example.org/post/7"
FORUM_DESK, HOST_DESK, REGISTRAR_DESK = (
    "team@forum-mail.example",
    "abuse@host.example",
    "abuse@registrar.example",
)


def network(*, forum_public: bool = True) -> None:
    """REGISTRAR-1 above HOST-1, which hosts forum.example.org for FORUM-1."""
    registrar = register.plant("example.org", "REGISTRAR-1", kind="registrar")
    host = register.plant(
        "forum.example.org", "HOST-1", giver="REGISTRAR-1", kind="hosting", parent=registrar
    )
    register.plant(
        "forum.example.org", "FORUM-1", giver="HOST-1", kind="hosting", parent=host, public=forum_public
    )
    for handle, address in (("REGISTRAR-1", REGISTRAR_DESK), ("HOST-1", HOST_DESK), ("FORUM-1", FORUM_DESK)):
        register.contact(handle, address)


def access_of(sent: Submitted) -> AccessCode:
    found = codes.find(sent.code)
    assert found is not None
    return found


def of(handle: str) -> ForwardStatus:
    """The forward to one organisation, as it stands now."""
    return ForwardStatus.objects.select_related("forward__item__notice").get(forward__handle=handle)


def states() -> dict[str, str]:
    """How it stands with each organisation."""
    return dict(ForwardStatus.objects.order_by("pk").values_list("forward__handle", "state"))


def confirmed(sent: Submitted, *handles: str, **ticks: bool) -> None:
    """The notifier says yes to these."""
    refs = [of(handle).forward.ref for handle in handles]
    forward.confirm(access=access_of(sent), chosen=refs, **ticks)


def notice(**changes: Any) -> Submitted:
    """A notice about the forum, with a contact, of a kind that goes to everybody in the chain."""
    return making.notice(PLACE, **{"name": "A notifier", "email": "notifier@example.net", **changes})


def smtp(port: int) -> SmtpPort:
    return SmtpPort(host="127.0.0.1", port=port, user="", password_file="", starttls=False)


def hurry() -> None:
    """What waits for its next try is due now."""
    OutboxRow.objects.filter(done_at=None).update(due_at=timezone.now())


def token_in(letter: Message) -> str:
    """The token of a forwarded notice, as its Reply-To carries it."""
    found = re.search(r"\+([a-z2-7]{26})@", str(letter["Reply-To"]))
    assert found
    return found[1]


def text_of(letter: Message) -> str:
    """Its first plain text."""
    part = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def unread_letter(status: ForwardStatus) -> ForwardLetter:
    """A letter about a forwarding that none of the four answers stands in: kept for a person."""
    letter = EmailMessage()
    letter["Subject"] = status.forward.ref
    letter.set_content("Hello.")
    assert forward_reply.take_letter(raw=letter.as_bytes()) == "kept"
    return ForwardLetter.objects.latest("pk")
