"""Letters of scheduled reports: to the operator each week, to subscribers each month, and the one question
whether somebody wants that. Plain words and figures; nothing in them tells who reads them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from fairnotice.cases import period_words, periods, sealed, subscribing
from fairnotice.cases.queries import periods as counted
from fairnotice.delivery.blocks import Block, Labelled, Link, Paragraph
from fairnotice.delivery.ports import SendFailed
from fairnotice.ledger.models import OutboxRow


def weekly(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """To one of the operator's own addresses, counted anew at each try. Raises SendFailed where the settings
    name it no more."""
    addresses = settings.FN_OPERATOR_REPORT_MAIL
    if not 0 <= payload["to"] < len(addresses):
        raise SendFailed("misconfigured", final=True)
    week = str(payload["week"])
    start, end = periods.week_span(week)
    waiting = counted.waiting(row.queued_at)
    said: list[Block] = [
        Paragraph(_("this is what happened at %(name)s in week %(week)s.") % {"name": _name(), "week": week}),
        Labelled(tuple(period_words.lines(period_words.HAPPENED, counted.happened(start, end)))),
        Paragraph(_("What waits now:")),
        Labelled(tuple(period_words.lines(period_words.WAITING, waiting))),
        Link(f"{settings.FN_BASE_URL}{reverse('desk-weekly')}"),
    ]
    if waiting["statements_stopped"]:
        stopped = _(
            "The EU database does not take our token, so no statement is sent. Please look at the desk."
        )
        said.insert(1, Paragraph(stopped))
    return _letter(row, addresses[payload["to"]], said, _("Week %(week)s") % {"week": week})


def confirm(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The one question. Raises SendFailed where the address is gone."""
    address, link = _subscriber(payload)
    said: list[Block] = [
        Paragraph(
            _(
                "somebody typed this address on the page of %(name)s to get a short report each month by "
                "mail. If it was you, open this page and say yes:"
            )
            % {"name": _name()}
        ),
        Link(link),
        Paragraph(
            _(
                "If it was not you, do nothing: you get no further letter, and the address is erased after "
                "two days. On the same page you can have it erased at once."
            )
        ),
    ]
    return _letter(row, address, said, _("Please confirm your request"))


def monthly(row: OutboxRow, payload: dict[str, Any]) -> EmailMessage:
    """The published figures of a month, with a way to leave in the letter and in its headers (RFC 2369,
    RFC 8058). Raises SendFailed."""
    address, link = _subscriber(payload)
    month = str(payload["month"])
    found = counted.month(month)
    if found is None:
        raise SendFailed("unreadable", final=True)
    said: list[Block] = [
        Paragraph(
            _("this is the report of %(name)s for %(month)s. The latest figures that were released:")
            % {"name": _name(), "month": month}
        ),
        Labelled(tuple(period_words.released(found.figures))),
        Paragraph(_("Figures of one to nine are not published. More, and each report, stands on this page:")),
        Link(f"{settings.FN_BASE_URL}{reverse('reports-month', args=[month])}"),
        Paragraph(_("To get no more of these, open this page; your address is erased at once:")),
        Link(link),
    ]
    made = _letter(row, address, said, _("Report for %(month)s") % {"month": month})
    made["List-Unsubscribe"] = f"<{link}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return made


def _subscriber(payload: dict[str, Any]) -> tuple[str, str]:
    """Where a subscriber's address is opened to write to them; the only place."""
    found = sealed.read_many(subscribing.OWNER, str(payload["subscriber"]), ("address", "token"))
    if not found["address"] or not found["token"]:
        raise SendFailed("erased", final=True)
    return found["address"], f"{settings.FN_BASE_URL}{reverse('reports-subscription', args=[found['token']])}"


def _letter(row: OutboxRow, address: str, said: list[Block], subject: str) -> EmailMessage:
    from fairnotice.delivery.letters import letter

    return letter(row, address, "", said, subject=subject)


def _name() -> str:
    return str(settings.FN_OPERATOR["name"])
