"""`fairnotice intake ...`: letters from a mail server's pipe and from files, and what waits of them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairnotice.site.commands import DONE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.cases.models import Received
    from fairnotice.site.commands import Subparsers

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h
_PIECE = 65_536
# What became of a letter -> in words, in the order of the summary.
_WORDS = {
    "taken": "notices",
    "waiting": "wait for a person",
    "held": "held back",
    "passed_on": "passed on: about no item",
    "filed": "filed: answers and automatic letters",
    "dismissed": "put away by a person",
    "new": "stored, still to be read",
}


def add_parser(verbs: Subparsers) -> Subparsers:
    """Add the group to the command line; returns it, for what belongs there too."""
    group = verbs.add_parser("intake", help="letters, reports and tables that come in")
    acts: Subparsers = group.add_subparsers(dest="act", required=True, metavar="COMMAND")

    verb = acts.add_parser("pipe", help="store one letter from standard input, for a mail server")
    verb.add_argument("--sender", default=None, help="the return path (otherwise SENDER of the environment)")
    verb.add_argument(
        "--recipient",
        action="append",
        default=[],
        help="to whom it was sent; may stand several times (otherwise RECIPIENT of the environment)",
    )
    verb.set_defaults(run=pipe, needs="nothing")

    verb = acts.add_parser("mail", help="take in letters from files, mbox files and Maildirs")
    verb.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="a letter, an mbox, a folder")
    verb.add_argument("--json", action="store_true", help="one line of JSON for each letter")
    verb.add_argument(
        "--receipts", action="store_true", help="tell the senders of what waits for a person that it arrived"
    )
    verb.set_defaults(run=mail)

    verb = acts.add_parser("read", help="read what was stored and not read yet")
    verb.set_defaults(run=read)

    verb = acts.add_parser("list", help="show what came in and where it stands")
    verb.add_argument("--state", choices=list(_WORDS), default="", help="default: what waits for a person")
    verb.set_defaults(run=show)
    return acts


def pipe(args: argparse.Namespace) -> int:
    """`fairnotice intake pipe`. Status 0: it is stored durably, whatever it is. 75 in every other case, so
    that the mail server keeps it and tries again."""
    try:
        from fairnotice.site.setup import prepare

        prepare(args.data)
        from fairnotice.intake.letterbox import files, kept

        letter = files.read(sys.stdin.buffer)
        sender = args.sender if args.sender is not None else os.environ.get("SENDER")
        letter.store(kept.envelope(sender, args.recipient or [os.environ.get("RECIPIENT", "")]))
    except BaseException as error:
        from fairnotice.site.describe import describe

        return say(f"Not stored, hand it over again: {describe(error)}", TRY_AGAIN)
    return DONE


def mail(args: argparse.Namespace) -> int:
    """`fairnotice intake mail`: 0 where every letter is stored, 1 where a file could not be read."""
    from fairnotice.intake.letterbox import files

    wrong, found = 0, []
    for path in args.paths:
        try:
            found += files.files_of(path)
        except files.NoLetters as error:
            wrong = say(str(error), WRONG)
        except OSError as error:
            wrong = say(f"{path}: {error.strerror}.", WRONG)
    tally: Counter[str] = Counter()
    with _Bar(sum(_size(path) for path in found)) as bar:
        for path in found:
            try:
                for said in _take(path, bar, answer=args.receipts):
                    tally["known already" if said["known"] else said["state"]] += 1
                    if args.json:
                        bar.write(json.dumps(said))
                    elif said["notice"] and not said["known"]:
                        bar.write(f"Notice: {said['notice']}")
            except OSError as error:
                bar.write(f"{path}: {error.strerror}.", file=sys.stderr)
                wrong = WRONG
    if not args.json:
        for state, count in sorted(tally.items(), key=lambda one: [*_WORDS, one[0]].index(one[0])):
            print(f"{count} {_WORDS.get(state, state)}")
    return wrong


def _take(path: Path, bar: _Bar, *, answer: bool) -> Iterator[dict[str, Any]]:
    from fairnotice.intake.letterbox import files
    from fairnotice.intake.reading import process

    for letter, count in files.letters_of(path):
        digest = letter.sha256.hex()
        received, known = letter.store()
        if received.state == "new":
            process(received, answer=answer)
            received.refresh_from_db()
        bar.advance(count)
        yield {"path": str(path), "sha256": digest, "known": known, **_said(received)}


def _said(received: Received) -> dict[str, Any]:
    return {
        "ref": received.ref,
        "state": received.state,
        "reason": received.reason,
        "notice": received.notice.ref if received.notice else "",
    }


def read(args: argparse.Namespace) -> int:
    """`fairnotice intake read`: what `serve` does by itself."""
    from fairnotice.intake.reading import read_waiting

    count = 0
    while done := read_waiting():
        count += done
    print(f"Read {count}.")
    return DONE


def show(args: argparse.Namespace) -> int:
    """`fairnotice intake list`: references, days and states, nothing of what was written."""
    from fairnotice.cases.queries.received import all_received

    for row in all_received(state=args.state):
        notice = f" notice {row.notice.ref}" if row.notice else ""
        reason = f" ({row.reason})" if row.reason else ""
        print(f"{row.ref} {row.received_at:%Y-%m-%d} {row.door} {row.state}{reason}{notice}")
    return DONE


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


class _Bar:
    """How far it is, on standard error, where that is a terminal."""

    def __init__(self, total: int) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=total, unit="B", unit_scale=True, disable=None, file=sys.stderr)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_how: object) -> None:
        self._bar.close()

    def advance(self, count: int) -> None:
        """So many bytes more."""
        self._bar.update(count)

    def write(self, line: str, file: Any = None) -> None:
        """A line that the bar makes room for."""
        self._bar.write(line, file=file or sys.stdout)
