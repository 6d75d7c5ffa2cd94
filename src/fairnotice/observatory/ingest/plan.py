"""Which dumps are read, which are there already, and which cannot be put beside what is there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fairnotice.observatory.ingest import archive, building, writing
from fairnotice.observatory.ingest.archive import DumpError, Named
from fairnotice.observatory.ingest.building import Dump
from fairnotice.observatory.store import GLOBAL, Day, Store, StoreError


@dataclass(frozen=True, slots=True)
class Left:
    """A file that is not read, and why, as half a sentence. `wrong`: somebody has to do something."""

    name: str
    reason: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Dumps in the order of their days, and what is left out."""

    dumps: tuple[Dump, ...]
    left: tuple[Left, ...]

    @property
    def size(self) -> int:
        """Bytes of all CSVs."""
        return sum(one.size for dump in self.dumps for one in dump.contents.csvs)

    @property
    def largest(self) -> int:
        """Bytes of the largest CSV."""
        return max((one.size for dump in self.dumps for one in dump.contents.csvs), default=0)


def made(store: Store, paths: Iterable[Path], *, replace: bool = False, texts: bool = False) -> Plan:
    """A plan for files, and for all dumps in folders. Raises OSError where the store cannot be read."""
    left: list[Left] = []
    chosen = list(_chosen(_files(paths, left), left))
    dumps = []
    for path, named in chosen:
        try:
            reason = _there(store, path, named, replace=replace, texts=texts)
            if reason:
                left.append(reason)
            else:
                dumps.append(Dump(path, named, archive.contents(path)))
        except (DumpError, StoreError) as error:
            left.append(Left(path.name, f"{error}", True))
        except OSError as error:
            left.append(Left(path.name, f"it cannot be read: {error.strerror}", True))
    return Plan(tuple(dumps), tuple(left))


def _files(paths: Iterable[Path], left: list[Left]) -> Iterator[tuple[Path, Named]]:
    for given in paths:
        inside = given.is_dir()
        # A folder may be named like a dump, such as one that was unpacked.
        found = sorted(one for one in given.rglob("*.zip") if not one.is_dir()) if inside else [given]
        if inside and not any(archive.named(path.name) for path in found):
            what = "dump: none of its zips has the name of one" if found else "zip in this folder"
            left.append(Left(str(given), f"there is no {what}", True))
        for path in found:
            named = archive.named(path.name)
            if named is not None:
                yield path, named
            elif not inside or path.name.lower().startswith("sor-"):
                reason = (
                    "its name is not sor-SCOPE-YYYY-MM-DD-full.zip or -light.zip, so its day is not known"
                )
                left.append(Left(path.name, reason, True))


def _chosen(files: Iterable[tuple[Path, Named]], left: list[Left]) -> Iterator[tuple[Path, Named]]:
    """One dump for each day and sender, of which the fuller; in the order of days."""
    best: dict[tuple[date, str], tuple[Path, Named]] = {}
    for path, named in files:
        key = (named.day, named.scope)
        other = best.setdefault(key, (path, named))
        if other[0] == path or other[0].resolve() == path.resolve():
            continue
        worse = path
        if other[1].kind == "light" and named.kind == "full":
            best[key], worse = (path, named), other[0]
        elif other[1].kind == named.kind:
            left.append(Left(path.name, f"the same day is also here as {other[0]}", True))
            continue
        left.append(Left(worse.name, "the full dump of the same day is here too", False))
    for key in sorted(best, key=lambda one: (one[0], one[1] != GLOBAL, one[1])):
        path, named = best[key]
        if named.scope != GLOBAL and (named.day, GLOBAL) in best:
            reason = "the global dump of the same day is here too, which holds its statements already"
            left.append(Left(path.name, reason, False))
        else:
            yield path, named


def _there(store: Store, path: Path, named: Named, *, replace: bool, texts: bool) -> Left | None:
    """Why a dump is not to be read, as the store stands."""
    others = writing.beside(store, named.day, named.scope)
    if not others or replace:
        return None
    for other in others:
        if other.scope == named.scope:
            return _same(other, path, texts)
    scopes = ", ".join(other.scope for other in others)
    word = "as the global dump" if named.scope != GLOBAL else f"by platforms ({scopes})"
    reason = f"{named.day} is there {word}, and statements would count twice: --replace takes that out"
    return Left(path.name, reason, True)


def _same(other: Day, path: Path, texts: bool) -> Left:
    manifest = other.manifest()
    sha1 = building.published_sha1(path)
    if not sha1 and path.stat().st_size == manifest.bytes:
        sha1 = building.checked(path)[0]
    if sha1 == manifest.sha1:
        if texts and not manifest.texts:
            return Left(path.name, "it is there without its texts: --replace reads it again with them", True)
        return Left(path.name, "it is there already", False)
    reason = f"{manifest.day} is there from another file, {manifest.dump} of {manifest.bytes:,} bytes"
    return Left(path.name, f"{reason}: --replace puts this one in its place", True)
