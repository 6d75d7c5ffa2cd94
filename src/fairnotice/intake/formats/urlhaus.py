"""The CSV of URLhaus (urlhaus.abuse.ch) and of feeds that copied its columns: pages that spread malware.

Lines that begin with "#" are notes, the last of which names the columns. Each line becomes one notice. A
whole day's feed is too long for a message; `fairnotice intake table` takes it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.intake import report_facts
from fairnotice.intake.unreadable import Unreadable

_COLUMNS = (
    "id",
    "dateadded",
    "url",
    "url_status",
    "last_online",
    "threat",
    "tags",
    "urlhaus_link",
    "reporter",
)
_NEEDED = {"id", "dateadded", "url", "threat"}


class UrlHaus:
    """The plug-in."""

    name = "urlhaus"

    def sniff(self, raw: bytes, content_type: str) -> bool:
        """By the columns that it names near the beginning."""
        head = raw[:4000].replace(b'"', b"").lower()
        return b"id,dateadded,url," in head and b"threat" in head

    def read(self, raw: bytes) -> Iterator[NoticeDraft]:
        """A notice for each line. Raises Unreadable, naming the line."""
        try:
            lines = raw.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise Unreadable(f"This is not UTF-8 text (byte {error.start}).") from None
        columns: tuple[str, ...] = _COLUMNS
        for number, line in enumerate(lines, start=1):
            cells = _cells(line.lstrip("# "), number)
            names = tuple(cell.strip().lower() for cell in cells)
            if set(names) >= _NEEDED:
                columns = names
            elif line.strip() and not line.startswith("#"):
                if len(cells) != len(columns):
                    raise Unreadable(f"Line {number} has {len(cells)} columns, not {len(columns)}.")
                yield _draft(dict(zip(columns, (cell.strip() for cell in cells), strict=True)))


FORMAT = UrlHaus()


def _cells(line: str, number: int) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), skipinitialspace=True), [])
    except csv.Error:
        raise Unreadable(f"Line {number} is no line of a CSV file.") from None


def _draft(cells: dict[str, str]) -> NoticeDraft:
    said = [f"A list of pages that spread malware names this one, added {cells['dateadded']}."]
    for name, words in (("threat", "Threat"), ("tags", "Tags"), ("url_status", "Status")):
        if cells.get(name) and cells[name] != "None":
            said.append(f"{words}: {cells[name].replace('_', ' ')}")
    return NoticeDraft(
        items=[ItemDraft(cells["url"])],
        problem="malware",
        why="\n".join(said),
        # Who told the list is nobody's business here.
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
        report=report_facts.facts(
            "urlhaus",
            "malware",
            id=cells["id"],
            seen_at=cells["dateadded"],
            last_seen=cells.get("last_online"),
        ),
    )
