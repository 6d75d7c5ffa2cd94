"""`fairnotice intake table`: a table of notices from a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, new_private, say

if TYPE_CHECKING:
    from fairnotice.cases.models import TableRun
    from fairnotice.cases.tables.mapping import Mapping
    from fairnotice.cases.tables.table import Table
    from fairnotice.site.commands import Subparsers


def add_parser(verbs: Subparsers) -> None:
    """Under `fairnotice intake`."""
    verb = verbs.add_parser("table", help="take in a CSV or JSONL file, each line as a notice of its own")
    verb.add_argument(
        "file", type=Path, metavar="FILE", help="the first line of a CSV file names the columns"
    )
    verb.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="what a column means; without any, columns are guessed by their names",
    )
    verb.add_argument(
        "--set", action="append", default=[], metavar="FIELD=TEXT", help="what is the same in every line"
    )
    verb.add_argument(
        "--program", action="store_true", help="a program made the list: nobody confirmed what it says"
    )
    verb.add_argument(
        "--receipts", action="store_true", help="send a receipt to each e-mail address in the list"
    )
    verb.add_argument("--dry-run", action="store_true", help="say what is wrong with the lines; take none in")
    verb.add_argument(
        "--errors", type=Path, metavar="OUT", help="write the lines that were not taken in as CSV here"
    )
    verb.set_defaults(run=table)


def table(args: argparse.Namespace) -> int:
    """Returns WRONG where a line was not taken in."""
    from fairnotice.cases.actions import table_runs as actions
    from fairnotice.cases.tables import table as tables

    raw = args.file.read_bytes()
    try:
        found = tables.read(raw)
        mapping = _mapping(args, found)
    except (tables.NoTable, ValueError) as error:
        return say(f"{args.file}: {error}" if isinstance(error, tables.NoTable) else str(error), UNUSABLE)
    if args.dry_run:
        return _dry_run(found, mapping)
    run, again = actions.keep(actor=None, raw=raw)
    if again:
        print(f"This file is here already, as table {run.ref}.")
    _begin(run, mapping, receipts=args.receipts)
    _go_through(run, found)
    print(f"Table {run.ref}: {run.notices} notices, {run.duplicates} here already, {run.bad} not taken in.")
    return _say_bad(run, args.errors) if run.bad else DONE


def _begin(run: TableRun, mapping: Mapping, *, receipts: bool) -> None:
    from fairnotice.cases.actions import table_runs as actions

    if run.state == "draft":
        actions.start(actor=None, run=run, mapping=mapping, receipts=receipts)
    elif run.state == "stopped":
        actions.resume(actor=None, run=run)


def _go_through(run: TableRun, table: Table) -> None:
    """Until it is done; where `fairnotice serve` goes on with it at the same time, both do a part."""
    from fairnotice.cases.actions import table_runs as actions
    from fairnotice.cases.errors import Conflict

    mapping = actions.mapping_of(run)
    last = -1
    while run.state == "running" and mapping is not None:
        try:
            actions.run_lines(run=run, lines=table.lines, mapping=mapping)
        except Conflict:
            run.refresh_from_db()
        hundred = run.position // 100
        if hundred != last and sys.stderr.isatty():
            print(f"\r{run.position} of {run.total}", end="", file=sys.stderr, flush=True)
            last = hundred
    if last >= 0:
        print(file=sys.stderr)


def _mapping(args: argparse.Namespace, table: Table) -> Mapping:
    """Raises ValueError in plain words."""
    from fairnotice.cases.tables import mapping as mappings

    columns = {field: column for column, field in (_pair(one, "--map") for one in args.map)}
    constants = dict(_pair(one, "--set") for one in args.set)
    guessed = columns or mappings.guess(table).columns
    found = mappings.Mapping(
        {field: column for field, column in guessed.items() if field not in constants},
        constants,
        args.program,
    )
    faults = mappings.check_mapping(found, table)
    if faults:
        raise ValueError("\n".join(f"{fault.path}: {fault.message}" for fault in faults))
    return found


def _pair(text: str, option: str) -> tuple[str, str]:
    left, sign, right = text.partition("=")
    if not sign or not left.strip() or not right.strip():
        raise ValueError(f"{option} is written as NAME=NAME.")
    return left.strip(), right.strip()


def _dry_run(table: Table, mapping: Mapping) -> int:
    from fairnotice.cases.tables import mapping as mappings

    bad = 0
    for line in table.lines:
        _draft, faults = mappings.draft_of(mapping, line)
        bad += bool(faults)
        for fault in faults:
            print(f"line {line.number}, {fault.column or 'the line'}: {fault.message}")
    print(f"{len(table.lines)} lines, {bad} with faults. Nothing was taken in.")
    return WRONG if bad else DONE


def _say_bad(run: TableRun, out: Path | None) -> int:
    from fairnotice.answerable.csv_out import csv_text
    from fairnotice.cases.queries.tables import bad_lines, error_rows

    for bad in bad_lines(run, most=20):
        for fault in bad.faults:
            print(f"line {bad.number}, {fault.column or 'the line'}: {fault.message}", file=sys.stderr)
    if out is not None:
        rows = error_rows(run)
        with new_private(out) as file:
            file.write(csv_text(next(rows), rows))
        print(f"Lines that were not taken in: {out}")
    return WRONG
