"""What must hold of every RDAP answer, whatever was asked (RFC 9083, RFC 7095)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.test import Client

CLASSES = {"ip network", "autnum", "domain", "nameserver", "entity"}
LINK = {"value", "rel", "href", "type"}


def ask(client: Client, path: str, status: int = 200, **headers: str) -> dict[str, Any]:
    """The answer below `/rdap/`, looked at from all sides."""
    answer = client.get(f"/rdap/{path}", headers=headers)
    assert answer.status_code == status, (path, answer.status_code, answer.content)
    assert answer["Content-Type"] == "application/rdap+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    body = json.loads(answer.content)
    assert faults(body) == []
    if status != 200:
        assert body["errorCode"] == status
        assert body["title"]
        assert body["description"]
    return body


def faults(body: dict[str, Any]) -> list[str]:
    """All that is wrong with the form of an answer."""
    wrong = [] if "rdap_level_0" in body.get("rdapConformance", ()) else ["no conformance"]
    if "port43" in json.dumps(body):
        wrong.append("port43")
    for inner in _objects(body):
        if inner is not body and "rdapConformance" in inner:
            wrong.append("conformance inside")
        wrong += [
            f"link {link}" for link in inner.get("links", ()) if set(link) != LINK or not all(link.values())
        ]
        if inner.get("objectClassName") in CLASSES:
            wrong += _of_object(inner)
    return wrong


def _of_object(found: dict[str, Any]) -> list[str]:
    name = found.get("handle", "without a handle")
    wrong = [] if "handle" in found else [name]
    own = [link for link in found.get("links", ()) if link["rel"] == "self"]
    if len(own) != 1 or own[0]["href"] != own[0]["value"]:
        wrong.append(f"{name}: self")
    if found["objectClassName"] == "entity":
        kind, lines = found["vcardArray"]
        if kind != "vcard" or lines[0] != ["version", {}, "text", "4.0"]:
            wrong.append(f"{name}: version")
        if "fn" not in {line[0] for line in lines} or {len(line) for line in lines} != {4}:
            wrong.append(f"{name}: fn")
        wrong += [f"{name}: lists" for listed in ("networks", "autnums") if listed in found]
    return wrong


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)


def links(found: dict[str, Any], rel: str) -> list[str]:
    return [link["href"] for link in found.get("links", ()) if link["rel"] == rel]


def by_role(found: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """The entities directly in it that have this role."""
    return [one for one in found.get("entities", ()) if role in one.get("roles", ())]


def lines(entity: dict[str, Any], name: str) -> list[Any]:
    """The values of a property of its jCard."""
    return [line[3] for line in entity["vcardArray"][1] if line[0] == name]
