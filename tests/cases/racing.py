"""Two processes on one data folder do the same thing at the same moment, again and again: `python -m
tests.cases.racing`. Prints, for each kind of race, what came of every round, as JSON."""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402 - needs Django

from fairnotice.cases.actions import (  # noqa: E402
    appeal,
    claim,
    confirm,
    effect,
    forward,
    forward_send,
    publish,
)
from fairnotice.cases.errors import ActionError  # noqa: E402
from fairnotice.cases.models import Forward, Notice  # noqa: E402
from fairnotice.ledger import outbox  # noqa: E402
from fairnotice.ledger.models import Event, OutboxRow  # noqa: E402
from tests.cases import making, network  # noqa: E402

Act = Callable[[int], object]


def prepared(rounds: int) -> list[tuple[str, Act]]:
    """Every race: its kind, and what the first (0) or the second (1) process does."""
    deciders = [making.account(f"r{n}", "reviewer", "senior_reviewer") for n in range(4)]
    appeals = [making.account(f"a{n}", "appeals_reviewer") for n in range(2)]
    publishers = [making.account(f"p{n}", "publisher") for n in range(2)]
    races: list[tuple[str, Act]] = []
    network.network()
    for number in range(rounds):
        case = making.case_of(making.notice(f"https://example.org/claim/{number}"))
        races.append(("claim", _claim(case, deciders)))
        ban = making.decided(
            making.notice(f"https://example.org/ban/{number}"),
            deciders[2],
            "DECISION_PROVISION_TOTAL_TERMINATION",
        )
        races.append(("second", _second(ban.ref, deciders)))
        decision = making.decided(making.notice(f"https://example.org/{number}"), deciders[2])
        races.append(("publication", _approve(decision.publication.ref, publishers)))
        races.append(("effect", _effect(decision.measures.get().ref, deciders[3])))
        access = making.affected_access(decision)
        lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
        races.append(("appeal taken", _take(lodged.ref, appeals)))
        other = making.decided(making.notice(f"https://example.org/other/{number}"), deciders[2])
        mine = appeal.lodge(
            access=making.affected_access(other), decision_ref=other.ref, reasons="It was satire."
        )
        appeal.claim_appeal(actor=appeals[0], appeal_ref=mine.ref, version=1)
        races.append(("appeal decided", _answer(mine.ref, appeals[0])))
        races.append(("same key", _submit(number)))
        races.append(("forward confirmed", _say_yes(number)))
        races.append(("forward answered", _reply(number)))
    return races


def _claim(case: Any, people: list[Any]) -> Act:
    return lambda who: claim.claim(actor=people[who], case_ref=case.ref, version=case.version)


def _second(ref: str, people: list[Any]) -> Act:
    return lambda who: (
        confirm.refuse(actor=people[who], decision_ref=ref, reason="Too much.")
        if who
        else confirm.confirm(actor=people[who], decision_ref=ref)
    )


def _approve(ref: str, people: list[Any]) -> Act:
    return lambda who: publish.approve_publication(
        actor=people[who], publication_ref=ref, summary=making.SUMMARY
    )


def _effect(ref: str, actor: Any) -> Act:
    return lambda who: effect.report_effect(measure_ref=ref, effect="confirmed", actor=actor)


def _take(ref: str, people: list[Any]) -> Act:
    return lambda who: appeal.claim_appeal(actor=people[who], appeal_ref=ref, version=1)


def _answer(ref: str, actor: Any) -> Act:
    return lambda who: appeal.decide_appeal(
        actor=actor,
        appeal_ref=ref,
        version=2,
        outcome="upheld" if who else "reversed",
        reasons="Looked at anew.",
        changes=[],
    )


def _submit(number: int) -> Act:
    draft = making.NoticeDraft(
        [making.ItemDraft(f"https://example.org/key/{number}")], "other", "Why.", good_faith=True
    )
    return lambda who: making.submit_notice(draft=draft, door="json", idempotency_key=f"key-{number:012}")


def _say_yes(number: int) -> Act:
    sent = making.notice(f"{network.PLACE}?yes={number}")
    refs = list(Forward.objects.filter(item__notice=sent.notice).values_list("ref", flat=True))
    access = making.notifier_access(sent)
    return lambda who: forward.confirm(access=access, chosen=refs)


def _reply(number: int) -> Act:
    sent = making.notice(f"{network.PLACE}?asked={number}")
    nearest = Forward.objects.get(item__notice=sent.notice, position=0)
    forward.confirm(access=making.notifier_access(sent), chosen=[nearest.ref])
    token = outbox.payload(OutboxRow.objects.get(kind=forward_send.MAIL, ref=nearest.ref))["token"]
    forward_send.dispatched(forward_ref=nearest.ref)
    return lambda who: forward.record_answer(token=token, status=("not_ours", "answered")[who], door="link")


def runner(who: int, races: list[tuple[str, Act]], start: Any, found: Any) -> None:
    """One of the two processes."""
    said = []
    for _kind, act in races:
        start.wait()
        try:
            act(who)
            said.append("done")
        except ActionError as error:
            said.append(type(error).__name__)
        except Exception as error:  # the test wants its name, whatever it is
            said.append(f"broke: {type(error).__name__}")
    found.put((who, said))
    connections.close_all()


def main(rounds: int) -> None:
    """Race and print."""
    races = prepared(rounds)
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start, found = fork.Barrier(2, timeout=60), fork.Queue()
    both = [fork.Process(target=runner, args=(who, races, start, found)) for who in (0, 1)]
    for one in both:
        one.start()
    said = dict(found.get(timeout=240) for _ in both)
    for one in both:
        one.join(60)
    outcomes: dict[str, list[list[str]]] = {}
    for (kind, _act), pair in zip(races, zip(said[0], said[1], strict=True), strict=True):
        outcomes.setdefault(kind, []).append(sorted(pair))
    counts = {
        "effects": Event.objects.filter(kind="measure.effect").count(),
        "notices by key": Notice.objects.filter(door="json").count(),
        "letters to the nearest": OutboxRow.objects.filter(kind=forward_send.MAIL).count(),
        "answers": Event.objects.filter(kind="forward.answered").count(),
    }
    print(json.dumps({"outcomes": outcomes, "counts": counts}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
