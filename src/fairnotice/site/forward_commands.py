"""`fairnotice forward ...`: what a mail server hands over when an organisation answers by mail."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers

_SAID = {
    "answer": "The answer was recorded.",
    "bounce": "Our letter came back; the next organisation is asked where there is one.",
    "automatic": "An automatic letter was kept.",
}


def add_parser(verbs: Subparsers) -> None:
    """Add the group to the command line."""
    group = verbs.add_parser("forward", help="notices that were forwarded to other organisations")
    acts: Subparsers = group.add_subparsers(dest="act", required=True, metavar="COMMAND")
    verb = acts.add_parser("reply", help="take in a letter that answers one of ours, as a mail server has it")
    verb.add_argument("file", metavar="FILE", help="the letter as it came, or - for standard input")
    verb.set_defaults(run=reply)


def reply(args: argparse.Namespace) -> int:
    """`fairnotice forward reply FILE|-`. Status 0: it belongs to a forwarded notice and was taken in; 1: it
    is kept, sealed, for a person at the desk; 2: it could not be read at all."""
    from fairnotice.cases.actions.forward_reply import take_letter
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
    taken = take_letter(raw=raw)
    if taken == "kept":
        return say("Kept for a person at the desk: none of the four answers to a letter of ours.", WRONG)
    print(_SAID[taken])
    return DONE
