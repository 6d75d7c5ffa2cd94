"""Checks strangers' reports in a process with limits, and with nothing that it may open. Knows no
Django."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from fairnotice.harmonised import reasons
from fairnotice.harmonised.faults import Fault, counts
from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.limits import LIMITS, Limits
from fairnotice.harmonised.rules import fault
from fairnotice.plumbing.limited import Answer, Ended, Limited, NotReady

__all__ = ["Checked", "Checker", "NotReady"]

#: Seconds by the clock for one report.
WALL = 60.0
#: kB that a process may have held before a fresh one takes its place.
SPENT = 300_000


@dataclass(frozen=True)
class Checked:
    """`files` that were looked at, `parts` that were found: (name, file) in order, `siblings`: what
    further reports stood beside it are about, and all faults."""

    files: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    siblings: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def as_json(self, says: Callable[[str], str] = str) -> dict[str, object]:
        """Files, parts, counts by severity, and each fault with all that is known. `says` translates."""
        return {
            "files": self.files,
            "parts": [{"part": part, "file": file} for part, file in self.parts],
            "further_reports": self.siblings,
            "counts": counts(self.faults),
            "faults": [{**one.as_json(), "message": says(one.message)} for one in self.faults],
        }


class Checker(Limited):
    """Checks one report after the other. To be closed, or used in a `with`."""

    def __init__(self, *, wall: float = WALL) -> None:
        super().__init__("fairnotice.reports.check_worker", wall=wall, spent=SPENT)

    def check(self, entries: Sequence[Entry], limits: Limits = LIMITS) -> Checked:
        """The report in these files. A file that kills the process or stalls it is named, and the rest is
        checked. Raises NotReady where the process does not start, which says nothing about the files."""
        try:
            return _checked(self._about(entries, limits))
        except Ended:
            pass
        # Which one was it? Each for itself, then all the others together.
        good = [one for one in entries if len(entries) > 1 and self._harmless(one, limits)]
        named = [Entry(one.name, why=reasons.TOO_MUCH_WORK) for one in entries if one not in good]
        try:
            return _checked(self._about([*good, *named], limits))
        except Ended:
            files = [one.name for one in entries]
            return Checked(
                files, [], [], [fault("file-unreadable", name, found=reasons.TOO_MUCH_WORK) for name in files]
            )

    def _harmless(self, entry: Entry, limits: Limits) -> bool:
        try:
            self._about([entry], limits)
        except Ended:
            return False
        return True

    def _about(self, entries: Sequence[Entry], limits: Limits) -> Answer:
        files = [{"name": one.name, "size": len(one.data), "why": one.why} for one in entries]
        asked = json.dumps({"files": files, "limits": asdict(limits)}).encode()
        return self.ask(asked, b"".join(one.data for one in entries))


def _checked(answer: Answer) -> Checked:
    said = answer.said
    return Checked(
        said["files"],
        [(slug, file) for slug, file in said["found"]],
        said["siblings"],
        [Fault(*one) for one in said["faults"]],
    )
