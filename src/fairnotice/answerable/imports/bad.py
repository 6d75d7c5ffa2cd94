"""Lines that did not go in: kept sealed, read again, written as CSV, removed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import IO

from fairnotice.answerable.imports.shape import BadLine
from fairnotice.answerable.models import ImportBadLine, ImportRun
from fairnotice.vault import keys, sealing

_TABLE = "import-bad-line"
_BATCH = 500
#: What a reader of the sealed text gets where its key was destroyed.
ERASED = ""


def key_for(run: ImportRun) -> str:
    """The key under which the run's lines are sealed, made with the first of them."""
    return run.key_id or keys.new_key("subject")


def sealed(run: ImportRun, key_id: str, first: int, lines: Iterable[BadLine]) -> list[ImportBadLine]:
    """Rows to be written, numbered from `first` on: the line's own number may come twice, or be none."""
    rows = []
    for place, line in enumerate(lines, start=first):
        text = line.text.encode("utf-8", "backslashreplace").decode()
        blob = sealing.seal(key_id, table=_TABLE, row=f"{run.pk}/{place}", field="text", plaintext=text)
        rows.append(
            ImportBadLine(run=run, number=line.number, reason=line.reason[:300], place=place, blob=blob)
        )
    return rows


def lines_of(run: ImportRun) -> Iterator[BadLine]:
    """The lines in the order in which they were met; their text is empty where it was erased."""
    last = 0
    while True:
        rows = list(ImportBadLine.objects.filter(run=run, place__gt=last).order_by("place")[:_BATCH])
        if not rows:
            return
        for row in rows:
            yield BadLine(row.number, _text(run, row), row.reason)
        last = rows[-1].place


def _text(run: ImportRun, row: ImportBadLine) -> str:
    try:
        return sealing.unseal(run.key_id, row.blob, table=_TABLE, row=f"{run.pk}/{row.place}", field="text")
    except sealing.Erased:
        return ERASED


def erase(run: ImportRun) -> int:
    """Destroy the key of a run's lines and remove them; returns how many there were."""
    if run.key_id:
        keys.destroy(run.key_id)
    return ImportBadLine.objects.filter(run=run).delete()[0]


def write_csv(stream: IO[str], lines: Iterable[BadLine]) -> None:
    """Line, reason, text. Nothing in it is run by a spreadsheet."""
    csv.writer(stream).writerow(["line", "reason", "text"])
    for line in lines:
        write_row(stream, line)


def write_row(stream: IO[str], line: BadLine) -> None:
    """One more row."""
    csv.writer(stream).writerow((line.number, line.reason, inert(line.text)))


def inert(text: str) -> str:
    """Spreadsheets run cells that begin with these signs; a quote in front keeps them text."""
    return f"'{text}" if text.lstrip(" ").startswith(tuple("=+-@\t\r\n")) else text
