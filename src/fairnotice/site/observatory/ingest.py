"""`fairnotice observatory ingest`, `days`, `forget`: what is in the store, how it gets there and out."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say
from fairnotice.site.observatory.store_option import add_store, store_of, with_data

if TYPE_CHECKING:
    from fairnotice.observatory.ingest.plan import Left, Plan
    from fairnotice.observatory.store import Day, Manifest, Store
    from fairnotice.site.commands import Subparsers

MOST_SHOWN = 12


def add_acts(group: Subparsers) -> None:
    """Its commands."""
    verb = group.add_parser("ingest", help="read daily dumps into the store")
    verb.add_argument(
        "paths", type=Path, nargs="+", metavar="DIR|ZIP", help="dumps, or folders of dumps with their .sha1"
    )
    add_store(verb)
    verb.add_argument("--dry-run", action="store_true", help="say what would be read, check every sha1")
    verb.add_argument("--replace", action="store_true", help="put dumps in place of days that are there")
    verb.add_argument(
        "--keep-text",
        action="store_true",
        help="keep free texts and identifiers too, which can point to people, in files of their own",
    )
    verb.add_argument("--workers", type=_workers, metavar="N", help="processes (default: one for each core)")
    verb.add_argument(
        "--memory",
        type=_memory,
        default="2GB",
        metavar="SIZE",
        help="the most that all of them take together, such as 500MB (default: 2GB)",
    )
    verb.set_defaults(run=with_data(ingest))

    verb = group.add_parser("days", help="list the days that are in the store")
    add_store(verb)
    verb.add_argument("--json", action="store_true", help="print them as JSON")
    verb.set_defaults(run=with_data(days))

    verb = group.add_parser("forget", help="take a day out of the store")
    verb.add_argument("day", type=_day, metavar="DAY", help="as YYYY-MM-DD")
    verb.add_argument("--scope", metavar="SCOPE", help="only this: global, or the slug of a platform")
    add_store(verb)
    verb.set_defaults(run=with_data(forget))


def ingest(args: argparse.Namespace) -> int:
    """`fairnotice observatory ingest`: 1 where something was not read or is damaged."""
    from fairnotice.observatory.ingest import memory, plan, run

    store = store_of(args)
    if missing := [str(path) for path in args.paths if not path.exists()]:
        return say(f"{missing[0]}: there is no such file or folder.", UNUSABLE)
    if args.dry_run:
        return _dry(plan.made(store, args.paths, replace=args.replace, texts=args.keep_text))
    with run.alone(store):
        found = plan.made(store, args.paths, replace=args.replace, texts=args.keep_text)
        try:
            wanted = args.workers or (0 if found.size < memory.SMALL else memory.cores())
            share = memory.share(args.memory, wanted, found.largest)
        except memory.TooLittle as error:
            return say(f"{error}.", UNUSABLE)
        started = time.monotonic()
        with _bar(found.size) as bar:
            bar.starts(found)
            try:
                outcome = run.ingest(store, found, share, bar, texts=args.keep_text)
            except run.Stopped as error:
                bar.say(f"{bar.days} days of {len(found.dumps)} were read and stay.")
                return say(f"Stopped: {error}.", WRONG)
    return _in_the_end(outcome.manifests, outcome.left, outcome.rows, time.monotonic() - started, store)


def _dry(found: Plan) -> int:
    from fairnotice.observatory.ingest import building
    from fairnotice.observatory.ingest.archive import DumpError

    wrong = _tell_left(found.left)
    for dump in found.dumps:
        csvs = dump.contents.csvs
        size = sum(one.size for one in csvs)
        try:
            published = building.checked(dump.path)[1]
        except DumpError as error:
            wrong = True
            print(f"Not to be read: {dump.path.name}: {error}.")
            continue
        sha1 = "sha1 is right" if published else "no .sha1 beside it"
        print(
            f"Would read {dump.path.name}: {dump.named.day}, {dump.named.scope}, {dump.version}, "
            f"{_many(len(csvs), 'CSV')}, {size / 1e6:,.1f} MB unpacked, {sha1}."
        )
        for part in dump.contents.broken:
            wrong = True
            print(f"    Damaged: {part.name}: {part.reason}.")
    print(f"{_many(len(found.dumps), 'dump')} would be read, {len(found.left):,} would not.")
    return WRONG if wrong else DONE


def _in_the_end(manifests: list[Manifest], left: list[Left], rows: int, seconds: float, store: Store) -> int:
    wrong = _tell_left(left)
    for manifest in manifests:
        for line in _amiss(manifest, store):
            wrong = True
            print(line)
    for line in _strange(manifests):
        print(line)
    print(
        f"{_many(len(manifests), 'day')} read, {_many(rows, 'statement')} in {seconds:.1f} s, "
        f"{rows / max(seconds, 0.001):,.0f} a second; {sum(not one.wrong for one in left)} skipped, "
        f"{sum(one.wrong for one in left)} not read."
    )
    return WRONG if wrong else DONE


def _many(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _tell_left(left: tuple[Left, ...] | list[Left]) -> bool:
    for one in left:
        print(f"{'NOT READ' if one.wrong else 'Skipped'}: {one.name}: {one.reason}.")
    return any(one.wrong for one in left)


def _amiss(manifest: Manifest, store: Store) -> Iterator[str]:
    if manifest.whole:
        return
    rows = _many(sum(one.rows or 0 for one in manifest.damaged), "row")
    parts = _many(sum(one.rows is None for one in manifest.damaged), "part")
    place = store.aside / f"{manifest.day}.{manifest.scope}"
    yield (
        f"DAMAGED: {manifest.day} ({manifest.scope}) lacks {parts} and {rows} that could not "
        f"be read; they lie in {place}. Download the dump again and read it with --replace; if it is the "
        "same, it was published so."
    )
    for one in manifest.damaged[:MOST_SHOWN]:
        rows = f": {_many(one.rows, 'row')}" if one.rows is not None else ""
        yield f"    {one.name}: {one.reason}{rows}"
    if len(manifest.damaged) > MOST_SHOWN:
        yield f"    and {len(manifest.damaged) - MOST_SHOWN:,} more: see manifest.json of the day"


def _strange(manifests: list[Manifest]) -> Iterator[str]:
    """Codes that the schema does not know, and columns that are new."""
    unknown: dict[tuple[str, str], int] = {}
    for manifest in manifests:
        for column, codes in manifest.unknown.items():
            for code, times in codes.items():
                unknown[column, code] = unknown.get((column, code), 0) + times
    if unknown:
        yield f"{len(unknown):,} values are in no published list; they are kept as they stand:"
        often = sorted(unknown.items(), key=lambda one: (-one[1], one[0]))
        for (column, code), times in often[:MOST_SHOWN]:
            yield f"    {column}: {code}: {_many(times, 'row')}"
        if len(often) > MOST_SHOWN:
            yield f"    and {len(often) - MOST_SHOWN:,} more: see manifest.json of each day"
    if tolerant := sum(manifest.tolerant for manifest in manifests):
        yield f"{tolerant:,} CSVs had a slip in them and were read record by record, which takes longer."
    if more := sorted({name for manifest in manifests for name in manifest.more}):
        yield f"Columns that this version does not know were not kept: {', '.join(more)}."


def days(args: argparse.Namespace) -> int:
    """`fairnotice observatory days`: 2 where there are none."""
    from fairnotice.observatory.store import missing_days

    store = store_of(args)
    found = [(day, day.manifest()) for day in store.days()]
    if args.json:
        print(json.dumps([_as_json(*one) for one in found], indent=1))
        return DONE
    if not found:
        return say(f"{store.path}: there is no day: fairnotice observatory ingest reads dumps.", UNUSABLE)
    print(f"{'day':10}  {'from':16}  {'dump':5}  {'rows':>14}  {'MB':>8}  remarks")
    for day, manifest in found:
        print(
            f"{day.day}  {day.scope:16}  {manifest.kind:5}  {manifest.rows:>14,}  {_size(day) / 1e6:>8,.1f}  "
            f"{', '.join(_remarks(manifest))}"
        )
    rows = sum(manifest.rows for _, manifest in found)
    print(f"{_many(len(found), 'day')}, {_many(rows, 'statement')}.")
    if gaps := missing_days(day.day for day, _ in found):
        shown = ", ".join(str(one) for one in gaps[:MOST_SHOWN])
        print(f"Missing between the first and the last: {shown}{' ...' if len(gaps) > MOST_SHOWN else ''}")
    return DONE


def _remarks(manifest: Manifest) -> Iterator[str]:
    yield manifest.version
    if not manifest.sha1_published:
        yield "no .sha1 was there"
    if manifest.damaged:
        yield f"{len(manifest.damaged):,} DAMAGED"
    if manifest.unknown:
        yield _many(sum(len(codes) for codes in manifest.unknown.values()), "unknown value")
    if manifest.texts:
        yield "with texts"


def _as_json(day: Day, manifest: Manifest) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(manifest.to_json())
    told["members"] = len(manifest.members)
    return told | {"folder": str(day.folder), "stored_bytes": _size(day), "whole": manifest.whole}


def _size(day: Day) -> int:
    return sum(path.stat().st_size for path in day.folder.iterdir())


def forget(args: argparse.Namespace) -> int:
    """`fairnotice observatory forget`: 1 where the day is not there."""
    from fairnotice.observatory.ingest import run, writing

    store = store_of(args)
    if not store.path.is_dir():  # what asks for the lock would make it
        return say(f"{store.path}: there is no store.", WRONG)
    with run.alone(store):
        found = [day for day in store.days(args.day, args.day) if args.scope in (None, day.scope)]
        if not found:
            who = f" of {args.scope}" if args.scope else ""
            return say(f"{args.day}{who} is not in the store.", WRONG)
        for day in found:
            writing.remove(store, day)
            print(f"Taken out: {day.day}, {day.scope}.")
    return DONE


class _Bar:
    """On a terminal a bar with rows a second and the time left; a line for each day everywhere."""

    def __init__(self, total: int, shown: bool) -> None:
        from tqdm import tqdm

        self.rows, self.days, self._started = 0, 0, time.monotonic()
        self._bar = tqdm(total=total, unit="B", unit_scale=True, leave=False, disable=not shown)

    def starts(self, found: Plan) -> None:
        if found.dumps:
            self.say(f"{_many(len(found.dumps), 'dump')} to read, {found.size / 1e6:,.1f} MB of CSV.")

    def told(self, rows: int, size: int) -> None:
        self.rows += rows
        rate = self.rows / max(time.monotonic() - self._started, 0.001)
        self._bar.set_postfix_str(f"{self.rows:,} rows, {rate:,.0f}/s", refresh=False)
        self._bar.update(size)

    def read(self, manifest: Manifest) -> None:
        self.days += 1
        more = "" if manifest.sha1_published else " (no .sha1 was beside it)"
        self.say(f"{manifest.day}, {manifest.scope}: {_many(manifest.rows, 'statement')}{more}.")

    def left(self, left: Left) -> None:
        self.say(f"Given up: {left.name}.")

    def say(self, text: str) -> None:
        self._bar.write(text, file=sys.stderr)

    def close(self) -> None:
        self._bar.close()


@contextmanager
def _bar(total: int) -> Iterator[_Bar]:
    bar = _Bar(total, sys.stderr.isatty())
    try:
        yield bar
    finally:
        bar.close()


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 256):
        raise argparse.ArgumentTypeError("a number from 1 to 256")
    return int(text)


def _memory(text: str) -> int:
    from fairnotice.observatory.ingest.memory import size_of

    try:
        return size_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day: write YYYY-MM-DD") from error
