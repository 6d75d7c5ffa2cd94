"""`fairnotice report build` and `fairnotice report verify`."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fairnotice.cases.counting.period import Period
    from fairnotice.cases.reporting.compare import Outcome
    from fairnotice.site.commands import Subparsers

_SHOWN = 50


def add_parser(group: Subparsers) -> None:
    """Under `fairnotice report`."""
    verb = group.add_parser("build", help="write a transparency report as eleven CSV files and one XLSX")
    verb.add_argument("--service", default="", metavar="NAME", help="the service (default: the one there is)")
    verb.add_argument(
        "--period", required=True, metavar="FIRST/LAST", help="for example 2026-01-01/2026-12-31"
    )
    verb.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    verb.add_argument(
        "--published", default="", metavar="DAY", help="the day of publication that it names (default: today)"
    )
    verb.add_argument(
        "--keep", action="store_true", help="keep it as a version that somebody can publish at the desk"
    )
    verb.add_argument("--reason", default="", metavar="TEXT", help="with --keep: what it corrects, and why")
    verb.set_defaults(run=build)
    verb = group.add_parser(
        "verify", help="recompute every figure of a report, and compare its counts with the tallies"
    )
    verb.add_argument(
        "what", metavar="DIR|VERSION", help="the folder of a report, or the reference of a version"
    )
    verb.add_argument(
        "--tallies",
        type=Path,
        metavar="DIR|FILE",
        help="compare with these published tallies alone: needs no data folder and no cases",
    )
    verb.add_argument(
        "--vkey", action="append", default=[], metavar="KEY", help="the log's public key, for --tallies"
    )
    verb.add_argument("--json", action="store_true", help="print the result as JSON")
    verb.set_defaults(run=verify, needs="nothing")


def build(args: argparse.Namespace) -> int:
    """Writes the files; status 1 where texts are still missing or the period has not ended (a draft)."""
    from fairnotice.cases.counting.period import WrongPeriod, parse_period
    from fairnotice.cases.reporting.services import check_service, service_name

    try:
        period = parse_period(args.period)
        published = date.fromisoformat(args.published) if args.published else datetime.now(UTC).date()
    except WrongPeriod as error:
        return say(f"--period: {error}", UNUSABLE)
    except ValueError:
        return say("--published: a day is written as 2027-02-20.", UNUSABLE)
    if args.out.exists() and (not args.out.is_dir() or any(args.out.iterdir())):
        return say(f"{args.out} is there already. Name a new or an empty folder.", UNUSABLE)
    service = check_service(args.service or service_name())
    draft = period.end > datetime.now(UTC)
    if period.start > datetime.now(UTC):
        return say("--period: it has not begun yet.", UNUSABLE)
    if args.keep and draft:
        return say("--keep: this period has not ended yet; a draft is not kept.", UNUSABLE)
    return _write(args, service, period, published, draft)


def _write(args: argparse.Namespace, service: str, period: Period, published: date, draft: bool) -> int:
    from dataclasses import replace

    from fairnotice import __version__
    from fairnotice.cases.actions import reports
    from fairnotice.cases.counting.counts import count
    from fairnotice.cases.queries import reports as queries
    from fairnotice.cases.reporting import files, filling

    head = replace(queries.head(service, period), published=published)
    with _progress("facts counted") as told:
        if args.keep:
            kept = reports.build(actor=None, service=service, period=period, reason=args.reason, told=told)
            parts, missing = files.parts_of(kept, published), queries.missing_texts(kept)
        else:
            made = filling.fill(head, count(period, told), queries.texts(service, period))
            parts, missing = made.parts, made.missing
    source = {**filling.provenance(head, __version__), "published": str(published), "draft": draft}
    args.out.mkdir(parents=True, exist_ok=True)
    names = []
    for name, content in files.files_of(parts, source):
        (args.out / name).write_bytes(content)
        names.append(name)
    print(f"{service}, {period}: {len(names)} files in {args.out}.")
    print(f"Where each figure comes from: {files.PROVENANCE}.")
    if args.keep:
        print(f"Kept as version {kept.number}, reference {kept.ref}. Somebody publishes it at the desk.")
    for place in missing:
        print(f"Still missing: {_named(place)}", file=sys.stderr)
    if missing:
        print("Write these texts at the desk, page Reports, and build again.", file=sys.stderr)
    if draft:
        (args.out / "DRAFT").write_text(
            f"A draft: the period {period} had not ended when this was made. Its figures will change.\n"
        )
        print("A DRAFT: this period has not ended yet, its figures will change.", file=sys.stderr)
    return WRONG if missing or draft else DONE


def _named(place: str) -> str:
    from fairnotice.cases.reporting.places import places

    found = places()[place]
    return f"part {found.part}, {found.label}"


def verify(args: argparse.Namespace) -> int:
    """Status 0 where every figure holds, 1 where one differs, 2 where it cannot be compared."""
    from fairnotice.cases.reporting.reading import Unreadable

    try:
        return _with_tallies(args) if args.tallies is not None else _with_cases(args)
    except Unreadable as error:
        return say(f"{error}.", UNUSABLE)


def _with_tallies(args: argparse.Namespace) -> int:
    """Offline: nothing but the files."""
    from fairnotice.cases.reporting import compare, places, reading
    from fairnotice.harmonised.parts import PARTS

    report = reading.report(Path(args.what))
    rows = {number: [row for _key, row in places.rows_of(number, report.profile)] for number in PARTS}
    faults = list(compare.labels(report.parts, rows))
    if faults:
        return _said(args, report.period, faults, [], {})
    wanted = {month.month for month in report.period.months()}
    every = {one.month: one for one in reading.tallies(args.tallies, args.vkey)}
    found = {month: one for month, one in every.items() if month in wanted}
    missing = sorted(wanted - set(found))
    before = [month for month in missing if found and month < min(every)]
    if missing != before:
        raise reading.Unreadable(f"no tally of {', '.join(missing)} in {args.tallies.name}")
    if before:
        # Nothing is counted before a service begins, and its first report is for a whole year all the same.
        print(
            f"No tally of {', '.join(before)}: they count as nothing, as before a service began. The first "
            f"tally here is of {min(every)}; see whether the service publishes an earlier one.",
            file=sys.stderr if args.json else sys.stdout,
        )
    if not args.json:
        for month in sorted(found):
            print(f"Tally {month}: {found[month].line}")
    if any(one.key_from_file for one in found.values()):
        # Whoever reads JSON has to know as well that the files vouch for nobody but themselves.
        print(
            "The log's key was taken from the tallies' own files; give the published one with --vkey.",
            file=sys.stderr if args.json else sys.stdout,
        )
    outcome = compare.with_tallies(report.parts, [one.table for one in found.values()], report.profile)
    return _said(args, report.period, [], [], {"tallies": outcome})


def _with_cases(args: argparse.Namespace) -> int:
    """For an auditor: with the data folder."""
    from fairnotice.cases.reporting import reading
    from fairnotice.site.setup import prepare

    prepare(args.data)
    from fairnotice.cases.models import Report
    from fairnotice.cases.queries.reports import period_of
    from fairnotice.cases.reporting import files, verifying

    folder = Path(args.what)
    if folder.is_dir():
        found = reading.report(folder)
        parts, period, profile = found.parts, found.period, found.profile
    else:
        version = Report.objects.select_related("status").filter(ref=args.what.strip().upper()).first()
        if version is None:
            return say(f"{args.what} is neither a folder nor the reference of a version kept here.", UNUSABLE)
        parts, period, profile = files.parts_of(version), period_of(version), version.profile
    with _progress("facts counted", quiet=args.json) as told:
        result = verifying.verify(parts, period, profile, told)
    outcomes = {} if result.faults else {"cases": result.cases, "tallies": result.tallies}
    return _said(args, period, list(result.faults), list(result.without_tally), outcomes)


def _said(
    args: argparse.Namespace,
    period: Period,
    faults: list[str],
    open_months: list[str],
    outcomes: dict[str, Outcome],
) -> int:
    differing = sum(len(one.differences) for one in outcomes.values())
    if args.json:
        print(json.dumps(_json(period, faults, open_months, outcomes), ensure_ascii=False, indent=1))
        return UNUSABLE if faults else WRONG if differing else DONE
    if faults:
        return say("\n".join(f"{fault}." for fault in faults), UNUSABLE)
    for name, outcome in outcomes.items():
        what = "the cases" if name == "cases" else "the tallies"
        for one in outcome.differences[:_SHOWN]:
            print(f"Differs from {what}: {one}")
        if len(outcome.differences) > _SHOWN:
            print(f"... and {len(outcome.differences) - _SHOWN} more.")
        if outcome.compared:
            equal = outcome.compared - len(outcome.differences)
            print(f"{period}: {equal} of {outcome.compared} figures are those of {what}.")
    if open_months:
        print(f"Not compared with the tallies: no tally yet of {', '.join(open_months)}.")
    return WRONG if differing else DONE


def _json(
    period: Period, faults: list[str], open_months: list[str], outcomes: dict[str, Outcome]
) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "period": str(period),
        "faults": faults,
        "months_without_tally": open_months,
        **{
            name: {
                "compared": one.compared,
                "differences": [asdict(difference) for difference in one.differences],
            }
            for name, one in outcomes.items()
        },
    }


@contextmanager
def _progress(what: str, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; gives what `counts.count` is to call."""
    from tqdm import tqdm

    with tqdm(desc=what, unit=" facts", disable=True if quiet else None) as bar:

        def told(read: int) -> None:
            bar.update(read - bar.n)

        yield told
