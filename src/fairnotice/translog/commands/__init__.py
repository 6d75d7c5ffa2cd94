"""The commands of the log's own command line, a module each.

A module offers ``add_parser(subparsers)`` and ``run(args) -> int``, the exit status. ``run`` may let
:class:`~fairnotice.translog.errors.TranslogError` (status 1) and ``OSError`` (status 2) go up to
:func:`fairnotice.translog.cli.guarded`. A new module is listed in ``fairnotice.translog.cli``.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fairnotice.translog.errors import NoteError
from fairnotice.translog.notes import Verifier

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def vkey(text: str) -> str:
    """A public key given on the command line, for ``type=``."""
    try:
        return Verifier.from_vkey(text.strip()).vkey
    except NoteError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
