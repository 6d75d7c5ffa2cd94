"""How long each kind of personal data is kept, from when, and why: one table. Standard library only.

GDPR article 5(1)(e): no longer than the purpose needs. Where an article gives a time it stands in `source`;
the other numbers are ours, and an operator may change every one of them in the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from fairnotice.law.words import gettext_noop

Kind = Literal[
    "contact",
    "affected-contact",
    "notice",
    "undecided-notice",
    "case",
    "appeal",
    "message",
    "letter",
    "import",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the schedule. `days` after `since` it is erased. `what` and `since` are plain English,
    callers translate them. `longest`: more days than this no setting allows."""

    kind: Kind
    what: str
    since: str
    days: int
    longest: int
    source: str


_YEAR = 366
_APPEAL = "DSA 20(1): six months for complaints; GDPR 5(1)(e)"

#: The order is that in which one run erases: what is due first in the life of a report stands first.
SCHEDULE: tuple[Rule, ...] = (
    Rule(
        "contact",
        gettext_noop("Name and e-mail address of the person who reported"),
        gettext_noop("the time for appeal has ended in every case of the report, or it was taken back"),
        0,
        31,
        "GDPR 5(1)(c), 5(1)(e)",
    ),
    Rule(
        "affected-contact",
        gettext_noop("Address of the person whose item it is"),
        gettext_noop("the time for appeal has ended"),
        0,
        31,
        "GDPR 5(1)(c), 5(1)(e)",
    ),
    Rule(
        "appeal",
        gettext_noop("What somebody wrote to appeal"),
        gettext_noop("the appeal was answered or taken back, and nobody has to decide anew because of it"),
        0,
        _YEAR,
        "GDPR 5(1)(e)",
    ),
    Rule(
        "undecided-notice",
        gettext_noop(
            "A report that was taken back before anybody decided: words, places, files, the message"
        ),
        gettext_noop("its last case was closed"),
        30,
        _YEAR,
        "GDPR 5(1)(e)",
    ),
    Rule(
        "notice",
        gettext_noop("A report: words, places, files, and the message that it came in"),
        gettext_noop("its last case was closed"),
        183,
        2 * _YEAR,
        _APPEAL,
    ),
    Rule(
        "case",
        gettext_noop("A case: the place, facts, reasons and statements"),
        gettext_noop("it was closed"),
        183,
        2 * _YEAR,
        _APPEAL,
    ),
    Rule(
        "message",
        gettext_noop("A message that became no report, and tables of reports"),
        gettext_noop("somebody dismissed it, or it was dealt with"),
        30,
        _YEAR,
        "GDPR 5(1)(e)",
    ),
    Rule(
        "letter",
        gettext_noop("A letter of another organisation that is part of no report"),
        gettext_noop("it came in, where it is automatic, or somebody dealt with it"),
        30,
        _YEAR,
        "GDPR 5(1)(e)",
    ),
    Rule(
        "import",
        gettext_noop("Lines of an imported register that could not be taken in"),
        gettext_noop("the import ended"),
        90,
        _YEAR,
        "GDPR 5(1)(e)",
    ),
)
RULES: Mapping[str, Rule] = {rule.kind: rule for rule in SCHEDULE}

#: Why something was erased; stands in the log with the erasure.
GROUNDS: dict[str, str] = {
    "schedule": gettext_noop("its time was over"),
    "own-wish": gettext_noop("the person whose data it is took it back"),
    "request": gettext_noop("the person whose data it is asked for it (GDPR article 17)"),
    "unlawful": gettext_noop("it should not have been stored (GDPR article 17(1)(d))"),
    "no-longer-needed": gettext_noop("it is not needed any more (GDPR article 17(1)(a))"),
    "duty": gettext_noop("a law or a court demands it (GDPR article 17(1)(e))"),
}
#: Why it is kept although somebody asked: the exceptions of GDPR article 17(3) that can apply here, and that
#: nobody can erase what somebody else still needs to be heard.
REASONS_TO_KEEP: dict[str, str] = {
    "case-runs": gettext_noop("the case is not over, and somebody in it still has to be heard"),
    "legal-claims": gettext_noop("it is needed for a legal claim (GDPR article 17(3)(e))"),
    "legal-duty": gettext_noop("a law demands that it is kept (GDPR article 17(3)(b))"),
    "hold": gettext_noop("two people put a hold on it, with a reason and an end date"),
}
#: What became of a request to erase, by `law.states.ERASURE`.
REQUESTS: dict[str, str] = {
    "asked": gettext_noop("asked; nobody has answered yet"),
    "granted": gettext_noop("one person agreed; a second one has to"),
    "done": gettext_noop("erased"),
    "refused": gettext_noop("it has to be kept"),
    "taken_back": gettext_noop("taken back"),
}
#: Why a hold is put on a case.
HOLDS: dict[str, str] = {
    "court": gettext_noop("a court or a dispute settlement body deals with it"),
    "claim": gettext_noop("a legal claim is being made or answered"),
    "inspection": gettext_noop("the supervisor, or another duty under the law, asks that it be kept"),
    "person": gettext_noop("the person whose data it is asked for it (GDPR article 18)"),
}
#: A hold lasts this long at most; it can be renewed, again by two people.
LONGEST_HOLD = timedelta(days=_YEAR)

#: Runs further apart than this, or in the wrong order, mean that the clock may have jumped.
GAP = timedelta(days=3)
#: So few are erased all the same: a small service that was off for a week has no bulk.
BULK = 10


def schedule(changed: Mapping[str, int]) -> dict[str, int]:
    """Days by kind, with what an operator changed. Raises ValueError for an unknown kind, or for days that
    are negative or above what the kind allows; the message says which."""
    days = {rule.kind: rule.days for rule in SCHEDULE}
    for kind, wanted in changed.items():
        rule = RULES.get(kind)
        if rule is None:
            raise ValueError(f"there is no kind '{kind}'. Kinds: {', '.join(RULES)}")
        if not 0 <= wanted <= rule.longest:
            raise ValueError(f"'{kind}' is 0 to {rule.longest} days, not {wanted}")
        days[rule.kind] = wanted
    return days  # type: ignore[return-value]  # the keys of a wider type


def jumped(last: datetime | None, now: datetime) -> bool:
    """Whether the clock may have jumped since the last run: it was set back, or so much time has gone by that
    a wrong clock and a long rest look the same."""
    return last is not None and not timedelta(0) <= now - last <= GAP


def refuses(last: datetime | None, now: datetime, due: int) -> bool:
    """Whether a run must wait for a person: the clock may have jumped, and much would be erased."""
    return due > BULK and jumped(last, now)
