"""`fairnotice observatory kernel`: compile the optional help in C, say whether it is there, take it away."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fairnotice.site.commands import DONE, UNUSABLE, WRONG, say

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers


def add_acts(group: Subparsers) -> None:
    """The verb `kernel`."""
    verb = group.add_parser("kernel", help="compile a helper in C that reads dumps faster (optional)")
    verb.add_argument(
        "do",
        choices=("build", "show", "remove"),
        nargs="?",
        default="show",
        help="build: compile it with this machine's C compiler; show (default): is it there; remove: take it "
        "away",
    )
    verb.set_defaults(run=kernel, needs="nothing")


def kernel(args: argparse.Namespace) -> int:
    """`fairnotice observatory kernel`: 1 where `show` finds none, 2 where it cannot be compiled."""
    from fairnotice.observatory.kernel import build, scanning

    if args.do == "remove":
        print("The kernel was taken away." if build.remove() else "There was no kernel.")
        return DONE
    if args.do == "build":
        try:
            made = build.build()
        except build.NotBuilt as error:
            return say(f"The kernel was not built: {error}.", UNUSABLE)
        if not scanning.available():
            return say(f"{made} was built, but does not run here.", WRONG)
        print(f"Built: {made}. Dumps are read with it from now on.")
        return DONE
    if scanning.available():
        print(f"The kernel is there: {build.place()}")
        return DONE
    return say("There is no kernel; to compile it: fairnotice observatory kernel build", WRONG)
