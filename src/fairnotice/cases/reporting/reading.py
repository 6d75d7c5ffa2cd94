"""Reading back what was published: a report's folder, and tallies with their evidence. Needs no database."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fairnotice.cases.counting.period import Period, WrongPeriod, parse_period
from fairnotice.cases.reporting import tables
from fairnotice.cases.reporting.profiles import PROFILES
from fairnotice.harmonised.cells import uninert
from fairnotice.harmonised.parts import PARTS, file_name
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.evidence_format import read_evidence

PROVENANCE = "provenance.json"
_MOST_BYTES = 64 * 1024 * 1024


class Unreadable(ValueError):
    """A file cannot be used; the text says which and why, in plain English."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report read from its files: rows by part, and what its provenance file says of it."""

    parts: dict[int, list[list[str]]]
    service: str
    period: Period
    profile: str
    draft: bool


@dataclass(frozen=True, slots=True)
class Tallied:
    """One month's table, whose SHA-256 is in the log. `line` is what the verification says."""

    month: str
    table: dict[str, Any]
    line: str
    key_from_file: bool


def report(folder: Path) -> Found:
    """Read the folder that `report build` wrote, or that a published report's ZIP holds. Raises
    Unreadable."""
    source = _provenance(folder / PROVENANCE)
    parts = {}
    for number, part in PARTS.items():
        path = folder / file_name(part)
        if path.exists():
            parts[number] = _csv(path, part.headers)
    try:
        period = parse_period(str(source.get("period")))
    except WrongPeriod as error:
        raise Unreadable(f"{PROVENANCE}: {error}") from None
    profile = source.get("profile")
    if profile not in PROFILES:
        raise Unreadable(f"{PROVENANCE}: its profile is none of {', '.join(PROFILES)}")
    return Found(parts, str(source.get("service", "")), period, str(profile), bool(source.get("draft")))


def _provenance(path: Path) -> Mapping[str, Any]:
    content = _bytes(path)  # that it is not there is said as such
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable(f"{path.name} is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != "fair-notice-report-provenance/1":
        raise Unreadable(f"{path.name} is not of the format fair-notice-report-provenance/1")
    return found


def _csv(path: Path, headers: Sequence[str]) -> list[list[str]]:
    try:
        text = _bytes(path).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path.name} is not CSV in UTF-8 ({type(error).__name__})") from None
    if not rows or [one.strip() for one in rows[0]] != [one.strip() for one in headers]:
        raise Unreadable(f"{path.name}: its first line is not the template's")
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(headers):
            raise Unreadable(f"{path.name}, record {line}: {len(row)} cells, not {len(headers)}")
    return [[uninert(cell) for cell in row] for row in rows[1:]]


def tallies(place: Path, vkeys: Sequence[str] = ()) -> Iterator[Tallied]:
    """Each tally in a folder (`2026-01.json` with `2026-01.proof.json` beside it), or the one file, checked
    against the log by its evidence. Raises Unreadable."""
    paths = [place] if place.is_file() else sorted(place.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].json"))
    if not paths:
        raise Unreadable(f"{place.name} holds no tally: a file such as 2026-01.json with 2026-01.proof.json")
    for path in paths:
        yield tally(_bytes(path), _bytes(path.with_suffix(".proof.json")), vkeys, path.name)


def tally(table: bytes, evidence: bytes, vkeys: Sequence[str] = (), name: str = "the tally") -> Tallied:
    """Check a table against the evidence that its SHA-256 is in the log. Raises Unreadable."""
    try:
        text = table.decode()
        read = tables.read(text)
    except (UnicodeDecodeError, tables.BadTable) as error:
        raise Unreadable(f"{name}: {error}") from None
    try:
        result = verify_evidence(evidence, vkeys)
        file = read_evidence(evidence)
    except TranslogError as error:
        raise Unreadable(f"the evidence of {name}: {error}") from None
    said = {opening.path: opening.value for opening in file.records[0].openings}
    wanted = {
        "kind": "tally.closed",
        "month": read["month"],
        "service": read["service"],
        "cells": tables.cells_in(read),
        "sha256": tables.sha256_of(text),
    }
    wrong = [path for path, value in wanted.items() if said.get(path) != value]
    if wrong:
        raise Unreadable(f"{name} is not what the log holds: {', '.join(wrong)} differs")
    if not result.entries:
        raise Unreadable(f"the evidence of {name} does not prove yet that the log holds it")
    return Tallied(str(read["month"]), read, result.lines[0], result.key_from_file)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Unreadable(f"{path.name} is too large")
        return path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(f"{path.name} is not there") from None
    except OSError as error:
        raise Unreadable(f"{path.name}: {error.strerror or 'cannot be read'}") from None
