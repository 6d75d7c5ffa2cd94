"""``incident``: check what a monitor has kept as evidence, without believing the monitor."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.translog.checkpoint import open_checkpoint
from fairnotice.translog.commands import log_key
from fairnotice.translog.encoding import printable
from fairnotice.translog.errors import ProofError
from fairnotice.translog.forks import check_fork, parse_fork_proof
from fairnotice.translog.monitor.incidents import FORK_PROOF, KINDS, KNOWN, NEW
from fairnotice.translog.notes import MAX_NOTE_BYTES

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "incident",
        help="check the evidence of a fork or of a shrunk tree that a monitor has kept",
        epilog="Exit status: 0 the log's own signatures prove it; 1 they do not; 2 a file cannot be read.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="one folder below a monitor's incidents/")
    parser.add_argument(
        "--vkey", type=log_key, metavar="KEY", action="append", required=True, help="a public key of the log"
    )
    parser.set_defaults(run=run)
    return parser


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_NOTE_BYTES + 1)


def run(args: argparse.Namespace) -> int:
    """Say what the files prove to everybody who has the log's key."""
    folder: Path = args.folder
    kind = folder.resolve().name.partition("-")[0]
    if kind not in KINDS:
        raise ProofError(
            "this is not the folder of an incident, whose name begins with its kind and a hyphen: "
            "give one of those below the monitor's incidents/"
        )
    if kind not in ("fork", "shrunk"):
        raise ProofError(
            f"an incident of the kind '{printable(kind)}' is what a monitor received; no signature proves it"
        )
    notes = [_read(folder / KNOWN), _read(folder / NEW)]
    if kind == "shrunk":
        known, new = (open_checkpoint(note, args.vkey) for note in notes)
        if known.origin != new.origin or known.size <= new.size:
            raise ProofError("the later checkpoint is not smaller than the earlier one")
        print(
            f"proven: {printable(new.origin)} signed trees of {known.size} and of {new.size} entries. That "
            "the smaller one was shown later is the monitor's word; a log is bound to show the newest."
        )
        return 0
    proof = parse_fork_proof(_read(folder / FORK_PROOF)) if (folder / FORK_PROOF).exists() else None
    old, new = check_fork(notes, proof, args.vkey)
    print(
        f"proven: {printable(new.origin)} signed a tree of {old.size} entries and a tree of {new.size} that "
        "contradict each other. The log has forked."
    )
    return 0
