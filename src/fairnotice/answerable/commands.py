"""`fairnotice answerable ...`: imports (`import_commands`) and looking up. The caller has set up Django."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from fairnotice.answerable import import_commands

if TYPE_CHECKING:
    from fairnotice.answerable.chains import Chain

EXIT_OK = 0
EXIT_PROBLEM = 1


def add_parser(subparsers: Any) -> None:
    """Add `answerable` with its commands; each sets `run` to a function from the arguments to an exit
    status."""
    parser = subparsers.add_parser("answerable", help="who answers for an address, domain or network")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    import_commands.add_parsers(commands)

    lookup = commands.add_parser("lookup", help="show the chain of organisations for one location")
    lookup.add_argument("what", metavar="WHAT", help="URL, domain, IP address, prefix or AS number")
    lookup.add_argument(
        "--at", metavar="DATE", type=date.fromisoformat, help="as it was on this day (2025-01-31)"
    )
    lookup.add_argument("--json", action="store_true", help="print JSON")
    lookup.set_defaults(run=run_lookup)


def run_lookup(args: argparse.Namespace) -> int:
    """0: somebody is recorded as answerable. 1: nobody is, or the text names no place."""
    from fairnotice.answerable.lookup import find

    chain = find(args.what, args.at)
    if args.json:
        print(json.dumps(chain.to_json(), ensure_ascii=False, indent=2))
    else:
        _print_chain(chain)
    return EXIT_OK if chain.links else EXIT_PROBLEM


def _print_chain(chain: Chain) -> None:
    if chain.target is not None:
        print(f"{chain.target.text} on {chain.at.isoformat()}")
    for depth, link in enumerate(chain.links):
        since = f", since {link.valid_from}" if link.valid_from else ""
        until = f", until {link.valid_until}" if link.valid_until else ""
        private = ", private" if link.visibility == "private" else ""
        print(
            f"{'  ' * (depth + 1)}{link.name} ({link.handle}): "
            f"{link.kind} of {link.resource}{since}{until}{private}"
        )
    print(chain.reason)
    if chain.answering is not None and chain.contact is not None:
        print(f"Contact: {chain.answering.name}, {chain.contact.channel} {chain.contact.address}")
