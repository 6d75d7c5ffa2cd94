"""A log as our code publishes it, at several sizes, and every question about it that verifiers can answer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.cosignature import CosignatureSigner, MldsaSigner
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.notes import Signer
from fairnotice.translog.proof import format_proof
from fairnotice.translog.prover import Prover
from fairnotice.translog.signing import SeedKey
from fairnotice.translog.tiles import (
    ENTRIES,
    MAX_ENTRY_BYTES,
    Tile,
    TileReader,
    new_tiles,
    width_at,
    write_tiles,
)

ORIGIN = "log.example.org/2026"
TIME = 1767225600  # 2026-01-01, the time of every cosignature here
WITNESS = "witness.example.net"

# Keys of this check alone: nothing that was ever published is signed with them.
LOG_SEED, WITNESS_SEED, MLDSA_SEED = (bytes([number]) * 32 for number in (1, 2, 3))
LOG = Signer(ORIGIN, LOG_SEED)
COSIGNER = CosignatureSigner(WITNESS, SeedKey(WITNESS_SEED), TIME)
MLDSA_COSIGNER = MldsaSigner("pq.witness.example.net", MLDSA_SEED, TIME)


def vkeys() -> dict[str, str]:
    """The text forms of the three keys, by role."""
    return {
        "log": LOG.verifier.vkey,
        "witness": COSIGNER.verifier.vkey,
        "mldsa": MLDSA_COSIGNER.verifier.vkey,
    }


@dataclass(frozen=True)
class Question:
    """One job for verifiers, and the file whose every bit counts for its answer."""

    kind: str
    target: Path
    job: tuple[tuple[str, str], ...]

    def asked(self) -> dict[str, str]:
        """The job as verifiers read it."""
        return {"kind": self.kind, **dict(self.job)}


def question(kind: str, target: Path, **job: Path | str) -> Question:
    """A question, its paths as text."""
    return Question(kind, target, tuple((name, str(value)) for name, value in job.items()))


def made_entries(count: int, seed: int) -> list[bytes]:
    """Entries of many lengths, the same for the same seed: among them an empty one and one of the greatest
    length."""
    chance = random.Random(seed)
    entries = [b"%d:" % index + chance.randbytes(chance.randrange(200)) for index in range(count)]
    if count > 2:
        entries[2] = b""
    if count > 6:
        entries[5] = chance.randbytes(MAX_ENTRY_BYTES)
    return entries


def published_sizes(size: int) -> list[int]:
    """Sizes at which a log of `size` published a checkpoint: few, and not where tiles happen to end."""
    return sorted({1, size // 3, size - 1, size} - {0})


@dataclass(frozen=True)
class Published:
    """A folder with a log of `size` entries: `tile/` as served, checkpoints and proofs beside it."""

    folder: Path
    size: int
    entries: Sequence[bytes]

    @cached_property
    def prover(self) -> Prover:
        """Our proof server, which reads the tiles."""
        return Prover(self.folder)

    @property
    def sizes(self) -> list[int]:
        """Published sizes."""
        return published_sizes(self.size)

    def checkpoint(self, size: int) -> Path:
        """Signed by the log alone."""
        return self.folder / "checkpoints" / str(size)

    def write(self, path: str, data: bytes) -> Path:
        """Put a file below the folder."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file


def publish(folder: Path, size: int) -> Published:
    """Have our code publish a log, size after size, each with its checkpoint in three forms: signed by the
    log, cosigned with Ed25519, cosigned with ML-DSA-44."""
    log = Published(folder, size, made_entries(size, size))
    old = 0
    for new in log.sizes:
        write_tiles(folder, old, log.entries[old:new])
        checkpoint = Checkpoint(ORIGIN, new, TileReader(folder, new).root())
        note, text = sign_checkpoint(checkpoint, LOG), checkpoint.to_text()
        log.write(f"checkpoints/{new}", note.encode())
        log.write(f"cosigned/{new}", (note + COSIGNER.sign(text)).encode())
        log.write(f"mldsa/{new}", (note + MLDSA_COSIGNER.sign(text)).encode())
        old = new
    return log


def _inclusion(log: Published, size: int, index: int, with_entry: bool) -> Question:
    """A tlog-proof of our making; every other one carries the entry in its extra line, as our receipts do."""
    entry = log.entries[index]
    note = log.checkpoint(size).read_text()
    hashes = log.prover.inclusion(index, size)
    text = format_proof(index, hashes, note, entry if with_entry else None)
    proof = log.write(f"inclusion/{size}-{index}", text.encode())
    return question("inclusion", proof, file=proof, entry=log.write(f"entry/{index}", entry))


def _consistency(log: Published, old: int, new: int) -> Question:
    """What our log sends to a witness, between two published sizes (C2SP tlog-witness, add-checkpoint)."""
    hashes = log.prover.consistency(old, new)
    head = "".join([f"old {old}\n", *(f"{encode_base64(item)}\n" for item in hashes)])
    request = log.write(f"consistency/{old}-{new}", f"{head}\n{log.checkpoint(new).read_text()}".encode())
    return question("consistency", request, file=request, old=log.checkpoint(old))


def _tile(log: Published, size: int, tile: Tile) -> Question:
    """One tile or bundle in the tree of a published size."""
    kind = "bundle" if tile.level == ENTRIES else "tile"
    return question(
        kind, log.folder / tile.path, log=log.folder, checkpoint=log.checkpoint(size), path=tile.path
    )


def _some_tiles(size: int, chance: random.Random) -> Iterator[Tile]:
    """Of each level of a tree the first tile, the last, and some between; bundles too."""
    for level in range(ENTRIES, 8):
        count = -(-(size >> (8 * max(level, 0))) // 256)
        wanted = {0, count - 1, *(chance.randrange(count) for _ in range(3))} if count else set()
        for index in sorted(wanted):
            yield Tile(level, index, width_at(level, index, size))


def questions(log: Published, chance: random.Random) -> list[Question]:
    """All that is asked about a log. Each answer has to be yes."""
    asked = []
    for at, size in enumerate(log.sizes):
        checkpoint = log.checkpoint(size)
        asked.append(question("checkpoint", checkpoint, file=checkpoint))
        for kind in ("cosigned", "mldsa"):
            file = log.folder / kind / str(size)
            asked.append(question(kind, file, file=file))
        asked.append(question("log", checkpoint, log=log.folder, checkpoint=checkpoint))
        wanted = {0, size - 1, *(place for place in (255, 256, 65535) if place < size)}
        wanted |= {chance.randrange(size) for _ in range(4)}
        asked += [_inclusion(log, size, index, index % 2 == 0) for index in sorted(wanted)]
        asked += [_consistency(log, old, size) for old in log.sizes[: at + 1]]
        asked += [_tile(log, size, tile) for tile in _some_tiles(size, chance)]
    return asked


def files_of_tree(log: Published) -> int:
    """How many tiles and bundles the tree of the last size has."""
    return sum(1 for _ in new_tiles(0, log.size))
