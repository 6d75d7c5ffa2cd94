"""`fairnotice observatory ask`: a question to the store, answered as a table, a file or a picture."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say
from fairnotice.site.observatory.store_option import add_store, store_of

if TYPE_CHECKING:
    from fairnotice.observatory.asking import Question, Result, Store
    from fairnotice.observatory.asking.engines import Progress
    from fairnotice.site.commands import Subparsers

_FORMATS = ("table", "csv", "json", "parquet", "svg")
_BY_SUFFIX = {f".{name}": name for name in _FORMATS[1:]}
_WHERE = """\
conditions (several --where hold together):
  category=VIOLENCE,ANIMAL_WELFARE   one of these; codes may be short and in any case
  'category != VIOLENCE'             none of these
  'territorial_scope has DE'         a list with this in it (or with one of several)
  'territorial_scope lacks DE,FR'    a list without any of these
  content_language=none              nothing is given there
  'content_type=TEXT|VIDEO'          exactly this list
  'platform="Shop, Ltd"'             in quotation marks: the text as it is
"""


def add_acts(group: Subparsers) -> None:
    """Under `fairnotice observatory`."""
    verb = group.add_parser(
        "ask",
        help="count statements by anything, or how long they took",
        epilog=_WHERE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_store(verb)
    verb.add_argument(
        "--by",
        default="",
        metavar="NAME,...",
        help="columns, week, month, year; LIST.each takes a list apart",
    )
    verb.add_argument("--where", action="append", default=[], metavar="CONDITION", help="see below")
    verb.add_argument("--since", type=_day, metavar="DAY", help="the first day, as YYYY-MM-DD")
    verb.add_argument("--until", type=_day, metavar="DAY", help="the last day, included")
    verb.add_argument("--top", type=_positive, metavar="N", help="only the N rows with the most statements")
    verb.add_argument(
        "--measure",
        default="statements",
        metavar="NAME",
        help="statements (default), delay_decision, delay_publication, per_second",
    )
    verb.add_argument("--format", choices=_FORMATS, help="default: as FILE is named, otherwise table")
    verb.add_argument("--out", type=Path, metavar="FILE", help="write the answer there, not to the terminal")
    verb.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="default: duckdb")
    verb.add_argument(
        "--master",
        default="local[*]",
        metavar="URL",
        help="where Spark runs (default: local[*], this machine)",
    )
    verb.add_argument("--rows", action="store_true", help="count the rows, even where a cube has the answer")
    verb.add_argument(
        "--from",
        dest="dumps",
        nargs="+",
        type=Path,
        metavar="DUMP.zip",
        help="answer straight from daily dumps, without a store",
    )
    verb.add_argument(
        "--codes",
        nargs="?",
        const="",
        metavar="COLUMN",
        help="ask nothing: list what there is to ask by, or a column's codes",
    )
    verb.set_defaults(run=ask)


def ask(args: argparse.Namespace) -> int:
    """`fairnotice observatory ask`: 1 for a file of the store that is not readable, 2 for no question."""
    from fairnotice.observatory import asking

    try:
        if args.codes is not None:
            return _list(args.codes)
        form = _form(args)
        question = _question(args)
    except asking.QuestionError as error:
        return say(_sentence(error), UNUSABLE)
    store = None if args.dumps else store_of(args)
    try:
        with _bar(args.engine) as progress:
            result = _answer(args, store, question, progress)
        _write(result, form, args.out)
    except (asking.NoDays, asking.EngineError, asking.QuestionError) as error:
        return say(_sentence(error), UNUSABLE)
    except asking.StoreError as error:
        return say(_sentence(error), WRONG)
    for line in (*_aside(result, args.out), *(_platforms(store, result) if store else ())):
        print(line, file=sys.stderr)
    return DONE


def _answer(
    args: argparse.Namespace, store: Store | None, question: Question, progress: Progress | None
) -> Result:
    from fairnotice.observatory import asking, kept

    if store is not None:
        return asking.ask(
            store,
            question,
            engine=args.engine,
            master=args.master,
            rows_only=args.rows,
            progress=progress,
            keep=kept.folder(),
        )
    if args.engine != "duckdb" or args.rows or args.store:
        raise asking.QuestionError("--from reads dumps itself: leave out --store, --engine and --rows")
    try:
        from fairnotice.observatory.asking.dumps import DumpsError, ask_dumps
    except ImportError as error:
        raise asking.EngineError(
            f"{error.name or 'a library'} is not installed: pip install 'fairnotice[data]'"
        ) from error
    try:
        return ask_dumps(args.dumps, question, progress=progress)
    except DumpsError as error:
        raise asking.QuestionError(str(error)) from error


def _sentence(error: Exception) -> str:
    text = str(error)
    return text if text.endswith((".", "?")) else f"{text}."


def _question(args: argparse.Namespace) -> Question:
    from fairnotice.observatory.asking import Question, words

    return Question(
        by=words.dimensions(args.by),
        where=tuple(words.condition(one) for one in args.where),
        measure=words.measure(args.measure),
        since=args.since,
        until=args.until,
        top=args.top,
    )


def _form(args: argparse.Namespace) -> str:
    from fairnotice.observatory.asking import QuestionError

    named = _BY_SUFFIX.get(args.out.suffix.lower()) if args.out else None
    form: str = args.format or named or "table"
    if form == "parquet" and args.out is None:
        raise QuestionError("Parquet goes into a file: name one with --out FILE")
    return form


def _write(result: Result, form: str, out: Path | None) -> None:
    """Whole or not at all: a file that was there stays until the new one is done. What is no file, as a pipe
    or a device, is written to, and never replaced; a link stays, and leads to the new file."""
    from fairnotice.observatory import output
    from fairnotice.observatory.asking import StoreError

    texts: dict[str, Callable[[Result], str]] = {
        "table": output.to_table,
        "csv": output.to_csv,
        "json": output.to_json,
        "svg": output.to_svg,
    }
    text = texts[form](result) if form in texts else ""
    if form == "svg" and not text:
        raise StoreError("there is nothing to draw: the answer has no rows")
    if out is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
    if out.exists() and not out.is_file():
        _fill(result, form, text, out)
        return
    out = Path(os.path.realpath(out))
    if not out.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(out.parent))
    descriptor, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    os.close(descriptor)
    half = Path(name)
    try:
        _fill(result, form, text, half)
        os.chmod(half, 0o666 & ~_umask())
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def _fill(result: Result, form: str, text: str, out: Path) -> None:
    from fairnotice.observatory import output

    if form == "parquet":
        output.write_parquet(result, out)
    else:
        out.write_text(text, encoding="utf-8")


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def _aside(result: Result, out: Path | None) -> Iterator[str]:
    days = len({one.day for one in result.inputs})
    seconds = f"{1000 * result.seconds:,.1f} ms" if result.seconds < 1 else f"{result.seconds:,.1f} s"
    engine = "" if result.engine == "direct" else f" by {result.engine}"
    rows = f"{len(result.rows):,} row{'s' if len(result.rows) != 1 else ''}"
    yield (
        f"{rows}, answered from the {result.answered_from}{engine}, "
        f"{days:,} day{'s' if days != 1 else ''}, {seconds}." + (f" Written to {out}." if out else "")
    )
    for note in result.notes:
        yield f"Note: {note}."


def _platforms(store: Store, result: Result) -> Iterator[str]:
    """A name that no statement has is most often one written otherwise."""
    from fairnotice.observatory import kept
    from fairnotice.observatory.asking import Question, ask
    from fairnotice.observatory.output import printable

    named = [
        value
        for one in result.question.where
        if one.column == "platform" and one.test == "is"
        for value in one.values
        if value
    ]
    if not named:
        return
    question = Question(by=("platform",), since=result.question.since, until=result.question.until)
    there = [str(row[0]) for row in ask(store, question, keep=kept.folder()).rows]
    for name in named:
        if name not in there:
            near = get_close_matches(name, there, n=3, cutoff=0.5) or [
                one for one in there if one.casefold() == name.casefold()
            ]
            hint = f"did you mean {' or '.join(near)}?" if near else "`ask --by platform` lists them"
            yield printable(f"Note: no statement of these days is of platform {name!r}; {hint}")


def _list(column: str) -> int:
    from fairnotice.observatory import columns
    from fairnotice.observatory.asking import QuestionError
    from fairnotice.observatory.asking.codes import codes, short
    from fairnotice.observatory.question import DIMENSIONS, MEASURES

    if not column:
        print("by:      " + ", ".join(DIMENSIONS))
        print("measure: " + "; ".join(f"{name}: {words}" for name, words in MEASURES.items()))
        return DONE
    if column == columns.SAID:
        print("The sum of what a statement has a text or an identifier for:")
        for place, name in enumerate(columns.SAID_OF):
            print(f"{1 << place:>5,}  {name}")
        return DONE
    if column not in (*columns.CHOICES, *columns.LISTS):
        there = ", ".join((*columns.CHOICES, *columns.LISTS))
        raise QuestionError(f"{column!r} has no list of codes; these have: {there}")
    for code in codes(column):
        print(f"{short(column, code)}  ({code})" if short(column, code) != code else code)
    return DONE


@contextmanager
def _bar(engine: str) -> Iterator[Progress | None]:
    """How far it is, on a terminal only; Spark shows that itself. Nothing is shown of a short answer."""
    from tqdm import tqdm

    if not sys.stderr.isatty():
        yield None
        return
    if engine == "spark":
        yield lambda _part: None
        return
    layout = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}"
    with tqdm(total=100, leave=False, delay=0.5, bar_format=layout) as bar:

        def told(part: float) -> None:
            bar.update(max(0.0, part - bar.n))

        yield told


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: write YYYY-MM-DD") from None


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:10]) > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 on")
    return int(text)
