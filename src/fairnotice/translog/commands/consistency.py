"""``consistency``: a proof that a tree begins with a smaller one, made from its tiles."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from fairnotice.translog import merkle
from fairnotice.translog.commands import index_number, log_key, source
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import TreeError
from fairnotice.translog.fsck import read_signed
from fairnotice.translog.verified import VerifiedTiles

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "consistency", help="print the proof that the tree of one size begins with that of a smaller one"
    )
    parser.add_argument("source", type=source, metavar="SOURCE", help="a folder, or the log's address")
    parser.add_argument("old", type=index_number, metavar="OLD", help="number of entries of the smaller tree")
    parser.add_argument("new", type=index_number, metavar="NEW", help="number of entries of the larger one")
    parser.add_argument(
        "--vkey", type=log_key, metavar="KEY", action="append", required=True, help="a public key of the log"
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the hashes, one a line in base64, as tlog-witness sends them; both roots on standard error."""
    checkpoint, _ = read_signed(args.source, args.vkey)
    if args.new > checkpoint.size:
        raise TreeError(f"the log has {checkpoint.size} entries, not {args.new}")
    tree = VerifiedTiles(args.source, checkpoint)
    tree.edge()
    proof = merkle.consistency_proof(args.old, args.new, tree)
    roots = merkle.tree_root(args.old, tree), merkle.tree_root(args.new, tree)
    merkle.verify_consistency(args.old, args.new, proof, *roots)
    for item in proof:
        print(encode_base64(item))
    for size, root in zip((args.old, args.new), roots, strict=True):
        print(f"the root of {size} entries is {encode_base64(root)}", file=sys.stderr)
    return 0
