"""Which format a file has, and who reads it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from django.utils.translation import gettext as _

from fairnotice.answerable.imports import delegated, jsonl, netbox, rpsl, rpsl_nets, table
from fairnotice.answerable.imports.cells import KNOWN
from fairnotice.answerable.imports.opening import Opened
from fairnotice.answerable.imports.shape import Entry, Reading, Unusable

AUTO = "auto"
FORMATS = ("csv", "jsonl", "rpsl", "delegated", "netbox")
_ENOUGH = 1 << 16
_FIRST = re.compile(r"([a-z0-9-]+):(?:\s|$)", re.IGNORECASE)


def entries(opened: Opened, format: str, reading: Reading, connection: sqlite3.Connection) -> Iterator[Entry]:
    """What the file says. `connection` is a place for what has to be put in order first. Raises Unusable."""
    lines = opened.lines()
    if format == "rpsl":
        return rpsl_nets.read(lines, reading, connection)
    readers = {"csv": table.read, "jsonl": jsonl.read, "delegated": delegated.read, "netbox": netbox.read}
    return readers[format](lines, reading)


def recognise(opened: Opened) -> tuple[str, str]:
    """The format of a file by its beginning, and what its statements come from unless somebody says
    otherwise. Raises Unusable."""
    text = opened.beginning(_ENOUGH).decode("utf-8", "replace").removeprefix("\ufeff")
    lines = [line for line in text.splitlines() if line.strip()]
    plain = [line for line in lines if line[0] not in "#%"]
    if not lines:
        raise Unusable(_("The file is empty."))
    first = plain[0] if plain else lines[0]
    if delegated.is_header(first):
        return "delegated", first.split("|")[1].lower()
    if first.lstrip().startswith("{"):
        return "jsonl", "jsonl"
    named = _FIRST.match(first)
    if named and (named[1].lower() in rpsl.CLASSES or named[1].lower() in rpsl.OTHERS):
        return "rpsl", "rpsl"
    header, sign = table.header_cells(lines[0], KNOWN)
    if netbox.is_header(table.header_cells(lines[0], ("prefix", "tenant", "rir"))[0]):
        return "netbox", "netbox"
    if len(header) > 1 and sign in lines[0]:
        return "csv", "csv"
    raise Unusable(_("The format of this file is not known. Say it with --format."))


def usual_source(opened: Opened, format: str) -> str:
    """What statements in this format come from unless somebody says otherwise. Raises Unusable."""
    if format != "delegated":
        return format
    return recognise(opened)[1]
