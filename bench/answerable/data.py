"""A register of a million prefixes: those of the Internet's routing table where npm can fetch them, else made
up in the same shape; with what their holders passed on, and what ended."""

from __future__ import annotations

import csv
import json
import random
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from fairnotice.answerable.resources import V4_FIRST, Target
from fairnotice.answerable.snapshot.rows import NEVER, Given, Listed, Named

PACKAGE = "@ip-location-db/asn"
_FILES = {"asn-ipv4.csv": 4, "asn-ipv6.csv": 6}
_LONGEST = {4: 32, 6: 64}
#: Of a hundred prefixes, so many come from the table; the others are parts of them, passed on.
_FROM_TABLE = 50
_FIRST_DAY, _LAST_DAY = date(2005, 1, 1).toordinal(), date(2025, 1, 1).toordinal()


class Entry(NamedTuple):
    """A prefix and who held it, when. `parent` is the number of the entry it was cut from; -1: none."""

    version: int
    start: int
    length: int
    holder: int
    parent: int
    since: int
    until: int

    @property
    def text(self) -> str:
        """The prefix as one writes it."""
        family, size = (socket.AF_INET, 4) if self.version == 4 else (socket.AF_INET6, 16)
        return f"{socket.inet_ntop(family, self.start.to_bytes(size, 'big'))}/{self.length}"

    @property
    def size(self) -> int:
        """How many addresses it has."""
        return 1 << ((32 if self.version == 4 else 128) - self.length)

    def held(self, day: int) -> bool:
        """Whether it was so on that day (an ordinal)."""
        return self.since <= day < self.until


Prefix = tuple[int, int, int, int]  # version, start, length, holder


def entries(table: list[Prefix], count: int) -> list[Entry]:
    """So many different prefixes from a table; parents come before their parts."""
    chance = random.Random(count)
    chosen = (
        table
        if len(table) <= count * _FROM_TABLE // 100
        else chance.sample(table, count * _FROM_TABLE // 100)
    )
    found = []
    for version, start, length, holder in chosen:
        found.append(Entry(version, start, length, holder, -1, *_days(chance, _FIRST_DAY, NEVER)))
    taken = {each[:3] for each in found}
    while len(found) < count:
        number = chance.randrange(len(found))
        above = found[number]
        length = above.length + chance.randint(1, 4)
        if length > _LONGEST[above.version]:
            continue
        width = 32 if above.version == 4 else 128
        start = above.start + (chance.randrange(1 << (length - above.length)) << (width - length))
        if (above.version, start, length) in taken:
            continue
        taken.add((above.version, start, length))
        holder = chance.choice(found).holder
        if holder in _holders(found, number):
            continue
        days = _days(chance, above.since, above.until)
        found.append(Entry(above.version, start, length, holder, number, *days))
    return found


def _holders(found: list[Entry], number: int) -> Iterator[int]:
    """Who stands in the chain of an entry."""
    while number >= 0:
        yield found[number].holder
        number = found[number].parent


def _days(chance: random.Random, first: int, end: int) -> tuple[int, int]:
    """Days within those of what is above; a quarter ended, on the first of a month."""
    last = min(end, _LAST_DAY)
    since = chance.randint(first, max(first, last - 62))
    until = date.fromordinal(chance.randint(since, last)).replace(day=1).toordinal()
    return (since, until) if chance.random() < 0.25 and since < until else (since, end)


def rows(register: Iterable[Entry]) -> Iterator[Given]:
    """The entries as rows of the register; the number of a row in the database is the entry's and one."""
    holders = []
    for number, each in enumerate(register):
        holders.append(each.holder)
        origin = V4_FIRST if each.version == 4 else 0
        above = each.parent
        yield Given(
            pk=number + 1,
            series=number + 1,
            target=Target("ip", origin + each.start, origin + each.start + each.size - 1),
            giver=holders[above] if above >= 0 else None,
            holder=each.holder,
            kind="assignment" if above >= 0 else "allocation",
            parent=above + 1 if above >= 0 else None,
            valid_from=each.since,
            valid_until=each.until,
            source="bench",
            visibility="public",
            said_from=0,
        )


def write(register: Iterable[Entry], file: Path) -> None:
    """Keep a register for `read`."""
    with file.open("w", encoding="ascii") as out:
        out.writelines(" ".join(map(str, each)) + "\n" for each in register)


def read(file: Path) -> Iterator[Entry]:
    """One entry after the other, so that reading takes no memory."""
    with file.open(encoding="ascii") as lines:
        for line in lines:
            yield Entry(*map(int, line.split()))


def organisations(register: Iterable[Entry]) -> dict[int, Listed]:
    """An organisation for each holder."""
    return {
        each.holder: Listed(f"AS{each.holder}", (Named(f"Holder of AS{each.holder}", "", "bench", 0),))
        for each in register
    }


def questions(register: list[Entry], count: int, version: int) -> list[str]:
    """Addresses of one version: nine of ten from a random entry, the others from anywhere."""
    chance = random.Random(version)
    family, size = (socket.AF_INET, 4) if version == 4 else (socket.AF_INET6, 16)
    some = [each for each in register if each.version == version]
    found = []
    for _ in range(count):
        if chance.random() < 0.9:
            each = chance.choice(some)
            number = each.start + chance.randrange(each.size)
        else:
            number = chance.getrandbits(8 * size)
        found.append(socket.inet_ntop(family, number.to_bytes(size, "big")))
    return found


def table(folder: Path, *, synthetic: bool = False) -> tuple[list[Prefix], str]:
    """All prefixes, and where they are from. Keeps what npm fetched in `folder`."""
    problem = "" if not synthetic else "as asked for"
    if not synthetic:
        problem = _fetch(folder)
    if problem:
        return _made_up(), f"made up ({problem})"
    found = []
    for name, version in _FILES.items():
        with (folder / "package" / name).open(encoding="utf-8", newline="") as file:
            found += [prefix for line in csv.reader(file) for prefix in _prefixes(version, line)]
    about = json.loads((folder / "package" / "package.json").read_text("utf-8"))
    found = list({each[:3]: each for each in found}.values())  # some ranges of the table overlap
    return found, f"npm's {PACKAGE} {about['version']}"


def _fetch(folder: Path) -> str:
    """Have the package there; a problem in words where that cannot be."""
    if all((folder / "package" / name).exists() for name in _FILES):
        return ""
    if shutil.which("npm") is None:
        return "there is no npm; on Debian: apt-get install npm"
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True)
    archive = folder / answer.stdout.strip()
    if answer.returncode or not archive.is_file():
        return f"npm could not fetch {PACKAGE}"
    with tarfile.open(archive) as packed:
        names = [f"package/{name}" for name in (*_FILES, "package.json")]
        packed.extractall(folder, [packed.getmember(name) for name in names], filter="data")
    archive.unlink()
    return ""


def _prefixes(version: int, line: list[str]) -> Iterator[Prefix]:
    """The prefixes that make up the range of a line."""
    family, width = (socket.AF_INET, 32) if version == 4 else (socket.AF_INET6, 128)
    start, end = (int.from_bytes(socket.inet_pton(family, text), "big") for text in line[:2])
    while start <= end:
        size = start & -start or 1 << width
        while size > end - start + 1:
            size >>= 1
        length = width - size.bit_length() + 1
        if length <= _LONGEST[version]:
            yield version, start, length, int(line[2])
        start += size


def _made_up() -> list[Prefix]:
    """As many, with the lengths and runs of the real ones: mostly /24 and /48, side by side."""
    chance = random.Random(0)
    found: list[Prefix] = []
    shapes = (
        (4, 564_000, (24, 23, 22, 21, 20, 19, 18, 16), (62, 11, 12, 5, 4, 2, 2, 2), 1 << 24, 223 << 24),
        (
            6,
            168_000,
            (48, 47, 46, 44, 40, 36, 32, 29),
            (50, 8, 9, 9, 8, 4, 9, 3),
            0x2001 << 112,
            0x2C10 << 112,
        ),
    )
    for version, many, lengths, weights, first, last in shapes:
        width = 32 if version == 4 else 128
        at, gap = first, (last - first) // many
        while len(found) < many + (564_000 if version == 6 else 0):
            length = chance.choices(lengths, weights)[0]
            size = 1 << (width - length)
            at = -(-at // size) * size
            found.append((version, at, length, chance.randint(1, 400_000)))
            at += size
            if at > last:
                at = first + chance.randrange(gap)
            elif chance.random() < 0.2:
                at += chance.randrange(gap)
    return list({each[:3]: each for each in found}.values())
