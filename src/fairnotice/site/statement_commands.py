"""`fairnotice statements`: statements of reasons for the EU's database, our own and anybody's."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site import filing_commands
from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say
from fairnotice.translog.encoding import printable

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers
    from fairnotice.transparencydb.survey import Broken, Place, Progress, Survey

# From so many rows on it is worth saying that there is a faster engine.
SLOW_FROM = 10_000


def add_parser(verbs: Subparsers) -> None:
    """The group `statements`; each command adds itself in a function of its own."""
    parser = verbs.add_parser("statements", help="statements of reasons for the EU's database")
    group: Subparsers = parser.add_subparsers(dest="act", required=True, metavar="COMMAND")
    _add_check(group)
    filing_commands.add_acts(group)


def _add_check(group: Subparsers) -> None:
    verb = group.add_parser("check", help="hold a file to every rule of the database, and ours")
    verb.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="JSON, an object on each line, a dump as CSV, or a zip of dumps",
    )
    verb.add_argument("--json", action="store_true", help="print what was found as JSON")
    verb.add_argument(
        "--schema",
        choices=("auto", "v1", "v2"),
        default="auto",
        help="the version to hold it to: v2 since 1 July 2025; auto (default) asks each statement",
    )
    verb.add_argument(
        "--limit", type=_count, default=3, metavar="N", help="examples shown of each fault (default: 3)"
    )
    verb.add_argument(
        "--engine",
        choices=("auto", "plain", "polars"),
        default="auto",
        help="for dumps; auto (default) takes polars where it is installed (pip install fairnotice[data])",
    )
    # Nothing of the site is needed: anybody's file can be checked anywhere.
    verb.set_defaults(run=check, needs="nothing")


def check(args: argparse.Namespace) -> int:
    """`fairnotice statements check`: 1 where anything is amiss, 2 where the file holds no statements."""
    from fairnotice.transparencydb import json_survey, survey

    started = time.monotonic()
    try:
        with _bar(args.file) as progress:
            if json_survey.is_json(args.file):
                found = json_survey.of_json(args.file, args.schema, args.limit, progress)
            else:
                found = survey.of_dump(args.file, args.schema, args.limit, args.engine, progress)
    except survey.Unusable as error:
        return say(f"{args.file}: {error}.", UNUSABLE)
    except ImportError:
        return say("polars is not installed: pip install fairnotice[data]", UNUSABLE)
    if args.json:
        print(json.dumps(_as_json(found), indent=1))
    else:
        for line in _in_words(found, time.monotonic() - started):
            print(printable(line))
    return DONE if found.clean else WRONG


def _as_json(found: Survey) -> dict[str, object]:
    return {
        "file": found.file,
        "engine": found.engine,
        "rows": found.rows,
        "rows_with_faults": found.faulty,
        "versions": dict(found.versions),
        "rules": [asdict(broken) for broken in _by_count(found)],
        "unreadable_rows": found.bad,
        "unreadable_examples": [asdict(place) for place in found.bad_examples],
        "unreadable_files": [{"file": name, "reason": reason} for name, reason in found.unreadable],
        "notes": found.notes,
    }


def _in_words(found: Survey, seconds: float) -> Iterator[str]:
    versions = ", ".join(f"{version}: {count:,}" for version, count in sorted(found.versions.items()))
    yield (
        f"{found.rows:,} statements ({versions or 'none read'}) in {seconds:.1f} s, "
        f"{found.rows / max(seconds, 0.001):,.0f} a second."
    )
    if found.engine == "plain" and found.rows >= SLOW_FROM:
        yield "The plain engine did this. With polars (pip install fairnotice[data]) it is many times faster."
    for note in found.notes:
        yield f"Note: {note}."
    for name, reason in found.unreadable:
        yield f"Not read: {name}: {reason}."
    if found.bad:
        yield f"{found.bad:,} rows could not be read:"
        yield from (f"    {place.file}:{place.row}: {place.found}" for place in found.bad_examples)
    for broken in _by_count(found):
        where = f"{broken.field}: " if broken.field else ""
        yield f"{broken.count:,} x {where}{broken.message} [{broken.level}: {broken.rule}, {broken.source}]"
        yield from (f"    {_example(place)}" for place in broken.examples)
    if found.clean:
        yield "No fault was found."
    else:
        yield f"{found.faulty:,} of {found.rows - found.bad:,} statements break a rule."


def _example(place: Place) -> str:
    return f"{place.file}:{place.row}" + (f": {place.found}" if place.found else "")


def _by_count(found: Survey) -> list[Broken]:
    """The database's own rules first, then by how often they are broken."""
    return sorted(
        found.broken.values(), key=lambda one: (one.level != "database", -one.count, one.rule, one.field)
    )


@contextmanager
def _bar(file: Path) -> Iterator[Progress]:
    """A progress bar with rows a second, on a terminal only."""
    from tqdm import tqdm

    if not sys.stderr.isatty():
        yield lambda _rows, _bytes: None
        return
    started, total = time.monotonic(), 0
    with tqdm(total=file.stat().st_size, unit="B", unit_scale=True, leave=False) as bar:

        def told(rows: int, taken: int) -> None:
            nonlocal total
            total += rows
            rate = total / max(time.monotonic() - started, 0.001)
            bar.set_postfix_str(f"{total:,} rows, {rate:,.0f}/s", refresh=False)
            bar.update(taken)

        yield told


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= 1000):
        raise argparse.ArgumentTypeError("a number from 0 to 1000")
    return int(text)
