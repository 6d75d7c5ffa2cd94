"""Short ways to put organisations and what they hold into the register."""

from __future__ import annotations

from datetime import date

from fairnotice.answerable.models import Contact, Delegation, Organisation, Resource
from fairnotice.answerable.resources import pack, parse_resource


def organisation(handle: str) -> Organisation:
    return Organisation.objects.get_or_create(
        handle=handle, defaults={"name": f"{handle} Ltd", "source": "test"}
    )[0]


def resource(text: str) -> Resource:
    target = parse_resource(text)
    values: dict[str, object]
    if target.kind == "ip":
        values = {"ip_start": pack(target.start), "ip_end": pack(target.end)}
    elif target.kind == "as":
        values = {"as_start": target.start, "as_end": target.end}
    else:
        values = {"name": target.name}
    return Resource.objects.get_or_create(kind=target.kind, defaults={}, **values)[0]


def hold(
    text: str,
    to: str,
    *,
    giver: str = "",
    kind: str = "allocation",
    since: str = "2020-01-01",
    until: str | None = None,
    public: bool = True,
    parent: Delegation | None = None,
) -> Delegation:
    return Delegation.objects.create(
        resource=resource(text),
        from_org=organisation(giver) if giver else None,
        to_org=organisation(to),
        kind=kind,
        valid_from=date.fromisoformat(since),
        valid_until=date.fromisoformat(until) if until else None,
        source="test",
        visibility="public" if public else "private",
        parent=parent,
    )


def contact(handle: str, address: str, *, own: str = "", bad: bool = False, role: str = "abuse") -> Contact:
    return Contact.objects.create(
        organisation=organisation(handle),
        resource=resource(own) if own else None,
        address=address,
        known_bad=bad,
        role=role,
    )
