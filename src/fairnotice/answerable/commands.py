"""`fairnotice answerable import` and `fairnotice answerable lookup`. The caller has set up Django."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairnotice.answerable.chains import Chain
    from fairnotice.answerable.csv_rows import BadLine

EXIT_OK = 0
EXIT_PROBLEM = 1
EXIT_USAGE = 2


def add_parser(subparsers: Any) -> None:
    """Add `answerable` with its two commands; each sets `run` to a function from the arguments to an exit
    status."""
    parser = subparsers.add_parser("answerable", help="who answers for an address, domain or network")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    load = commands.add_parser("import", help="take in a CSV file of organisations and what they hold")
    load.add_argument("file", metavar="FILE", help="CSV file in UTF-8; - reads standard input")
    load.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
    load.add_argument(
        "--bad", metavar="FILE", type=Path, help="write the lines that did not go in to FILE (CSV)"
    )
    load.add_argument("--source", default="csv", help="where lines come from that do not say (default: csv)")
    load.set_defaults(run=run_import)

    lookup = commands.add_parser("lookup", help="show the chain of organisations for one location")
    lookup.add_argument("what", metavar="WHAT", help="URL, domain, IP address, prefix or AS number")
    lookup.add_argument(
        "--at", metavar="DATE", type=date.fromisoformat, help="as it was on this day (2025-01-31)"
    )
    lookup.add_argument("--json", action="store_true", help="print JSON")
    lookup.set_defaults(run=run_lookup)


def run_import(args: argparse.Namespace) -> int:
    """0: all lines are in. 1: some are not, and were printed. 2: the file cannot be used."""
    from fairnotice.answerable.actions import import_csv
    from fairnotice.answerable.csv_rows import ImportFormatError

    if len(args.source) > 64:
        return _say("--source must have at most 64 characters.")
    try:
        with nullcontext(sys.stdin.buffer) if args.file == "-" else open(args.file, "rb") as lines:
            result = import_csv(
                lines, actor_id=None, source=args.source, dry_run=args.dry_run, on_progress=_progress()
            )
    except ImportFormatError as problem:
        return _say(str(problem))
    except OSError as problem:
        return _say(f"The file cannot be read: {problem.strerror}.")
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    if args.bad is not None:
        try:
            _write_bad(args.bad, result.bad)
        except OSError as problem:
            return _say(f"The file for bad lines cannot be written: {problem.strerror}.")
    for bad in result.bad:
        print(f"line {bad.number}: {bad.reason}\n    {bad.text}")
    done = "would be " if args.dry_run else ""
    print(
        f"{result.rows} lines: {result.added} {done}added, {result.changed} {done}changed, "
        f"{result.unchanged} unchanged, {len(result.bad)} bad"
    )
    return EXIT_PROBLEM if result.bad else EXIT_OK


def run_lookup(args: argparse.Namespace) -> int:
    """0: somebody is recorded as answerable. 1: nobody is, or the text names no place."""
    from fairnotice.answerable.lookup import find

    chain = find(args.what, args.at)
    if args.json:
        print(json.dumps(chain.to_json(), ensure_ascii=False, indent=2))
    else:
        _print_chain(chain)
    return EXIT_OK if chain.links else EXIT_PROBLEM


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


def _progress() -> Callable[[int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(lines: int) -> None:
        sys.stderr.write(f"\r{lines} lines")
        sys.stderr.flush()

    return show


def _write_bad(path: Path, bad: list[BadLine]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", "text"])
        writer.writerows((line.number, line.reason, _inert(line.text)) for line in bad)


def _inert(text: str) -> str:
    """Spreadsheets run cells that begin with these signs; a quote in front keeps them text."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _say(problem: str) -> int:
    print(problem, file=sys.stderr)
    return EXIT_USAGE
