"""The process in which strangers' reports are read and checked, started by `checker.Checker`."""

from __future__ import annotations

import sys
from dataclasses import astuple
from typing import Any

from fairnotice.harmonised.checking import check_found
from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.limits import Limits
from fairnotice.harmonised.parts import PARTS, file_name
from fairnotice.harmonised.reading import read
from fairnotice.harmonised.report import Report
from fairnotice.harmonised.writing import csv_files, xlsx_bytes
from fairnotice.plumbing.limited_worker import Made, serve

#: Bytes of address space: a report of 48 MB, the most that is read at all, takes some ten times that.
MEMORY = 1024 * 1024 * 1024
#: Seconds of computing for one report; a published one of a very large platform takes less than one.
SECONDS = 30


def main() -> int:
    """Check reports until the input ends."""
    return serve(_check, _get_ready, memory=MEMORY, seconds=SECONDS)


def _check(said: dict[str, Any], raw: bytes) -> Made:
    entries, place = [], 0
    for one in said["files"]:
        entries.append(Entry(one["name"], raw[place : place + one["size"]], one["why"]))
        place += one["size"]
    found = read(entries, Limits(**said["limits"]))
    faults = check_found(found, Limits(**said["limits"]))
    answer = {
        "files": found.files,
        "found": [[PARTS[number].slug, found.report.file(number)] for number in sorted(found.report.parts)],
        "siblings": list(found.siblings),
        "faults": [astuple(one) for one in faults],
    }
    return answer, []


def _get_ready() -> None:
    """Read one of each kind, so that all is loaded that reading ever needs."""
    report = Report({number: [list(row) for row in PARTS[number].rows] for number in (1, 4, 7)})
    files = dict(csv_files(report))
    text = files[file_name(PARTS[4])].decode()
    entries = [Entry(name, data) for name, data in files.items()]
    entries.append(Entry("book.xlsx", xlsx_bytes(report)))
    entries.append(Entry("broken.xlsx", entries[-1].data[:-99]))
    entries.append(Entry("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        entries.append(Entry("other.csv", text.encode(encoding, "replace")))
    entries.append(Entry("garbled.csv", text.replace("All", "\u00c3\u00bc").encode()))
    check_found(read(entries))


if __name__ == "__main__":
    sys.exit(main())
