"""`fairnotice answerable import` and `fairnotice answerable lookup`. The caller has set up Django."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairnotice.answerable.lookup_command import add_lookup

if TYPE_CHECKING:
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

    add_lookup(commands)


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
