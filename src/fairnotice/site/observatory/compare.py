"""`fairnotice observatory compare`: a transparency report, or this service's own cases, beside the public
data."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say
from fairnotice.site.observatory.store_option import add_store, store_of, with_data
from fairnotice.translog.encoding import printable

if TYPE_CHECKING:
    from fairnotice.observatory.comparing import Comparison, Reported
    from fairnotice.observatory.comparing.comparison import Own
    from fairnotice.site.commands import Subparsers


def add_acts(group: Subparsers) -> None:
    """Under `fairnotice observatory`."""
    verb = group.add_parser(
        "compare", help="lay a transparency report, or your own cases, beside the public data"
    )
    verb.add_argument(
        "report",
        type=Path,
        nargs="?",
        metavar="REPORT",
        help="anybody's harmonised report: a folder, a ZIP, a CSV file or a workbook",
    )
    verb.add_argument("--own", action="store_true", help="instead of a report: this service's own cases")
    verb.add_argument(
        "--platform",
        action="append",
        default=[],
        metavar="NAME",
        help="its name in the public data (default: as the report spells it); may come more than once",
    )
    verb.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME",
        help="a platform to lay it beside (default: all others); may come more than once",
    )
    verb.add_argument("--period", default="", metavar="FIRST/LAST", help="for example 2026-01-01/2026-06-30")
    add_store(verb)
    verb.add_argument(
        "--format",
        choices=("text", "csv", "json"),
        help="json is what one can cite, and `observatory verify` asks again (default: as FILE is named, "
        "otherwise text)",
    )
    verb.add_argument("--out", type=Path, metavar="FILE", help="write it there instead of printing it")
    verb.add_argument("--all", action="store_true", help="as text: also single categories that are alike")
    verb.set_defaults(run=with_data(compare))


def compare(args: argparse.Namespace) -> int:
    """0: nothing differs by more than 5 %; 1: something does; 2: it cannot be compared."""
    from fairnotice.observatory import asking
    from fairnotice.observatory.comparing import CompareError, NoReport, read_path
    from fairnotice.observatory.comparing import compare as lay_beside

    if args.own == (args.report is not None):
        return say("Name a report, or say --own for this service's cases.", UNUSABLE)
    try:
        period = _period(args.period)
    except ValueError:
        return say("--period: write it as 2026-01-01/2026-06-30, its first and its last day.", UNUSABLE)
    own: Own | None = None
    reported: Reported
    try:
        if args.own:
            reported, own = _own(args)
            period = None
        else:
            reported = read_path(args.report)
        found = lay_beside(
            reported,
            store_of(args),
            asking.ask,
            platforms=args.platform,
            period=period,
            peers=args.peer,
            own=own,
        )
    except NoReport as error:
        return say(f"{args.report}: {error}.", UNUSABLE)
    except (CompareError, asking.NoDays) as error:
        return say(printable(f"{str(error)[:1].upper()}{str(error)[1:]}."), UNUSABLE)
    except (asking.StoreError, asking.EngineError) as error:
        return say(f"{error}.", UNUSABLE)
    _write(args, found)
    differing = any(line.level in ("differs", "far") for line in found.lines)
    return WRONG if differing else DONE


def _write(args: argparse.Namespace, found: Comparison) -> None:
    from fairnotice.observatory.comparing import document

    form = args.format or (args.out.suffix.lower().removeprefix(".") if args.out else "")
    if form == "json":
        text = document.dumps(found)
    elif form == "csv":
        text = document.to_csv(found)
    else:
        text = document.to_text(found, everything=args.all)
    if args.out:
        args.out.write_text(text, "utf-8", newline="")
        print(f"Written: {args.out}")
    else:
        print(text, end="")


def _own(args: argparse.Namespace) -> tuple[Reported, Own]:
    """This service's counts of a period of whole months. Raises CompareError, NotReady."""
    from fairnotice.cases.counting.period import WrongPeriod, parse_period
    from fairnotice.observatory.comparing.comparison import CompareError
    from fairnotice.site.setup import prepare

    if not args.period:
        raise CompareError("--own needs --period FIRST/LAST: whole months, at most twelve")
    try:
        period = parse_period(args.period)
    except WrongPeriod as error:
        raise CompareError(f"--period: {str(error).rstrip('.')}") from None
    prepare(args.data)
    from fairnotice.observatory import own

    return own.reported(period), own.practice(period)


def _period(text: str) -> tuple[date, date] | None:
    if not text:
        return None
    first, last = text.strip().split("/")
    return date.fromisoformat(first), date.fromisoformat(last)
