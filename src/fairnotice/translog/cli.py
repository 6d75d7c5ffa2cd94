"""``python -m fairnotice.translog``: the log's own command line, without the rest of the program.

Exit status: 0 verified; 1 not verified, with a sentence that says what and where; 2 wrong usage, or a file
that cannot be read. A command with further ones names them in its help.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from fairnotice.translog.commands import (
    consistency,
    fsck,
    incident,
    inclusion,
    monitor,
    prove,
    verify,
    witness,
)
from fairnotice.translog.encoding import printable
from fairnotice.translog.errors import TranslogError

COMMANDS = (verify, prove, fsck, monitor, incident, inclusion, consistency, witness)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fairnotice.translog", description="Check what a log has shown you, without trusting it."
    )
    subparsers = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        command.add_parser(subparsers)
    return parser


def guarded(args: argparse.Namespace) -> int:
    """Run ``args.run``; what cannot be verified or read becomes one sentence and an exit status."""
    # A value may hold any character; a terminal that cannot show it must not turn a sound proof into a
    # failure.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except TranslogError as fault:
        print(f"not verified: {printable(str(fault))}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as fault:
        where = "" if fault.filename is None else f" {printable(str(fault.filename))}"
        print(f"cannot read or write{where}: {fault.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Wrong usage leaves through ``SystemExit(2)``, as argparse
    does.
    """
    return guarded(_parser().parse_args(argv))
