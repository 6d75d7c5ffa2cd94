"""`fairnotice log recover`: after an older copy was put back, the log goes on behind what was published."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.ledger.recover import Recovered
    from fairnotice.site.commands import Subparsers


def add_parser(log: Subparsers) -> None:
    """Add `recover` to the group `log`."""
    verb = log.add_parser(
        "recover",
        help="after an older copy was put back: read what is missing back from the published log",
    )
    verb.add_argument(
        "--from",
        dest="named",
        metavar="DIR|URL",
        help="read from this copy of the published log (default: the folder 'log' of the data folder)",
    )
    verb.add_argument(
        "--checkpoint",
        dest="checkpoints",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a newer checkpoint than the copy's own, such as a witness shows; may be repeated",
    )
    verb.add_argument(
        "--vkey",
        action="append",
        default=[],
        help="a public key of the log that was lost with the copy, from a receipt; may be repeated",
    )
    verb.add_argument(
        "--nothing-newer",
        action="store_true",
        help="of a restored backup: you know that nothing was published after it was made",
    )
    verb.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    verb.set_defaults(run=recover)


def recover(args: argparse.Namespace) -> int:
    """`fairnotice log recover`: 1 where it cannot be done, and nothing is changed then."""
    from fairnotice.ledger import restored

    open_question = restored.unsettled()
    if open_question is not None and not (args.named or args.checkpoints or args.nothing_newer):
        return say(f"Nothing was done: {open_question}.", WRONG)
    try:
        read_back(args.named, checkpoints=args.checkpoints, vkeys=args.vkey, dry_run=args.dry_run)
    except ValueError as error:  # an address that may not be used
        return say(f"{error}.", WRONG)
    return DONE


def read_back(
    named: str | None,
    *,
    checkpoints: Sequence[Path] = (),
    vkeys: Sequence[str] = (),
    dry_run: bool = False,
) -> None:
    """Recover and say what was done; a restored folder may then go on. Raises as `ledger.recover.recover`."""
    from fairnotice.ledger import restored
    from fairnotice.ledger.recover import recover as act

    done = act(named, checkpoints=checkpoints, vkeys=vkeys, dry_run=dry_run)
    if not dry_run:
        restored.settle()
    if not done:
        print(
            "Nothing is missing: the database holds all that this copy of the log shows. "
            "If a witness or a reader has seen more, name a newer copy with --from."
        )
        return
    for one in done:
        print("\n".join(_said(one)))
    if dry_run:
        print("Nothing was changed: this was a trial.")
    else:
        print("Start the service again: the log goes on, and says with its next entries what was recovered.")


def _said(one: Recovered) -> Iterator[str]:
    count = one.after - one.before
    yield f"{one.log.origin}: {count} entries read back, from {one.before} to {one.after}."
    yield f"  {one.linked} belong to acts that the copy still has; they wait no more."
    if one.own:
        yield f"  {one.own} say something about the log itself."
    if one.lost:
        yield (
            f"  {one.lost} belong to acts that are lost. Their receipts stay provable, but the cases must be "
            "entered again. Tell the people concerned, as far as you can find out who they are, and ask "
            "whoever holds a receipt to show it."
        )
    if one.log.frozen:
        yield "  This log is closed."
    if one.stranded:
        yield (
            f"  {one.stranded} acts were entered into the older copy after it was put back, and wait for "
            "this closed log: they can never enter it. Enter them again; their promises will be broken."
        )
    for vkey in one.keys:
        yield f"  A key that the copy did not know signs for this log: {vkey}"
    for vkey in one.lost_keys:
        yield (
            f"  Nobody here can sign with {vkey}. Before the service starts, let another key sign: "
            "fairnotice log rotate-key --now lost"
        )
    if one.key_changes:
        yield (
            f"  Keys changed {one.key_changes} times since the copy was made. The copy does not know why, "
            "nor of a key for promises: where one was stolen, say so again with fairnotice log rotate-key "
            "--now stolen."
        )
