"""``fsck``: a whole log, every entry, tile and the checkpoint; and a new tree from its entries."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.translog.commands import log_key, source
from fairnotice.translog.encoding import printable
from fairnotice.translog.errors import TileError
from fairnotice.translog.fsck import TreeReport, check_tree, read_signed
from fairnotice.translog.progress import Progress

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers

_SHOWN = 20
_MOST = 100_000  # a log may have signed a size beyond all measure


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) == int(text)):
        raise argparse.ArgumentTypeError("give a number, 1 or more")
    return int(text)


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "fsck",
        help="check a whole log, every entry, tile and the checkpoint; rebuild its tiles from the entries",
        epilog="Exit status: 0 the log is whole; 1 something is wrong, and every problem has a line (with "
        "--rebuild, the last line says whether DEST was made all the same); 2 something cannot be read.",
    )
    parser.add_argument(
        "source", type=source, metavar="SOURCE", help="a folder, or the address where its files are served"
    )
    parser.add_argument(
        "--vkey",
        type=log_key,
        metavar="KEY",
        action="append",
        required=True,
        help="a public key of the log; repeat it where the log has several",
    )
    parser.add_argument(
        "--problems",
        type=_count,
        metavar="N",
        default=_SHOWN,
        help=f"show the first N problems, {_SHOWN} if not given; all are counted",
    )
    parser.add_argument(
        "--rebuild",
        type=Path,
        metavar="DEST",
        help="write the whole tree anew into this folder, from the entries alone",
    )
    parser.set_defaults(run=run)
    return parser


def _say(report: TreeReport) -> None:
    origin = printable(report.origin)
    if report.problems:
        entries = "the entries are whole" if report.entries_lead_to_root else "entries are missing or wrong"
        print(f"not verified: {report.problems} problems in {origin}; {entries}", file=sys.stderr)
        return
    print(f"{report.files} files agree with the entries; the root is {report.root.hex()}")
    if report.ahead:
        print(
            f"{report.ahead} of them are ahead of the checkpoint: a publication is under way or was cut short"
        )
    print(f"verified: {report.size} entries in {origin}")


def run(args: argparse.Namespace) -> int:
    """Print what was compared, the conclusion last."""
    checkpoint, note = read_signed(args.source, args.vkey)
    shown = 0

    def found(fault: TileError) -> None:
        nonlocal shown
        shown += 1
        if shown <= args.problems:
            print(f"wrong: {printable(str(fault))}", file=sys.stderr)
        if shown > _MOST:
            raise TileError(f"more than {_MOST} problems: the check ends here")

    with Progress("checking", checkpoint.size) as bar:
        report = check_tree(args.source, checkpoint, found=found, advance=bar.advance)
    if shown > args.problems:
        print(f"... and {shown - args.problems} more (--problems shows them)", file=sys.stderr)
    _say(report)
    if args.rebuild is not None:
        if not report.entries_lead_to_root:
            print("nothing was rebuilt: a tree can be made from whole entries only", file=sys.stderr)
            return 1
        from fairnotice.translog.rebuild import rebuild

        with Progress("rebuilding", checkpoint.size) as bar:
            files = rebuild(args.source, checkpoint, note, args.rebuild, advance=bar.advance)
        print(f"rebuilt: {files} files and the checkpoint in {args.rebuild}")
    return 1 if report.problems else 0
