"""``fsck``: a whole copy of a log, every entry, tile and the checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.translog.commands import vkey
from fairnotice.translog.encoding import printable
from fairnotice.translog.fsck import tree_check

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "fsck", help="check a whole copy of a log: every entry, tile and the checkpoint"
    )
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--vkey", type=vkey, metavar="KEY", required=True, help="the log's public key")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print what was compared, the conclusion last."""
    report = tree_check(args.directory, args.vkey)
    print(f"{report.files} files agree with the entries; the root is {report.root.hex()}")
    if report.ahead:
        print(
            f"{report.ahead} of them are ahead of the checkpoint: a publication is under way or was cut short"
        )
    print(f"verified: {report.size} entries in {printable(report.origin)}")
    return 0
