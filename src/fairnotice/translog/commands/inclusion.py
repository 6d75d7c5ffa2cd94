"""``inclusion``: a proof that an entry is in a log, made from its tiles."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fairnotice.translog.commands import index_number, log_key, source
from fairnotice.translog.fsck import read_signed
from fairnotice.translog.proof import format_proof
from fairnotice.translog.tilepaths import TILE_WIDTH
from fairnotice.translog.verified import VerifiedTiles

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "inclusion", help="print a .tlog-proof of one entry against the newest checkpoint, from tiles alone"
    )
    parser.add_argument("source", type=source, metavar="SOURCE", help="a folder, or the log's address")
    parser.add_argument(
        "index", type=index_number, metavar="INDEX", help="which entry, counted from 0 as in the proof"
    )
    parser.add_argument(
        "--vkey", type=log_key, metavar="KEY", action="append", required=True, help="a public key of the log"
    )
    parser.add_argument(
        "--entry",
        action="store_true",
        help="put the entry itself into the proof, so that 'verify' needs nothing else",
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the proof (C2SP tlog-proof); every tile behind it leads to the signed root."""
    checkpoint, note = read_signed(args.source, args.vkey)
    tree = VerifiedTiles(args.source, checkpoint)
    path = tree.inclusion(args.index)
    extra = tree.entries(args.index // TILE_WIDTH)[args.index % TILE_WIDTH] if args.entry else None
    print(format_proof(args.index, path, note.decode("utf-8"), extra=extra), end="")
    return 0
