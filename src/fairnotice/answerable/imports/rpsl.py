"""Dumps of a registry's database in RPSL (RFC 2622, RFC 4012): organisation, role, aut-num, inetnum,
inet6num.

Attributes that are not named here are dropped while the line is read, and so is every other class of object:
nothing of a `person`, and nothing by which a person is reached, is ever read into anything. Of a role only
the mailbox for abuse reports is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.opening import Line
from fairnotice.answerable.imports.shape import LONGEST_LINE, Refused
from fairnotice.answerable.resources import NotALocation, Target, parse_resource

#: Class -> the attributes of it that are read; the first is the name of the object.
CLASSES = {
    "organisation": ("organisation", "org-name", "org-type", "country", "abuse-c", "abuse-mailbox"),
    "role": ("nic-hdl", "abuse-mailbox"),
    "aut-num": ("aut-num", "org", "created", "abuse-c", "status"),
    "inetnum": ("inetnum", "org", "created", "abuse-c", "status"),
    "inet6num": ("inet6num", "org", "created", "abuse-c", "status"),
}
#: Classes that a dump may hold besides; by them a dump is known.
OTHERS = frozenset(
    {
        *(
            "person",
            "mntner",
            "route",
            "route6",
            "as-set",
            "route-set",
            "filter-set",
            "peering-set",
            "rtr-set",
        ),
        *("inet-rtr", "domain", "as-block", "key-cert", "poem", "poetic-form", "irt", "limerick"),
    }
)
#: Status -> how the holder came to it. "legacy" is looked at again once it is known what lies around it.
STATUS = {
    "allocated pa": "allocation",
    "allocated pi": "allocation",
    "allocated unspecified": "allocation",
    "allocated portable": "allocation",
    "allocated-by-rir": "allocation",
    "allocated-assigned pa": "allocation",
    "assigned pi": "allocation",
    "assigned anycast": "allocation",
    "assigned portable": "allocation",
    "early-registration": "allocation",
    "legacy": "legacy",
    "sub-allocated pa": "sub-allocation",
    "lir-partitioned pa": "sub-allocation",
    "lir-partitioned pi": "sub-allocation",
    "allocated-by-lir": "sub-allocation",
    "allocated non-portable": "sub-allocation",
    "assigned pa": "assignment",
    "assigned": "assignment",
    "assigned non-portable": "assignment",
    "aggregated-by-lir": "assignment",
}
#: These hand out; what stands under their names is not held by anybody.
HANDING_OUT = frozenset({"iana", "rir"})
_ATTRIBUTE = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,62}):")
_ENCODINGS = ("utf-8", "latin-1")


@dataclass(slots=True)
class Object:
    """One object: its class, the number of its first line, its attributes that are read, each once."""

    kind: str
    number: int
    values: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The attributes that were read, as they are kept if it is bad."""
        return "\n".join(f"{name}: {value}" for name, value in self.values.items())[:LONGEST_LINE]


def objects(lines: Iterable[Line]) -> Iterator[Object]:
    """The objects of the classes above. Raises nothing."""
    current: Object | None = None
    inside = False
    last = ""
    for line in lines:
        data = line.data
        if not data.strip():
            if current is not None:
                yield current
            current, inside, last = None, False, ""
            continue
        if data[:1] in b"%#":
            continue
        if inside and current is None:
            continue
        text = (line.text(_ENCODINGS) or "")[:LONGEST_LINE]
        if text[:1] in " \t+":
            # RFC 2622, section 2: such a line goes on with the value before it.
            if current is not None and last:
                current.values[last] = _joined(current.values[last], text[1:])
            continue
        found = _ATTRIBUTE.match(text)
        name = found[1].lower() if found else ""
        if not inside:
            inside = True
            current = Object(name, line.number) if name in CLASSES else None
            if current is None:
                continue
        last = ""
        if current is not None and found and name in CLASSES[current.kind] and name not in current.values:
            current.values[name] = _value(text[found.end() :])
            last = name
    if current is not None:
        yield current


def _value(text: str) -> str:
    return " ".join(text.partition("#")[0].split())


def _joined(before: str, more: str) -> str:
    return f"{before} {_value(more)}".strip()[:LONGEST_LINE]


def resource(found: Object) -> Target:
    """The addresses or the number that an object is about. Raises Refused."""
    written = found.values.get(found.kind, "")
    try:
        target = parse_resource(written)
    except NotALocation as fault:
        raise Refused(str(fault)) from None
    fits = {"aut-num": target.kind == "as" and target.start == target.end}
    if not fits.get(found.kind, target.kind == "ip" and target.is_v4 == (found.kind == "inetnum")):
        raise Refused(_("The name of the object does not go with its class."))
    return target


def kind_of(found: Object) -> str:
    """How the holder came to it, or "legacy". Raises Refused."""
    if found.kind == "aut-num":
        return "allocation"
    status = found.values.get("status", "").lower()
    if status not in STATUS:
        raise Refused(_("The status of the object is not known."))
    return STATUS[status]


def day_of(found: Object) -> date | None:
    """The day on which the object was made; None where it does not say. Raises Refused."""
    written = found.values.get("created", "")
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise Refused(_("The day of creation is not one such as 2025-01-31.")) from None
