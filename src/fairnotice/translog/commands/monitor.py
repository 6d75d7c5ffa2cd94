"""``monitor``: follow somebody's log, and keep the evidence when it does what it must not."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Never

from fairnotice.translog.commands import log_key, source
from fairnotice.translog.errors import PolicyError
from fairnotice.translog.policy import parse_policy

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers

_MOST_POLICY_BYTES = 1_000_000


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1.0 <= seconds <= 31_536_000.0:
        raise argparse.ArgumentTypeError("give a number of seconds, 1 or more")
    return seconds


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "monitor",
        help="follow somebody's log and keep the evidence when something is wrong",
        epilog="Exit status: 0 all is well; 1 an incident, whose evidence lies in DIR/incidents; "
        "2 nothing could be learned, or wrong usage.",
    )
    parser.add_argument("source", type=source, metavar="URL", help="where the log's files are served")
    parser.add_argument(
        "--vkey",
        type=log_key,
        metavar="KEY",
        action="append",
        default=[],
        help="a public key of the log; repeat it where the log has several",
    )
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="whose cosignatures to ask for (C2SP tlog-policy)"
    )
    parser.add_argument(
        "--state", type=Path, metavar="DIR", required=True, help="a folder of its own for what it saw"
    )
    often = parser.add_mutually_exclusive_group()
    often.add_argument("--once", action="store_true", help="look once and end (this is the default)")
    often.add_argument("--every", type=_seconds, metavar="SECONDS", help="look again and again")
    parser.add_argument(
        "--entries",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="read every new entry too, not only the hashes (this is the default)",
    )
    parser.add_argument(
        "--from-start",
        action="store_true",
        help="with a new DIR: check the log from its first entry, not only from now on",
    )
    parser.set_defaults(run=run)
    return parser


def _interrupt(*_: object) -> Never:
    raise KeyboardInterrupt


def run(args: argparse.Namespace) -> int:
    """Follow the log; SIGINT and SIGTERM end it in order."""
    from fairnotice.translog.monitor.follow import Follower
    from fairnotice.translog.monitor.state import StateFolder
    from fairnotice.translog.monitor.trust import Trust
    from fairnotice.translog.monitor.watch import look_once, watch

    try:
        policy = None
        if args.policy is not None:
            with args.policy.open("rb") as file:
                policy = parse_policy(file.read(_MOST_POLICY_BYTES))
        trust = Trust(args.vkey, policy)
    except PolicyError as fault:
        print(f"cannot begin: {fault}", file=sys.stderr)
        return 2
    folder = StateFolder(args.state)
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        follower = Follower(args.source, trust, folder, entries=args.entries, from_start=args.from_start)
        if args.every is not None:
            return watch(follower, args.every)
        return look_once(follower)
    except KeyboardInterrupt:
        print("stopped; the next run goes on from here", file=sys.stderr)
        return 2
    finally:
        signal.signal(signal.SIGTERM, before)
        folder.close()
