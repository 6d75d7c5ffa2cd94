"""`fairnotice network check`: the self-check of the operator's own network. The caller has set up Django."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairnotice.answerable.queries.selfcheck import Finding, Report

EXIT_OK = 0
EXIT_PROBLEM = 1
EXIT_USAGE = 2


def add_parser(subparsers: Any) -> None:
    """Add `network` with its command; it sets `run` to a function from the arguments to an exit status."""
    parser = subparsers.add_parser("network", help="the network of your own organisation")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say what should be mended: contacts, ends, overlaps")
    check.add_argument(
        "--at", metavar="DATE", type=date.fromisoformat, help="as it is on this day (default: today)"
    )
    check.add_argument("--csv", metavar="FILE", type=Path, help="write every finding to FILE (CSV)")
    check.set_defaults(run=run_check)


def run_check(args: argparse.Namespace) -> int:
    """0: nothing is to be mended. 1: something is. 2: the settings name no organisation that is listed."""
    import sys

    from django.utils import timezone

    from fairnotice.answerable.queries import selfcheck

    report = selfcheck.check(args.at or timezone.now().date())
    if report is None:
        print(
            "Say which organisation is yours: own_organisation in fairnotice.toml is the handle of one that"
            " is listed.",
            file=sys.stderr,
        )
        return EXIT_USAGE
    if args.csv is not None:
        args.csv.write_text(selfcheck.as_csv(report), encoding="utf-8", newline="")
    _print(report)
    return EXIT_PROBLEM if report.to_mend else EXIT_OK


def _print(report: Report) -> None:
    from fairnotice.answerable.findings import KINDS

    ours = report.network
    print(f"{ours.name} ({ours.organisation.handle}) on {ours.at.isoformat()}")
    for code, found in report.groups:
        if found:
            print(f"\n{KINDS[code].title} ({len(found)})")
            for one in found:
                print(f"  {_line(one)}")
            print(f"  -> {KINDS[code].how}")
    print(f"\n{report.to_mend} to mend, {report.to_look_at} to look at.")


def _line(one: Finding) -> str:
    days = [
        f"since {one.since.isoformat()}" if one.since else "",
        f"until {one.until.isoformat()}" if one.until else "",
    ]
    return ", ".join(part for part in (one.subject, one.about, *days) if part)
