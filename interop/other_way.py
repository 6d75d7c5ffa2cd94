"""The other direction: a log that Go's library made has the bytes that ours has, and our code accepts it; so
too a cosignature that a JavaScript library made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from fairnotice.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from fairnotice.translog.cosignature import MldsaVerifier
from fairnotice.translog.encoding import decode_base64, encode_base64
from fairnotice.translog.errors import ProofError, TranslogError
from fairnotice.translog.merkle import verify_consistency
from fairnotice.translog.notes import open_note
from fairnotice.translog.proof import parse_proof, verify_proof
from fairnotice.translog.tiles import TileReader, write_tiles
from interop.programs import Verifier
from interop.published import COSIGNER, LOG, LOG_SEED, MLDSA_SEED, ORIGIN, TIME, WITNESS_SEED


def tiles_below(folder: Path) -> dict[str, bytes]:
    """Every file below `tile/`, by its path."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted((folder / "tile").rglob("*"))
        if file.is_file()
    }


def _compare_tiles(theirs: Path, ours: Path) -> list[str]:
    left, right = tiles_below(theirs), tiles_below(ours)
    wrong = [f"only one of the two makes {path}" for path in sorted(left.keys() ^ right.keys())]
    return wrong + [
        f"{path} differs" for path in sorted(left.keys() & right.keys()) if left[path] != right[path]
    ]


def _check_consistency(theirs: Path, old: int, new: int) -> None:
    """Our check of the proof that Go made."""
    head, _, note = (theirs / "consistency" / f"{old}-{new}").read_text().partition("\n\n")
    hashes = [decode_base64(line, "a hash", ProofError, length=32) for line in head.split("\n")[1:]]
    before = open_checkpoint((theirs / "checkpoints" / str(old)).read_bytes(), LOG.verifier)
    after = open_checkpoint(note, LOG.verifier)
    verify_consistency(old, new, hashes, before.root, after.root)


def check(folder: Path, go: Verifier, js: Verifier, sizes: Sequence[int]) -> list[str]:
    """Both libraries' work; gives what was wrong."""
    wrong = check_go(folder, go, sizes)
    wrong += _check_mldsa(folder / "go/checkpoints" / str(sizes[-1]), folder / "mldsa", js)
    print("  an ML-DSA-44 cosignature\n", flush=True)
    return wrong


def check_go(folder: Path, go: Verifier, sizes: Sequence[int]) -> list[str]:
    """Have Go make a log that publishes `sizes`, and compare; gives what was wrong."""
    theirs, ours = folder / "go", folder / "ours"
    folder.mkdir(parents=True)
    prove = [(size, index) for size in sizes for index in sorted({0, size // 2, size - 1})]
    made = go.ask(
        kind="make",
        folder=str(theirs),
        seed=encode_base64(LOG_SEED),
        cosigner=encode_base64(WITNESS_SEED),
        count=sizes[-1],
        sizes=sizes,
        prove=prove,
    )
    if not made["ok"]:
        return [f"Go cannot make a log: {made['why']}"]
    wrong = []
    entries = [b"entry %d\n" % index for index in range(sizes[-1])]
    for old, size in pairwise([0, *sizes]):
        write_tiles(ours, old, entries[old:size])
        checkpoint = Checkpoint(ORIGIN, size, TileReader(ours, size).root())
        note = sign_checkpoint(checkpoint, LOG) + COSIGNER.sign(checkpoint.to_text())
        file = theirs / "checkpoints" / str(size)
        if file.read_text() != note:
            wrong.append(f"the checkpoint of {size} that Go signed and cosigned has other bytes than ours")
        try:
            open_note(file.read_bytes(), [COSIGNER.verifier])
            if open_checkpoint(file.read_bytes(), LOG.verifier).root != TileReader(theirs, size).root():
                wrong.append(f"Go's tiles do not lead to Go's checkpoint of {size}")
            for index in (index for of, index in prove if of == size):
                proof = parse_proof((theirs / "inclusion" / f"{size}-{index}").read_bytes())
                verify_proof(proof, entries[index], LOG.verifier)
            if old:
                _check_consistency(theirs, old, size)
        except TranslogError as fault:
            wrong.append(f"our code refuses Go's log at {size}: {fault}")
    wrong += _compare_tiles(theirs, ours)
    print(
        f"  {len(sizes)} cosigned checkpoints, {len(tiles_below(theirs))} tiles and bundles, {len(prove)} "
        f"inclusion and {len(sizes) - 1} consistency proofs",
        flush=True,
    )
    return wrong


def _check_mldsa(note: Path, target: Path, js: Verifier) -> list[str]:
    """A cosignature that @noble/post-quantum made over a checkpoint."""
    name = "other.witness.example.net"
    said = js.ask(
        kind="cosign",
        file=str(note),
        folder=str(target),
        name=name,
        seed=encode_base64(MLDSA_SEED),
        time=TIME,
    )
    if not said["ok"]:
        return [f"JavaScript cannot cosign: {said['why']}"]
    try:
        open_note(target.read_bytes(), [MldsaVerifier.from_vkey(said["vkey"])])
    except TranslogError as fault:
        return [f"our code refuses an ML-DSA-44 cosignature of others: {fault}"]
    return []
