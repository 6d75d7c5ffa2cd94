"""The files of a published version."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import rfc8785

from fairnotice.cases.models import Report
from fairnotice.cases.reporting.changes import Change, changes
from fairnotice.cases.reporting.filling import Parts
from fairnotice.harmonised.cells import inert
from fairnotice.harmonised.indicators import SUMMARY
from fairnotice.harmonised.report import Report as Rows
from fairnotice.harmonised.writing import CHANGES as CHANGED_CELLS
from fairnotice.harmonised.writing import csv_files, write_xlsx

XLSX, PROVENANCE, CHANGES = "report.xlsx", "provenance.json", "changes.csv"
_PUBLISHED = next(place for place, one in enumerate(SUMMARY) if one.key == "published")


def digest_of(parts: dict[str, Any]) -> str:
    """SHA-256 in hex over the canonical JSON of a report's rows."""
    return hashlib.sha256(rfc8785.dumps(parts)).hexdigest()


def parts_of(report: Report, published: date | None = None) -> Parts:
    """A version's rows by part number, with the day on which it was, or is being, published."""
    parts: Parts = {int(number): [list(row) for row in rows] for number, rows in report.parts.items()}
    day = published or report.status.published_on
    if day is not None:
        parts[1][_PUBLISHED][-1] = day.isoformat()
    return parts


def files_of(
    parts: Parts, provenance: dict[str, Any], changed: list[Change] | None = None
) -> Iterator[tuple[str, bytes]]:
    """(name, bytes): eleven CSV files, one XLSX, where each figure comes from, and what a correction
    changed."""
    rows = Rows(parts)
    yield from csv_files(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / XLSX
        write_xlsx(rows, path)
        yield XLSX, path.read_bytes()
    yield PROVENANCE, json.dumps(provenance, indent=1, ensure_ascii=False).encode() + b"\n"
    if changed is not None:
        yield CHANGES, _changes_csv(changed)


def published_files(report: Report, day: date) -> Iterator[tuple[str, bytes]]:
    """The files of a version that is being published."""
    parts = parts_of(report, day)
    changed = None
    if report.corrects is not None:
        changed = changes(parts_of(report.corrects), parts)
    source = {
        **report.provenance,
        "version": report.number,
        "published": day.isoformat(),
        "corrects": report.corrects.number if report.corrects else None,
        "reason": report.reason,
    }
    return files_of(parts, source, changed)


def zipped(named: Iterator[tuple[str, bytes]]) -> bytes:
    """One ZIP; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in named:
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _changes_csv(changed: list[Change]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CHANGED_CELLS)
    for one in changed:
        writer.writerow([inert(text) for text in (one.file, one.row, one.column, one.before, one.now)])
    return out.getvalue().encode()
