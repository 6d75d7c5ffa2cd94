"""`fairnotice answerable import`, `runs` and `bad-lines`. The caller has set up Django."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never

if TYPE_CHECKING:
    from tqdm import tqdm

    from fairnotice.answerable.actions.imports import ImportResult
    from fairnotice.answerable.imports.shape import BadLine
    from fairnotice.answerable.imports.watch import Watch

DONE, WRONG, UNUSABLE = 0, 1, 2
FORMATS = ("auto", "csv", "jsonl", "rpsl", "delegated", "netbox")
_SHOWN = 20
_SAY_EVERY = 10.0  # seconds


def add_parsers(commands: Any) -> None:
    """Add the three commands to the group `answerable`."""
    load = commands.add_parser("import", help="take in a file of organisations and what they hold")
    load.add_argument("file", metavar="FILE", help="also zipped (gzip); - reads standard input")
    load.add_argument("--format", choices=FORMATS, default="auto", help="default: known by how it begins")
    load.add_argument(
        "--source", default="", help="where lines come from that do not say (default: the format)"
    )
    load.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
    load.add_argument("--show", action="store_true", help="say each thing that is added, changed or ended")
    load.add_argument(
        "--full", action="store_true", help="the file is all that this source says: what is missing has ended"
    )
    load.add_argument(
        "--as-of",
        metavar="DATE",
        type=date.fromisoformat,
        help="the day on which what is missing ended, and what has no day of its own began (default: today)",
    )
    load.add_argument("--bad", metavar="FILE", type=Path, help="write the lines that did not go in (CSV)")
    load.add_argument("--yes", action="store_true", help="end what is missing, even more than a fifth")
    load.set_defaults(run=run_import)

    runs = commands.add_parser("runs", help="list the files that were taken in")
    runs.set_defaults(run=run_runs)

    lines = commands.add_parser(
        "bad-lines", help="the lines of an import that did not go in, with their reasons"
    )
    lines.add_argument("number", metavar="RUN", type=int, help="the number of the import, as `runs` lists it")
    lines.add_argument("--out", metavar="FILE", type=Path, help="write them as CSV, not to standard output")
    lines.add_argument("--erase", action="store_true", help="remove them for good")
    lines.set_defaults(run=run_bad_lines)


def run_import(args: argparse.Namespace) -> int:
    """0: all lines are in. 1: some are not, and were printed. 2: the file cannot be used so."""
    from fairnotice.answerable.actions.imports import import_file
    from fairnotice.answerable.imports.shape import Unusable

    if args.bad is not None and (problem := _unwritable(args.bad)):
        return _say(f"The file for bad lines cannot be written: {problem}.")
    try:
        with (
            nullcontext(Path(args.file)) if args.file != "-" else _standard_input() as path,
            _watching(args) as watch,
        ):
            result = import_file(
                path=path,
                actor_id=None,
                format=args.format,
                source=args.source,
                whole=args.full,
                as_of=args.as_of,
                yes=args.yes,
                dry_run=args.dry_run,
                watch=watch,
            )
    except Unusable as problem:
        return _say(str(problem))
    except OSError as problem:
        return _say(f"The file cannot be read: {problem.strerror}.")
    _print_result(result, dry_run=args.dry_run)
    if args.bad is not None and not args.dry_run:
        _export(result.run, args.bad)
    return WRONG if result.bad or result.too_much else DONE


def run_runs(args: argparse.Namespace) -> int:
    """Always 0."""
    from fairnotice.answerable.models import ImportRun

    for run in ImportRun.objects.order_by("pk"):
        when = run.finished_at or run.started_at
        full = ", full" if run.whole else ""
        state = "" if run.state == ImportRun.State.DONE else ", NOT FINISHED: give the same file again"
        print(
            f"{run.pk}  {when:%Y-%m-%d %H:%M} UTC  {run.format} from {run.source}{full}{state}\n"
            f"    {_counts(run, '')}\n    sha256 {run.digest}"
        )
    return DONE


def run_bad_lines(args: argparse.Namespace) -> int:
    """0, also where there are none; 2: there is no such import."""
    from fairnotice.answerable.imports import bad
    from fairnotice.answerable.models import ImportRun

    run = ImportRun.objects.filter(pk=args.number).first()
    if run is None:
        return _say("There is no such import.")
    if args.out is not None:
        try:
            _export(run.pk, args.out)
        except OSError as problem:
            return _say(f"The file cannot be written: {problem.strerror}.")
    elif not args.erase:
        lines = bad.lines_of(run)
        if sys.stdout.isatty():
            lines = (line._replace(text=_plain(line.text)) for line in lines)
        bad.write_csv(sys.stdout, lines)
    if args.erase and run.state == ImportRun.State.RUNNING:
        return _say("This import is not finished: give the same file again first.")
    if args.erase:
        print(f"{bad.erase(run)} lines are removed.")
    return DONE


def _print_result(result: ImportResult, *, dry_run: bool) -> None:
    more = result.bad - _SHOWN
    if more > 0:
        again = "" if dry_run else f"; all: fairnotice answerable bad-lines {result.run}"
        print(f"and {more} more bad lines{again}")
    print(_counts(result, "would be " if dry_run else ""))
    if result.too_much:
        print(result.too_much)


def _counts(found: Any, would: str) -> str:
    """Of a result or of a run."""
    ended = f", {found.ended} {would}ended" if found.ended else ""
    left_out = f", {found.left_out} left out" if found.left_out else ""
    return (
        f"{found.lines} lines: {found.added} {would}added, {found.changed} {would}changed, "
        f"{found.unchanged} unchanged, {found.bad} bad{ended}{left_out}"
    )


@contextmanager
def _standard_input() -> Iterator[Path]:
    """Standard input as a file in the data folder, so that it has a digest; it is gone afterwards."""
    from fairnotice.answerable.imports.scratch import folder

    path = folder() / f"stdin-{os.getpid()}"
    try:
        with open(path, "xb", opener=_private) as file:
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _watching(args: argparse.Namespace) -> Iterator[Watch]:
    """A bar on a terminal, now and then a line elsewhere; differences and bad lines as they come."""
    from fairnotice.answerable.imports import bad
    from fairnotice.answerable.imports.deciding import Difference
    from fairnotice.answerable.imports.watch import Watch

    class Screen(Watch):
        shows = args.show

        def __init__(self) -> None:
            self.bar: tqdm[Never] | None = None
            self.size = self.printed = 0
            self.said = time.monotonic()

        def begin(self, size: int) -> None:
            self.size = size
            if sys.stderr.isatty():
                from tqdm import tqdm

                self.bar = tqdm(
                    total=size, unit="B", unit_scale=True, unit_divisor=1024, file=sys.stderr, leave=False
                )

        def moved(self, position: int, lines: int) -> None:
            if self.bar is not None:
                self.bar.set_postfix_str(f"{lines} lines", refresh=False)
                self.bar.update(max(position - self.bar.n, 0))
            elif not sys.stderr.isatty() and time.monotonic() - self.said >= _SAY_EVERY:
                self.said = time.monotonic()
                done = f"{position} of {self.size} bytes, {lines} lines" if position else "reading"
                print(done, file=sys.stderr, flush=True)

        def bad(self, line: BadLine) -> None:
            if tried is not None:
                bad.write_row(tried, line)
            if self.printed < _SHOWN:
                self.printed += 1
                where = f"line {line.number}" if line.number else "no line"
                print(f"{where}: {line.reason}\n    {_plain(line.text)}")

        def differs(self, difference: Difference) -> None:
            values = " -> ".join(words for words in (difference.before, difference.after) if words)
            line = f"line {difference.number}: " if difference.number else ""
            print(f"{difference.what:8}{line}{difference.about}: {values}")

    with ExitStack() as stack:
        tried = None
        if args.dry_run and args.bad is not None:
            # A dry run keeps nothing that could be written out afterwards.
            tried = stack.enter_context(open(args.bad, "w", encoding="utf-8", newline="", opener=_private))
            bad.write_csv(tried, ())
        screen = Screen()
        try:
            yield screen
        finally:
            if screen.bar is not None:
                screen.bar.close()


def _plain(text: str) -> str:
    """For a terminal, which obeys some characters; further lines stand below the first."""
    lines = ("".join(c if c.isprintable() else "\ufffd" for c in line) for line in text.split("\n"))
    return "\n    ".join(lines)


def _export(number: int, path: Path) -> None:
    from fairnotice.answerable.imports import bad
    from fairnotice.answerable.models import ImportRun

    # The lines may hold somebody's data.
    with open(path, "w", encoding="utf-8", newline="", opener=_private) as file:
        bad.write_csv(file, bad.lines_of(ImportRun.objects.get(pk=number)))


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _unwritable(path: Path) -> str:
    """Why the file cannot be written; "" where it can. Better asked before than after a long import."""
    try:
        with open(path, "a", encoding="utf-8", opener=_private):
            return ""
    except OSError as problem:
        return problem.strerror or "it cannot be opened"


def _say(problem: str) -> int:
    print(problem, file=sys.stderr)
    return UNUSABLE
