"""A log that is there already: a folder that holds `checkpoint` and `tile/`, before verifiers of others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from fairnotice.translog.checkpoint import read_unverified
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.proof import format_proof
from fairnotice.translog.tiles import TileReader
from interop.programs import Verifier
from interop.published import Question, question

PROOFS = 50  # inclusion proofs that are made, for entries by chance


def asked(log: Path, scratch: Path, chance: random.Random) -> list[Question]:
    """All there is to ask about the log's current checkpoint. Raises TranslogError or OSError where our code
    cannot read the log."""
    checkpoint = log / "checkpoint"
    note = checkpoint.read_text("utf-8")
    size = read_unverified(note).size
    tree = TileReader(log, size)
    questions = [
        question("checkpoint", checkpoint, file=checkpoint),
        question("log", checkpoint, log=log, checkpoint=checkpoint),
    ]
    scratch.mkdir(parents=True, exist_ok=True)
    wanted = {0, size - 1, *(chance.randrange(size) for _ in range(PROOFS))} if size else set()
    for index in sorted(wanted):
        proof, entry = scratch / f"{index}.tlog-proof", scratch / f"{index}.entry"
        proof.write_text(format_proof(index, tree.inclusion(index), note), "utf-8")
        entry.write_bytes(next(tree.entries(index, index + 1)))
        questions.append(question("inclusion", proof, file=proof, entry=entry))
    return questions


def check(log: Path, scratch: Path, verifiers: Sequence[Verifier], seed: int) -> list[str]:
    """Have the verifiers, which trust the log's key, look at a whole log; gives what was wrong."""
    try:
        questions = asked(log, scratch, random.Random(seed))  # noqa: S311 -- chooses entries, guards nothing
    except (TranslogError, OSError) as fault:
        return [f"our own code cannot read the log: {fault}"]
    wrong = []
    for verifier in verifiers:
        mine = [item for item in questions if item.kind in verifier.kinds]
        answers = [verifier.ask(**item.asked()) for item in mine]
        wrong += [
            f"{verifier.name} refuses {item.kind} {item.target.name}: {answer.get('why')}"
            for item, answer in zip(mine, answers, strict=True)
            if not answer["ok"]
        ]
        files = sum(answer.get("tiles", 0) for answer in answers)
        proofs = sum(item.kind == "inclusion" for item in mine)
        read = (
            f"{files} tiles and bundles" if "log" in verifier.kinds else "no tiles, it has no code for them"
        )
        print(f"  {verifier.name}: the checkpoint, {proofs} inclusion proofs, {read}", flush=True)
    return wrong
