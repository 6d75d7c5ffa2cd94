"""``fairnotice report``: the harmonised transparency reports. Checking needs no data folder and no
Django."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site import commands
from fairnotice.translog.encoding import printable

if TYPE_CHECKING:
    from fairnotice.harmonised.grouping import Group
    from fairnotice.reports.checker import Checked
    from fairnotice.site.commands import Subparsers


def add_parser(verbs: Subparsers) -> Subparsers:
    """Add `report` with `check`; gives the group, so that further commands can join it."""
    parser = verbs.add_parser("report", help="harmonised transparency reports: build, verify, check")
    group: Subparsers = parser.add_subparsers(dest="act", required=True, metavar="COMMAND")
    verb = group.add_parser("check", help="name what is wrong in anybody's report: folder, ZIP, CSV, XLSX")
    verb.add_argument("path", type=Path, metavar="PATH", help="a folder, a ZIP, a CSV file or a workbook")
    verb.add_argument("--json", action="store_true", help="every fault as JSON, for programs")
    verb.set_defaults(run=check, needs="nothing")
    return group


def check(args: argparse.Namespace) -> int:
    """Print what is wrong. 0: nothing; 1: something, be it a note; 2: there is no report at this path."""
    from fairnotice.harmonised.files import entries_of
    from fairnotice.reports.checker import Checker, NotReady

    entries = entries_of(args.path)
    if not entries:
        return commands.say(f"{args.path}: there are no tables in this folder.", commands.UNUSABLE)
    try:
        with Checker() as checker:
            checked = checker.check(entries)
    except NotReady:
        return commands.say("The process that reads files does not start.", commands.UNUSABLE)
    if args.json:
        print(json.dumps(checked.as_json(), indent=1, ensure_ascii=False))
    else:
        _print(checked)
    if not checked.parts:
        return commands.say(f"{args.path}: no part of a report was found here.", commands.UNUSABLE)
    return commands.WRONG if checked.faults else commands.DONE


def _print(checked: Checked) -> None:
    from fairnotice.harmonised.faults import counts
    from fairnotice.harmonised.grouping import grouped

    file = None
    for group in grouped(checked.faults):
        if group.fault.file != file:
            file = group.fault.file
            print(printable(file))
        print(_line(group))
    found = counts(checked.faults)
    files = "1 file" if len(checked.files) == 1 else f"{len(checked.files)} files"
    parts = f"{len(checked.parts)} of 11 parts in {files}"
    if not checked.faults:
        print(f"No fault found: {parts}.")
        return
    said = ", ".join(f"{many} {word if many == 1 else f'{word}s'}" for word, many in found.items())
    print(f"\n{said}; {parts}.")


def _line(group: Group) -> str:
    one = group.fault
    rows = group.rows_shown
    word = "rows" if len(group.rows) > 1 else "row"
    where = ", ".join(
        text for text in (f"{word} {rows}" if rows else "", f"“{one.column}”" if one.column else "") if text
    )
    lines = [f"  {one.severity:7}  {where + ': ' if where else ''}{one.message}  [{one.rule}]"]
    said = [
        f"found “{one.found}”" if one.found else "",
        f"should be “{one.suggestion}”" if one.suggestion else "",
    ]
    if any(said):
        lines.append("           " + ", ".join(text for text in said if text))
    return "\n".join(printable(line) for line in lines)
