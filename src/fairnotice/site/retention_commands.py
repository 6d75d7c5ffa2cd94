"""`fairnotice retention ...`: what the schedule erases, now and next."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers


def add_parser(verbs: Subparsers) -> None:
    """Add the group to the command line."""
    group = verbs.add_parser("retention", help="what is erased by the clock")
    acts: Subparsers = group.add_subparsers(dest="act", required=True, metavar="COMMAND")
    verb = acts.add_parser("show", help="say what is due now and within 30 days; changes nothing")
    verb.set_defaults(run=show)
    verb = acts.add_parser("run", help="erase what is due now; `serve` does this every hour")
    verb.add_argument(
        "--clock-is-right",
        action="store_true",
        help="you have looked at the clock after it seemed to have jumped, and it is right",
    )
    verb.set_defaults(run=run)


def show(args: argparse.Namespace) -> int:
    """`fairnotice retention show`."""
    from django.utils import timezone

    from fairnotice.cases.queries import retention
    from fairnotice.law.retention import SCHEDULE

    now = timezone.now()
    due = list(retention.due(now + timedelta(days=30)))
    ready = Counter(one.what for one in due if one.at <= now)
    soon = Counter(one.what for one in due if one.at > now)
    days = retention.days()
    print(f"{'kind':<18}{'days':>5}{'now':>8}{'30 days':>9}  counted from when")
    for rule in SCHEDULE:
        kind = rule.kind
        print(f"{kind:<18}{days[kind]:>5}{ready[kind]:>8}{soon[kind]:>9}  {rule.since}")
    last = retention.last_run()
    print(f"Last run: {last.last_at:%Y-%m-%d %H:%M} UTC." if last.last_at else "It has not run yet.")
    if last.refused_at:
        return say(f"The clock may have jumped: {last.refused_due} erasures wait for a person.", WRONG)
    return DONE


def run(args: argparse.Namespace) -> int:
    """`fairnotice retention run`. Status 1: the clock may have jumped, nothing was erased."""
    from tqdm import tqdm

    from fairnotice.cases.actions import retention

    if args.clock_is_right:
        retention.clock_is_right(actor=None)
    erased = 0
    with tqdm(desc="erasing", unit=" things", disable=None) as bar:
        while True:
            done = retention.run(most=200)
            bar.update(done.erased + done.completed)
            erased += done.erased
            if done.completed:
                print(f"Finished what was cut off: {done.completed}.")
            if done.waiting:
                return say(
                    f"The clock may have jumped, so {done.waiting} erasures wait. Look at the clock; if it "
                    "is right: fairnotice retention run --clock-is-right",
                    WRONG,
                )
            if not done.erased:
                break
    print(f"Erased: {erased}." if erased else "Nothing was due.")
    return DONE
