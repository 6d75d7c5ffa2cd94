"""What others may have seen of our logs: the checkpoints that lie in the published folder, or in a copy of it
that somebody names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from fairnotice.ledger import logs
from fairnotice.ledger.errors import LogRefusal
from fairnotice.translog.checkpoint import read_unverified
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.sources import FolderSource, TileSource, open_source

_YEAR = re.compile(r"[1-9][0-9]{3}")


class NothingThere(LogRefusal):
    """There is no log where somebody said; the message says where it was looked for."""


@dataclass(frozen=True)
class Sighting:
    """A checkpoint as it was read, its signature not looked at yet, and where its tree can be read."""

    origin: str
    note: bytes
    source: TileSource

    @property
    def year(self) -> int | None:
        """The year in the origin of a log of ours, or None: `logs.origin_of`."""
        last = self.origin.rpartition("/")[2]
        return int(last) if _YEAR.fullmatch(last) else None


def sightings(named: str | None = None, notes: Sequence[Path] = ()) -> list[Sighting]:
    """Those in the published folder, then those in a folder or under an address that somebody names: the
    place of one log, or the one above, as `fairnotice log export` makes it.

    `notes` are files with a signed checkpoint alone, such as a witness gives: its tree is read from where the
    others of the same log were found, which may hold more than their own checkpoints tell. Raises
    NothingThere, OSError (`translog.sources.Unreachable`), ValueError for an address that may not be used.
    """
    found = [one for source in _folders(Path(settings.FN_LOG_DIR)) if (one := _look(source))]
    if named is not None:
        there = _addresses(named) if "://" in named else _folders(Path(named))
        further = [one for source in there if (one := _look(source))]
        if not further:
            raise NothingThere(
                f"There is no log in {named}: neither a file 'checkpoint' nor one for a year, such as "
                f"'{timezone.now().year}/checkpoint'."
            )
        found += further
    for path in notes:
        note = path.read_bytes()
        origin = _origin(note, str(path))
        sources = [one.source for one in found if one.origin == origin]
        if not sources:
            raise NothingThere(f"{path} is a checkpoint of {origin}, of which nothing else is here to read.")
        found.append(Sighting(origin, note, sources[-1]))
    return found


def _folders(folder: Path) -> Iterator[TileSource]:
    yield FolderSource(folder)
    for path in sorted(folder.glob("*")):
        if _YEAR.fullmatch(path.name):
            yield FolderSource(path)


def _addresses(url: str) -> Iterator[TileSource]:
    yield open_source(url)
    known = logs.newest()
    this = timezone.now().year
    for year in range(known.year if known else this, this + 1):
        yield open_source(f"{url.rstrip('/')}/{year}")


def _look(source: TileSource) -> Sighting | None:
    try:
        note = source.checkpoint()
    except TranslogError as error:
        raise LogRefusal(f"The checkpoint in {source.name} cannot be read: {error}.") from error
    return None if note is None else Sighting(_origin(note, source.name), note, source)


def _origin(note: bytes, where: str) -> str:
    try:
        return read_unverified(note).origin
    except TranslogError as error:
        raise LogRefusal(f"The checkpoint in {where} cannot be read: {error}.") from error
