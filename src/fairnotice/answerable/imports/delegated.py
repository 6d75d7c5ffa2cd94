"""The registries' own statistics: "delegated-extended", version 2, one record per line, parted by bars.

Format: the registries' common RIR statistics exchange format
(registry|cc|type|start|value|date|status|opaque-id[|extensions]). These files name no organisation. What
belongs together carries one opaque-id, so each opaque-id stands as one organisation whose name says that it
is not named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.opening import Line
from fairnotice.answerable.imports.shape import BadLine, Entry, Reading, Refused, Statement, Unusable
from fairnotice.answerable.resources import LAST_AS, NotALocation, Target, parse_resource

#: Registry -> its name, its site, its country's code.
REGISTRIES = {
    "afrinic": ("AFRINIC", "https://afrinic.net/", "MU"),
    "apnic": ("APNIC", "https://www.apnic.net/", "AU"),
    "arin": ("ARIN", "https://www.arin.net/", "US"),
    "lacnic": ("LACNIC", "https://www.lacnic.net/", "UY"),
    "ripencc": ("RIPE NCC", "https://www.ripe.net/", "NL"),
}
_VERSION = re.compile(r"2(?:\.[0-9]+)?")
_OPAQUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,47}")
_HELD = {"allocated", "assigned"}
_FREE = {"available", "reserved"}


def is_header(text: str) -> bool:
    """Whether a line is the version line of such a file."""
    fields = text.split("|")
    return len(fields) >= 6 and bool(_VERSION.fullmatch(fields[0])) and fields[1].lower() in REGISTRIES


def read(lines: Iterable[Line], reading: Reading) -> Iterator[Entry]:
    """The registry, then its holders with what they hold. What is available or reserved is left out. Raises
    Unusable for a file without a version line, and nothing else."""
    registry = ""
    for line in lines:
        text = line.text(("utf-8", "latin-1")) or ""
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if not registry:
            if not is_header(text):
                raise Unusable(
                    _("The first line does not say the version and the registry of the statistics.")
                )
            registry = text.split("|")[1].lower()
            name, url, country = REGISTRIES[registry]
            yield Statement(line.number, line.shown, registry, name, country, url)
            continue
        fields = text.split("|")
        if fields[-1].strip() == "summary" or (len(fields) > 6 and fields[6].strip().lower() in _FREE):
            reading.left_out += 1
            continue
        try:
            if not line.whole:
                raise Refused(_("The line is too long."))
            yield _statement(line, [field.strip() for field in fields], registry)
        except Refused as fault:
            yield BadLine(line.number, line.shown, str(fault))
    if not registry:
        raise Unusable(_("The file is empty: its first line must say the version and the registry."))


def _statement(line: Line, fields: list[str], registry: str) -> Statement:
    if len(fields) < 7:
        raise Refused(_("The line has fewer than seven fields."))
    if fields[0].lower() != registry:
        raise Refused(_("The line is another registry's than the first line says."))
    if fields[6].lower() not in _HELD:
        raise Refused(_("The status is none of allocated, assigned, available and reserved."))
    opaque = fields[7] if len(fields) > 7 else ""
    if not _OPAQUE.fullmatch(opaque):
        raise Refused(_("There is no opaque-id, so nobody can be told to hold it."))
    # The country of a record is not read: one holder may have records of several.
    return Statement(
        line.number,
        line.shown,
        handle=f"{registry}:{opaque}",
        name=f"Unnamed holder {opaque} ({REGISTRIES[registry][0]})",
        resource=_resource(fields[2].lower(), fields[3], fields[4]),
        from_handle=registry,
        kind="allocation",
        valid_from=_day(fields[5]),
        visibility="public",
    )


def _resource(kind: str, start: str, value: str) -> Target:
    if not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII) or int(value) < 1:
        raise Refused(_("The fifth field is not a number."))
    size = int(value)
    try:
        if kind == "ipv6":
            return parse_resource(f"{start}/{size}")
        first = parse_resource(f"AS{start}" if kind == "asn" else start)
    except NotALocation as fault:
        raise Refused(str(fault)) from None
    if kind == "asn" and first.kind == "as" and first.start + size - 1 <= LAST_AS:
        return Target("as", first.start, first.start + size - 1)
    if kind == "ipv4" and first.kind == "ip" and first.is_v4 and first.start == first.end:
        found = Target("ip", first.start, first.start + size - 1)
        if found.is_v4:
            return found
    raise Refused(_("The line is neither a block of ipv4 or ipv6 addresses nor of asn numbers."))


def _day(text: str) -> date | None:
    """The day; None where the registry does not know it (empty or all zeros)."""
    if not text.strip("0"):
        return None
    try:
        if not re.fullmatch(r"[0-9]{8}", text, re.ASCII):
            raise ValueError
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Refused(_("The date is not a day such as 20250131.")) from None
