"""A log that is there already: a folder that holds `checkpoint` and `tile/`, and proofs in files."""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from fairnotice.translog.checkpoint import read_unverified
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


def of_evidence(file: Path, scratch: Path) -> list[Question]:
    """The proofs in a receipt, statement or register entry, each for its leaf. Raises OSError and ValueError
    where the file is none."""
    scratch.mkdir(parents=True, exist_ok=True)
    questions = []
    try:
        for number, record in enumerate(json.loads(file.read_bytes())["records"]):
            if record["proof"] is None:
                continue
            proof, entry = scratch / f"{number}.tlog-proof", scratch / f"{number}.entry"
            proof.write_text(record["proof"], "utf-8")
            entry.write_bytes(base64.b64decode(record["leaf"], validate=True))
            questions.append(question("inclusion", proof, file=proof, entry=entry))
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{file.name} is no receipt, statement or register entry ({fault})") from None
    if not questions:
        raise ValueError(f"{file.name} holds no proof yet")
    return questions


def ask(questions: Sequence[Question], verifiers: Sequence[Verifier]) -> list[str]:
    """Have verifiers, which trust the log's key, look at it all; gives what was wrong."""
    wrong = []
    for verifier in verifiers:
        mine = [item for item in questions if item.kind in verifier.kinds]
        answers = [verifier.ask(**item.asked()) for item in mine]
        wrong += [
            f"{verifier.name} refuses {item.kind} {item.target.name}: {answer.get('why')}"
            for item, answer in zip(mine, answers, strict=True)
            if not answer["ok"]
        ]
        counted = Counter(item.kind for item, answer in zip(mine, answers, strict=True) if answer["ok"])
        files = sum(answer.get("tiles", 0) for answer in answers)
        seen = f"{counted['checkpoint']} checkpoint, {counted['inclusion']} inclusion proofs"
        print(f"  {verifier.name} accepts: {seen}, {files} tiles and bundles", flush=True)
    return wrong
