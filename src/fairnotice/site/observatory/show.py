"""`fairnotice observatory show`: the ready-made views, in a terminal, as files, as pictures."""

from __future__ import annotations

import argparse
import json
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.observatory.result import SOURCE
from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say
from fairnotice.site.observatory.store_option import add_store, store_of

if TYPE_CHECKING:
    from fairnotice.observatory.store import Store
    from fairnotice.observatory.topics import View
    from fairnotice.site.commands import Subparsers


def add_acts(group: Subparsers) -> None:
    """Its command."""
    verb = group.add_parser("show", help="show a ready-made view; without a name, list them")
    verb.add_argument("topic", nargs="?", metavar="TOPIC", help="the name of the view")
    verb.add_argument(
        "--platform", metavar="NAME", help="of this platform only, written as the dumps write it"
    )
    verb.add_argument("--since", type=_day, metavar="DAY", help="from this day on, such as 2025-07-01")
    verb.add_argument("--until", type=_day, metavar="DAY", help="until this day, itself included")
    verb.add_argument("--table", metavar="NAME", help="only one of its tables")
    verb.add_argument("--all", action="store_true", help="all rows, not the first or last 25")
    verb.add_argument(
        "--format", choices=("text", "csv", "json"), default="text", help="how to print it (default: text)"
    )
    verb.add_argument(
        "--svg", type=Path, metavar="DIR", help="besides, write the pictures into this folder, a file each"
    )
    add_store(verb)
    verb.set_defaults(run=show)


def show(args: argparse.Namespace) -> int:
    """`fairnotice observatory show`: 1 where a file of the store is not readable, 2 for a view, table,
    platform or time that is not there."""
    from fairnotice.observatory.asking import (
        EngineError,
        NoDays,
        Question,
        QuestionError,
        Result,
        StoreError,
        ask,
    )
    from fairnotice.observatory.topics import TOPICS, Choice
    from fairnotice.observatory.topics import show as shown

    if args.topic is None:
        for one in TOPICS.values():
            print(f"{one.name:<12}{one.about}")
        return DONE
    topic = TOPICS.get(args.topic)
    if topic is None:
        return say(f"There is no view {args.topic!r}; there are: {', '.join(TOPICS)}.", UNUSABLE)
    if args.table and args.table not in (keys := [part.key for part in topic.parts]):
        return say(f"{topic.name} has no table {args.table!r}; it has: {', '.join(keys)}.", UNUSABLE)
    if topic.of_one and args.platform is None:
        return say(f"{topic.name} is about one platform: name it with --platform NAME.", UNUSABLE)
    store = store_of(args)

    def answer(question: Question) -> Result:
        return ask(store, question)

    try:
        if args.platform is not None and (wrong := _no_such(args.platform, store)):
            return say(wrong, UNUSABLE)
        view = shown(topic, Choice(args.platform, args.since, args.until), answer)
    except (EngineError, QuestionError, NoDays) as error:
        return say(f"{error}.", UNUSABLE)
    except StoreError as error:
        return say(f"{error}.", WRONG)
    if args.table:
        view = view.part(args.table)
    _print(view, args)
    if args.svg is not None:
        _draw(view, args.svg)
    return DONE


def _no_such(platform: str, store: Store) -> str:
    """What is wrong with the name of a platform; "" for one that is there."""
    from fairnotice.observatory.asking import Question, ask
    from fairnotice.observatory.output import printable

    names = [str(row[0]) for row in ask(store, Question(by=("platform",))).rows if row[0]]
    if platform in names:
        return ""
    by_fold = {name.casefold(): name for name in names}
    near = get_close_matches(platform.casefold(), by_fold, n=3, cutoff=0.5)
    hint = (
        f"did you mean {' or '.join(repr(by_fold[one]) for one in near)}?" if near else "see: show practice"
    )
    return printable(f"There is no platform {platform!r} in the store; {hint}")


def _print(view: View, args: argparse.Namespace) -> None:
    from fairnotice.observatory.topics import files, plain

    if args.format == "json":
        print(json.dumps(files.as_json(view), indent=1, ensure_ascii=False))
    elif args.format == "csv":
        print(files.as_csv(view), end="")
    else:
        for line in plain.lines(view, None if args.all else plain.ROWS):
            print(line)


def _draw(view: View, folder: Path) -> None:
    """Write the pictures; raises OSError, which says which file."""
    from fairnotice.charts.alone import alone
    from fairnotice.observatory.topics import plain
    from fairnotice.observatory.topics.drawing import draw
    from fairnotice.observatory.topics.model import english

    folder.mkdir(parents=True, exist_ok=True)
    for answer in view.answers:
        part = answer.part
        svg = draw(answer.table, key=part.key, title=part.title, say=english, read=plain.read)
        if svg:
            whole = alone(svg, *_around(view, part.title))
            (folder / f"{view.topic.name}-{part.key}.svg").write_text(whole, "utf-8")


def _around(view: View, title: str) -> tuple[str, str]:
    """What stands above and below a picture that is a file of its own."""
    who = view.choice.platform or "all platforms"
    return f"{title}: {who}, {view.first} to {view.last}", SOURCE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day: write it as 2025-07-01") from None
