"""Asking the public data what a report says, and laying both beside each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fairnotice.harmonised.cells import plain
from fairnotice.observatory.citing import Ask
from fairnotice.observatory.comparing import peers as among
from fairnotice.observatory.comparing.coverage import Coverage, coverage
from fairnotice.observatory.comparing.lines import Line, lines
from fairnotice.observatory.comparing.measures import Practice, figures, practices, question
from fairnotice.observatory.comparing.peers import Beside
from fairnotice.observatory.comparing.reported import Reported
from fairnotice.observatory.result import Result
from fairnotice.observatory.store import Store


class CompareError(ValueError):
    """It cannot be compared so; the message says in one sentence what to do."""


class NoPeriod(CompareError):
    """The report does not say of which days it is."""


class NoPlatform(CompareError):
    """A name is not in the public data, or there is none that is spelled as the report's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`reported`: the one side; `platforms`: the names whose statements are the other. `peers`: the names of
    those it is laid beside. `answers`: what was asked, to be cited. `notes`: what to know, a sentence each.
    `own`: the operator's cases, and not its statements, were laid beside peers. `bare`: how many of
    the statements name no restriction, and so count nowhere. `measures`: how many are laid beside peers."""

    reported: Reported
    platforms: tuple[str, ...]
    coverage: Coverage
    statements: int
    lines: tuple[Line, ...]
    beside: tuple[Beside, ...]
    peers: tuple[str, ...]
    answers: tuple[Result, ...]
    notes: tuple[str, ...]
    own: bool = False
    bare: int = 0
    measures: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """An operator's practice as this program's cases have it: for what the public data lack of it. `delay`:
    median days from the content to the decision."""

    practice: Practice
    delay: float | None = None


def compare(
    reported: Reported,
    store: Store,
    ask: Ask,
    *,
    platforms: Sequence[str] = (),
    period: tuple[date, date] | None = None,
    peers: Sequence[str] = (),
    own: Own | None = None,
    alone: bool = False,
) -> Comparison:
    """`platforms`: the report's names in the public data; none: those that are spelled as it spells itself.
    `period`: the first and last day, where not the report's. `peers`: the names to lay it beside; none: all.
    `own`: what is laid beside peers; None: the platforms' own statements. `alone`: there need be no platform,
    as with `own`. Raises CompareError, and what `ask` raises."""
    since, until = period or (reported.since, reported.until)
    if since is None or until is None:
        raise NoPeriod("the report names no period: give it with --period FIRST/LAST")
    if since > until:
        raise CompareError(f"the period ends ({until}) before it begins ({since})")
    answer = ask(store, question(since, until))
    found = practices(answer)
    names = tuple(dict.fromkeys(platforms)) or named_alike(reported, found)
    _check(names, (*names, *peers), found, alone=alone or own is not None)
    public = Practice()
    for name in names:
        public.add(found[name])
    covered = coverage(answer.inputs, names, since, until)
    others = among.peers_of(found, names, peers)
    slow = ask(store, among.delay_question(answer.question))
    mine = own or Own(public, _alone(slow, names))
    return Comparison(
        reported,
        names,
        covered,
        public.statements,
        tuple(lines(reported.figures, figures(public), whole=covered.whole)) if names else (),
        tuple(_beside(mine, others, slow)),
        tuple(sorted(others)),
        (answer, slow),
        (
            *_other_period(reported, since, until),
            *reported.notes,
            *dict.fromkeys((*answer.notes, *slow.notes)),
            *_notes(public, names),
        ),
        own is not None,
        public.bare,
        sum(mine.practice.measures.values()),
    )


def named_alike(reported: Reported, found: dict[str, Practice]) -> tuple[str, ...]:
    """The platforms that are called what the report calls its service; otherwise none."""
    wanted = {plain(name) for name in (*reported.services, reported.name)}
    return tuple(sorted(name for name in found if name and plain(name) in wanted))


def _check(
    names: Sequence[str], all_names: Sequence[str], found: dict[str, Practice], *, alone: bool
) -> None:
    there = ", ".join(sorted(name for name in found if name)) or "none"
    if unknown := [name for name in all_names if name not in found]:
        raise NoPlatform(
            f"the public data of that period have no platform {unknown[0]!r}; they have: {there}"
        )
    if not names and not alone:
        raise NoPlatform(
            "no platform of the public data is called what the report calls its service: name it with "
            f"--platform; there are: {there}"
        )


def _beside(own: Own, others: dict[str, Practice], slow: Result) -> list[Beside]:
    found = among.beside(own.practice, others)
    if own.delay is not None:
        days = among.delays(slow)
        there = [days[name] for name in others if name in days]
        found.append(among.placed(among.DELAY, own.delay, there))
    return found


def _other_period(reported: Reported, since: date, until: date) -> list[str]:
    """Nobody may take the days that were asked for as those of the report's figures."""
    if not (reported.since and reported.until) or (reported.since, reported.until) == (since, until):
        return []
    return [
        f"The report says that its figures are of {reported.since} to {reported.until}; the statements are "
        f"of {since} to {until}, as was asked for."
    ]


def _alone(slow: Result, names: Sequence[str]) -> float | None:
    """The delay of one platform; of several together no median can be made of their medians."""
    return among.delays(slow).get(names[0]) if len(names) == 1 else None


def _notes(public: Practice, names: Sequence[str]) -> list[str]:
    if names and public.bare:
        return [
            f"{public.bare:,} of {public.statements:,} statements name no restriction, "
            "and count nowhere here."
        ]
    return []
