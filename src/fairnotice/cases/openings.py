"""The access log is written here: one row for each thing that a page of the desk shows sealed fields of.

A purpose follows from the page and from who holds the case; where it does not, the person is asked first.
Opening the same thing again for the same purpose within an hour, with no further kinds of fields, writes no
second row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from fairnotice.cases import models as m
from fairnotice.cases.opening import Desk
from fairnotice.cases.permissions import ACTIONS, APPEALS, PUBLISHER, ROLES, SENIOR, Actor
from fairnotice.law.openings import ASKED

ONE_ROW_FOR = timedelta(hours=1)
#: So long somebody may sit over a page that they have open; a session ends sooner.
_PAGE_OPEN = timedelta(hours=12)
WAITING_APPEAL = ("received", "claimed")
#: What goes on for an hour on a case that is decided, without asking anew.
_GOES_ON = frozenset({"decide", "confirm", "appeal"})

# Owner of a sealed value -> its table, and the way from there to the reference of the case.
_CASE_OF: dict[str, tuple[type[Model], str]] = {
    "case": (m.Case, "ref"),
    "item": (m.NoticeItem, "case__ref"),
    "decision": (m.Decision, "case__ref"),
    "measure": (m.Measure, "decision__case__ref"),
    "statement": (m.Statement, "decision__case__ref"),
    "publication": (m.Publication, "decision__case__ref"),
    "filing": (m.Filing, "decision__case__ref"),
    "appeal": (m.Appeal, "decision__case__ref"),
    "outcome": (m.AppealOutcome, "appeal__decision__case__ref"),
    "forward-answer": (m.ForwardAnswer, "forward__item__case__ref"),
    "forward-letter": (m.ForwardLetter, "forward__item__case__ref"),
    "proposal": (m.Proposal, "case__ref"),
    "hold": (m.Hold, "case__ref"),
    "erasure-request": (m.ErasureRequest, "case__ref"),
}
_NOTICE_OF: dict[str, tuple[type[Model], str]] = {
    "notice": (m.Notice, "ref"),
    "inbound": (m.Inbound, "notice__ref"),
    "emergency": (m.Emergency, "notice__ref"),
    "correction": (m.Correction, "notice__ref"),
    "evidence": (m.EvidenceFile, "notice__ref"),
    "proposal-of-notice": (m.Proposal, "notice__ref"),
    "erasure-request-of-notice": (m.ErasureRequest, "notice__ref"),
}
# What hangs on neither: owner -> as what it stands in the log.
_BY_ITSELF = {
    "received": "message",
    "forward-letter": "letter",
    "table": "table",
    "table-line": "table",
    "table-mapping": "table",
}
_BY_ROUTE = {
    "desk-seconds": "confirm",
    "desk-confirm": "confirm",
    "desk-statements": "inform",
    "desk-inform": "inform",
    "desk-letter": "inform",
    "desk-measures": "carry-out",
    "desk-effect": "carry-out",
    "desk-review": "carry-out",
    "desk-forwards": "forward",
    "desk-forward-answer": "forward",
    "desk-appeal-decide": "appeal",
    "desk-emergency": "emergency",
    "desk-emergency-acknowledge": "emergency",
    "desk-emergency-assess": "emergency",
    "desk-proposals": "two-people",
    "desk-propose": "two-people",
    "desk-proposal-answer": "two-people",
    "desk-proposal-written": "export",
    "desk-retention": "two-people",
    "desk-erasure": "two-people",
    "desk-publication": "publish",
    "desk-publication-approve": "publish",
    "desk-publication-withhold": "publish",
    "desk-filing": "publish",
    "desk-filing-release": "publish",
}
_BY_THING = {"message": "read", "notice": "read", "letter": "forward", "table": "table"}
_ROLE_FOR = {"confirm": SENIOR, "appeal": APPEALS, "publish": PUBLISHER}


@dataclass(frozen=True)
class Thing:
    """What was opened: `about` is one of `law.openings.ABOUT`."""

    about: str
    ref: str


def write(desk: Desk) -> list[Thing]:
    """Write down what this request has read, and say for what it lacks a purpose: with any such thing nothing
    is written, and nothing may be shown."""
    things = _things(desk)
    purposes = {thing: _purpose(desk, thing) for thing in things}
    asked = [thing for thing, purpose in purposes.items() if not purpose]
    if asked:
        return sorted(asked, key=lambda thing: (thing.about, thing.ref))
    with transaction.atomic():
        now = timezone.now()
        before = _lately(desk.actor, [thing.ref for thing in things], ONE_ROW_FOR)
        m.Opened.objects.bulk_create(
            m.Opened(
                user_id=desk.actor.user_id,
                role=_role(desk.actor, purposes[thing]),
                about=thing.about,
                ref=thing.ref,
                kinds=sorted(kinds),
                purpose=purposes[thing],
                at=now,
            )
            for thing, kinds in sorted(things.items(), key=lambda pair: (pair[0].about, pair[0].ref))
            if not any(
                row.purpose == purposes[thing] and kinds <= set(row.kinds) for row in before.get(thing, ())
            )
        )
    return []


def state_purpose(*, actor: Actor, case_ref: str, purpose: str) -> None:
    """A person says why they open a case that is not theirs; holds for an hour. The caller found the case
    through what this person may see. Raises ValueError for a purpose that nobody is asked for."""
    if purpose not in ASKED:
        raise ValueError("there is no such purpose")
    m.Opened.objects.create(
        user_id=actor.user_id,
        role=_role(actor, purpose),
        about="case",
        ref=case_ref,
        kinds=[],
        purpose=purpose,
        at=timezone.now(),
    )


def _things(desk: Desk) -> dict[Thing, set[str]]:
    found: dict[Thing, set[str]] = {}
    by_owner: dict[str, dict[str, set[str]]] = {}
    for (owner, row), kinds in desk.seen.items():
        by_owner.setdefault(owner, {})[row] = kinds
    # These are about a case or about a notice.
    either: tuple[tuple[str, type[Model]], ...] = (
        ("proposal", m.Proposal),
        ("erasure-request", m.ErasureRequest),
    )
    for owner, model in either:
        of_notices = model._default_manager.filter(ref__in=by_owner.get(owner, ()), notice__isnull=False)
        for ref in of_notices.values_list("ref", flat=True):
            by_owner.setdefault(f"{owner}-of-notice", {})[ref] = by_owner[owner].pop(ref)
    for owner, rows in by_owner.items():
        if owner in _NOTICE_OF:
            continue
        cases = _refs(_CASE_OF, owner, rows)
        for row, kinds in rows.items():
            case = cases.get(row)
            thing = Thing("case", case) if case else Thing(_BY_ITSELF.get(owner, "case"), row)
            found.setdefault(thing, set()).update(kinds)
    shown = {thing.ref for thing in found if thing.about == "case"}
    for owner, rows in by_owner.items():
        if owner not in _NOTICE_OF:
            continue
        for row, ref in _refs(_NOTICE_OF, owner, rows).items():
            # On the page of a case, a notice about several items is opened for this one.
            theirs = set(m.NoticeItem.objects.filter(notice__ref=ref).values_list("case__ref", flat=True))
            for thing in [Thing("case", case) for case in theirs & shown] or [Thing("notice", ref)]:
                found.setdefault(thing, set()).update(rows[row])
    return found


def _refs(table: dict[str, tuple[type[Model], str]], owner: str, rows: Iterable[str]) -> dict[str, str]:
    if owner not in table:
        return {}
    model, way = table[owner]
    pairs = model._default_manager.filter(ref__in=list(rows)).values_list("ref", way)
    return {row: ref for row, ref in pairs if ref}


def _purpose(desk: Desk, thing: Thing) -> str:
    """Why this is opened, or "" where that has to be asked."""
    if desk.route in _BY_ROUTE:
        return _BY_ROUTE[desk.route]
    if thing.about != "case":
        return _BY_THING[thing.about]
    case = m.Case.objects.filter(ref=thing.ref).first()
    if case is None:
        return ""
    if case.claimed_by_id == desk.actor.user_id and case.state in ("claimed", "awaiting"):
        return "decide"
    if desk.actor.roles & ACTIONS["handle_emergency"] and _is_emergency(case):
        return "emergency"
    if case.state == "open" and desk.actor.roles & ACTIONS["claim"]:
        return "triage"
    if desk.actor.roles & {SENIOR} and _waits_for_second(case, desk.actor):
        return "confirm"
    if desk.actor.roles & {APPEALS} and _has_appeal(case):
        return "appeal"
    for row in _lately(desk.actor, [thing.ref], _PAGE_OPEN if desk.answers else ONE_ROW_FOR).get(thing, ()):
        decided = case.state not in ("open", "claimed", "awaiting")
        # What somebody sent from a page that they had open is answered with that page, whoever was faster.
        if desk.answers or row.purpose in ASKED or (row.purpose in _GOES_ON and decided):
            return row.purpose
    return ""


def _is_emergency(case: m.Case) -> bool:
    return m.Emergency.objects.filter(notice__items__case=case).exclude(state="assessed").exists()


def _waits_for_second(case: m.Case, actor: Actor) -> bool:
    waiting = m.DecisionStatus.objects.filter(decision__case=case, state="proposed")
    return waiting.exclude(decider_id=actor.user_id).exists()


def _has_appeal(case: m.Case) -> bool:
    return m.Appeal.objects.filter(decision__case=case, status__state__in=WAITING_APPEAL).exists()


def _lately(actor: Actor, refs: list[str], within: timedelta) -> dict[Thing, list[m.Opened]]:
    """This person's rows of that time about these, the newest first."""
    since = timezone.now() - within
    found: dict[Thing, list[m.Opened]] = {}
    for row in m.Opened.objects.filter(user_id=actor.user_id, ref__in=refs, at__gt=since).order_by("-id"):
        found.setdefault(Thing(row.about, row.ref), []).append(row)
    return found


def _role(actor: Actor, purpose: str) -> str:
    """In which of their roles somebody does it: the one that it needs, else the first that sees sealed
    fields."""
    wanted = _ROLE_FOR.get(purpose, "")
    if wanted in actor.roles:
        return wanted
    may = [role for role in ROLES if role in actor.roles and role in ACTIONS["see_sealed"]]
    return may[0] if may else next((role for role in ROLES if role in actor.roles), "")
