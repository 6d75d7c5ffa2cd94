"""How it stands, for the person who holds the code: the steps of each item, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairnotice.answerable.chains import Chain
from fairnotice.cases.bodies import measure_body
from fairnotice.cases.models import AccessCode, Appeal, Case, Decision, MeasureStatus, Notice, Statement
from fairnotice.cases.queries import recourse
from fairnotice.cases.queries.recourse import ItemView, Window
from fairnotice.cases.wording import measure_words
from fairnotice.law.redaction import defang
from fairnotice.recourse import forwarding

ANSWERED = ("upheld", "partly_reversed", "reversed")


class Step(TypedDict):
    """One line of includes/steps.html; `state` is "done", "current" or "next"."""

    label: str
    state: str
    when: date | datetime | None
    note: str


@dataclass(frozen=True)
class Told:
    """One decision and all that this side was told about it. Before its statement was opened, only that it is
    there: opening it is what counts as having been told."""

    decision: Decision
    statements: list[Statement]
    read: bool
    measures: list[tuple[str, MeasureStatus]]
    window: Window
    appeal: Appeal | None

    @property
    def until(self) -> str:
        """Until when an appeal is possible, in words."""
        return until_words(self.window)


@dataclass(frozen=True)
class Item:
    """One item of a notice with its way so far and who answers for the place."""

    view: ItemView
    steps: list[Step]
    answers: list[str]
    why_them: str
    others: list[forwarding.Told]


def told(access: AccessCode) -> list[Told]:
    """Every decision that this side was told about, the newest first."""
    found: dict[int, list[Statement]] = {}
    for statement in recourse.statements(access):
        found.setdefault(statement.decision_id, []).append(statement)
    return [_told(access, statements) for _id, statements in sorted(found.items(), reverse=True)]


def _told(access: AccessCode, statements: list[Statement]) -> Told:
    decision = statements[0].decision
    rows = decision.measures.select_related("status").order_by("id")
    return Told(
        decision=decision,
        statements=statements,
        read=any(statement.status.first_opened_at for statement in statements),
        measures=[(measure_words(measure_body(measure)), measure.status) for measure in rows],
        window=recourse.appeal_window(access, decision),
        appeal=recourse.appeals(access, decision).first(),
    )


def items(access: AccessCode, notice: Notice, decisions: list[Told]) -> list[Item]:
    """The items of the notifier's own notice."""
    latest = {one.decision.case_id: one for one in reversed(decisions)}
    cases = {row.ref: row.case for row in notice.items.select_related("case")}
    others = forwarding.standings(access)
    found = []
    for view in recourse.own_items(access):
        case = cases.get(view.ref)
        answers, why_them = _answerable(view.chain)
        one = latest.get(case.pk) if case else None
        found.append(Item(view, steps_of(notice, case, one), answers, why_them, others.get(view.ref, [])))
    return found


def steps_of(notice: Notice, case: Case | None, one: Told | None) -> list[Step]:
    """received, looked at, decided, appeal, done: where one item of a notice is."""
    received = _step(_("We received your report"), "done", notice.received_at)
    if one is None and notice.state == "withdrawn":
        gone = _step(_("You took it back"), "done", note=_("You will get no more letters about it."))
        return [received, gone]
    state = case.state if case else "open"
    if one is None:
        looked = state not in ("open", "claimed", "awaiting")
        return [
            received,
            _step(_("A person looks at it"), "done" if looked else "current", note=_looking(state)),
            _step(
                _("A person decides"),
                "current" if looked else "next",
                note=_("The decision is being checked before it is sent to you.") if looked else "",
            ),
            _step(_("You can appeal"), "next"),
            _step(_("Closed"), "next"),
        ]
    appeal = _appeal_step(one, state)
    return [
        received,
        _step(_("A person looked at it"), "done"),
        _step(_("A person decided"), "done", one.decision.decided_at),
        appeal,
        _step(_("Closed"), "done" if appeal["state"] == "done" else "next"),
    ]


def _looking(state: str) -> str:
    if state == "open":
        return _("It waits in the queue. You need not do anything.")
    if state == "claimed":
        return _("Somebody has taken it on.")
    return ""


def _appeal_step(one: Told, case_state: str) -> Step:
    label = _("Appeal")
    if one.appeal is not None:
        state = one.appeal.status.state
        if state in ANSWERED:
            return _step(label, "done", one.appeal.received_at, _("Your appeal was answered."))
        if state == "omitted":
            return _step(label, "done", one.appeal.received_at, _("You took your appeal back."))
        return _step(label, "current", one.appeal.received_at, _("Somebody else looks at it again."))
    if case_state == "appealed":
        return _step(label, "current", note=_("There is an appeal. Somebody else looks at it again."))
    if one.window.open:
        return _step(label, "current", note=until_words(one.window))
    return _step(label, "done", note=one.window.why)


def until_words(window: Window) -> str:
    """Until when an appeal is possible."""
    if window.until is None:
        return _("If you do not agree, you can appeal. The time for it starts when you open the decision.")
    day = date_format(window.until, "j F Y")
    return _("If you do not agree, you can appeal until %(day)s.") % {"day": day}


def _step(label: str, state: str, when: date | datetime | None = None, note: str = "") -> Step:
    return {"label": label, "state": state, "when": when, "note": note}


def _answerable(data: dict[str, Any]) -> tuple[list[str], str]:
    """Names from the registry to the holder, and the reason in words, as far as they are public."""
    try:
        chain = Chain.from_json(data).public()
    except (KeyError, ValueError):  # the location names no place in the network
        return [], str(data.get("reason", ""))
    names = {link.resource for link in chain.links}
    if chain.target:
        names.add(chain.target.text)
    words = chain.reason
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, defang(name))
    return [link.name for link in chain.links], words
