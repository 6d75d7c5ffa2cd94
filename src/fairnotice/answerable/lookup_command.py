"""`fairnotice answerable lookup`: one location, or a file of them, line by line. The caller has set up
Django."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import nullcontext
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairnotice.answerable.chains import Chain

EXIT_OK = 0
EXIT_PROBLEM = 1
EXIT_USAGE = 2


def add_lookup(commands: Any) -> None:
    """Add `lookup` to the commands of `fairnotice answerable`."""
    lookup = commands.add_parser(
        "lookup",
        help="show the chain of organisations for a location, or for each line of a file",
        description="Shows who answers for WHAT, through which organisations, and how to reach them. A file "
        "is answered line by line, as the public may see it.",
    )
    lookup.add_argument(
        "what",
        metavar="WHAT",
        help="URL, host name, IP address, prefix or AS number; or a file with one of these per line (- reads "
        "standard input)",
    )
    lookup.add_argument("--at", metavar="DATE", type=_day, help="as it was on this day (2025-01-31)")
    lookup.add_argument(
        "--known-on",
        metavar="DATE",
        type=_day,
        help="as this register knew it at the end of this day in UTC",
    )
    lookup.add_argument("--json", action="store_true", help="one location: print JSON")
    lookup.add_argument(
        "--format", choices=["jsonl", "csv"], default="jsonl", help="a file: how to answer (default: jsonl)"
    )
    lookup.add_argument(
        "--all",
        action="store_true",
        help="a file: name holders that are not public, too; do not pass it on",
    )
    lookup.set_defaults(run=run_lookup)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written like 2025-01-31") from None


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day in UTC; None: none."""
    return None if day is None else datetime.combine(day, time.max, UTC)


def run_lookup(args: argparse.Namespace) -> int:
    """One location: 0 when somebody is recorded, 1 when nobody is or the text names no place. A file: 0 when
    each line names a place, 1 when some do not. 2: the file cannot be read."""
    if args.what == "-" or Path(args.what).is_file():
        return _run_file(args)
    from fairnotice.answerable.lookup import find_once

    chain = find_once(args.what, args.at, end_of(args.known_on))
    if args.json:
        print(json.dumps(chain.to_json(), ensure_ascii=False, indent=2))
    else:
        _print_chain(chain)
    return EXIT_OK if chain.links else EXIT_PROBLEM


def _run_file(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fairnotice.answerable.lookup_file import CsvAnswers, JsonAnswers, answer

    writer = (CsvAnswers if args.format == "csv" else JsonAnswers)(sys.stdout)
    try:
        with nullcontext(sys.stdin.buffer) if args.what == "-" else open(args.what, "rb") as lines:
            size = None if args.what == "-" else os.fstat(lines.fileno()).st_size
            # `disable=None`: only where somebody looks at it.
            with tqdm(total=size, unit="B", unit_scale=True, disable=None, file=sys.stderr) as bar:
                bad = answer(
                    lines,
                    writer,
                    at=args.at,
                    known_on=end_of(args.known_on),
                    everything=args.all,
                    on_progress=bar.update,
                )
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads our answers has enough; Python must not complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_PROBLEM
    except OSError as problem:
        print(f"The file cannot be read: {problem.strerror}.", file=sys.stderr)
        return EXIT_USAGE
    return EXIT_PROBLEM if bad else EXIT_OK


def _print_chain(chain: Chain) -> None:
    if chain.target is not None:
        print(f"{chain.target.text} on {chain.at.isoformat()}")
    for depth, link in enumerate(chain.links):
        since = f", since {link.valid_from}" if link.valid_from else ""
        until = f", until {link.valid_until}" if link.valid_until else ""
        private = ", private" if link.visibility == "private" else ""
        print(
            f"{'  ' * (depth + 1)}{link.name} ({link.handle}): "
            f"{link.kind} of {link.resource}{since}{until}{private}"
        )
    print(chain.reason)
    if chain.answering is not None and chain.contact is not None:
        print(f"Contact: {chain.answering.name}, {chain.contact.channel} {chain.contact.address}")
