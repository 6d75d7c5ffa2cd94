"""CSV exports of NetBox: prefixes, aggregates, IP ranges and AS numbers with the column of their tenant.

A tenant is a name of somebody's own choosing, and may be a private customer. So no tenant is ever listed from
such a file: its line goes in only where an organisation of that handle or name is listed already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.opening import Line
from fairnotice.answerable.imports.shape import (
    LONGEST_LINE,
    BadLine,
    Entry,
    Reading,
    Refused,
    Statement,
    Unusable,
)
from fairnotice.answerable.imports.table import header_cells, split
from fairnotice.answerable.resources import NotALocation, Target, parse_resource

#: What stands for what, as the two kinds of export write it ("Date added", `date_added`).
_ALSO = {
    "aggregate": "prefix",
    "added": "date_added",
    "start": "start_address",
    "end": "end_address",
    "tenant_name": "tenant",
    "rir_name": "rir",
}
#: In use or set aside for use; anything else is no longer, or not yet, handed out.
_IN_USE = {"", "active", "container"}
_MOST_LINES = 200


def names(header: list[str]) -> set[str]:
    """The names of the columns in one spelling."""
    return {_named(name) for name in header}


def is_header(header: list[str]) -> bool:
    """Whether the columns are those of a NetBox export that can be read."""
    found = names(header)
    return "tenant" in found and bool(found & {"prefix", "asn"} or {"start_address", "end_address"} <= found)


def read(lines: Iterable[Line], reading: Reading) -> Iterator[Entry]:
    """What tenants hold from the operator, and what the operator has from a registry. A record without a
    tenant is the operator's own use and left out. Raises Unusable, and nothing else."""
    columns: list[str] | None = None
    delimiter = ","
    for number, shown, text in _records(lines):
        if columns is None:
            written, delimiter = header_cells(
                (text or "").removeprefix("\ufeff"), ("prefix", "tenant", "rir")
            )
            if not is_header(written):
                raise Unusable(
                    _("The columns are not those of prefixes, aggregates, IP ranges or AS numbers.")
                )
            if not reading.own:
                raise Unusable(_("Say in the settings which organisation is your own (own_organisation)."))
            columns = [_named(name) for name in written]
            continue
        try:
            found = _statement(number, shown, _cells(text, columns, delimiter), reading)
        except (Refused, NotALocation) as fault:
            yield BadLine(number, shown, str(fault))
            continue
        if found is None:
            reading.left_out += 1
        else:
            yield found
    if columns is None:
        raise Unusable(_("The file is empty: its first line must name the columns."))


def _named(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return _ALSO.get(plain, plain)


def _records(lines: Iterable[Line]) -> Iterator[tuple[int, str, str | None]]:
    """Records with the number of their first line; a comment in quotation marks may run over several
    lines."""
    held: list[str] = []
    first = 0
    for line in lines:
        text = line.text() if line.whole else None
        if not held:
            if not line.data.strip():
                continue
            first = line.number
        if text is None:
            yield first, "\n".join([*held, line.shown])[:LONGEST_LINE], None
            held = []
            continue
        held.append(text)
        whole = "\n".join(held)
        if whole.count('"') % 2 == 0:
            yield first, whole[:LONGEST_LINE], whole
            held = []
        elif len(held) >= _MOST_LINES or len(whole) > 4 * LONGEST_LINE:
            yield first, whole[:LONGEST_LINE], None
            held = []
    if held:
        yield first, "\n".join(held)[:LONGEST_LINE], None


def _cells(text: str | None, columns: list[str], delimiter: str) -> dict[str, str]:
    cells = [] if text is None else split(text, delimiter)
    if not cells:
        raise Refused(_("The line is not UTF-8 text, too long, or its quotation marks do not match."))
    if len(cells) != len(columns):
        raise Refused(
            _("The line has %(found)d cells, the header has %(wanted)d.")
            % {"found": len(cells), "wanted": len(columns)}
        )
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}


def _statement(number: int, text: str, cells: dict[str, str], reading: Reading) -> Statement | None:
    """None where the record says nothing that belongs in this register."""
    if cells.get("status", "").lower() not in _IN_USE:
        return None
    tenant, registry = cells.get("tenant", ""), cells.get("rir", "")
    if not tenant and "rir" not in cells:
        return None
    holder = reading.listed(tenant) if tenant else reading.own
    if not holder:
        raise Refused(
            _("No organisation is listed under the name of this tenant. List it first if it agreed.")
        )
    resource = _resource(cells)
    added = _day(cells.get("date_added", ""))
    if "rir" in cells:
        giver, kind = reading.listed(registry) if registry else "", "allocation"
    else:
        giver, kind = reading.own, "assignment"
    if giver == holder:
        return None
    return Statement(number, text, holder, resource=resource, from_handle=giver, kind=kind, valid_from=added)


def _resource(cells: dict[str, str]) -> Target:
    if "asn" in cells:
        digits = re.match(r"(?:AS)?([0-9]{1,10})(?:\s*\([0-9.]+\))?", cells["asn"], re.ASCII | re.IGNORECASE)
        if digits is None or digits.end() != len(cells["asn"]):
            raise Refused(_("This is not an AS number."))
        return parse_resource(f"AS{digits[1]}")
    if "prefix" in cells:
        found = parse_resource(cells["prefix"])
    else:
        # NetBox writes the ends of a range with the length of their network behind.
        ends = [cells[name].partition("/")[0] for name in ("start_address", "end_address")]
        found = parse_resource("-".join(ends))
    if found.kind != "ip":
        raise Refused(_("This is not a prefix or a range of addresses."))
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Refused(_("The day it was added must be such as 2025-01-31.")) from None
