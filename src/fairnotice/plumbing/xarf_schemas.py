"""The official XARF v4 schemas, read from where the package `xarf` ships them, and validation against them.

Used by what reads reports and by what writes them. The package's own validator does the same at a hundredth
of the speed and is asked in the tests alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import jsonschema_rs

Json = dict[str, Any]
VERSION = "4.2.0"
# The object of our own beside the standard's fields (docs/xarf.md).
EXTENSION = "x-fairnotice"
_MASTER = "xarf-v4-master.json"
_CORE = "xarf-core.json"


class TooDeep(ValueError):
    """The value is nested too deeply to be looked at."""


@dataclass(frozen=True)
class SchemaFault:
    """What is wrong (in words that quote nothing of the report) and where (RFC 6901, "" being the whole)."""

    message: str
    pointer: str


def core_fault(report: Json, *, formats: bool = False) -> SchemaFault | None:
    """The first fault against what all reports have in common. `formats`: also of dates, addresses and URLs.
    Raises TooDeep."""
    return _first(_validator(_CORE, formats), report)


def type_fault(report: Json, *, formats: bool = False) -> SchemaFault | None:
    """The same against the schema of the report's own category and type; a pair that is not in the schemas
    is a fault of the whole."""
    return _first(_validator(_MASTER, formats), report)


@cache
def kinds() -> frozenset[tuple[str, str]]:
    """All pairs of category and type that the schemas know."""
    known = _schemas()[_MASTER]["allOf"][1]["anyOf"]
    return frozenset(
        (one["properties"]["category"]["const"], kind)
        for one in known
        for kind in one["properties"]["type"]["enum"]
    )


def fits(kind: str, text: str) -> bool:
    """Whether the text has a format of JSON Schema, as "uri", "email" or "hostname"."""
    return _format(kind).is_valid(text)


def _first(validator: jsonschema_rs.Draft202012Validator, report: Json) -> SchemaFault | None:
    try:
        found = next(iter(validator.iter_errors(report)), None)
    except ValueError as error:
        raise TooDeep from error
    if found is None:
        return None
    return SchemaFault(found.message, "".join(f"/{_escaped(part)}" for part in found.instance_path))


def _escaped(part: str | int) -> str:
    text = str(part).encode("utf-8", "replace").decode()
    return text.replace("~", "~0").replace("/", "~1")


@cache
def _schemas() -> dict[str, Json]:
    """The package's schemas by file name. The package is found, not imported: that takes long."""
    spec = find_spec("xarf")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the package xarf is not installed")
    folder = Path(spec.submodule_search_locations[0]) / "schemas"
    files = [*folder.glob("*.json"), *folder.glob("types/*.json")]
    return {file.name: json.loads(file.read_text("utf-8")) for file in files}


@cache
def _validator(name: str, formats: bool) -> jsonschema_rs.Draft202012Validator:
    schemas = _schemas()
    registry = jsonschema_rs.Registry(
        [(schema["$id"], schema) for schema in schemas.values()], retriever=_refuse
    )
    return jsonschema_rs.Draft202012Validator(
        schemas[name], registry=registry, validate_formats=formats, mask="the value", retriever=_refuse
    )


@cache
def _format(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"format": kind}, validate_formats=True)


def _refuse(uri: str) -> NoReturn:
    # Nothing is ever fetched: all schemas lie in the package.
    raise ValueError(f"no such schema in the package: {uri}")
