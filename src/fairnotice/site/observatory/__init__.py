"""`fairnotice observatory`: the EU's published statements of reasons, read, asked and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairnotice.site.observatory import ask, compare, ingest, kernel, show, verify

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers


def add_parser(verbs: Subparsers) -> None:
    """The group `observatory`; each module adds its own commands."""
    parser = verbs.add_parser("observatory", help="the EU's published statements of reasons, read and asked")
    group: Subparsers = parser.add_subparsers(dest="act", required=True, metavar="COMMAND")
    for module in (ingest, ask, show, compare, verify, kernel):
        module.add_acts(group)
