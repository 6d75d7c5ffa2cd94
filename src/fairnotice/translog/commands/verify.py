"""``verify``: a receipt, a statement, a register entry or a bare proof, offline."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.translog.commands import vkey
from fairnotice.translog.encoding import printable
from fairnotice.translog.evidence import MAX_EVIDENCE_BYTES, Result, verify_evidence

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options; ``fairnotice verify`` is the same one."""
    parser = subparsers.add_parser(
        "verify", help="check a receipt, statement, register entry or .tlog-proof, offline"
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--vkey", type=vkey, metavar="KEY", help="the log's public key, as the operator publishes it"
    )
    parser.add_argument(
        "--promise-vkey", type=vkey, metavar="KEY", help="the public key of the log's promises"
    )
    parser.set_defaults(run=run)
    return parser


def closing_line(result: Result) -> str:
    """The last line for people: which entry was verified, or that there is only a promise so far."""
    if result.last is None:
        return f"promised: not in the log yet, by a genuine promise of {printable(result.origin)}"
    index, size, origin = result.last
    return f"verified: entry {index + 1} of {size} in {printable(origin)}"


def run(args: argparse.Namespace) -> int:
    """Print what the file proves, the conclusion last."""
    with args.file.open("rb") as file:
        doc = file.read(MAX_EVIDENCE_BYTES + 1)
    result = verify_evidence(doc, args.vkey, promise_vkey=args.promise_vkey, now=int(time.time()))
    for line in result.lines:
        print(line)
    print(closing_line(result))
    return 0
