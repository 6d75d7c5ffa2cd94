"""Look-ups per second of processor time beside pytricia; all take turns, a few thousand questions each."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from statistics import median

from bench.answerable.agree import Questions, as_integers
from bench.answerable.peer import Peer
from fairnotice.answerable.snapshot.batch import nearest_texts, nearest_v4
from fairnotice.answerable.snapshot.snapshot import Snapshot

#: What is measured: against what, and the least ratio wanted.
AIMS = {
    "single": ("pytricia get", 1.0),
    "single, as of a day": ("single", 0.8),
    "batch from strings": ("pytricia get", 3.0),
    "batch, as of a day": ("batch from strings", 0.8),
    "batch from integers": ("pytricia get", 6.0),
    "full chain": ("pytricia chain", 2.0),
    "chain or nobody": ("pytricia or nothing", 0.0),
}
STEP = 20_000  # questions that one asks before the next has its turn
Job = Callable[[int, int], object]


def jobs(
    snapshot: Snapshot, peer: Peer, questions: Questions, version: int, day: int, past: int
) -> dict[str, Job]:
    """Functions that ask the questions from one number up to another."""
    texts = questions[version]
    get, chain = peer.tree(version).get, peer.chain
    nearest, trail = snapshot.quick.nearest, snapshot.quick.trail
    # A chain is only walked where there is one; over all questions, those for nobody among them, it is
    # measured beside that.
    held = list(islice(cycle(text for text in texts[: 10 * STEP] if trail(text, day)), len(texts)))
    found: dict[str, Job] = {
        "pytricia get": lambda a, b: [get(text) for text in texts[a:b]],
        "pytricia chain": lambda a, b: [chain(version, text) for text in held[a:b]],
        "pytricia or nothing": lambda a, b: [chain(version, text) for text in texts[a:b]],
        "single": lambda a, b: [nearest(text, day) for text in texts[a:b]],
        "single, as of a day": lambda a, b: [nearest(text, past) for text in texts[a:b]],
        "full chain": lambda a, b: [trail(text, day) for text in held[a:b]],
        "chain or nobody": lambda a, b: [trail(text, day) for text in texts[a:b]],
        "batch from strings": lambda a, b: nearest_texts(snapshot, texts[a:b], day),
        "batch, as of a day": lambda a, b: nearest_texts(snapshot, texts[a:b], past),
    }
    if version == 4:
        numbers = as_integers(texts)
        found["batch from integers"] = lambda a, b: nearest_v4(snapshot, numbers[a:b], day)
    return found


def rates(jobs: dict[str, Job], first: int, count: int) -> dict[str, float]:
    """Each one's look-ups per second over so many questions; in random order within each turn."""
    spent = dict.fromkeys(jobs, 0.0)
    for at in range(first, first + count, STEP):
        order = list(jobs.items())
        random.shuffle(order)
        for name, job in order:
            start = time.process_time()
            job(at, at + STEP)
            spent[name] += time.process_time() - start
    return {name: count / seconds for name, seconds in spent.items()}


def table(rounds: list[dict[str, float]]) -> Iterator[str]:
    """One line each: median rate, and median of the rounds' ratios."""
    yield f"{'':24} {'per second':>12}  {'against':20} {'ratio':>6} {'aim':>6}"
    for name in ("pytricia get", "pytricia chain", "pytricia or nothing"):
        yield f"{name:24} {median(each[name] for each in rounds):12,.0f}"
    for name, (against, aim) in AIMS.items():
        if name in rounds[0]:
            ratio = median(each[name] / each[against] for each in rounds)
            rate = median(each[name] for each in rounds)
            yield f"{name:24} {rate:12,.0f}  {against:20} {ratio:6.2f} {aim or '':>6}"
