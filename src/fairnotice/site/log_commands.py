"""`fairnotice log ...`: a copy for others, a new year by hand, another key; recovery is next door."""

from __future__ import annotations

import argparse
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site import recover_command
from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers

_OVERLAP, _LONGEST_OVERLAP = 30, 366  # days


def add_parser(log: Subparsers) -> None:
    """Add the commands of the group `log`."""
    verb = log.add_parser("export", help="write the logs as folders of files that any web server can serve")
    verb.add_argument("dir", type=Path, metavar="DIR")
    verb.set_defaults(run=export)

    verb = log.add_parser("roll", help="close the log of a year that is over and open this year's")
    verb.set_defaults(run=roll)

    verb = log.add_parser("next-key", help="show the keys that the next year's log will begin with")
    verb.set_defaults(run=next_key)

    verb = log.add_parser("rotate-key", help="let another key sign the log")
    when = verb.add_mutually_exclusive_group()
    when.add_argument(
        "--overlap",
        type=_days,
        metavar="DAYS",
        help=f"for so long the old key signs beside the new one (default: {_OVERLAP})",
    )
    when.add_argument(
        "--now", choices=("lost", "stolen"), help="in an emergency: the old key ends at once, and why"
    )
    verb.add_argument("--promise", action="store_true", help="the key for promises; it changes at once")
    verb.set_defaults(run=rotate_key)

    recover_command.add_parser(log)


def export(args: argparse.Namespace) -> int:
    """`fairnotice log export`: the log of each year in a folder of its own."""
    from fairnotice.ledger import keys, logs, sequencer
    from fairnotice.translog.errors import TileConflict
    from fairnotice.translog.export import export_static

    sequencer.publish()
    # Unlike all else that we write, this is for everybody's eyes.
    os.umask(0o022)
    every = logs.everyone()
    if not every:
        return say("Nothing has been published yet: there is no log to export.", WRONG)
    for log in every:
        folder = args.dir / log.place
        try:
            checkpoint = export_static(log.folder(), folder, keys.vkey(log))
        except TileConflict as fault:
            return say(
                f"{folder} holds another log, or another history of this one; nothing of it was replaced. "
                f"Keep it: it may be evidence. Export into another folder. ({fault})",
                WRONG,
            )
        print(f"Wrote {checkpoint.size} entries of {checkpoint.origin} to {folder}.")
        print(f"The log's public key: {keys.vkey(log)}")
    return DONE


def roll(args: argparse.Namespace) -> int:
    """`fairnotice log roll`: by itself the runner does it, unless more than one year would be skipped."""
    from fairnotice.ledger import keys, rollover

    new = rollover.roll()
    print(f"The log of the year before is closed. The log is now {new.origin}.")
    print(f"Its public key: {keys.vkey(new)}")
    return DONE


def next_key(args: argparse.Namespace) -> int:
    """`fairnotice log next-key`: for witnesses, who must know a log before it begins."""
    from fairnotice.ledger import keys

    vkey, promise_vkey = keys.of_next_year()
    print(f"The log's public key: {vkey}")
    print(f"For promises: {promise_vkey}")
    return DONE


def rotate_key(args: argparse.Namespace) -> int:
    """`fairnotice log rotate-key`."""
    from fairnotice.ledger import rotation
    from fairnotice.ledger.models import LogKey

    purpose = LogKey.PROMISE if args.promise else LogKey.CHECKPOINT
    if args.promise and args.overlap:
        return say("The key for promises changes at once: give --promise without --overlap.", UNUSABLE)
    # Not as the option's default: argparse lets both options of a group pass where one equals its default.
    days = 0 if args.now or args.promise else args.overlap or _OVERLAP
    done = rotation.rotate(purpose=purpose, overlap=timedelta(days=days), reason=args.now or "rotated")
    if done.moved:
        print(f"The key is the same, and is looked for in its new place from now on: {done.vkey}")
        return DONE
    print(f"The new key of {done.log.origin}: {done.vkey}")
    for vkey in done.before:
        until = f"signs beside it until {done.ends:%Y-%m-%d %H:%M} UTC" if days else "signs no more"
        print(f"The key before {until}: {vkey}")
    print("The change is in the log. Tell the witnesses and the people who keep your keys.")
    return DONE


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= _LONGEST_OVERLAP:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of days from 1 to {_LONGEST_OVERLAP}")
    return int(text)
