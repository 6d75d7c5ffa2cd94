"""What somebody with a code may see: their own notice, or their side of one case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import involved, sealed
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import AccessCode, Appeal, Case, Decision, Notice, NoticeItem, Statement
from fairnotice.law.deadlines import appeal_until
from fairnotice.vault.errors import Erased

INFORMED = ("in_force", "partly_reversed", "reversed", "expired", "lapsed")


@dataclass(frozen=True)
class Window:
    """Whether an appeal is possible now, until when (None: no end yet, since nobody was informed), or why
    not."""

    open: bool
    until: date | None
    why: str = ""


def statements(access: AccessCode) -> list[Statement]:
    """What this side was told, oldest first."""
    rows = Statement.objects.select_related("decision__case", "outcome", "status").order_by("id")
    if access.notice_id:
        return list(rows.filter(notice_id=access.notice_id))
    return list(rows.filter(audience="affected", decision__case=access.case))


def statement_for(access: AccessCode, ref: str) -> tuple[Statement, dict[str, Any] | None]:
    """One statement and its body (None where it was erased). Raises NotFound."""
    found = next((s for s in statements(access) if s.ref == ref), None)
    if found is None:
        raise NotFound(_("There is no such statement behind this code."))
    return found, json_of("statement", ref, "body")


def decision_for(access: AccessCode, ref: str) -> Decision:
    """A decision this side was told about. Raises NotFound."""
    for statement in statements(access):
        if statement.decision.ref == ref:
            return statement.decision
    raise NotFound(_("There is no such decision behind this code."))


def appeal_window(access: AccessCode, decision: Decision) -> Window:
    """Article 20(1): at least six months, from the day this side was informed."""
    told = [s for s in statements(access) if s.decision_id == decision.pk and s.outcome_id is None]
    informed = min((s.status.delivered_at for s in told if s.status.delivered_at), default=None)
    until = appeal_until(timezone.localdate(informed), decision.appeal_months) if informed else None
    if appeals(access, decision).exists():
        return Window(False, until, _("You have appealed against this decision already."))
    if decision.status.state not in INFORMED:
        return Window(
            False, until, _("This decision has not taken effect, so there is nothing to appeal yet.")
        )
    if access.notice is not None and access.notice.state == "withdrawn":
        return Window(False, until, _("You have withdrawn this notice."))
    if decision.status.state == "reversed" and not _still_restricted(access, decision):
        return Window(False, until, _("This decision has been reversed already."))
    if until is not None and timezone.localdate() > until:
        return Window(False, until, _("The time for an appeal has ended."))
    return Window(True, until)


def _still_restricted(access: AccessCode, decision: Decision) -> bool:
    # Reversed on a notifier's appeal: what is in force stays until somebody has decided anew, and whom it
    # restricts can object to it all the while.
    return access.side == "affected" and decision.measures.filter(status__state="in_force").exists()


def appeals(access: AccessCode, decision: Decision | None = None) -> Any:
    """The appeals of this side."""
    rows = Appeal.objects.select_related("status", "decision").filter(side=access.side)
    rows = rows.filter(notice=access.notice) if access.notice else rows.filter(decision__case=access.case)
    return rows.filter(decision=decision) if decision else rows


@dataclass(frozen=True)
class ItemView:
    """One item of a notice as its notifier sees it."""

    ref: str
    location: str
    note: str
    chain: dict[str, Any]
    case_state: str


def own_items(access: AccessCode) -> list[ItemView]:
    """The items of the notifier's own notice."""
    rows = NoticeItem.objects.filter(notice=access.notice).select_related("case")
    return [
        ItemView(
            ref=item.ref,
            **sealed.read_many("item", item.ref, ["location", "note"]),
            chain=json_of("item", item.ref, "chain") or {},
            case_state=item.case.state if item.case else "",
        )
        for item in rows
    ]


def trusted_context(notice: Notice) -> dict[str, Any]:
    """For a notice about somebody at this service: whether anybody is left there who sees it, and who outside
    looks after such notices. What the person is told has to be true even where it is bad news."""
    if not notice.staff_involved:
        return {}
    return {
        "about_staff": True,
        "somebody_left": involved.somebody_left(notice),
        "outside": [contact.label for contact in involved.outside()],
    }


def own_words(access: AccessCode) -> dict[str, str]:
    """What the notifier wrote, for their own eyes; the contact only as "given" or not."""
    if access.notice is None:
        return {}
    return sealed.read_many("notice", access.notice.ref, ["why", "law"])


def json_of(owner: str, row: str, which: str) -> Any:
    """A sealed JSON value, or None where it is erased."""
    try:
        return sealed.read_json(owner, row, which)
    except Erased:
        return None


def affected_case(access: AccessCode) -> tuple[Case, str]:
    """The case and the location of the item, for the affected party. Raises NotFound."""
    if access.case is None:
        raise NotFound(_("There is no such case behind this code."))
    return access.case, sealed.read_many("case", access.case.ref, ["location"])["location"]
