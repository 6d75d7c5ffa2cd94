"""Each byte of a small published log changed, each file cut, lengthened, removed, exchanged: all is found."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.merkle import Edge, leaf_hash
from fairnotice.translog.notes import Signer
from fairnotice.translog.publish import publish_checkpoint
from fairnotice.translog.tiles import write_tiles
from soak_failure import SoakFailure

SIGNER = Signer("log.example.org/log", bytes(range(32)))
EVERY_BIT = tuple(1 << bit for bit in range(8))
#: Entries per checkpoint, and which bits of each byte are flipped: all where the log is small, one of each
#: byte where there is a full tile, partial ones beside it, and checkpoints older than both.
LOGS = (((2, 4), EVERY_BIT), ((3, 250, 7), (0x20,)))

#: Says whether it noticed that something in the folder is not as it should be.
Finder = Callable[[Path], bool]


@dataclass(frozen=True)
class Damage:
    """One change to the published files: what it is, and what each touched file then holds (None: it is
    gone)."""

    what: str
    files: dict[Path, bytes | None]


def publish_log(folder: Path, steps: Sequence[int]) -> None:
    """Publish a log of sum(steps) entries, a signed checkpoint after each step."""
    edge = Edge()
    for step in steps:
        entries = [b'{"entry":%d,"v":2}' % number for number in range(edge.size, edge.size + step)]
        write_tiles(folder, edge.size, entries)
        for entry in entries:
            edge.append(leaf_hash(entry))
        publish_checkpoint(folder, sign_checkpoint(Checkpoint(SIGNER.name, edge.size, edge.root()), SIGNER))


def damages(folder: Path, bits: Sequence[int] = EVERY_BIT) -> Iterator[Damage]:
    """Each flipped bit of `bits`, cut, added byte, removal and exchange, file by file. Deterministic."""
    whole = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    for path, good in whole.items():
        name = path.relative_to(folder).as_posix()
        yield Damage(f"{name} removed", {path: None})
        for more in (b"\x00", b"\n", good):
            yield Damage(f"{name} with {len(more)} bytes more, first {more[:1]!r}", {path: good + more})
        for at in range(len(good)):
            yield Damage(f"{name} cut to {at} bytes", {path: good[:at]})
            for bit in bits:
                changed = good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :]
                yield Damage(f"{name} with byte {at} changed by {bit}", {path: changed})
    paths = list(whole)
    for at, one in enumerate(paths):
        for other in paths[at + 1 :]:
            if whole[one] != whole[other]:
                pair = f"{one.relative_to(folder).as_posix()} and {other.relative_to(folder).as_posix()}"
                yield Damage(f"{pair} exchanged", {one: whole[other], other: whole[one]})


def superseded(folder: Path) -> set[Path]:
    """Partial tiles and bundles of earlier checkpoints: a wider one lies beside each, or the full one."""
    found = set()
    for path in folder.rglob("*.p/*"):
        widths = [int(other.name) for other in path.parent.iterdir() if other.name.isdigit()]
        if int(path.name) < max(widths) or path.parent.with_suffix("").exists():
            found.add(path)
    return found


def fsck(folder: Path) -> bool:
    """Whether our own check of the whole tree refuses the folder."""
    try:
        tree_check(folder, SIGNER.verifier.vkey)
    except TranslogError:
        return True
    return False


def unnoticed(folder: Path, damage: Damage, finders: dict[str, Finder]) -> list[str]:
    """Names of the finders that let the damage pass; the files are as before when this returns."""
    before = {path: path.read_bytes() for path in damage.files}
    try:
        for path, data in damage.files.items():
            if data is None:
                path.unlink()
            else:
                path.write_bytes(data)
        return [name for name, notices in finders.items() if not notices(folder)]
    finally:
        for path, data in before.items():
            path.write_bytes(data)


def is_harmless(damage: Damage, old: set[Path]) -> bool:
    """Only a superseded partial is gone: every byte of it is also in the wider file, which is checked."""
    return all(data is None and path in old for path, data in damage.files.items())


def run(seconds: float) -> str:
    """Small logs with each byte flipped, each file cut at each length, lengthened, removed, exchanged"""
    from soak_outsiders import tools  # needs interop/; the short form in the tests does without

    end = time.monotonic() + seconds
    seen = Seen()
    vkey = SIGNER.verifier.vkey
    with (
        tempfile.TemporaryDirectory(prefix="fair-notice-soak-") as made,
        tools(Path(made)).finders(vkey, Path(made)) as others,
    ):
        for number, (steps, bits) in enumerate(LOGS):
            folder = Path(made) / f"log-{number}"
            folder.mkdir()
            publish_log(folder, steps)
            finders = {"fsck": fsck, **others}
            passing = [name for name, notices in finders.items() if notices(folder)]
            if passing:
                raise SoakFailure(f"the sound log is refused by {', '.join(passing)}")
            if not try_all(folder, bits, finders, seen, end):
                return f"time was over after {seen.sentence()}"
    return seen.sentence()


@dataclass
class Seen:
    """How many changes each finder was shown and noticed; and removals that harm nothing."""

    found: Counter[str] = field(default_factory=Counter)
    harmless: int = 0

    def sentence(self) -> str:
        """What was seen, in words."""
        parts = ", ".join(f"{count} of {count} by {name}" for name, count in self.found.items())
        return f"changes found: {parts}; {self.harmless} removals of superseded partials harm nothing"


def try_all(folder: Path, bits: Sequence[int], finders: dict[str, Finder], seen: Seen, end: float) -> bool:
    """Try every damage until the clock says `end`; False where that came first. Raises SoakFailure.

    Outsiders read what the current checkpoint is about: not partials that it has superseded.
    """
    old = superseded(folder)
    total = sum(1 for _ in damages(folder, bits))
    for number, damage in enumerate(damages(folder, bits), start=1):
        if time.monotonic() > end:
            return False
        if is_harmless(damage, old):
            seen.harmless += 1
            continue
        current = not damage.files.keys() <= old
        asked = {name: finder for name, finder in finders.items() if current or name == "fsck"}
        missed = unnoticed(folder, damage, asked)
        if missed:
            raise SoakFailure(f"{', '.join(missed)} did not notice: {damage.what}")
        seen.found.update(asked.keys())
        if number % 5_000 == 0:
            print(f"  {number} of {total}", flush=True)
    return True
