"""The commands of the log's own command line, a module each.

A module offers ``add_parser(subparsers)`` and ``run(args) -> int``, the exit status. ``run`` may let
:class:`~fairnotice.translog.errors.TranslogError` (status 1) and ``OSError`` (status 2) go up to
:func:`fairnotice.translog.cli.guarded`. A new module is listed in ``fairnotice.translog.cli``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.translog.encoding import parse_decimal
from fairnotice.translog.errors import NoteError, TreeError
from fairnotice.translog.notes import NoteVerifier, Verifier
from fairnotice.translog.sources import TileSource, open_source
from fairnotice.translog.vkeys import is_log_key, parse_vkey

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def vkey(text: str) -> str:
    """A public key given on the command line, for ``type=``."""
    try:
        return Verifier.from_vkey(text.strip()).vkey
    except NoteError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None


def add_evidence(parser: argparse.ArgumentParser) -> None:
    """The file that somebody holds, and the keys that its reader trusts: ``file``, ``vkey``,
    ``promise_vkey``.
    """
    parser.add_argument("file", type=Path, metavar="FILE", help="a receipt, statement or register entry")
    parser.add_argument(
        "--vkey",
        type=vkey,
        metavar="KEY",
        action="append",
        default=[],
        help="a public key of the log, as the operator publishes it; repeat it for several logs or keys",
    )
    parser.add_argument(
        "--promise-vkey",
        type=vkey,
        metavar="KEY",
        action="append",
        default=[],
        help="a public key of the log's promises; repeat it likewise",
    )


def log_key(text: str) -> NoteVerifier:
    """A public key of any type that logs sign with, for ``type=``."""
    try:
        key = parse_vkey(text.strip())
    except NoteError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
    if not is_log_key(key):
        raise argparse.ArgumentTypeError(f"{key.name} is the key of a witness, not of a log")
    return key


def source(text: str) -> TileSource:
    """A folder or an address on the command line, for ``type=``."""
    try:
        return open_source(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None


def index_number(text: str) -> int:
    """An index or a number of entries on the command line, for ``type=``."""
    try:
        return parse_decimal(text, "it", TreeError)
    except TreeError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
