"""Between plain values and rows of the register."""

from __future__ import annotations

from typing import Any

from fairnotice.answerable.models import Resource
from fairnotice.answerable.resources import Target, pack, unpack


def columns_of(target: Target) -> dict[str, Any]:
    """The columns of Resource that hold this target, and that tell it from every other."""
    if target.kind == "ip":
        return {"kind": "ip", "ip_start": pack(target.start), "ip_end": pack(target.end)}
    if target.kind == "as":
        return {"kind": "as", "as_start": target.start, "as_end": target.end}
    return {"kind": target.kind, "name": target.name}


def resource_row(target: Target) -> Resource:
    """The row of a resource, made where there is none yet."""
    return Resource.objects.get_or_create(**columns_of(target))[0]


def target_of(resource: Resource) -> Target:
    """The stored resource as a plain value."""
    if resource.kind == Resource.Kind.IP:
        return Target("ip", unpack(resource.ip_start or b""), unpack(resource.ip_end or b""))
    if resource.kind == Resource.Kind.AS:
        return Target("as", resource.as_start or 0, resource.as_end or 0)
    return Target("server" if resource.kind == Resource.Kind.SERVER else "domain", name=resource.name)
