"""``verify``: a receipt, a statement, a register entry or a bare proof, offline."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.translog.commands import add_evidence
from fairnotice.translog.evidence import MAX_EVIDENCE_BYTES, verify_evidence
from fairnotice.translog.evidence_words import closing_line
from fairnotice.translog.policy import parse_policy
from fairnotice.translog.policytext import MAX_POLICY_BYTES

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options; ``fairnotice verify`` is the same one."""
    parser = subparsers.add_parser(
        "verify", help="check a receipt, statement, register entry or .tlog-proof, offline"
    )
    add_evidence(parser)
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="ask for witnesses as well: a tlog-policy file that the checkpoint of every proof must satisfy",
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print what the file proves, the conclusion last."""
    with args.file.open("rb") as file:
        doc = file.read(MAX_EVIDENCE_BYTES + 1)
    policy = None
    if args.policy is not None:
        with args.policy.open("rb") as file:
            policy = parse_policy(file.read(MAX_POLICY_BYTES + 1))
    result = verify_evidence(
        doc, args.vkey, promise_vkeys=args.promise_vkey, now=int(time.time()), policy=policy
    )
    for line in result.lines:
        print(line)
    print(closing_line(result))
    return 0
