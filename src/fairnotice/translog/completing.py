"""From a promise to its proof: the entry is looked for in the published log, and the file completed.

What is found is checked as if nobody were to be trusted, and so is what is not found: a promise is only
called broken by a tree that the log signed and whose every hash in question was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint, read_unverified
from fairnotice.translog.errors import CheckpointError, EvidenceError, ProofError, TranslogError
from fairnotice.translog.evidence_format import Evidence, Record, read_evidence
from fairnotice.translog.merkle import leaf_hash, verify_consistency
from fairnotice.translog.notes import Verifier, parse_note
from fairnotice.translog.progress import Progress
from fairnotice.translog.promise import Promise, parse_promise
from fairnotice.translog.proof import format_proof, parse_proof
from fairnotice.translog.readahead import ReadAhead
from fairnotice.translog.sources import FolderSource, TileSource
from fairnotice.translog.tilepaths import TILE_WIDTH, Tile
from fairnotice.translog.verified import VerifiedTiles

Watched = Callable[[int], AbstractContextManager[Progress]]


class Contradiction(TranslogError):
    """The log signed something that contradicts the file; ``note`` is the checkpoint that shows it."""

    def __init__(self, text: str, note: bytes) -> None:
        super().__init__(text)
        self.note = note


@dataclass(frozen=True)
class Answer:
    """What one log says about the records that were promised to be in it.

    ``proofs``: record name -> ``.tlog-proof``. ``missing``: the promises whose entry is not in the tree of
    ``checkpoint``, whose signed note is ``note``.
    """

    checkpoint: Checkpoint
    note: bytes
    proofs: dict[str, str]
    missing: dict[str, Promise]


def promised(file: Evidence) -> dict[str, list[Record]]:
    """Records without a proof by the origin of their log."""
    found: dict[str, list[Record]] = {}
    for record in file.records:
        if record.proof is None:
            found.setdefault(record.log.origin, []).append(record)
    return found


def _full_tiles(start: int, end: int) -> Iterator[Tile]:
    return (Tile(0, index) for index in range(start // TILE_WIDTH, end // TILE_WIDTH))


def _find(tree: VerifiedTiles, wanted: dict[bytes, int], watched: Watched) -> dict[bytes, int]:
    """Index of each leaf hash of ``wanted`` (hash -> where to begin) that the tree holds."""
    start = min(wanted.values())
    ahead = (
        nullcontext(tree.source)
        if isinstance(tree.source, FolderSource)
        else ReadAhead(tree.source, _full_tiles(start, tree.size))
    )
    found: dict[bytes, int] = {}
    with ahead as reading, watched(max(0, tree.size - start)) as bar:
        tree = tree.read_from(reading)
        for index in range(start // TILE_WIDTH, -(-tree.size // TILE_WIDTH)):
            hashes = tree.hashes(0, index)
            for leaf in wanted.keys() & set(hashes):
                found.setdefault(leaf, index * TILE_WIDTH + hashes.index(leaf))
            bar.advance(len(hashes))
            if len(found) == len(wanted):
                break
    return found


def _same_log(file: Evidence, origin: str, tree: VerifiedTiles, note: bytes) -> None:
    """Raise :class:`Contradiction` unless the tree continues those that the file has proofs from."""
    for record in file.records:
        if record.log.origin != origin or record.proof is None:
            continue
        # verify_evidence has looked at its signature.
        earlier = read_unverified(parse_proof(record.proof).checkpoint)
        try:
            if earlier.size > tree.size:
                raise ProofError(f"the tree shrank from {earlier.size} to {tree.size}")
            verify_consistency(
                earlier.size, tree.size, tree.consistency(earlier.size), earlier.root, tree.root
            )
        except ProofError as fault:
            raise Contradiction(
                f"the log contradicts a proof in the file: {fault}. Keep the file and the checkpoint", note
            ) from None


def ask(
    source: TileSource,
    file: Evidence,
    origin: str,
    keys: Sequence[Verifier],
    *,
    watched: Watched = lambda total: Progress("looking", total, unit="hashes"),
) -> Answer:
    """Look in the log ``origin`` for the records of ``file`` that were promised to be in it.

    ``file`` has been verified; ``keys`` are the log's. Only tiles of hashes are fetched: the log's server
    learns in which 256 entries somebody was interested, not in which one. Raises :class:`TranslogError` where
    what it serves is not what the log signed, :class:`Contradiction` where what it signed contradicts the
    file, ``OSError`` where it cannot be reached.
    """
    note = source.checkpoint()
    if note is None:
        raise CheckpointError(f"{source.name}: there is no checkpoint: is this the address of the log?")
    checkpoint = open_checkpoint(note, keys)
    if checkpoint.origin != origin:
        raise CheckpointError(f"the checkpoint is not of the log {origin}")
    tree = VerifiedTiles(source, checkpoint)
    tree.edge()
    _same_log(file, origin, tree, note)
    promises: dict[str, Promise] = {}
    wanted: dict[bytes, int] = {}
    records = promised(file)[origin]
    for record in records:
        if record.promise is None:
            raise EvidenceError("a record has neither a proof nor a promise")
        promises[record.name] = parse_promise(parse_note(record.promise).text)
        wanted[leaf_hash(record.leaf)] = promises[record.name].tree_size
    found = _find(tree, wanted, watched)
    proofs = {}
    for record in records:
        index = found.get(leaf_hash(record.leaf))
        if index is not None:
            path = tree.inclusion(index)
            proofs[record.name] = format_proof(index, path, note.decode("utf-8"), extra=record.leaf)
            del promises[record.name]
    return Answer(checkpoint, note, proofs, promises)


def completed(doc: bytes, proofs: dict[str, str]) -> bytes:
    """The file ``doc`` with the proofs put in. Raises :class:`EvidenceError` where it is not such a file."""
    read_evidence(doc)
    data = json.loads(doc)
    for record in data["records"]:
        record["proof"] = proofs.get(record["record"], record["proof"])
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
