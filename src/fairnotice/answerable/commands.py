"""`fairnotice answerable import|runs|bad-lines|lookup`. The caller has set up Django."""

from __future__ import annotations

from typing import Any

from fairnotice.answerable import import_commands
from fairnotice.answerable.lookup_command import add_lookup


def add_parser(subparsers: Any) -> None:
    """Add `answerable` with its commands; each sets `run` to a function from arguments to an exit status."""
    parser = subparsers.add_parser("answerable", help="who answers for an address, domain or network")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    import_commands.add_parsers(commands)
    add_lookup(commands)
