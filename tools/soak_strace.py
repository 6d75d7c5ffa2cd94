"""An error of the system, or the end of the process, at every write and every sync of a small run."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue

from soak_failure import SoakFailure
from soak_outsiders import Tools, tools
from strace_faults import SYNCS, Bench, Call, Fault, Outcome, Plan, why_not

#: Three acts and a round, two acts and a round, in a log that is new or fills a tile with them; and recovery
#: after an older copy was put back.
PLANS = {
    "a new log": Plan(),
    "a log that fills a tile": Plan(before=("250", "3")),
    "log recover": Plan(before=("3",), lost=("2", "4"), run=("recover",), again=("recover",)),
}
AT_ONCE = 2
#: More entries than a run makes; those before it are in the tiles that are read whole.
_PROOFS = 12
HOWS = ("killed", "failed", "unmoved", "missed")


def faults(calls: Iterable[Call]) -> list[Fault]:
    """Every call with every fault that it can meet."""
    found = []
    for call in calls:
        kinds = ["EIO", "SIGKILL"] if call.name in SYNCS else ["EIO", "ENOSPC", "SIGKILL"]
        found += [Fault(call, kind) for kind in kinds]
    return found


def run(seconds: float) -> str:
    """Input/output errors, a full disk and kill -9 at every write and sync of a small run"""
    reason = why_not()
    if reason:
        raise SoakFailure(reason)
    end = time.monotonic() + seconds
    seen = []
    with tempfile.TemporaryDirectory(prefix="fair-notice-strace-") as made, ExitStack() as open_benches:
        outside = tools(Path(made))
        for number, (name, plan) in enumerate(PLANS.items()):
            if time.monotonic() > end:
                seen.append(f"no time for {name}")
                continue
            homes = [Path(made) / f"{number}-{at}" for at in range(AT_ONCE)]
            benches = [open_benches.enter_context(Bench(home, plan)) for home in homes]
            for bench in benches:
                bench.make()
            calls = benches[0].calls()
            whole = faults(calls)
            # Mixed, so that a run that is cut short by the clock has seen something of all.
            random.Random(7).shuffle(whole)
            share = time.monotonic() + (end - time.monotonic()) / (len(PLANS) - number)
            outcomes = _all(benches, whole, share, outside)
            print(
                f"  {name}: {len(calls)} calls, {len(outcomes)} of {len(whole)} faults injected", flush=True
            )
            print(table(calls, outcomes), flush=True)
            seen.append(f"{len(outcomes)} of {len(whole)} faults in {name}")
    checked = ", ".join(["our fsck", *([f"the verifiers in {outside}"] if str(outside) else [])])
    return f"{', '.join(seen)}: after each the log went on as one history, accepted by {checked}"


def _all(benches: Sequence[Bench], whole: Sequence[Fault], end: float, outside: Tools) -> list[Outcome]:
    free: SimpleQueue[Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def one(fault: Fault) -> Outcome | None:
        if time.monotonic() > end:
            return None
        bench = free.get()
        try:
            outcome = bench.run(fault)
            accepted(outside, bench, fault)
            return outcome
        finally:
            free.put(bench)

    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(len(benches)) as pool:
        running = [pool.submit(one, fault) for fault in whole]
        try:
            for done in as_completed(running):
                outcome = done.result()
                if outcome is not None:
                    outcomes.append(outcome)
                    if len(outcomes) % 50 == 0:
                        print(f"  {len(outcomes)} of {len(whole)}", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return outcomes


def accepted(outside: Tools, bench: Bench, fault: Fault) -> None:
    """Raise SoakFailure unless the verifiers of others accept every tile and entry of the log."""
    # Started anew: each run of a new log makes a key of its own.
    with outside.finders(bench.vkey(), bench.home / "outside", _PROOFS) as finders:
        for name, notices in finders.items():
            if notices(bench.folder()):
                raise SoakFailure(f"{fault}: the verifier in {name} refuses the log")


def table(calls: Sequence[Call], outcomes: Sequence[Outcome]) -> str:
    """For each call and fault: how many calls there are, how many were hit, and what the run said."""
    made = Counter(call.name for call in calls)
    heads = "".join(f"{how:>9}" for how in HOWS)
    rows = [f"    {'call':<10}{'fault':<9}{'calls':>6}{'runs':>6}{heads}"]
    groups: dict[tuple[str, str], Counter[str]] = {}
    for outcome in outcomes:
        key = (outcome.fault.call.name, outcome.fault.kind)
        groups.setdefault(key, Counter())[outcome.how] += 1
    for (name, kind), hows in sorted(groups.items()):
        numbers = "".join(f"{hows[how]:>9}" for how in HOWS)
        rows.append(f"    {name:<10}{kind:<9}{made[name]:>6}{hows.total():>6}{numbers}")
    return "\n".join(rows)
