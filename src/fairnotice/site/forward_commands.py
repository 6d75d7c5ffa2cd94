"""`fairnotice forward ...`: what a mail server hands over when an organisation answers by mail."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, say

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers

TRY_AGAIN = 75
_SAID = {
    "answer": "The answer was recorded.",
    "bounce": "Our letter came back; the next organisation is asked where there is one.",
    "automatic": "An automatic letter was kept.",
    # Status 0 all the same: a mail server would send back what ends otherwise.
    "kept": "Kept for a person at the desk: none of the four answers to a letter of ours.",
}


def add_parser(verbs: Subparsers) -> None:
    """Add the group to the command line."""
    group = verbs.add_parser("forward", help="notices that were forwarded to other organisations")
    acts: Subparsers = group.add_subparsers(dest="act", required=True, metavar="COMMAND")
    verb = acts.add_parser("reply", help="take in a letter that answers one of ours, as a mail server has it")
    verb.add_argument("file", metavar="FILE", help="the letter as it came, or - for standard input")
    verb.set_defaults(run=reply)


def reply(args: argparse.Namespace) -> int:
    """`fairnotice forward reply FILE|-`. Status 0: it was taken in, or is kept, sealed, for a person at
    the desk; 2: there was none; 75: somebody was changing the same, hand it over again (sysexits.h:
    EX_TEMPFAIL)."""
    from fairnotice.cases.actions.forward_reply import take_letter
    from fairnotice.cases.errors import Conflict
    from fairnotice.cases.replies import MAX_BYTES

    if args.file == "-":
        raw = sys.stdin.buffer.read(MAX_BYTES)
        while sys.stdin.buffer.read(MAX_BYTES):
            pass  # a mail server whose pipe breaks would send the same letter again
    else:
        with open(args.file, "rb") as file:
            raw = file.read(MAX_BYTES)
    if not raw.strip():
        return say("There is no letter here.", UNUSABLE)
    try:
        taken = take_letter(raw=raw)
    except Conflict:
        return say("Somebody was changing the same at this moment. Hand the letter over again.", TRY_AGAIN)
    print(_SAID[taken])
    return DONE
