"""``python -m fairnotice.translog``: verification without the rest of the program, and without a network.

Exit status: 0 verified; 1 not verified, with a sentence that says what and where; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fairnotice.translog.encoding import printable
from fairnotice.translog.errors import NoteError, TranslogError
from fairnotice.translog.evidence import MAX_EVIDENCE_BYTES, Result, verify_evidence
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.notes import Verifier


def _vkey(text: str) -> str:
    try:
        return Verifier.from_vkey(text.strip()).vkey
    except NoteError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fairnotice.translog", description="Check what a Fair Notice log has shown you, offline."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="check a receipt, statement, register entry or .tlog-proof")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--vkey", type=_vkey, metavar="KEY", help="the log's public key, as the operator publishes it"
    )
    verify.add_argument(
        "--promise-vkey", type=_vkey, metavar="KEY", help="the public key of the log's promises"
    )
    fsck = commands.add_parser(
        "fsck", help="check a whole copy of a log: every entry, tile and the checkpoint"
    )
    fsck.add_argument("directory", type=Path, metavar="DIR")
    fsck.add_argument("--vkey", type=_vkey, metavar="KEY", required=True, help="the log's public key")
    return parser


def closing_line(result: Result) -> str:
    """The last line for people: which entry was verified, or that there is only a promise so far."""
    if result.last is None:
        return f"promised: not in the log yet, by a genuine promise of {printable(result.origin)}"
    index, size, origin = result.last
    return f"verified: entry {index + 1} of {size} in {printable(origin)}"


def _verify(path: Path, vkey: str | None, promise_vkey: str | None) -> None:
    with path.open("rb") as file:
        doc = file.read(MAX_EVIDENCE_BYTES + 1)
    result = verify_evidence(doc, vkey, promise_vkey=promise_vkey, now=int(time.time()))
    for line in result.lines:
        print(line)
    print(closing_line(result))


def _fsck(directory: Path, vkey: str) -> None:
    report = tree_check(directory, vkey)
    print(f"{report.files} files agree with the entries; the root is {report.root.hex()}")
    if report.ahead:
        print(
            f"{report.ahead} of them are ahead of the checkpoint: a publication is under way or was cut short"
        )
    print(f"verified: {report.size} entries in {printable(report.origin)}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Wrong usage leaves through ``SystemExit(2)``, as argparse
    does.
    """
    arguments = _parser().parse_args(argv)
    # A value may hold any character; a terminal that cannot show it must not turn a sound proof into a
    # failure.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        if arguments.command == "verify":
            _verify(arguments.file, arguments.vkey, arguments.promise_vkey)
        else:
            _fsck(arguments.directory, arguments.vkey)
    except TranslogError as fault:
        print(f"not verified: {printable(str(fault))}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"cannot read {fault.filename}: {fault.strerror}", file=sys.stderr)
        return 2
    return 0
