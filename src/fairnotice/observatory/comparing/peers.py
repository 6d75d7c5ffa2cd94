"""One operator's practice beside that of others: the same shares of each, and where among them it stands.
Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from fairnotice.law.words import gettext_noop
from fairnotice.observatory.comparing.definitions import SHARES
from fairnotice.observatory.comparing.lines import complete, share_of
from fairnotice.observatory.comparing.measures import Practice, figures
from fairnotice.observatory.question import Question
from fairnotice.observatory.result import Result

Standing = Literal["lowest", "low", "middle", "high", "highest", "alone"]

AT_LEAST: Final = 100
"""A platform with fewer measures in the period is no peer: its shares would say little."""

DELAY: Final = "delay.decision"
DELAY_WORDS: Final = gettext_noop("Days from the content to the decision, the middle one of all")

#: Standing -> (a shape, in words). Peers' middle half reaches from their lower to their upper quarter.
STANDINGS: Final[dict[Standing, tuple[str, str]]] = {
    "lowest": ("▼", gettext_noop("lower than all peers")),
    "low": ("▽", gettext_noop("below the middle half")),
    "middle": ("●", gettext_noop("within the middle half")),
    "high": ("△", gettext_noop("above the middle half")),
    "highest": ("▲", gettext_noop("higher than all peers")),
    "alone": ("○", gettext_noop("no peers to compare with")),
}
PEER_LIMITS: Final = (
    gettext_noop(
        "Peers differ in what they offer and to whom: a shop, a video site and a forum take different "
        "measures for good reasons. Being unlike others is a question, not an answer."
    ),
    gettext_noop("Each platform counts once, however large it is."),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """One share (0 to 1; days for the delay). `own`: the operator's; the rest is of the peers, by nearest
    rank; None where there are none."""

    id: str
    own: float
    peers: int
    lowest: float | None
    low: float | None
    middle: float | None
    high: float | None
    highest: float | None
    standing: Standing


def peers_of(
    found: Mapping[str, Practice], but: Sequence[str], only: Sequence[str] = ()
) -> dict[str, Practice]:
    """The platforms with enough measures that are not the operator's own. `only`: of these names alone."""
    return {
        name: practice
        for name, practice in found.items()
        if name not in but and (not only or name in only) and sum(practice.measures.values()) >= AT_LEAST
    }


def beside(own: Practice, peers: Mapping[str, Practice]) -> list[Beside]:
    """Each share of the operator beside those of its peers; without those that nobody has."""
    mine = complete(figures(own))
    theirs = [complete(figures(practice)) for practice in peers.values()]
    found = []
    for share in SHARES:
        here = share_of(mine, share)
        there = [float(value) for one in theirs if (value := share_of(one, share)) is not None]
        if here is not None and (here or any(there)):
            found.append(placed(share.id, round(float(here), 6), there))
    return found


def placed(name: str, own: float, peers: Sequence[float]) -> Beside:
    """One figure among those of others."""
    if not peers:
        return Beside(name, own, 0, None, None, None, None, None, "alone")
    there = sorted(round(value, 6) for value in peers)
    low, middle, high = (ranked(there, part) for part in (0.25, 0.5, 0.75))
    standing: Standing = "middle"
    if own < there[0]:
        standing = "lowest"
    elif own > there[-1]:
        standing = "highest"
    elif own < low:
        standing = "low"
    elif own > high:
        standing = "high"
    return Beside(name, own, len(there), there[0], low, middle, high, there[-1], standing)


def ranked(values: Sequence[float], part: float) -> float:
    """By nearest rank, of values in order."""
    return values[max(ceil(part * len(values)), 1) - 1]


def delay_question(practice: Question) -> Question:
    """How long each platform took, in the same days."""
    return Question(by=("platform",), measure="delay_decision", since=practice.since, until=practice.until)


def delays(result: Result) -> dict[str, float]:
    """Platform -> median days, of the answer to `delay_question`."""
    name, median = result.columns.index("platform"), result.columns.index("median")
    found = {}
    for row in result.rows:
        value = row[median]
        if isinstance(value, int | float):
            found[str(row[name] or "")] = float(value)
    return found
