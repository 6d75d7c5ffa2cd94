"""A folder whose files are taken in, one after the other. The runner looks into it.

Names that begin with a dot or end in `.part` are being written and left alone; so is a file whose size or
time still changes. What was taken in goes into `done/`, what cannot be used into `failed/`, each with a
report beside it. The part of a name before `@` says what it is: see docs/answerable-import.md.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from fairnotice.answerable.actions.imports import ImportResult, import_file
from fairnotice.answerable.imports import formats
from fairnotice.answerable.imports.scratch import Busy
from fairnotice.answerable.imports.shape import Unusable
from fairnotice.answerable.imports.watch import Stopped, Watch

logger = logging.getLogger("fairnotice.answerable")

DONE, FAILED = "done", "failed"
_FULL = "full-"
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a file says about it."""

    format: str = formats.AUTO
    source: str = ""
    whole: bool = False


def named(name: str) -> Named:
    """`[full-]FORMAT@SOURCE@anything`; the format may be `auto` and the source empty. A name without @ says
    nothing. Raises Unusable."""
    parts = name.split("@")
    if len(parts) == 1:
        return Named()
    format, source = parts[0].lower(), parts[1] if len(parts) > 2 else ""
    whole = format.startswith(_FULL)
    format = format.removeprefix(_FULL) or formats.AUTO
    if format not in (formats.AUTO, *formats.FORMATS):
        known = ", ".join((formats.AUTO, *formats.FORMATS))
        raise Unusable(_("The name of the file does not begin with a format: %(known)s.") % {"known": known})
    return Named(format, source, whole)


class _Until(Watch):
    """Stops an import between two batches."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped

    def moved(self, position: int, lines: int) -> None:
        if self._stopped():
            raise Stopped


class Drop:
    """Remembers how files looked the last time, to tell one that is still being written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[int, int]] = {}

    def look(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Take in the files that have not changed since the last look, by name; returns how many were dealt
        with. Where it is stopped, or another import is at work, the rest waits for the next look."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = {}
        for path in sorted(self._folder.iterdir()):
            about = path.lstat()
            if stat.S_ISREG(about.st_mode) and not path.name.startswith(".") and path.suffix != ".part":
                found[path.name] = (about.st_size, about.st_mtime_ns)
        still = [name for name, looks in found.items() if self._seen.get(name) == looks]
        self._seen = found
        count = 0
        for name in still:
            if stopped():
                break
            try:
                self._take(self._folder / name, stopped)
            except (Busy, Stopped):
                break
            self._seen.pop(name, None)
            count += 1
        return count

    def _take(self, path: Path, stopped: Callable[[], bool]) -> None:
        try:
            path.open("rb").close()
        except OSError:
            # Whoever may not read it may still move it out of the way of the others.
            self._put_away(path, FAILED, "Not taken in: this program may not read the file.\n")
            logger.error("imports: a file cannot be read; its report is in '%s'", FAILED)
            return
        try:
            about = named(path.name)
            result = import_file(
                path=path,
                actor_id=None,
                format=about.format,
                source=about.source,
                whole=about.whole,
                watch=_Until(stopped),
            )
        except Busy:
            raise
        except Unusable as problem:
            self._put_away(path, FAILED, f"Not taken in: {problem}\n")
            # The words may quote the file's first line, so they stand beside the file only.
            logger.error("imports: a file cannot be used; its report is in '%s'", FAILED)
            return
        self._put_away(path, DONE, _report(result))
        logger.info("imports: import %d is done, %d lines", result.run, result.lines)

    def _put_away(self, path: Path, where: str, report: str) -> None:
        folder = self._folder / where
        folder.mkdir(mode=0o700, exist_ok=True)
        # Names have 255 bytes; one as long as that leaves no room for the report's.
        name = os.fsdecode(os.fsencode(path.name)[-_LONGEST_NAME:])
        target = folder / name
        if target.exists():
            target = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{name}"
        # The report first: a file that is put away always has one.
        target.with_name(f"{target.name}.report.txt").write_text(report, "utf-8")
        os.replace(path, target)


def _report(result: ImportResult) -> str:
    lines = [
        f"Import {result.run}, format {result.format}",
        f"lines {result.lines}",
        f"added {result.added}",
        f"changed {result.changed}",
        f"unchanged {result.unchanged}",
        f"ended {result.ended}",
        f"left out {result.left_out}",
        f"bad {result.bad}",
    ]
    if result.bad:
        lines.append(f"The bad lines with their reasons: fairnotice answerable bad-lines {result.run}")
    return "\n".join(lines) + "\n"
